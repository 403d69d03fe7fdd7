"""Where more was registered in the last days than chance alone would usually give, by area: for moderators.

The last 7 days of the truce are held against the 28 before, with 2 between them that belong to neither, so that what
begins slowly is no part of its own baseline. What is counted are registered incidents, whatever was found of them,
dated to a day and placed in an area of the level. A day counts where it is known that somebody looked: days under
observation, where the teams' effort in an area is known; else every day of the truce alike, and it is said so. Areas
are tested alike, and several at once: a flag asks for p and for Benjamini and Hochberg's q. It says that a number is
unusual, nothing of why, and of no party.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from monitoring import ledger, notices
from monitoring.days import ONE_DAY, day_holding, day_of
from monitoring.errors import NotNow
from monitoring.models import Area, Notice
from monitoring.notices import Told
from reports.chance import P_LIMIT, Q_LIMIT, adjusted, more_than_chance, power_of_doubling
from reports.figures import effort
from reports.figures.classification import LIVE
from reports.figures.known import LEVELS, Known
from reports.periods import Period
from reports.statistics import dispersion

if TYPE_CHECKING:
    from monitoring.models import Agreement, MechanismVersion

NOW, BETWEEN, BEFORE = 7, 2, 28
DAYS = NOW + BETWEEN + BEFORE

# Registered incidents that are dated to a day, by day and by area of the level; in none: not placed so finely. Under
# `everywhere` each once.
COUNTED = f"""
with {LIVE},
calendar as (
    select unnest(%(dates)s::date[]) as date, unnest(%(days_from)s::timestamptz[]) as day_from,
           unnest(%(days_until)s::timestamptz[]) as day_until
),
dated as (
    select calendar.date, live.areas
    from live
    join calendar on live.occurred_from >= day_from and live.occurred_from < day_until
    where live.occurred_until <= %(until)s and live.occurred_until - live.occurred_from <= day_until - day_from
)
select date, area.code as area, false as everywhere, count(*) as incidents
from dated left join monitoring_area area on area.level = %(level)s and area.id = any(dated.areas)
group by date, area.code
union all
select date, null, true, count(*) from dated group by date
"""


@dataclass(frozen=True)
class Series:
    """The daily counts of the days that count in one area, now and before; `watched`: by the teams' own effort."""

    now: tuple[int, ...]
    before: tuple[int, ...]
    watched: bool


@dataclass(frozen=True)
class Tested:
    """What came of one area (None: everywhere): its series, and p, q and power, None where it could not be tested."""

    area: str | None
    series: Series
    phi: Fraction | None = None
    p: float | None = None
    q: float | None = None
    power: float | None = None

    @property
    def flagged(self) -> bool:
        """Whether it is more than chance alone would usually give."""
        return self.p is not None and self.q is not None and self.p <= P_LIMIT and self.q <= Q_LIMIT


@dataclass(frozen=True)
class Surges:
    """The areas of one level over the days that end with `last`; `not_placed`: incidents of the last days in none."""

    last: date
    level: str | None
    tested: tuple[Tested, ...]
    not_placed: int
    known_at: datetime

    @property
    def flagged(self) -> list[Tested]:
        """Those that are more than chance alone would usually give."""
        return [one for one in self.tested if one.flagged]


def levels_of(agreement: Agreement) -> list[str]:
    """The levels of area that the truce has, coarse to fine."""
    held = set(Area.objects.filter(agreement=agreement, level__in=LEVELS).values_list("level", flat=True))
    return [str(level) for level in LEVELS if level in held]


def last_day(version: MechanismVersion, at: datetime) -> date:
    """The last day of the truce's calendar that is over at `at`."""
    return day_holding(version, at).date - ONE_DAY


