"""The days of a truce: by its own clocks, from the hour at which its day begins, and until when a day's return is due.

A day of the mechanism is [from, until) in UTC and bears the date of its start or of its end, as the truce has it.
Bounds are computed from the local clock day by day, so a day on which the clock is changed has 23 or 25 hours: Damascus
on 31 March 2017 has 23, with midnight in the gap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitoring.errors import Malformed

if TYPE_CHECKING:
    from monitoring.models import MechanismVersion

ONE_DAY = timedelta(days=1)
# A date that is handed in lies between these, both included: what does not is a slip of the pen, and no clock knows it.
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Day:
    """A day of the mechanism: the date that it bears, and its bounds [starts_at, ends_at) in UTC."""

    date: date
    starts_at: datetime
    ends_at: datetime


def dates(code: str) -> tuple[date, date]:
    """Return the first date of the day ('2017-01-22') or month ('2017-01') `code`, and the first date after it.

    Raises Malformed where it is neither.
    """
    found = re.fullmatch(r"(\d{4})-(\d{2})(-\d{2})?", code, re.ASCII)
    try:
        if found is None:
            raise ValueError
        if found[3]:
            first = date.fromisoformat(code)
            after = first + ONE_DAY
        else:
            year, month = int(found[1]), int(found[2])
            first, after = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        if not (is_known(first) and is_known(after)):
            raise ValueError
    except (ValueError, OverflowError):
        raise no_such_period(code) from None
    return first, after


def is_known(on: date) -> bool:
    """Whether a date is one that may be handed in."""
    return FIRST_DATE <= on <= LAST_DATE


def no_such_period(code: str) -> Malformed:
    """The refusal of what is no day and no month."""
    sentence = _("“%(code)s” is no period: give a month as 2017-01 or a day as 2017-01-22.") % {"code": code}
    return Malformed(sentence, code="no_such_period", fields={"/period": [sentence]})


def span(version: MechanismVersion, code: str) -> tuple[datetime, datetime]:
    """Return the bounds [from, until) of a day or month in the calendar of `version`. Raises Malformed."""
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
