"""The shapes of a case's map: where its reports place it, the truce's lines, rival ones beside each other, and areas.

Our own shapes only, as GeoJSON in the page; and the same in words, for those who do not see the map.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.gis.db.models.functions import SnapToGrid
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Func
from django.utils.translation import gettext as _

from monitoring.models import AreaShape
from violations.admin import words
from violations.admin.case import Case

# How far around the place areas are drawn (degrees), how finely (degrees) and how many at most.
AROUND, FINENESS, AT_MOST = 0.75, 0.001, 60


def features(case: Case) -> dict[str, Any] | None:
    """GeoJSON of the case, bottom layer first; None where nothing has a place."""
    drawn = [*_areas(case), *_lines(case), *_places(case)]
    if not any(feature["properties"]["layer"] == "place" for feature in drawn):
        return None
    return {"type": "FeatureCollection", "features": drawn}


def in_words(case: Case) -> list[str]:
    """What the map shows, a sentence each."""
    said = []
    for chain in case.chains:
        report = chain.in_effect or chain.newest
        place = _coordinates(report.point) if report.point else _("no point")
        said.append(
            _("Report %(ref)s: %(place)s, known to: %(precision)s.")
            % {
                "ref": words.reference(report.public_id),
                "place": place,
                "precision": report.get_place_precision_display(),
            }
        )
    inside = set(case.assessment.zones) if case.assessment else set()
    for line in case.lines:
        point = case.assessment.point if case.assessment else None
        covers = bool(point and line.boundary.covers(point))
        held = _("holds the place") if covers else _("does not hold the place")
        if point is None:
            held = _("may hold the place") if line.zone_id in inside else _("the place is not a point")
        said.append(f"{_drawing(line)}: {held}.")
    return said


def _places(case: Case) -> list[dict[str, Any]]:
    drawn = []
    for chain in case.chains:
        report = chain.in_effect or chain.newest
        name = _("Report %(ref)s") % {"ref": words.reference(report.public_id)}
        if report.place_area:
            drawn.append(_feature(report.place_area, "place", name))
        if report.point:
            drawn.append(_feature(report.point, "place", name, precision=report.place_precision))
    return drawn


def _lines(case: Case) -> list[dict[str, Any]]:
    return [
        _feature(line.boundary, "rival" if line.drawn_by else "agreed", _drawing(line), indicative=line.indicative)
        for line in case.lines
    ]


def _drawing(line: Any) -> str:
    said = line.zone.name + ", "
    said += _("as drawn by %(holder)s") % {"holder": line.drawn_by} if line.drawn_by else _("the agreed line")
    return said + (_(" (indicative)") if line.indicative else "")


def _areas(case: Case) -> list[dict[str, Any]]:
    """Shapes of areas around the place, simplified, of the boundary sets that the assessment was made with."""
    assessment = case.assessment
    points = [chain.newest.point for chain in case.chains if chain.newest.point]
    if assessment is None or not points:
        return []
    west, south, east, north = points[0].extent
    around = Polygon.from_bbox((west - AROUND, south - AROUND, east + AROUND, north + AROUND))
    around.srid = 4326
    shapes = (
        AreaShape.objects.filter(boundary_set__in=assessment.boundary_sets, boundary__bboverlaps=around)
        .annotate(drawn=SnapToGrid(Func("boundary", FINENESS, function="ST_SimplifyPreserveTopology"), 0.0001))
        .select_related("area")
        .order_by("area__level", "area__code")[:AT_MOST]
    )
    return [_feature(shape.drawn, "area", shape.area.name) for shape in shapes]


def _feature(geometry: GEOSGeometry, layer: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": json.loads(geometry.geojson),
        "properties": {"layer": layer, "name": name, **more},
    }


def _coordinates(point: GEOSGeometry) -> str:
    """Latitude and longitude to about ten metres."""
    north = f"{abs(point.y):.4f}° {'N' if point.y >= 0 else 'S'}"
    east = f"{abs(point.x):.4f}° {'E' if point.x >= 0 else 'W'}"
    return f"{north}, {east}"
