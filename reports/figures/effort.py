"""Section 5, on: what monitors did to see: hours of patrols, posts and watches, quiet days, restrictions, watch logs.

An hour belongs to the day in which it lies; a patrol over midnight counts in both. A day is under observation where the
teams spent at least an hour of it, and quiet where no incident dated to it was registered: nobody's word that nothing
happened. A rate is given only where effort is known. What a watch logged is counted by itself: no incident, in
no total, and different things are not added. All teams together: a row by area and day would tell who was where.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from monitoring.models import Area, TeamTerms
from reports.figures.classification import LIVE
from reports.figures.known import Known, holds_at_cutoff
from violations import codebook

LEAST_MINUTES = 60
PLACES = Decimal("0.01")

OBSERVED = f"""
patrol as materialized (
    select patrol.id, patrol.kind, coalesce(terms.kind, 'none') as team_kind,
           greatest(patrol.started_at, %(from)s) as started_at, least(patrol.ended_at, %(until)s) as ended_at
    from violations_patrol patrol
    left join monitoring_teamterms terms on terms.version_id = %(version)s and terms.team_id = patrol.team_id
    where patrol.agreement_id = %(agreement)s and patrol.started_at < %(until)s and patrol.ended_at > %(from)s
      and {holds_at_cutoff("patrol")}
),
calendar as (
    select unnest(%(dates)s::date[]) as date, unnest(%(days_from)s::timestamptz[]) as day_from,
           unnest(%(days_until)s::timestamptz[]) as day_until
)"""
SECONDS = "sum(extract(epoch from {until} - {begin}))::bigint as seconds"
WITHIN = {"begin": "greatest({row}.started_at, day_from)", "until": "least({row}.ended_at, day_until)"}

PATROLS = f"""
with {OBSERVED}
select kind, team_kind, count(*) as filed, {SECONDS.format(begin="started_at", until="ended_at")}
from patrol group by kind, team_kind
"""
BY_DAY = f"""
with {OBSERVED}
select date, {SECONDS.format(**{name: sql.format(row="patrol") for name, sql in WITHIN.items()})}
from patrol join calendar on patrol.started_at < day_until and patrol.ended_at > day_from
group by date
"""
BY_AREA = f"""
with {OBSERVED}
select date, stretch.area_id, {SECONDS.format(**{name: sql.format(row="stretch") for name, sql in WITHIN.items()})}
from patrol join violations_patrolstretch stretch on stretch.patrol_id = patrol.id
join calendar on stretch.started_at < day_until and stretch.ended_at > day_from
group by date, stretch.area_id
"""
LOGGED = f"""
with {OBSERVED}
select line.observed, count(*) as lines, coalesce(sum(line.count), 0)::bigint as counted,
       count(*) filter (where line.qualifier not in ('exact', 'uncountable')) as not_exact,
       count(*) filter (where line.qualifier = 'uncountable') as uncountable
from patrol join violations_watchobservation line on line.patrol_id = patrol.id
where line.observed_at >= %(from)s and line.observed_at < %(until)s
group by line.observed
"""
RESTRICTED = f"""
select kind, area_id, count(*) as restrictions
from violations_movementrestriction restriction
where agreement_id = %(agreement)s and started_at >= %(from)s and started_at < %(until)s
  and {holds_at_cutoff("restriction")}
