"""Where the directions that several posts observed cross: those of an incident's reports, and of others at that time.

A post has a direction where it is known from where it looked: a wedge as wide as its directions can be read, between
the distances that it gave, or as far as a shelling is heard. Two wedges of two posts may hold some ground in common;
where their middles meet is where they cross. It is a hint, worked out when it is asked for: nothing is linked or placed
by it. Every post is read alike, whosever it is; an observer that was erased on request has no direction any more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from violations.codebook import LinkKind, TimePrecision
from violations.flags import Flagged, known
from violations.likeness import SLACK, WITHIN, by_code, seen_from, slack
from violations.moderation_codes import Flag
from violations.placing import BY_POLYGON, codes
from violations.sightings import AT_THE_OBSERVER_KM, STEP

# Without a range a direction is followed so far: a large gun is heard at 30 km. Posts farther from the place than two
# such directions reach are not asked.
REACH_KM = 30
POSTS_WITHIN_KM = 2 * REACH_KM
# Directions that leave open more than a quarter of the circle say too little to cross.
WIDEST = 90
# Two reports from within so many metres are of one post: what they saw does not cross.
ONE_POST = 100
# Posts that are shown: the incident's own first, then the nearest in time and place.
MOST_POSTS = 8
# A time that is known no better than to a week says nothing of which directions belong together.
TIMED = (TimePrecision.MINUTE, TimePrecision.HOUR, TimePrecision.DAY)
# No time that is known so well is longer: a day of 25 hours, with slack on either side.
LONGEST, LATEST = "26 hours", f"{max(SLACK.values())} seconds"

_CORNERS = f"""
    select 1 as part, step as place, ray.high as km, ray.begins + ray.width * step / ray.steps as turn
    from generate_series(0, ray.steps) step
    union all
    select 2, ray.steps - step, ray.low, ray.begins + ray.width * step / ray.steps
    from generate_series(0, ray.steps) step where ray.low >= {AT_THE_OBSERVER_KM} or step = 0
    union all
    select 3, 0, ray.high, ray.begins"""
_AWAY = "st_project(ray.observer::geography, {km} * 1000, radians({turn}))::geometry"

_MODERATED = """exists (
         select from monitoring_accreditation held
         where held.user_id = %(by)s and held.agreement_id = lead.agreement_id and held.role = 'moderator'
           and held.superseded_at is null and held.valid_from <= statement_timestamp()
           and (held.valid_until is null or held.valid_until > statement_timestamp()))"""

# Own reports by their number and others by their time, each by its index. The lead's time is asked before: where it is
# joined, the planner takes a third of all reports for later, and reads every one. Wants lead (the report whose place
# and time are asked about), reports (all of its incident), by (a moderator) and at.
STATEMENT = f"""
with lead as materialized (
    select lead.agreement_id, lead.occurred_from, lead.time_precision in ({codes(TIMED)}) as timed,
           lead.occurred_from - {slack("lead")} as begins, lead.occurred_until + {slack("lead")} as ends,
           coalesce(lead.point, lead.place_area) as place, lead.point is not null as is_point,
           case when lead.point is not null then {by_code("lead.place_precision", WITHIN, "null")}
                when lead.place_precision in ({codes(BY_POLYGON)}) then 0 end as within,
           coalesce(lead.point, st_centroid(lead.place_area),
                    (select seen.observer from {seen_from("lead.sighting")})) as about
    from violations_incidentreport lead where lead.id = %(lead)s and {_MODERATED}
),
asked as (
    select unnest(%(reports)s::bigint[]) as id
    union
    select report.id
    from violations_incidentreport report
    where report.agreement_id = (select agreement_id from lead where timed)
      and report.occurred_from >= (select begins - interval '{LONGEST}' from lead)
      and report.occurred_from < (select ends + interval '{LATEST}' from lead)
      and report.sighting is not null and report.time_precision in ({codes(TIMED)})
      and report.occurred_until + {slack("report")} > (select begins from lead)
      and report.occurred_from - {slack("report")} < (select ends from lead)
),
ray as materialized (
    select report.id, report.public_id, report.id = any(%(reports)s) as own, link.incident_id, seen.observer,
           seen.begins, seen.width, greatest(2, round(seen.width / {STEP}))::int as steps,
           coalesce((report.sighting #>> '{{range_km,low}}')::float8, 0) as low,
           coalesce((report.sighting #>> '{{range_km,high}}')::float8, {REACH_KM}) as high,
           report.sighting ? 'range_km' as ranged
    from lead
    join asked on true
    cross join lateral (select * from violations_incidentreport one where one.id = asked.id offset 0) report
    join violations_reportlink link
      on link.chain = report.chain and link.report_id = report.id
     and link.kind <> '{LinkKind.RELATED.value}' and {known("link")}
    cross join {seen_from("report.sighting")}
    where report.agreement_id = lead.agreement_id and report.sighting is not null and seen.width <= {WIDEST}
      and (report.id = any(%(reports)s)
           or st_dwithin(seen.observer::geography, lead.about::geography, {POSTS_WITHIN_KM * 1000}))
    order by own desc, abs(extract(epoch from report.occurred_from - lead.occurred_from)),
             st_distance(seen.observer::geography, lead.about::geography), report.id
    limit {MOST_POSTS}
),
wedge as materialized (
    select ray.*, drawn.wedge,
           st_makeline(ray.observer, {_AWAY.format(km="ray.high", turn="ray.begins + ray.width / 2")}) as middle
    from ray
    cross join lateral (
        select st_makepolygon(st_makeline({_AWAY.format(km="corner.km", turn="corner.turn")}
                                          order by corner.part, corner.place)) as wedge
        from ({_CORNERS}) corner
    ) drawn
),
pair as (
    select one.id as one, other.id as other, one.own and other.own as both_own,
           st_intersection(one.wedge::geography, other.wedge::geography) as held,
           st_intersection(one.middle::geography, other.middle::geography) as met
    from wedge one
    join wedge other on (not one.own, one.id) < (not other.own, other.id)
     and st_distance(one.observer::geography, other.observer::geography) > {ONE_POST}
),
crossed as (
    select pair.one, pair.other, pair.both_own, pair.held, st_isempty(pair.held::geometry) as apart,
           case when not st_isempty(pair.met::geometry) then st_centroid(pair.met)
                when not st_isempty(pair.held::geometry) then st_centroid(pair.held) end as at
    from pair
)
select (select coalesce(jsonb_agg(jsonb_build_object(
            'id', id, 'public_id', public_id, 'own', own, 'incident', incident_id, 'ranged', ranged,
            'km', high, 'wedge', st_asgeojson(wedge, 6)::jsonb) order by not own, id), '[]') from wedge),
       (select coalesce(jsonb_agg(jsonb_build_object(
            'one', crossed.one, 'other', crossed.other, 'both_own', crossed.both_own, 'apart', crossed.apart,
            'at', st_asgeojson(crossed.at, 6)::jsonb,
            'metres', st_distance(crossed.at, lead.place::geography),
            'towards', case when lead.is_point then degrees(st_azimuth(lead.place::geography, crossed.at)) end,
            'holds', case when lead.within is not null and not crossed.apart
                          then st_dwithin(crossed.held, lead.place::geography, lead.within) end)
            order by not crossed.both_own, crossed.one, crossed.other), '[]')
        from crossed cross join lead)
"""


@dataclass(frozen=True)
class Ray:
    """The direction of one report: whether it is of the incident that is asked about, and of which incident it is.

    `wedge`: GeoJSON of the ground that it leaves open, up to `km`; where it is not `ranged`, nobody said how far.
    """

    report_id: int
    public_id: str
    own: bool
    incident_id: int
    ranged: bool
    km: float
    wedge: dict[str, Any]


@dataclass(frozen=True)
class Crossing:
    """Two directions of two posts: `apart` where no ground lies in both, else `at` (GeoJSON) where they cross.

    `metres` and `towards` (degrees from true north) from the place as filed; None where there is none, or it is no
    point. `holds`: whether the place, as finely as it is known, lies in what both leave open; None where it stands for
    an area.
    """

    one: int
    other: int
    both_own: bool
    apart: bool
    at: dict[str, Any] | None
    metres: float | None
    towards: float | None
    holds: bool | None


@dataclass(frozen=True)
class Crossings:
    """The directions that bear on an incident, and where each two of them cross."""

    rays: tuple[Ray, ...] = ()
    crossings: tuple[Crossing, ...] = ()

    @property
    def meeting(self) -> list[Crossing]:
        """Those that cross, the nearest to the place first."""
        met = [one for one in self.crossings if not one.apart]
        return sorted(met, key=lambda one: (not one.both_own, one.metres is None, one.metres or 0, one.one, one.other))


def read(row: tuple[str, str]) -> Crossings:
    """Read what STATEMENT found."""
    rays, crossings = (json.loads(told) for told in row)
    return Crossings(
        tuple(
            Ray(
                told["id"],
                told["public_id"],
                told["own"],
                told["incident"],
                told["ranged"],
                told["km"],
                told["wedge"],
            )
            for told in rays
        ),
        tuple(Crossing(**told) for told in crossings),
    )


def flags(found: Crossings) -> dict[int, list[Flagged]]:
    """What is to be noticed of the directions of one incident's own reports, by report.

    Of others nothing: their directions may be of another event.
    """
    flagged: dict[int, list[Flagged]] = {}
    names: Mapping[int, str] = {ray.report_id: ray.public_id for ray in found.rays}
    for crossing in found.crossings:
        if not crossing.both_own or (not crossing.apart and crossing.holds is not False):
            continue
        flag = Flag.BEARINGS_APART if crossing.apart else Flag.CROSSING_ELSEWHERE
        for mine, other in ((crossing.one, crossing.other), (crossing.other, crossing.one)):
            figures = {"other": names[other], "metres": crossing.metres}
            flagged.setdefault(mine, []).append(Flagged(flag, figures))
    return flagged
