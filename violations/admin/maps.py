"""The shapes of a case's map: where its reports place it, the truce's lines, rival ones beside each other, and areas.

Our own shapes only, as GeoJSON in the page; and the same in words, for those who do not see the map.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db.models import Func, QuerySet, Value
from django.utils.translation import gettext as _

from monitoring.models import AreaShape
from violations.admin import flagged, words
from violations.admin.case import Case

# How far around the place areas are drawn (degrees), how finely (degrees) and how many at most.
AROUND, FINENESS, AT_MOST = 0.75, 0.001, 60


def asked(case: Case) -> dict[str, QuerySet]:
    """What a map shows beside the reports, for `Case.also`: the lines of that day and the areas around."""
    return {"lines": case.drawings, "areas": _around(case)}


def features(case: Case) -> dict[str, Any] | None:
    """GeoJSON of the case, which `asked` for its shapes, bottom layer first; None where nothing has a place."""
    areas = [_feature(shape.drawn, "area", shape.area.name) for shape in case.record.also["areas"]]
    drawn = [*areas, *_lines(case), *_bearings(case), *_places(case)]
    if not any(feature["properties"]["layer"] == "place" for feature in drawn):
        return None
    return {"type": "FeatureCollection", "features": drawn}


def shown(case: Case) -> dict[str, Any]:
    """What a page needs to show the map, its key, and the same in words."""
    drawn = features(case)
    shapes = [shape["properties"] for shape in drawn["features"]] if drawn else []
    return {
        "map": drawn,
        "map_lines": [shape for shape in shapes if shape["layer"] in {"agreed", "rival"}],
        "map_in_words": in_words(case) if drawn else [],
        "bearings": {(shape["pattern"] or "own") for shape in shapes if shape["layer"] == "bearing"},
        "crossings": flagged.crossings(case),
    }


def in_words(case: Case) -> list[str]:
    """What the map shows, a sentence each."""
    said = []
    for chain in case.chains:
        report = chain.in_effect or chain.newest
        place = (
            words.coordinates(report.point) if report.point else _("a shape") if report.place_area else _("no point")
        )
        said.append(
            _("Report %(ref)s: %(place)s, known to: %(precision)s.")
            % {
                "ref": words.reference(report.public_id),
                "place": place,
                "precision": report.get_place_precision_display(),
            }
        )
    lead = _place(case)
    if lead is not None:
        said += [f"{_drawing(line)}: {_held(line.boundary, lead)}." for line in case.lines]
    return said


def _place(case: Case) -> GEOSGeometry | None:
    """Where the lead report has it: a point, or the whole of its uncertainty."""
    report = case.assessment.lead_report if case.assessment else None
    return (report.point or report.place_area) if report else None


def _held(boundary: GEOSGeometry, place: GEOSGeometry) -> str:
    if boundary.covers(place):
        return _("holds the place")
    return _("holds a part of it") if boundary.intersects(place) else _("does not hold the place")


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


def _bearings(case: Case) -> list[dict[str, Any]]:
    """The directions of posts at that time, this incident's and others', and where each two cross."""
    found = case.told_beside.crossings
    drawn: list[dict[str, Any]] = [
        {
            "type": "Feature",
            "geometry": ray.wedge,
            "properties": {
                "layer": "bearing",
                "name": _("direction of report %(ref)s") % {"ref": words.reference(UUID(ray.public_id))},
                "pattern": "" if ray.own else "others",
            },
        }
        for ray in found.rays
    ]
    crossed = [
        {"type": "Feature", "geometry": one.at, "properties": {"layer": "crossing", "name": _("directions cross")}}
        for one in found.meeting
    ]
    return drawn + crossed


def _lines(case: Case) -> list[dict[str, Any]]:
    """The drawings of zones; of rival ones the first holder's is dashed, any other's dotted."""
    holders = sorted({line.drawn_by for line in case.lines if line.drawn_by})
    return [
        _feature(
            line.boundary,
            "rival" if line.drawn_by else "agreed",
            _drawing(line),
            pattern="second" if line.drawn_by in holders[1:] else "",
        )
        for line in case.lines
    ]


def _drawing(line: Any) -> str:
    said = line.zone.name + ", "
    said += _("as drawn by %(holder)s") % {"holder": line.drawn_by} if line.drawn_by else _("the agreed line")
    return said + (_(" (indicative)") if line.indicative else "")


def _around(case: Case) -> Any:
    """Shapes of areas around the place, simplified, of the boundary sets that the assessment was made with."""
    assessment = case.assessment
    place = _place(case)
    if assessment is None or place is None:
        return AreaShape.objects.none()
    west, south, east, north = place.extent
    around = Polygon.from_bbox((west - AROUND, south - AROUND, east + AROUND, north + AROUND))
    around.srid = 4326
    return (
        AreaShape.objects.filter(boundary_set__in=assessment.boundary_sets, boundary__bboverlaps=around)
        .annotate(drawn=_simplified("boundary"))
        .select_related("area")
        .order_by("area__level", "area__code")[:AT_MOST]
    )


def _simplified(column: str) -> Func:
    """A shape to FINENESS: what a page can carry and a screen can show."""
    shape = GeometryField(srid=4326)
    return Func(column, Value(FINENESS), function="ST_SimplifyPreserveTopology", output_field=shape)


def _feature(geometry: GEOSGeometry, layer: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": json.loads(geometry.geojson),
        "properties": {"layer": layer, "name": name, **more},
    }
