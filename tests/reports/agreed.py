"""A truce whose months are released by two after comments on a draft, and the time for these made over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.db.models import F

from monitoring.models import Agreement
from reports import closings
from reports.closings.preparing import preparing
from reports.models import Closing, Edition, PeriodKind
from tests.record.chosen_times import chosen_times
from tests.violations import occasions

WINDOW, LENGTH = 14, 40
BY_TWO = (
    ('release = "automatic"', 'release = "by_two"'),
    ("comment_window_days = 0", f"comment_window_days = {WINDOW}\ncomment_length = {LENGTH}"),
)
NO_WINDOW = (BY_TWO[0],)


def agreed(agreement: Agreement, folder: Path, changes: tuple[tuple[str, str], ...] = BY_TWO) -> Agreement:
    """Load the exercise's file anew, its months released by two."""
    occasions.reloaded(folder, *changes)
    return agreement


def drafted_month(agreement: Agreement, month: str = "2025-03") -> Closing:
    """Close `month` as known now, as far as it goes by itself: its draft is shown."""
    closing = closings.advance(closings.request(agreement, PeriodKind.MONTH, month).pk)
    assert closing.state == Closing.State.DRAFTED, closing.failure
    return closing


def time_is_over(closing: Closing) -> None:
    """Let the draft have been shown so long ago that the time for comments has just ended."""
    back = timedelta(days=WINDOW, seconds=1)
    with preparing(), chosen_times():
        rows = Closing.objects.filter(pk=closing.pk)
        rows.update(drafted_at=F("drafted_at") - back, comments_until=F("comments_until") - back)
        Edition.objects.filter(closing=closing).update(drafted_at=F("drafted_at") - back)
    closing.refresh_from_db()


def rendered_month(agreement: Agreement, month: str = "2025-03") -> Closing:
    """The month with the comments closed and every file stored: it waits for those who release it."""
    closing = drafted_month(agreement, month)
    time_is_over(closing)
    closing = closings.advance(closing.pk)
    assert closing.state == Closing.State.RENDERED, closing.failure
    return closing
