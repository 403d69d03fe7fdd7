"""Where incidents happened: areas and zones for a set of them, as pieces of one SQL statement.

The pieces are common table expressions that `violations.assessment` strings together. They read `facts` (one row an
incident: what its lead report says, with the mechanism version) and give `in_areas` and `in_zones`. A place is answered
only as finely as it is known; a point on a border belongs to both sides.
"""

from __future__ import annotations

from monitoring.models import Area
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


_ALLOWED = ", ".join(
    f"('{precision.value}', '{level.value}')" for precision, levels in LEVELS_ALLOWED.items() for level in levels
)

AREAS = f"""
allowed (place_precision, level) as (values {_ALLOWED}),
drawn as (
    select id as boundary_set_id, agreement_id, level from monitoring_boundaryset where superseded_at is null
),
lineage as (
    with recursive above as (
        select id as area_id, id as ancestor_id, level, parent_id
        from monitoring_area where agreement_id in (select agreement_id from facts)
        union all
        select below.area_id, area.id, area.level, area.parent_id
        from above below join monitoring_area area on area.id = below.parent_id
    )
    select area_id, ancestor_id, level from above
),
covering as (
    select facts.incident_id, piece.area_id, drawn.level
    from facts
    join drawn on drawn.agreement_id = facts.agreement_id
    join monitoring_areapiece piece
      on piece.boundary_set_id = drawn.boundary_set_id and st_covers(piece.piece, facts.point)
    where facts.place_precision not in ({codes(BY_POLYGON)})
    union
    select facts.incident_id, shape.area_id, drawn.level
    from facts
    join drawn on drawn.agreement_id = facts.agreement_id
    join monitoring_areashape shape
      on shape.boundary_set_id = drawn.boundary_set_id and st_covers(shape.boundary, facts.place_area)
    where facts.place_precision in ({codes(BY_POLYGON)})
),
-- By the shapes of a level; where a level has none, by what the covering areas lie in; else by the area as stated.
placed as (
    select incident_id, level, area_id, 1 as way from covering
    union all
    select covering.incident_id, lineage.level, lineage.ancestor_id, 2
    from covering
    join facts using (incident_id)
    join lineage on lineage.area_id = covering.area_id
    where not exists (select from drawn where drawn.agreement_id = facts.agreement_id and drawn.level = lineage.level)
    union all
    select facts.incident_id, lineage.level, lineage.ancestor_id, 3
    from facts
    join lineage on lineage.area_id = facts.stated_area_id
    where facts.place_precision not in ({codes(BY_POLYGON)})
      and (facts.point is null or not exists (
          select from drawn where drawn.agreement_id = facts.agreement_id and drawn.level = lineage.level))
),
in_areas as (
    select incident_id, array_agg(distinct area_id order by area_id) as areas
    from (
        select placed.incident_id, placed.area_id,
               placed.way = min(placed.way) over (partition by placed.incident_id, placed.level) as best
        from placed
        join facts using (incident_id)
        join allowed on allowed.place_precision = facts.place_precision and allowed.level = placed.level
    ) ranked
    where best
    group by incident_id
)"""

ZONES = f"""
in_zones as (
    select facts.incident_id, array_agg(distinct line.zone_id order by line.zone_id) as zones
    from facts
    join monitoring_zoneline line
      on line.version_id = facts.version_id
     and (line.valid_from is null or line.valid_from <= facts.occurred_from)
     and (line.valid_until is null or line.valid_until > facts.occurred_from)
     and ((facts.place_precision in ({codes(FINE)}) and st_covers(line.boundary, facts.point))
       or (facts.place_precision in ({codes(BY_POLYGON)}) and st_covers(line.boundary, facts.place_area)))
    group by facts.incident_id
)"""

# Whether all that is known of the place lies outside the area of the truce; false where that cannot be said.
OUTSIDE_SCOPE_AREA = f"""(case
    when facts.place_precision = '{P.COUNTRY.value}' then false
    when facts.place_precision in ({codes(BY_POLYGON)}) then not st_intersects(version.scope_area, facts.place_area)
    else not st_covers(version.scope_area, facts.point)
end)"""
