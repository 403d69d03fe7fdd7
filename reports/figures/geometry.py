"""The map of section 7: simplified shapes of areas and zones, in whole millionths of a degree. Beside the hash."""

from __future__ import annotations

import json
from typing import Any

from monitoring.models import AreaShape, BoundarySet, MechanismVersion, ZoneLine
from reports.figures.known import Known, holds_at_cutoff, in_period

MICRODEGREES = 1_000_000
# A line may move by a five-hundredth of the longer side of the map: less than a millimetre on the page.
FINENESS = 500

# All that is drawn, each with its extent. Rival drawings of a zone stand side by side.
DRAWN = f"""
with drawn as (
    select 'area' as kind, boundary_set.level, area.code, '' as drawn_by, false as indicative, shape.boundary
    from {AreaShape._meta.db_table} shape
    join {BoundarySet._meta.db_table} boundary_set on boundary_set.id = shape.boundary_set_id
    join monitoring_area area on area.id = shape.area_id
    where boundary_set.agreement_id = %(agreement)s and boundary_set.level = any(%(levels)s)
      and {holds_at_cutoff("boundary_set")}
    union all
    select 'zone', '', zone.code, line.drawn_by, line.indicative, line.boundary
    from {ZoneLine._meta.db_table} line join monitoring_zone zone on zone.id = line.zone_id
    where line.version_id = %(version)s and {in_period("line")}
    union all
    select 'scope', '', '', '', false, scope_area
    from {MechanismVersion._meta.db_table} where id = %(version)s and scope_area is not null
),
frame as (
    select st_extent(boundary) as box,
           greatest(st_xmax(st_extent(boundary)) - st_xmin(st_extent(boundary)),
                    st_ymax(st_extent(boundary)) - st_ymin(st_extent(boundary))) / {FINENESS} as tolerance
    from drawn
)
select kind, level, code, drawn_by, indicative, tolerance,
       st_xmin(box) as west, st_ymin(box) as south, st_xmax(box) as east, st_ymax(box) as north,
       st_asgeojson(st_multi(st_simplifypreservetopology(boundary, tolerance)), 8) as shape
from drawn cross join frame
order by kind collate "C", array_position(%(levels)s::text[], level), code collate "C", drawn_by collate "C"
"""


def geometry(known: Known) -> dict[str, Any]:
    """Return what a map of the closing draws, and the box that holds it; no box where nothing has a shape."""
    rows = known.rows(DRAWN, levels=known.levels)
    return {
        "bounds": [_whole(rows[0][edge]) for edge in ("west", "south", "east", "north")] if rows else None,
        "tolerance": _whole(rows[0]["tolerance"]) if rows else 0,
        "areas": [
            {"level": row["level"], "area": row["code"], "shape": _shape(row)} for row in rows if row["kind"] == "area"
        ],
        "zones": [
            {
                "zone": row["code"],
                "drawn_by": row["drawn_by"],
                "indicative": row["indicative"],
                "shape": _shape(row),
            }
            for row in rows
            if row["kind"] == "zone"
        ],
        "scope": next((_shape(row) for row in rows if row["kind"] == "scope"), None),
    }


def _shape(row: dict[str, Any]) -> list[list[list[int]]]:
    """Polygons of rings of longitude, latitude, longitude, latitude ..."""
    polygons = json.loads(row["shape"])["coordinates"]
    return [[[_whole(number) for point in ring for number in point[:2]] for ring in polygon] for polygon in polygons]


def _whole(degrees: float) -> int:
    return round(degrees * MICRODEGREES)
