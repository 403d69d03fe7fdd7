"""How like two incidents are, in bits, as pieces of one SQL statement: the formula and its constants.

Each term asks how many times likelier what the two say of it is if they are one event than if they are two events of
one governorate and one week; the score is the sum of the binary logarithms. What the stated precisions leave open
neither adds nor takes away. docs/candidates.md says why each constant is what it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from violations.codebook import Act, BearingUnit
from violations.codebook import PlacePrecision as P
from violations.codebook import TimePrecision as T
from violations.placing import BY_POLYGON, FINE, codes
from violations.sightings import CIRCLE, COMPASS, FARTHEST_KM, HALF_A_POINT, READ_WITHIN

# How far from its point an event may have been, in metres. Any other place says nothing by being close.
WITHIN = {P.EXACT: 10, P.VICINITY: 100, P.LOCALITY: 1_000, P.SURROUNDINGS: 25_000, P.LINE: 25_000}
# An event is no point: two posts name the ends of one exchange (metres).
SPREAD = 500
# How far a governorate reaches from its middle (metres), and the time that is looked over.
GOVERNORATE = 50_000
DAYS = 7
# By how much clocks and memories differ, in seconds, on either side of a time known so finely.
SLACK = {T.MINUTE: 900, T.HOUR: 1800}
# Of two times that only touch: the share of events that are told at the neighbouring one.
NEIGHBOURING = 0.25
# How often a place, a time or a direction is stated wrongly: none of these terms says more against than this.
MISSTATED = 0.01

# What may be told of one event in several ways; an act may be of several families.
FAMILIES: dict[str, tuple[Act, ...]] = {
    "fire": (
        Act.DIRECT_FIRE,
        Act.INDIRECT_FIRE,
        Act.AIR_STRIKE,
        Act.UAV_ATTACK,
        Act.DEVICE,
        Act.EXPLOSION_UNDETERMINED,
        Act.FORCE_UNDETERMINED,
        Act.CHEMICAL_ALLEGATION,
        Act.RAID_OR_ADVANCE,
        Act.ATTACK_ON_CROSSING,
        Act.LIVE_FIRE_EXERCISE,
        Act.CONTROLLED_DETONATION,
        Act.FLARE,
    ),
    "flight": (Act.AIR_STRIKE, Act.UAV_ATTACK, Act.OVERFLIGHT, Act.UAV_OVERFLIGHT, Act.UAV_JAMMED),
    "ground": (
        Act.RAID_OR_ADVANCE,
        Act.TERRITORY_TAKEN,
        Act.ATTACK_ON_CROSSING,
        Act.FORCED_DISPLACEMENT,
        Act.FORCE_UNDETERMINED,
    ),
    "forces": (
        Act.REINFORCEMENT,
        Act.FORTIFICATION,
        Act.WEAPONS_BEHIND_LINE,
        Act.WEAPON_MISSING,
        Act.MINE_LAYING,
    ),
    "persons": (
        Act.ABDUCTION,
        Act.DETENTION,
        Act.DETAINEE_NOT_RELEASED,
        Act.SEXUAL_VIOLENCE,
        Act.CHILD_RECRUITMENT,
        Act.LOOTING,
    ),
    "passage": (Act.AID_OBSTRUCTED, Act.REPAIR_OBSTRUCTED, Act.MONITORS_OBSTRUCTED, Act.LOOTING),
    "monitors": (Act.MONITORS_OBSTRUCTED, Act.MONITORS_THREATENED, Act.UAV_JAMMED, Act.DETENTION),
}
# Acts that say only that something happened: within a family they leave open which it was.
UNDETERMINED = (Act.EXPLOSION_UNDETERMINED, Act.FORCE_UNDETERMINED)
# Of a hundred pairs of one event, and of two: how many name the same act, acts of one family, acts of none.
OF_ONE, OF_TWO = {"same": 70, "family": 25, "other": 5}, {"same": 20, "family": 30, "other": 50}


def _bits(ratio: str) -> str:
    """SQL: the binary logarithm of a ratio, but for the share of what is misstated."""
    return f"(ln({1 - MISSTATED} * ({ratio}) + {MISSTATED}) / ln(2.0))"


def by_code(column: str, numbers: Mapping[Any, float], otherwise: str) -> str:
    """SQL: a number for each code of `column`."""
    whens = " ".join(f"when '{code}' then {number}" for code, number in numbers.items())
    return f"(case {column} {whens} else {otherwise} end)"


def slack(one: str) -> str:
    """SQL: by how much the time of a row is widened on either side."""
    return f"make_interval(secs => {by_code(f'{one}.time_precision', SLACK, '0')})"


# Degrees from true north, and how far on either side, of one direction as it was read: violations.sightings.Bearing.
_READ = f"""(case bearing ->> 'unit'
    when '{BearingUnit.COMPASS}'
    then (array_position(array[{codes(COMPASS)}], bearing ->> 'point') - 1) * {2 * HALF_A_POINT}
    else (bearing ->> 'value')::float8 * 360 / {by_code("bearing ->> 'unit'", CIRCLE, "360")}
    end + coalesce((bearing ->> 'declination')::float8, 0))"""
_HALF = f"(case bearing ->> 'unit' when '{BearingUnit.COMPASS}' then {HALF_A_POINT} else {READ_WITHIN} end)"


def circled(degrees: str) -> str:
    """SQL: the same direction, from 0 to 360."""
    return f"({degrees} - 360 * floor(({degrees}) / 360))"


def seen_from(sighting: str) -> str:
    """SQL: from where and in which directions `sighting` tells of: observer, begins and width, as a lateral subquery.

    The smallest arc that holds all directions, as violations.sightings.arc has it. No row where it is not known from
    where, or in no direction; asked before anything is added up, for of most incidents nothing was sighted.
    """
    return f"""
