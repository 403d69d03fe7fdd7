"""The days of a truce: by its own clocks, from the hour at which its day begins, and until when a day's return is due.

A day of the mechanism is [from, until) in UTC and bears the date of its start or of its end, as the truce has it.
Bounds are computed from the local clock day by day, so a day on which the clock is changed has 23 or 25 hours: Damascus
on 31 March 2017 has 23, with midnight in the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitoring.period_codes import FIRST_DATE, LAST_DATE, ONE_DAY, dates, is_known

if TYPE_CHECKING:
    from monitoring.models import MechanismVersion

__all__ = ["FIRST_DATE", "LAST_DATE", "ONE_DAY", "Day", "dates", "day_holding", "day_of", "due_at", "is_known", "span"]


@dataclass(frozen=True)
class Day:
    """A day of the mechanism: the date that it bears, and its bounds [starts_at, ends_at) in UTC."""

    date: date
    starts_at: datetime
    ends_at: datetime


def span(version: MechanismVersion, code: str) -> tuple[datetime, datetime]:
    """Return the bounds [from, until) of a period in the calendar of `version`. Raises Malformed."""
    first, after = dates(code)
    return day_of(version, first).starts_at, day_of(version, after - ONE_DAY).ends_at


def day_of(version: MechanismVersion, bears: date) -> Day:
    """Return the day that bears the date `bears`: named for its start or for its end, as the truce has it."""
    begins = bears if version.day_named_for == version.DayNamedFor.START else bears - ONE_DAY
    return Day(bears, _instant(version, begins), _instant(version, begins + ONE_DAY))


def day_holding(version: MechanismVersion, at: datetime) -> Day:
    """Return the day in which the instant `at` falls."""
    local = at.astimezone(ZoneInfo(version.time_zone)).date()
    for bears in (local - ONE_DAY, local, local + ONE_DAY, local + 2 * ONE_DAY):
        day = day_of(version, bears)
        if day.starts_at <= at < day.ends_at:
            return day
    raise AssertionError("The days of a calendar leave no gap.")


def due_at(version: MechanismVersion, bears: date) -> datetime:
    """Until when a return of the day that bears `bears` is in time: the day's end and the filing grace."""
    return day_of(version, bears).ends_at + timedelta(hours=version.filing_grace_hours)


def last_due(version: MechanismVersion, at: datetime) -> date:
    """Return the last date whose return had to be there at the instant `at`."""
    return day_holding(version, at - timedelta(hours=version.filing_grace_hours)).date - ONE_DAY


def _instant(version: MechanismVersion, on: date) -> datetime:
    """The instant at which a day begins on the local date `on`. In a gap of the clock: the first instant after it."""
    local = datetime.combine(on, version.day_begins, ZoneInfo(version.time_zone))
    return local.astimezone(UTC)
