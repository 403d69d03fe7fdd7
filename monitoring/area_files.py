"""Reading the shapes of areas from GeoJSON or GeoPackage, mending rings that cross themselves.

Which of the two a file is, its first bytes say; no other format is opened, whatever the file is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
from django.contrib.gis.gdal import AxisOrder, CoordTransform, GDALException, OGRGeometry, SpatialReference
from django.contrib.gis.geos import GeometryCollection, GEOSGeometry, MultiPolygon, Polygon, WKBWriter
from django.utils.translation import gettext as _

from monitoring import geojson
from monitoring.faults import MOST_ALIKE, Fault, FaultyFile, first
from monitoring.readable import require_readable

GEOPACKAGE = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Boundary:
    """The shape of one area as read: its code, names by language, the code of what it lies in, and what was mended."""

    code: str
    names: dict[str, str]
    parent: str
    shape: MultiPolygon
    mended: str


def read(
    path: Path, *, code_property: str, name_properties: Mapping[str, str], parent_property: str = "", layer: str = ""
) -> list[Boundary]:
    """Read one boundary a feature, in WGS84 (SRID 4326). `name_properties` maps a language to the property of its name.

    Raises FaultyFile with the features that cannot be used: no code, the same code twice, no polygon, outside WGS84;
    where the property of the code or parent is in none of them, with that alone. Names may be left out.
    """
    require_readable(path)
    with path.open("rb") as file:
        is_geopackage = file.read(len(GEOPACKAGE)) == GEOPACKAGE
    faults: list[Fault] = []
    boundaries: dict[str, Boundary] = {}
    there: dict[str, None] = {}
    for place, properties, geometry in _geopackage(path, layer) if is_geopackage else _geojson(path, faults):
        there.update(dict.fromkeys(properties))
        code = _text(properties.get(code_property))
        if not code:
            faults.append(Fault(place, _("the property '%(name)s' gives no code") % {"name": code_property}))
            continue
        place = f"{place} {code}"
        if code in boundaries:
            faults.append(Fault(place, _("this code stands in the file already")))
            continue
        try:
            shape, mended = _mended(geometry)
        except geojson.NotAPolygonError as error:
            faults.append(Fault(place, str(error)))
            continue
        names = {language: _text(properties.get(name)) for language, name in name_properties.items()}
        parent = _text(properties.get(parent_property)) if parent_property else ""
        boundaries[code] = Boundary(code, {key: name for key, name in names.items() if name}, parent, shape, mended)
    _require_properties(path, filter(None, [code_property, parent_property]), there)
    if not boundaries and not faults:
        faults.append(Fault(path.name, _("there is no feature in it")))
    if faults:
        raise FaultyFile(path.name, first(faults, path.name))
    return list(boundaries.values())


def _require_properties(path: Path, asked: Iterable[str], there: Mapping[str, None]) -> None:
    """Tell once of a property that no feature has, and which there are: it is misspelt in the command."""
    message = _("no feature has a property '%(name)s'; there are: %(there)s")
    known = ", ".join(list(there)[:MOST_ALIKE])
    if len(there) > MOST_ALIKE:
        known = _("%(first)s and %(count)d more") % {"first": known, "count": len(there) - MOST_ALIKE}
    faults = [Fault(path.name, message % {"name": name, "there": known}) for name in asked if name not in there]
    if there and faults:
        raise FaultyFile(path.name, faults)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _geojson(path: Path, faults: list[Fault]) -> Iterator[tuple[str, Mapping[str, Any], GEOSGeometry]]:
    for feature in geojson.features(path):
        try:
            yield feature.place, feature.properties, geojson.geometry_of(feature)
        except geojson.NotAPolygonError as error:
            faults.append(Fault(feature.place, str(error)))


def _geopackage(path: Path, layer: str) -> Iterator[tuple[str, Mapping[str, Any], GEOSGeometry]]:
    try:
        layers: Sequence[str] = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
        if layer not in layers and (layer or len(layers) != 1):
            message = _("name the layer to read; the file has %(layers)s") % {"layers": ", ".join(layers) or _("none")}
            raise FaultyFile(path.name, [Fault(path.name, message)])
        meta, _fids, geometries, columns = pyogrio.raw.read(path, layer=layer or layers[0], force_2d=True)
    except pyogrio.errors.DataSourceError as error:
        message = _("this GeoPackage cannot be read: %(error)s") % {"error": error}
        raise FaultyFile(path.name, [Fault(path.name, message)]) from None
    to_wgs84 = _transform(path, meta["crs"])
    for number, wkb in enumerate(geometries):
        properties = dict(zip(meta["fields"], (column[number] for column in columns), strict=True))
        yield f"{path.name}: features[{number + 1}]", properties, _geometry(wkb, to_wgs84)


def _geometry(wkb: bytes | None, to_wgs84: CoordTransform | None) -> GEOSGeometry:
    if wkb is None:
        return MultiPolygon(srid=geojson.WGS84)
    geometry = OGRGeometry(memoryview(wkb))
    if to_wgs84 is not None:
        geometry.transform(to_wgs84)
    return GEOSGeometry(geometry.wkb, srid=geojson.WGS84)


def _transform(path: Path, crs: str | None) -> CoordTransform | None:
    """Return how the layer's coordinates become WGS84, longitude first; None where they are so already."""
    if not crs:
        message = _("the layer does not say in which reference system it is drawn")
        raise FaultyFile(path.name, [Fault(path.name, message)])
    if crs in geojson.WGS84_NAMES:
        return None
    try:
        source = SpatialReference(crs, axis_order=AxisOrder.TRADITIONAL)
        return CoordTransform(source, SpatialReference(geojson.WGS84, axis_order=AxisOrder.TRADITIONAL))
    except GDALException as error:
        message = _("the reference system %(crs)s is not known: %(error)s") % {"crs": crs, "error": error}
        raise FaultyFile(path.name, [Fault(path.name, message)]) from None


def _mended(geometry: GEOSGeometry) -> tuple[MultiPolygon, str]:
    """Return the polygons of `geometry` in the plane, and what had to be mended, if anything."""
    writer = WKBWriter(dim=2)
    shape = geojson.multipolygon(GEOSGeometry(writer.write(geometry), srid=geojson.WGS84))
    if not (reason := geojson.why_invalid(shape)):
        return shape, ""
    parts = [part for part in _parts(shape.make_valid()) if isinstance(part, Polygon)]
    return geojson.multipolygon(MultiPolygon(parts, srid=geojson.WGS84)), reason


def _parts(geometry: GEOSGeometry) -> Iterator[GEOSGeometry]:
    if isinstance(geometry, GeometryCollection):
        for part in geometry:
            yield from _parts(part)
    else:
        yield geometry
