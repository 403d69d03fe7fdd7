"""A month's revisions: asked for on the dates that its first release set, where something was recorded since.

The dates follow from rows alone: the instant of the first release, and the days that the mechanism file named at its
cut-off. They are known from the release on, the same for all guarantors, and a later file does not move them. A date on
which the service was down is made up on its return, once, and by what had been recorded until that date; where nothing
had, the period waits for the next. After the last date the period is final.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports import periods
from reports.closings.by_calendar import asked, isolated
from reports.closings.checking import recorded_since
from reports.closings.held import held
from reports.models import Closing
from reports.querysets import database_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitoring.models import Agreement

REVISION = Closing.RequestedHow.REVISION


def request_revisions(agreement: Agreement) -> list[Closing]:
    """Request the revisions of `agreement` whose date has come, oldest period first; return what was requested."""
    now = database_clock()
    requested: list[Closing | None] = []
    firsts: list[Closing] = []
    with isolated(agreement):
        firsts = [] if held(agreement) else list(_first_releases(agreement))
    for first in firsts:
        with isolated(agreement, first.kind, first.period):
            if _is_wanted(first, now):
                requested.append(asked(agreement, first.kind, first.period, REVISION))
    return [closing for closing in requested if closing is not None]


def is_final(first: Closing, at: datetime) -> bool:
    """Whether the period whose first closing is `first` is revised no more at `at`: all its dates are past and done."""
    dates = list(_dates(first))
    return bool(dates) and dates[-1] <= at and not _is_wanted(first, at) and not _of_its_period(first).under_way()


def _is_wanted(first: Closing, at: datetime) -> bool:
    """Whether a date has come by `at` that no closing answers yet, and something had been recorded until then."""
    come = [date for date in _dates(first) if date <= at]
    closings = _of_its_period(first)
    if not come or closings.under_way().exists() or closings.filter(cutoff_at__gte=come[-1]).exists():
        return False
    latest = closings.computed().defer("content").latest("number")
    return recorded_since(latest, latest.cutoff_at, until=come[-1])


def _first_releases(agreement: Agreement) -> Iterator[Closing]:
    return (
        Closing.objects.first_released()
        .filter(agreement=agreement, kind__in=periods.REVISED, version__revision_days__len__gt=0)
        .select_related("version")
        .defer("content")
        .order_by("period_until")
        .iterator()
    )


def _dates(first: Closing) -> Iterator[datetime]:
    if first.version is None or first.released_at is None:
        return iter(())
    return (day.starts_at for day in periods.revisions(first.version, first.released_at))


def _of_its_period(first: Closing) -> Any:
    return Closing.objects.filter(agreement=first.agreement_id, kind=first.kind, period=first.period)
