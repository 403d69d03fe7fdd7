"""The truce's calendar: the periods that its days (`monitoring.days`) make up, and when each may be closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from monitoring.days import ONE_DAY, Day, day_holding, day_of
from monitoring.period_codes import code_of, kind_of, no_such_period
from monitoring.period_codes import dates as dates_of
from reports.models import PeriodKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from monitoring.models import MechanismVersion

__all__ = ["ONE_DAY", "Day", "Period", "bounds", "code_of", "day_holding", "day_of", "kind_of"]

ONE_HOUR = timedelta(hours=1)
# A day's registrations and a week's preliminary figures are told once: what came later stands in their month, which is
# revised.
REVISED = (PeriodKind.MONTH,)


@dataclass(frozen=True)
class Period:
    """A period of the truce's calendar: [starts_at, ends_at) in UTC, and its days in order."""

    kind: str
    code: str
    starts_at: datetime
    ends_at: datetime
    days: tuple[Day, ...]

    @property
    def dates(self) -> list[date]:
        """The dates that the days bear, in order."""
        return [day.date for day in self.days]


def bounds(version: MechanismVersion, kind: str, code: str) -> Period:
    """Return the period `code` of `kind` (written as `monitoring.period_codes` says) by the calendar of `version`.

    Raises Malformed where the code names no such period.
    """
    first, after = dates(kind, code)
    count = (after - first).days
    days = tuple(day_of(version, first + ONE_DAY * index) for index in range(count))
    return Period(kind, code, days[0].starts_at, days[-1].ends_at, days)


def dates(kind: str, code: str) -> tuple[date, date]:
    """Return the first date of a period and the first date after it. Raises Malformed where there is no such period."""
    if kind != kind_of(code):
        raise no_such_period(code)
    return dates_of(code)


def before(version: MechanismVersion, period: Period) -> Period:
    """Return the period of the same kind that ends where `period` begins."""
    return bounds(version, period.kind, code_of(period.kind, period.days[0].date - ONE_DAY))


def earlier_months(version: MechanismVersion, period: Period) -> list[Period]:
    """Return the months that began before `period`, in order, from the one in which the truce began.

    Of a week within a month the last of them is its own: of that the days before the week are earlier.
    """
    months: list[Period] = []
    month = bounds(version, PeriodKind.MONTH, code_of(PeriodKind.MONTH, period.days[0].date - ONE_DAY))
    while not before_the_truce(version, month):
        months.append(month)
        month = before(version, month)
    return months[::-1]


def first_code(version: MechanismVersion, kind: str) -> str | None:
    """Return the first period of `kind` that the calendar closes by itself; None where it closes none."""
    if not version.first_period or kind not in version.calendar:
        return None
    begins = dates_of(version.first_period)[0]
    return code_of(kind, max(begins, day_holding(version, version.in_force_from).date))


def due(version: MechanismVersion, kind: str, *, by: datetime, but: Collection[str] = frozenset()) -> Iterator[Period]:
    """Yield in order the periods of `kind`, from the truce's first, whose end and filing grace had passed at `by`.

    Those whose codes are in `but` are passed over, and cost next to nothing.
    """
    code = first_code(version, kind)
    while code is not None:
        if code not in but:
            period = bounds(version, kind, code)
            if closes_at(version, period) > by or after_the_truce(version, period):
                return
            yield period
        code = code_of(kind, dates(kind, code)[1])


def closes_at(version: MechanismVersion, period: Period) -> datetime:
    """The end of the period and its filing grace: no cut-off is earlier."""
    return period.ends_at + timedelta(hours=version.filing_grace_hours)


def revisions(version: MechanismVersion, released_at: datetime) -> list[Day]:
    """Return the days with whose beginning a month is revised that was first released at `released_at`, in order.

    Days of the truce are counted, from the one of the release: so its clock may be moved between them.
    """
    released = day_holding(version, released_at).date
    return [day_of(version, released + ONE_DAY * later) for later in version.revision_days]


def before_the_truce(version: MechanismVersion, period: Period) -> bool:
    """Whether the period ended before the truce began."""
    return period.ends_at <= version.in_force_from


def after_the_truce(version: MechanismVersion, period: Period) -> bool:
    """Whether the period began after the truce had ended."""
    return version.in_force_until is not None and period.starts_at >= version.in_force_until


def lowered(version: MechanismVersion, at: datetime) -> datetime:
    """Return `at` cut to the time step that the truce lets out: the mechanism's day that it is in, or an hour of it.

    Hours are counted from the day's beginning. By the clock, an hour of a day that begins at 19:30 would lie half in
    one day and half in the next, and the date beside it would tell which half.
    """
    begins = day_holding(version, at).starts_at
    return begins if version.guarantor_time_step == "day" else begins + (at - begins) // ONE_HOUR * ONE_HOUR


def raised(version: MechanismVersion, at: datetime) -> datetime:
    """Return the end of the time step in which the interval that ends at `at` (half-open) ends."""
    start = lowered(version, at)
    if start == at:
        return at
    if version.guarantor_time_step == "day":
        return day_holding(version, at).ends_at
    return start + ONE_HOUR


def next_due(version: MechanismVersion, kind: str, *, after: datetime) -> Period | None:
    """Return the first period of `kind` that the calendar closes by itself later than `after`; None where none is.

    Nothing is walked: it is the period that held the instant one filing grace before, or the truce's first.
    """
    first = first_code(version, kind)
    if first is None:
        return None
    held = day_holding(version, after - timedelta(hours=version.filing_grace_hours)).date
    began = day_holding(version, version.in_force_from).date
    period = bounds(version, kind, max(first, code_of(kind, held), code_of(kind, began)))
    return None if after_the_truce(version, period) else period


def last_due(version: MechanismVersion, kind: str, *, by: datetime) -> Period | None:
    """Return the last period of `kind` that the calendar closes by itself and that was to be closed at `by`."""
    first = first_code(version, kind)
    if first is None:
        return None
    upcoming = next_due(version, kind, after=by)
    if upcoming is not None:
        period = before(version, upcoming)
    else:  # the truce ended before
        ended = version.in_force_until
        assert ended is not None  # noqa: S101 - else there is a period to come
        period = bounds(version, kind, code_of(kind, day_holding(version, ended - timedelta.resolution).date))
    return None if period.code < first or before_the_truce(version, period) else period
