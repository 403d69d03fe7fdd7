"""Which returns are corrections: of what, told when, and why. A return that was corrected stays in the record, closed.

What took another's place did so at the instant at which that was closed. Where the same numbers stand in its place,
with names of areas that are known only now, it was read anew by whoever records publications: that is no correction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from violations.models import DailyReturn, ReturnLine

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

SAID = (
    *("total", "unit", "headline_total", "breakdown", "confirmed", "not_confirmed", "attributed_elsewhere"),
    *("window_from", "window_until"),
)


@dataclass(frozen=True)
class Correction:
    """That a return was corrected: the return `before`, and when and why what stands took its place."""

    before: DailyReturn
    at: datetime
    why: str

    @property
    def lines(self) -> list[ReturnLine]:
        """The lines of the return before, in its order."""
        return _lines(self.before)


def corrections_of(public_ids: Iterable[str]) -> dict[str, Correction]:
    """Return by public id which of these returns are corrections. Two statements and their lines, however many."""
    rows = DailyReturn.objects.filter(public_id__in=list(public_ids)).with_predecessor().prefetch_related("lines")
    held = [row for row in rows if row.predecessor_id is not None]
    before = DailyReturn.objects.prefetch_related("lines").in_bulk([row.predecessor_id for row in held])
    return {
        str(row.public_id): Correction(before[row.predecessor_id], row.recorded_at, row.note)
        for row in held
        if _said(row) != _said(before[row.predecessor_id])
    }


def _said(row: DailyReturn) -> tuple[object, ...]:
    """Every number, and of what."""
    lines = [(line.as_written, line.count) for line in _lines(row)]
    return *(getattr(row, name) for name in SAID), lines


def _lines(row: DailyReturn) -> list[ReturnLine]:
    return sorted(row.lines.all(), key=lambda line: line.pk)