lateral (
    select st_setsrid(st_makepoint(({sighting} #>> '{{observer,longitude}}')::float8,
                                   ({sighting} #>> '{{observer,latitude}}')::float8), 4326) as observer,
           arc.begins, arc.width
    from (
        with spans as (
            select {_READ} - {_HALF} as begins, 2 * {_HALF} as width
            from jsonb_array_elements({sighting} -> 'bearings') bearing
        )
        select one.begins, max({circled("other.begins - one.begins")} + other.width) as width
        from spans one cross join spans other
        group by one.begins order by width, one.begins limit 1
    ) arc
    where {sighting} -> 'observer' ? 'latitude'
) seen"""


def said(one: str) -> str:
    """SQL: what the assessment `one` says of place, time and direction: a lateral subquery of one row.

    place; is_point; within (metres, null: being close says nothing); begins and ends; and where its own place is coarse
    and it was observed from a known place: observer, arc_begins, arc_width (degrees from true north).
    """
    return f"""
lateral (
    select found.place, found.drawn is null as is_point,
           {one}.occurred_from - {slack(one)} as begins, {one}.occurred_until + {slack(one)} as ends,
           case when found.place is null then null
                when found.drawn is null then {by_code(f"{one}.place_precision", WITHIN, "null")}
                when {one}.place_precision in ({codes(BY_POLYGON)})
                then sqrt(st_area(found.drawn::geography) / pi()) end as within,
           seen.observer, seen.begins as arc_begins, seen.width as arc_width
    from (
        select coalesce({one}.point, lead.place_area) as place,
               case when {one}.point is null then lead.place_area end as drawn,
               case when {one}.place_precision <> '{P.SECTOR}' or lead.place_area is null then lead.sighting end
               as sighting
        from (select) one_row
        left join lateral (
            select report.place_area, report.sighting from violations_incidentreport report
            where report.id = {one}.lead_report_id
              and ({one}.point is null or {one}.place_precision not in ({codes(FINE)}))
        ) lead on true
        offset 0
    ) found
    left join {seen_from("found.sighting")} on true
    offset 0
)"""


# What follows is of two: the assessments `mine` and `near`, and what they say, `here` and `there`.

_VARIANCE = f"({SPREAD}.0 ^ 2 + (here.within ^ 2 + there.within ^ 2) / 4)"
METRES = """(case
    when here.within is null or there.within is null then null
    when here.is_point and there.is_point then st_distancesphere(here.place, there.place)
    else st_distance(here.place::geography, there.place::geography) end)"""
# Of places that say nothing by being close: whether they lie in areas that exclude each other.
APART = """((here.within is null or there.within is null) and mine.areas <> '{}' and near.areas <> '{}'
    and not mine.areas <@ near.areas and not near.areas <@ mine.areas)"""
PLACE = f"""(case
    when apart then {_bits("0")}
    when metres is null then 0
    else {
    _bits(f"greatest(1, {GOVERNORATE}.0 ^ 2 / (2 * {_VARIANCE})) * exp(-least(metres ^ 2 / (2 * {_VARIANCE}), 500))")
} end)"""

SECONDS = """greatest(0, extract(epoch from near.occurred_from - mine.occurred_until),
                         extract(epoch from mine.occurred_from - near.occurred_until))::float8"""
_LENGTHS = "extract(epoch from here.ends - here.begins), extract(epoch from there.ends - there.begins)"
COARSER = f"greatest({_LENGTHS})::float8"
# How much of the finer time lies within the coarser.
SHARED = f"""(greatest(0, extract(epoch from least(here.ends, there.ends) - greatest(here.begins, there.begins)))
    / least({_LENGTHS}))::float8"""
TIME = _bits(
    f"greatest(1, {DAYS * 86400} / coarser)"
    f" * (shared + (1 - shared) * {NEIGHBOURING} * exp(-least(seconds / coarser, 500)))"
)

_IN_ONE_FAMILY = " or ".join(
    f"(mine.act in ({codes(acts)}) and near.act in ({codes(acts)}))" for acts in FAMILIES.values()
)
ALIKE = f"""(case
    when {_IN_ONE_FAMILY}
    then case when mine.act in ({codes(UNDETERMINED)}) or near.act in ({codes(UNDETERMINED)}) then 'open'
              when mine.act = near.act then 'same' else 'family' end
    when mine.act = near.act then 'same' else 'other' end)"""
ACT = by_code("alike", {how: round(math.log2(OF_ONE[how] / OF_TWO[how]), 3) for how in OF_ONE}, "0")


def _direction(seer: str, seen: str) -> str:
    """SQL: bits of whether the directions of the one pass through the place of the other; null where neither is so
    known: the place as finely as a locality, and farther away than that."""
    turn = f"degrees(atan({seen}.within / way.far))"
    return f"""(
    select {
        _bits(
            f"case when {circled(f'way.towards - {seer}.arc_begins + {turn}')} <= {seer}.arc_width + 2 * {turn}"
            f" and way.far - {seen}.within <= {FARTHEST_KM * 1000}"
            f" then greatest(1, 360 / ({seer}.arc_width + 2 * {turn})) else 0 end"
        )
    }
    from (
        select st_distance({seer}.observer::geography, {seen}.place::geography) as far,
               degrees(st_azimuth({seer}.observer::geography, {seen}.place::geography)) as towards
        where {seer}.observer is not null and {seen}.is_point and {seen}.within <= {WITHIN[P.LOCALITY]}
        offset 0
    ) way
    where way.far > {seen}.within
)"""


BEARING = f"coalesce({_direction('here', 'there')}, {_direction('there', 'here')})"
