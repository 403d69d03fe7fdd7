"""From where an event was observed, in which directions and how far away; and the sector in which it then happened.

A direction is as wide as it can be read: a point of the compass by half the angle to the next on either side, a reading
of an instrument by five degrees. Several directions give the smallest sector that holds them all; none, the whole
circle. What was read is kept as it was read; the sector follows from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Polygon
from django.db import connection
from django.utils.translation import gettext as _

from monitoring.errors import Malformed
from monitoring.geojson import why_invalid
from violations.codebook import BearingUnit, North

COMPASS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
CIRCLE = {BearingUnit.DEGREES: 360, BearingUnit.MILS_6400: 6400, BearingUnit.MILS_6000: 6000}
HALF_A_POINT = 360 / len(COMPASS) / 2
READ_WITHIN = 5.0  # degrees on either side, of an instrument held in the hand
MOST_BEARINGS = 8
FARTHEST_KM = 100
# Arcs are drawn with a corner every so many degrees; a sector as wide as this is drawn as the whole circle.
STEP = 3.0
NEARLY_ALL = 354.0
AT_THE_OBSERVER_KM = 0.01

# The lists themselves make their codes anew each time that they are asked.
UNITS, NORTHS = frozenset(BearingUnit.values), frozenset(North.values)

Faults = defaultdict[str, list[str]]


@dataclass(frozen=True)
class Bearing:
    """A direction as it was read. `declination`: degrees by which magnetic north lies east of true north."""

    unit: str
    value: float | None = None
    point: str = ""
    north: str = North.TRUE
    declination: float | None = None

    @property
    def degrees(self) -> float:
        """Clockwise from true north."""
        if self.unit == BearingUnit.COMPASS:
            read = COMPASS.index(self.point) * 2 * HALF_A_POINT
        else:
            read = (self.value or 0) * 360 / CIRCLE[BearingUnit(self.unit)]
        return (read + (self.declination or 0)) % 360

    @property
    def half_width(self) -> float:
        """Degrees on either side within which the direction lies."""
        return HALF_A_POINT if self.unit == BearingUnit.COMPASS else READ_WITHIN


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """Where the observer stood and who controls that ground, the directions, and how far away: (nearest, farthest)."""

    longitude: float | None = None
    latitude: float | None = None
    as_written: str = ""
    controlled_by: str = ""
    bearings: tuple[Bearing, ...] = ()
    range_km: tuple[float, float] | None = None

    @property
    def draws(self) -> bool:
        """Whether a sector follows from it: the observer's coordinates and a range are known."""
        return self.longitude is not None and self.latitude is not None and self.range_km is not None

    def without_observer(self) -> Sighting | None:
        """The same without where the observer stood and who controls that ground; None where nothing else is known."""
        left = Sighting(bearings=self.bearings, range_km=self.range_km)
        return left if left != Sighting() else None

    def written(self) -> dict[str, Any]:
        """The sighting as a document: what is not known is absent."""
        observer = {
            "longitude": self.longitude,
            "latitude": self.latitude,
            "as_written": self.as_written,
            "controlled_by": self.controlled_by,
        }
        bearings = [
            {
                "unit": bearing.unit,
                "value": bearing.value,
                "point": bearing.point,
                "north": bearing.north,
                "declination": bearing.declination,
            }
            for bearing in self.bearings
        ]
        document: dict[str, Any] = {
            "observer": _given(observer),
            "bearings": [_given(bearing) for bearing in bearings],
            "range_km": {"low": self.range_km[0], "high": self.range_km[1]} if self.range_km else {},
        }
        return _given(document)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Sighting | None:
        """Read what `written` writes; None where nothing of it is given."""
        between = document.get("range_km")
        sighting = cls(
            **document.get("observer", {}),
            bearings=tuple(Bearing(**bearing) for bearing in document.get("bearings", ())),
            range_km=(between["low"], between["high"]) if between else None,
        )
        return sighting if sighting != cls() else None


def check(sighting: Sighting, faults: Faults) -> None:
    """Add to `faults` what breaks a rule, by JSON pointer."""
    if (sighting.longitude is None) != (sighting.latitude is None):
        missing = "longitude" if sighting.longitude is None else "latitude"
        faults[f"/observation/observer/{missing}"].append(_("A longitude and a latitude go together."))
    if len(sighting.bearings) > MOST_BEARINGS:
        faults["/observation/bearings"].append(_("At most %(most)s directions can be given.") % {"most": MOST_BEARINGS})
    for index, bearing in enumerate(sighting.bearings):
        for name, sentence in _wrong_with(bearing):
            faults[f"/observation/bearings/{index}/{name}"].append(sentence)
    if sighting.range_km:
        low, high = sighting.range_km
        if not 0 < high <= FARTHEST_KM:
            faults["/observation/range_km/high"].append(
                _("Give kilometres, more than 0 and at most %(most)s.") % {"most": FARTHEST_KM}
            )
        if not 0 <= low < high:
            faults["/observation/range_km/low"].append(_("The nearest distance must be less than the farthest."))