group by kind, area_id
"""
# Dated to a day as the ledgers date what was filed; an incident in several areas counts in each.
REGISTERED = f"""
with {LIVE},
calendar as (
    select unnest(%(dates)s::date[]) as date, unnest(%(days_from)s::timestamptz[]) as day_from,
           unnest(%(days_until)s::timestamptz[]) as day_until
)
select calendar.date, area.code as area, count(*) as incidents
from live
join calendar on live.occurred_from >= day_from and live.occurred_from < day_until
left join monitoring_area area on area.level = %(level)s and area.id = any(live.areas)
where live.occurred_until <= %(until)s and live.occurred_until - live.occurred_from <= day_until - day_from
group by calendar.date, area.code
"""

Hours = dict[date, int]


def section(known: Known) -> dict[str, Any]:
    """Return the effort of the period."""
    level = known.levels[-1] if known.levels else None
    patrols = known.rows(PATROLS)
    by_day = {row["date"]: row["seconds"] // 60 for row in known.rows(BY_DAY)}
    registered = _registered(known, level)
    watched = _watched(by_day)
    return {
        "known": bool(patrols),
        "least_minutes": LEAST_MINUTES,
        "area_level": level,
        "total": _row(patrols),
        "by_kind": [
            {"kind": kind.value, **_row(row for row in patrols if row["kind"] == kind)} for kind in codebook.PatrolKind
        ],
        "by_team": [
            {"team_kind": kind.value, **_row(row for row in patrols if row["team_kind"] == kind)}
            for kind in TeamTerms.Kind
        ],
        "days": len(known.period.days),
        "days_watched": len(watched),
        "quiet_days": len(watched - registered[None].keys()),
        "by_area": _by_area(known, level, registered),
        "by_day": [
            {"date": day.isoformat(), "minutes": by_day.get(day, 0), "quiet": _quiet(day, watched, registered[None])}
            for day in known.period.dates
        ],
        "logged": _logged(known),
        "restrictions": _restrictions(known, level),
    }


def watched(known: Known, level: str | None) -> dict[str | None, set[date]]:
    """The days under observation by the code of an area of `level` in which they were; under None by anybody anywhere.

    An area in which no patrol was has no row: what was done to see there is not known.
    """
    above = _areas_at(known, level)
    hours: dict[str, Hours] = defaultdict(lambda: defaultdict(int))
    for row in known.rows(BY_AREA):
        if row["area_id"] in above:
            hours[above[row["area_id"]]][row["date"]] += row["seconds"] // 60
    anywhere = {row["date"]: row["seconds"] // 60 for row in known.rows(BY_DAY)}
    found: dict[str | None, set[date]] = {area: _watched(minutes) for area, minutes in hours.items()}
    return {**found, None: _watched(anywhere)} if anywhere else found


def _row(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    told = list(rows)
    return {"filed": sum(row["filed"] for row in told), "minutes": sum(row["seconds"] for row in told) // 60}


def _watched(hours: Hours) -> set[date]:
    return {day for day, minutes in hours.items() if minutes >= LEAST_MINUTES}


def _quiet(day: date, watched: set[date], registered: dict[date, int]) -> bool | None:
    """Whether a day under observation was quiet; None: it was not under observation."""
    return day not in registered if day in watched else None


def _registered(known: Known, level: str | None) -> dict[str | None, dict[date, int]]:
    """How many incidents are dated to a day, by area; under None whether any is, wherever it was."""
    found: dict[str | None, dict[date, int]] = defaultdict(dict)
    for row in known.rows(REGISTERED, level=level):
        found[None][row["date"]] = 1
        if row["area"] is not None:
            found[row["area"]][row["date"]] = row["incidents"]
    return found


def _by_area(known: Known, level: str | None, registered: dict[str | None, dict[date, int]]) -> list[dict[str, Any]]:
    """Each area in which teams were, its hours and quiet days; last what was spent in none of this level."""
    above = _areas_at(known, level)
    hours: dict[str | None, Hours] = defaultdict(lambda: defaultdict(int))
    for row in known.rows(BY_AREA):
        hours[above.get(row["area_id"])][row["date"]] += row["seconds"] // 60
    return [
        _area(area, hours[area], registered[area] if area else {})
        for area in sorted(hours, key=lambda area: (area is None, area or ""))
    ]


def _area(area: str | None, hours: Hours, registered: dict[date, int]) -> dict[str, Any]:
    minutes, watched = sum(hours.values()), _watched(hours)
    told = {"area": area, "minutes": minutes}
    if area is None:
        return {**told, "days_watched": None, "quiet_days": None, "registered": None, "per_100_hours": None}
    incidents = sum(count for day, count in registered.items() if day in watched)
    rate = (Decimal(incidents) * 6000 / minutes).quantize(PLACES) if watched else None
    return {
        **told,
        "days_watched": len(watched),
        "quiet_days": len(watched - registered.keys()),
        "registered": incidents,
        "per_100_hours": None if rate is None else str(rate),
    }


def _areas_at(known: Known, level: str | None) -> dict[int, str]:
    """Of each area the code of the one of `level` that it is or lies in; coarser ones have none."""
    areas = {area.pk: area for area in Area.objects.filter(agreement=known.agreement)}
    found = {}
    for area in areas.values():
        above: Area | None = area
        while above is not None and above.level != level:
            above = areas.get(above.parent_id) if above.parent_id else None
        if above is not None:
            found[area.pk] = above.code
    return found


def _logged(known: Known) -> list[dict[str, Any]]:
    order = list(codebook.Observed.values)
    return sorted(known.rows(LOGGED), key=lambda row: order.index(row["observed"]))


def _restrictions(known: Known, level: str | None) -> dict[str, Any]:
    rows, above = known.rows(RESTRICTED), _areas_at(known, level)
    by_area: dict[str | None, int] = defaultdict(int)
    for row in rows:
        by_area[above.get(row["area_id"])] += row["restrictions"]
    return {
        "total": sum(row["restrictions"] for row in rows),
        "by_kind": [
            {"kind": kind.value, "count": sum(row["restrictions"] for row in rows if row["kind"] == kind)}
            for kind in codebook.RestrictionKind
        ],
        "by_area": [
            {"area": area, "count": by_area[area]}
            for area in sorted(by_area, key=lambda area: (area is None, area or ""))
        ],
    }
