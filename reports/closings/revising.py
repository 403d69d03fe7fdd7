"""A month's revisions: asked for on the dates that its first release set, where something was recorded since.

The dates follow from rows alone: the instant of the first release, and the days that the mechanism file named at its
cut-off. They are known from the release on, the same for all guarantors, and a later file does not move them. A date on
which the service was down is made up on its return, once, and by what had been recorded until that date; where nothing
had, the period waits for the next. After the last date the period is final.

All periods of a truce are asked about at once, every minute. What was recorded by a date can no longer change, so that
nobody needs to ask for ever: a service that stands still for longer than LOOKED_BACK leaves the revision to a person.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from reports import periods
from reports.closings.by_calendar import asked, isolated
from reports.closings.checking import recorded_by
from reports.closings.held import held
from reports.models import Closing
from reports.querysets import database_clock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitoring.models import Agreement

LOOKED_BACK = timedelta(days=366)
REVISION = Closing.RequestedHow.REVISION


def request_revisions(agreement: Agreement) -> list[Closing]:
    """Request the revisions of `agreement` whose date has come, oldest period first; return what was requested."""
    wanted: list[Closing] = []
    with isolated(agreement):
        wanted = [] if held(agreement) else _wanted(_first_releases(agreement), database_clock())
    requested = [asked(agreement, first.kind, first.period, REVISION) for first in wanted]
    return [closing for closing in requested if closing is not None]


def is_final(first: Closing, at: datetime) -> bool:
    """Whether the period whose first closing is `first` is revised no more at `at`: all its dates are past and done."""
    dates = _dates(first)
    return bool(dates) and dates[-1] <= at and not _wanted([first], at) and not _of_their_periods([first]).under_way()


def _wanted(firsts: Iterable[Closing], at: datetime) -> list[Closing]:
    """Of these first closings of a truce those of whose period a revision is to be asked for at `at`.

    A date has come that no closing answers yet, and something had been recorded until then.
    """
    come = {first: date for first in firsts if (date := _date_come(first, at)) is not None}
    of_period: dict[tuple[str, str], list[Closing]] = defaultdict(list)
    for closing in _of_their_periods(come) if come else ():
        of_period[closing.kind, closing.period].append(closing)
    asked_about = {}
    for first, date in come.items():
        closings = of_period[first.kind, first.period]
        if not any(closing.state in Closing.UNDER_WAY or closing.cutoff_at >= date for closing in closings):
            latest = max(closings, key=lambda closing: closing.number or 0)  # the first at least is computed
            asked_about[first] = latest, date
    found = recorded_by(asked_about.values()) if asked_about else set()
    return [first for first, (latest, _date) in asked_about.items() if latest.pk in found]


def _date_come(first: Closing, at: datetime) -> datetime | None:
    """The last date of the period that has come by `at`; None where none has, or the last of all is long past."""
    dates = _dates(first)
    if not dates or dates[-1] < at - LOOKED_BACK:
        return None
    return max((date for date in dates if date <= at), default=None)


def _first_releases(agreement: Agreement) -> Any:
    return (
        Closing.objects.first_released()
        .filter(agreement=agreement, kind__in=periods.REVISED, version__revision_days__len__gt=0)
        .select_related("version")
        .order_by("period_until")
    )


def _dates(first: Closing) -> list[datetime]:
    if first.version is None or first.released_at is None:
        return []
    return [day.starts_at for day in periods.revisions(first.version, first.released_at)]


def _of_their_periods(firsts: Iterable[Closing]) -> Any:
    """Every closing of the periods of these, which are of one truce."""
    firsts = list(firsts)
    return Closing.objects.filter(
        agreement=firsts[0].agreement_id,
        kind__in={first.kind for first in firsts},
        period__in={first.period for first in firsts},
    )
