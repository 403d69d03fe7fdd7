"""Where an incident happened: its areas and zones, as pieces of one SQL statement.

Each piece is a lateral subquery that `violations.assessment` joins to `facts`, one row an incident: what its lead
report says, with the mechanism version and the boundary sets that hold. Each incident asks the indexes for itself, so
the work grows with the number of incidents and nothing else, whatever the planner believes of them. A place is answered
only as finely as it is known; a point on a border belongs to both sides.
"""

from __future__ import annotations

from collections import defaultdict

from monitoring.models import Area
from monitoring.models.intervals import holds_sql
from violations.codebook import PlacePrecision as P

Level = Area.Level

EVERY_LEVEL = (Level.GROUPING, Level.GOVERNORATE, Level.DISTRICT, Level.SUBDISTRICT)
COARSE_LEVELS = (Level.GROUPING, Level.GOVERNORATE)

# The levels at which a place known so finely may be counted. What is not named here is placed nowhere.
LEVELS_ALLOWED: dict[P, tuple[Level, ...]] = {
    P.EXACT: EVERY_LEVEL,
    P.VICINITY: EVERY_LEVEL,
    P.LOCALITY: EVERY_LEVEL,
    P.SURROUNDINGS: COARSE_LEVELS,
    P.DISTRICT: (Level.GROUPING, Level.GOVERNORATE, Level.DISTRICT),
    P.GOVERNORATE: COARSE_LEVELS,
    P.LINE: EVERY_LEVEL,
    P.SECTOR: EVERY_LEVEL,
}
# Placed by the whole of their uncertainty: in an area only if all of it lies there, never by a point or a name.
BY_POLYGON = (P.LINE, P.SECTOR)
# Fine enough to say in which zone a point lies. Zones are drawn as finely as lines of contact are.
FINE = (P.EXACT, P.VICINITY, P.LOCALITY)


def codes(values: tuple[str, ...]) -> str:
    """Return codes as the inside of an SQL `in (...)`."""
    return ", ".join(f"'{value!s}'" for value in values)


def _allowed(precision: str, level: str) -> str:
    """SQL: whether a place known so finely may be counted at the level. By sets: pair by pair it costs more to ask."""
    alike: dict[tuple[Level, ...], list[P]] = defaultdict(list)
    for known, levels in LEVELS_ALLOWED.items():
        alike[levels].append(known)
    return " or ".join(
        f"({precision} in ({codes(tuple(known))}) and {level} in ({codes(levels)}))" for levels, known in alike.items()
    )


# By the shapes of a level; where a level has none, by what the covering areas lie in; else by the area as stated. Each
# step upwards asks the index for one area: joined as a set, all areas of the truce would be read for every incident.
AREAS = f"""
lateral (
    with recursive origin as (
        select piece.area_id, true as covers
        from monitoring_areapiece piece
        where facts.place_precision not in ({codes(BY_POLYGON)})
          and st_covers(piece.piece, facts.point) and piece.boundary_set_id = any(facts.boundary_sets)
        union
        select shape.area_id, true
        from monitoring_areashape shape
        where facts.place_precision in ({codes(BY_POLYGON)})
          and st_covers(shape.boundary, facts.place_area) and shape.boundary_set_id = any(facts.boundary_sets)
        union
        select facts.stated_area_id, false
        where facts.place_precision not in ({codes(BY_POLYGON)}) and facts.stated_area_id is not null
    ),
    upwards as (
        select area.id, area.level, area.parent_id, origin.covers, 0 as steps
        from origin
        cross join lateral (
            select id, level, parent_id from monitoring_area where id = origin.area_id limit 1) area
        union all
        select area.id, area.level, area.parent_id, upwards.covers, upwards.steps + 1
        from upwards
        cross join lateral (
            select id, level, parent_id from monitoring_area where id = upwards.parent_id limit 1) area
    ),
    way as (
        select upwards.id, upwards.level,
               case
                   when covers and steps = 0 then 1
                   when covers and not level = any(facts.levels_drawn) then 2
                   when not covers and (facts.point is null or not level = any(facts.levels_drawn)) then 3
               end as way
        from upwards
        where {_allowed("facts.place_precision", "upwards.level")}
    )
    select array_agg(distinct best.id order by best.id) as areas
    from (select id, way = min(way) over (partition by level) as nearest from way) best
    where best.nearest
) in_areas"""

ZONES = f"""
lateral (
    select array_agg(distinct line.zone_id order by line.zone_id) as zones
    from monitoring_zoneline line
    where line.version_id = facts.version_id
      and {holds_sql("line", "facts.occurred_from")}
      and ((facts.place_precision in ({codes(FINE)}) and st_covers(line.boundary, facts.point))
        or (facts.place_precision in ({codes(BY_POLYGON)}) and st_covers(line.boundary, facts.place_area)))
) in_zones"""

# How far from its point, in metres, an event may have been; a point that stands for an area is taken with its
# surroundings, and so is one on a line whose course is not given.
METRES: dict[P, int] = {P.EXACT: 10, P.VICINITY: 100, P.LOCALITY: 1_000, P.OUTSIDE: 0}
METRES_OF_FACTS = (
    "(case facts.place_precision "
    + " ".join(f"when '{precision.value}' then {metres}" for precision, metres in METRES.items())
    + " else 25000 end)"
)
# The same in degrees of latitude and more: what the index is asked for, before distances are measured.
DEGREES_OF_FACTS = f"({METRES_OF_FACTS} / 111320.0 / greatest(cos(radians(st_y(facts.point))), 0.01))"

# Where the truce applies in all areas of a level: whether no shape of that level is as near as the place is known. Most
# points lie in one, which is soon told; distances are measured for the others.
OUTSIDE_SCOPE_LEVEL = f"""(case
    when not version.scope_level = any(facts.levels_drawn) then false
    when facts.place_area is not null then not exists (
        select from monitoring_areapiece piece
        join monitoring_boundaryset drawn on drawn.id = piece.boundary_set_id and drawn.level = version.scope_level
        where drawn.id = any(facts.boundary_sets) and st_intersects(piece.piece, facts.place_area))
    when facts.point is not null then not exists (
        select from monitoring_areapiece piece
        join monitoring_boundaryset drawn on drawn.id = piece.boundary_set_id and drawn.level = version.scope_level
        where drawn.id = any(facts.boundary_sets) and st_covers(piece.piece, facts.point)) and not exists (
        select from monitoring_areapiece piece
        join monitoring_boundaryset drawn on drawn.id = piece.boundary_set_id and drawn.level = version.scope_level
        where drawn.id = any(facts.boundary_sets) and piece.piece && st_expand(facts.point, {DEGREES_OF_FACTS})
          and st_dwithin(piece.piece::geography, facts.point::geography, {METRES_OF_FACTS}))
    else false
end)"""

# Whether all that is known of the place lies outside the area of the truce; false where that cannot be said.
OUTSIDE_SCOPE_AREA = f"""(case
    when facts.place_precision = '{P.COUNTRY.value}' then false
    when facts.place_precision in ({codes(BY_POLYGON)}) then not st_intersects(version.scope_area, facts.place_area)
    else not st_covers(version.scope_area, facts.point)
end)"""
