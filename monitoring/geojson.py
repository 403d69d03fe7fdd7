"""Reading polygons from GeoJSON (RFC 7946: WGS84, longitude first), every fault with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.utils.translation import gettext as _

from monitoring.faults import Fault, FaultyFile

WGS84 = 4326
WGS84_NAMES = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326", "WGS84"}


@dataclass(frozen=True)
class Feature:
    """A feature as read: the id it is called by, where it stands in the file, its properties and geometry, raw."""

    id: str
    place: str
    properties: Mapping[str, Any]
    geometry: Any


class NotAPolygonError(ValueError):
    """A geometry that is not one or several polygons within WGS84."""


def features(path: Path) -> list[Feature]:
    """Return the features of a GeoJSON file. Raises FaultyFile where it is none or not in WGS84."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FaultyFile(path.name, [Fault(path.name, _("this is not JSON: %(error)s") % {"error": error})]) from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise FaultyFile(path.name, [Fault(path.name, _("this is not a GeoJSON FeatureCollection"))])
    crs = ((document.get("crs") or {}).get("properties") or {}).get("name", "EPSG:4326")
    if crs not in WGS84_NAMES:
        message = _("GeoJSON is in WGS84 (RFC 7946), this one says %(crs)s; reproject it first") % {"crs": crs}
        raise FaultyFile(path.name, [Fault(path.name, message)])
    found = document.get("features")
    if not isinstance(found, list) or not all(isinstance(feature, dict) for feature in found):
        raise FaultyFile(path.name, [Fault(path.name, _("'features' is not a list of features"))])
    return [_feature(path.name, number, feature) for number, feature in enumerate(found, start=1)]


def _feature(name: str, number: int, raw: Mapping[str, Any]) -> Feature:
    properties = raw.get("properties") or {}
    identifier = raw.get("id", properties.get("id", ""))
    place = f"{name}: features[{number}]" + (f" ({identifier})" if identifier != "" else "")
    return Feature(str(identifier), place, properties, raw.get("geometry"))


def geometry_of(feature: Feature) -> GEOSGeometry:
    """Return the geometry as GEOS reads it (SRID 4326), valid or not. Raises NotAPolygonError where it is none."""
    try:
        shape = shapely.geometry.shape(feature.geometry)
        return GEOSGeometry(memoryview(shapely.to_wkb(shape, output_dimension=2)), srid=WGS84)
    except (ValueError, TypeError, LookupError, AttributeError, shapely.errors.ShapelyError) as error:
        raise NotAPolygonError(_("the geometry cannot be read: %(error)s") % {"error": error}) from None


def multipolygon(geometry: GEOSGeometry) -> MultiPolygon:
    """Return `geometry` as a MultiPolygon in the plane. Raises NotAPolygonError with what to mend."""
    if isinstance(geometry, Polygon):
        geometry = MultiPolygon(geometry, srid=WGS84)
    if not isinstance(geometry, MultiPolygon):
        raise NotAPolygonError(_("a polygon is needed, this is a %(kind)s") % {"kind": geometry.geom_type})
    if geometry.empty:
        raise NotAPolygonError(_("the polygon is empty"))
    west, south, east, north = geometry.extent
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise NotAPolygonError(
            _("it lies outside WGS84 (longitude first, -180 to 180, then latitude, -90 to 90): %(extent)s")
            % {"extent": ", ".join(f"{value:g}" for value in (west, south, east, north))}
        )
    return geometry


def drawing(feature: Feature) -> MultiPolygon:
    """Return the polygon of `feature`. Raises NotAPolygonError where it is none, crosses itself or is outside WGS84."""
    geometry = multipolygon(geometry_of(feature))
    if why := why_invalid(geometry):
        raise NotAPolygonError(_("the polygon is not valid: %(reason)s") % {"reason": why})
    return geometry


def why_invalid(geometry: GEOSGeometry) -> str:
    """Return why a geometry is not valid, '' where it is. Django's own question would log the coordinates."""
    reason: str = shapely.is_valid_reason(shapely.from_wkb(bytes(geometry.wkb)))
    return "" if reason == "Valid Geometry" else reason
