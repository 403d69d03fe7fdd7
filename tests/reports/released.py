"""A month of the exercise, closed and released, for tests that need something to read."""

from __future__ import annotations

from monitoring.models import Agreement
from reports import closings
from reports.models import Closing, PeriodKind


def released_month(agreement: Agreement, month: str = "2025-03") -> Closing:
    """Close `month` as known now and return it released."""
    closing = closings.advance(closings.request(agreement, PeriodKind.MONTH, month).pk)
    assert closing.released_at is not None, closing.failure
    return closing