def of(agreement: Agreement, *, last: date, level: str | None, known_at: datetime) -> Surges:
    """Test every area of `level` over the days that end with `last`, as known at `known_at`."""
    version = agreement.terms_known_at(known_at)
    days = tuple(day_of(version, last - ONE_DAY * back) for back in reversed(range(DAYS)))
    period = Period("days", last.isoformat(), days[0].starts_at, days[-1].ends_at, days)
    known = Known(agreement, version, period, known_at)
    in_force = [
        day.date
        for day in days
        if day.starts_at >= version.in_force_from
        and (version.in_force_until is None or day.ends_at <= version.in_force_until)
    ]
    counts: dict[str | None, dict[date, int]] = defaultdict(dict)
    not_placed = 0
    for row in known.rows(COUNTED, level=level):
        if row["everywhere"] or row["area"] is not None:
            counts[row["area"]][row["date"]] = row["incidents"]
        elif row["date"] > last - ONE_DAY * NOW:
            not_placed += row["incidents"]
    watched = effort.watched(known, level)
    areas = Area.objects.filter(agreement=agreement, level=level).order_by("code") if level else Area.objects.none()
    codes = [None, *areas.values_list("code", flat=True)]
    series = {area: series_of(counts[area], in_force, watched.get(area), last=last) for area in codes}
    return Surges(last, level, tuple(weighed(series)), not_placed, known_at)


def series_of(counts: dict[date, int], held: Iterable[date], watched: set[date] | None, *, last: date) -> Series:
    """The counts of the `held` days up to `last`; of those `watched` alone, where that is known. No other day is 0."""
    days = [day for day in held if watched is None or day in watched]
    now_from = last - ONE_DAY * (NOW - 1)
    before_until = now_from - ONE_DAY * BETWEEN
    return Series(
        now=tuple(counts.get(day, 0) for day in days if now_from <= day <= last),
        before=tuple(counts.get(day, 0) for day in days if before_until - ONE_DAY * BEFORE <= day < before_until),
        watched=watched is not None,
    )


def weighed(series: dict[str | None, Series]) -> list[Tested]:
    """Test each, and all of them at once; one without days now or before is not tested."""
    told = [_alone(area, one) for area, one in series.items()]
    ps = [one.p for one in told if one.p is not None]
    qs = iter(adjusted(ps))
    return [replace(one, q=next(qs)) if one.p is not None else one for one in told]


def _alone(area: str | None, series: Series) -> Tested:
    now, before = series.now, series.before
    if not now or len(before) < 2:
        return Tested(area, series)
    phi = dispersion([before]) or Fraction(1)
    return Tested(
        area,
        series,
        phi=phi,
        p=more_than_chance(sum(now), len(now), sum(before), len(before), phi=phi),
        power=power_of_doubling(sum(before), len(now), len(before), phi=phi),
    )


def tell(agreement: Agreement, *, at: datetime) -> int:
    """Tell moderators of what is flagged over the days that are over at `at`: of an area once in so many days.

    Return of how many areas. Raises NotNow where others are writing, so that what is known cannot be told: ask again.
    """
    known_at = ledger.closed_until()
    if known_at is None:
        raise NotNow(_("Others are writing just now. Try again in a moment."), code="others_write")
    found = of(
        agreement, last=last_day(agreement.terms, at), level=next(iter(levels_of(agreement)), None), known_at=known_at
    )
    of_late = {
        row.details["area"]
        for row in Notice.objects.filter(
            agreement=agreement, kind=Notice.Kind.SURGE, object_id__gt=(found.last - ONE_DAY * NOW).isoformat()
        )
        if row.object_id != found.last.isoformat()
    }
    return notices.give(agreement, [_told(found, one) for one in found.flagged if (one.area or "") not in of_late])


def _told(found: Surges, one: Tested) -> Told:
    last = found.last.isoformat()
    details: dict[str, Any] = {
        "area": one.area or "",
        "level": found.level or "",
        "now": sum(one.series.now),
        "days_now": len(one.series.now),
        "before": sum(one.series.before),
        "days_before": len(one.series.before),
    }
    return Told(Notice.Kind.SURGE, once=f"{one.area or ''}@{last}", object_kind="day", object_id=last, details=details)