def _wrong_with(bearing: Bearing) -> Iterator[tuple[str, str]]:
    if bearing.unit not in UNITS:
        yield "unit", _("%(code)s is not in the code list.") % {"code": bearing.unit}
        return
    if bearing.unit == BearingUnit.COMPASS:
        if bearing.point not in COMPASS:
            yield "point", _("Give a point of the compass: %(points)s.") % {"points": ", ".join(COMPASS)}
        if bearing.value is not None:
            yield "value", _("A point of the compass has no number; leave it out.")
    else:
        circle = CIRCLE[BearingUnit(bearing.unit)]
        if bearing.value is None or not 0 <= bearing.value <= circle:
            yield "value", _("Give a number from 0 to %(most)s.") % {"most": circle}
        if bearing.point:
            yield "point", _("Leave it out, or give the unit compass.")
    if bearing.north not in NORTHS:
        yield "north", _("%(code)s is not in the code list.") % {"code": bearing.north}
    elif bearing.north == North.MAGNETIC and bearing.declination is None:
        yield (
            "declination",
            _("Say by how many degrees magnetic north lies east of true north there; west is negative."),
        )
    elif bearing.north == North.TRUE and bearing.declination is not None:
        yield "declination", _("A direction from true north has no declination; leave it out.")


def sector(sighting: Sighting) -> Polygon:
    """Return the sector (SRID 4326) of a sighting that draws one. Raises Malformed where it reaches over 180°.

    Distances and directions are those on the ellipsoid; corners are kept to seven places (a centimetre).
    """
    assert sighting.range_km is not None  # noqa: S101 - it draws one
    corners = list(_corners(sighting))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select st_asewkb(st_makepolygon(st_makeline(
                st_reduceprecision(corner::geometry, 0.0000001) order by place)))
            from unnest(%s::float8[], %s::float8[]) with ordinality as corners (km, degrees, place)
            cross join lateral st_project(
                st_setsrid(st_makepoint(%s, %s), 4326)::geography, km * 1000, radians(degrees)) corner
            """,
            [[km for km, _turn in corners], [turn for _km, turn in corners], sighting.longitude, sighting.latitude],
        )
        drawn: Any = GEOSGeometry(memoryview(cursor.fetchone()[0]))
    west, _south, east, _north = drawn.extent
    if east - west > 180 or west < -180 or east > 180 or why_invalid(drawn):
        sentence = _("The sector reaches over a pole or the 180th meridian. Give a polygon instead.")
        raise Malformed(sentence, code="malformed_report", fields={"/observation/range_km": [sentence]})
    return drawn


def _corners(sighting: Sighting) -> Iterator[tuple[float, float]]:
    """The corners of the sector, (kilometres, degrees), the last as the first."""
    assert sighting.range_km is not None  # noqa: S101 - it draws one
    low, high = sighting.range_km
    begins, width = arc(sighting.bearings)
    steps = max(2, round(width / STEP))
    turns = [begins + width * step / steps for step in range(steps + 1)]
    if width >= 360:
        yield from ((high, turn) for turn in turns[:-1])
    else:
        inwards = reversed(turns) if low >= AT_THE_OBSERVER_KM else turns[:1]
        yield from ((high, turn) for turn in turns)
        yield from ((low if low >= AT_THE_OBSERVER_KM else 0.0, turn) for turn in inwards)
    yield high, turns[0]


def arc(bearings: tuple[Bearing, ...]) -> tuple[float, float]:
    """Return the smallest arc that holds all directions: where it begins, clockwise from true north, and its width."""
    spans = [((bearing.degrees - bearing.half_width) % 360, 2 * bearing.half_width) for bearing in bearings]
    widths = [(max((other - begins) % 360 + width for other, width in spans), begins) for begins, _width in spans]
    width, begins = min(widths, default=(360.0, 0.0))
    return (begins, width) if width < NEARLY_ALL else (0.0, 360.0)


def _given(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in (None, "", [], {})}
