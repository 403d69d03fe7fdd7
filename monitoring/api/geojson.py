"""GeoJSON (RFC 7946) to whoever accepts it: the same list as features."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

MEDIA_TYPE = "application/geo+json"
DESCRIBED = {
    "type": "object",
    "description": "GeoJSON FeatureCollection (RFC 7946): geometry, and as properties what JSON tells.",
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "type": {"const": "Feature"},
                    "id": {"type": "string"},
                    "geometry": {"type": ["object", "null"]},
                    "properties": {"type": "object"},
                },
                "required": ["type", "geometry", "properties"],
            },
        },
        "next": {"type": ["string", "null"]},
        "previous": {"type": ["string", "null"]},
    },
    "required": ["type", "features"],
}


class GeoJSONRenderer(JSONRenderer):
    """Writes the features that a view made."""

    media_type = MEDIA_TYPE
    format = "geojson"


def is_wanted(request: Request) -> bool:
    """Whether the client prefers GeoJSON."""
    return bool(request.accepted_renderer.media_type == MEDIA_TYPE)


def collection(features: Iterable[dict[str, Any]], **pages: Any) -> dict[str, Any]:
    """Return features as a collection; `pages`: where the next and the previous ones are."""
    return {"type": "FeatureCollection", "features": list(features), **pages}


def feature(properties: dict[str, Any], geometry: Any, *, identifier: str = "") -> dict[str, Any]:
    """Return one feature; `geometry` of GEOS (SRID 4326), or None where it is not known."""
    told = {"type": "Feature", "geometry": json.loads(geometry.json) if geometry else None, "properties": properties}
    return {**told, "id": identifier} if identifier else told
