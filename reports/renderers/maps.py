"""The map of a report, as points on paper that the template draws: areas, lines of zones, a symbol for each count.

Shapes come from the content alone (millionths of a degree, WGS 84) and are laid out so that a degree of longitude is as
much shorter as it is at the middle latitude. Who drew a line is said by its pattern and a letter, never by a colour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely import Polygon
from shapely.errors import ShapelyError
from shapely.ops import polylabel

from reports.renderers import values
from reports.renderers.document.blocks import Block, figure
from reports.renderers.document.effort import where_watched
from reports.renderers.map_labels import Box, Symbol, meet, placed, scale_bar
from reports.renderers.reading import Reading

WIDTH, HEIGHT = 174.0, 100.0  # millimetres on paper
LARGEST_SYMBOL = 6.5
BESIDE = ((0, 0), (-4, 0), (4, 0), (0, -4), (0, 4))  # where a letter may stand, from a point of its line
KILOMETRES_A_DEGREE = 111.195
SCALES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
LINES_OF_HANDS = ("dashed", "dash-dotted", "loosely-dashed", "densely-dash-dotted")


@dataclass(frozen=True)
class Paper:
    """How degrees become millimetres: an equirectangular layout, true at the middle latitude."""

    west: float
    north: float
    across: float
    scale: float
    width: float
    height: float

    @classmethod
    def around(cls, bounds: list[int]) -> Paper:
        """The largest layout of `bounds` (west, south, east, north in millionths) that the page has room for."""
        west, south, east, north = (edge / 1e6 for edge in bounds)
        margin = max(east - west, north - south, 0.001) * 0.04
        west, south, east, north = west - margin, south - margin, east + margin, north + margin
        across = math.cos(math.radians((south + north) / 2))
        scale = min(WIDTH / ((east - west) * across), HEIGHT / (north - south))
        return cls(west, north, across, scale, (east - west) * across * scale, (north - south) * scale)

    def point(self, longitude: float, latitude: float) -> list[float]:
        """Where a point lies, in millimetres from the upper left corner."""
        return [
            round((longitude - self.west) * self.across * self.scale, 2),
            round((self.north - latitude) * self.scale, 2),
        ]

    def polygons(self, shape: list[list[list[int]]]) -> list[list[list[list[float]]]]:
        """A shape's rings as points on paper."""
        return [
            [[self.point(ring[at] / 1e6, ring[at + 1] / 1e6) for at in range(0, len(ring), 2)] for ring in polygon]
            for polygon in shape
        ]

    def scale_bar(self) -> dict[str, Any]:
        """A round number of kilometres that takes about a fifth of the width."""
        a_kilometre = self.scale / KILOMETRES_A_DEGREE
        fitting = [kilometres for kilometres in SCALES if kilometres * a_kilometre <= self.width / 4]
        kilometres = fitting[-1] if fitting else SCALES[0]
        return {"length": round(kilometres * a_kilometre, 2), "text": f"{values.count(kilometres)} km"}


def incidents_on_map(reading: Reading, *, table_anchor: str) -> Block | None:
    """The map of registered incidents by area. None where the content holds no shapes."""
    geometry = reading.content["beside"]["map"]
    level = _finest_level(reading)
    shapes = [row for row in geometry["areas"] if row["level"] == level]
    if geometry["bounds"] is None or not (shapes or geometry["zones"]):
        return None
    paper = Paper.around(geometry["bounds"])
    counts = {row["area"]: row for row in reading.sections["charts"]["areas"] if row["level"] == level}
    areas = [_area(reading, row, counts.get(row["area"]), paper, counts) for row in shapes]
    scale = paper.scale_bar()
    lines = [rings[0] for row in [*shapes, *geometry["zones"]] for rings in paper.polygons(row["shape"])]
    scale["right"], names = _names(areas, lines, scale["length"], paper)
    zones = _zones(reading, paper, [*names, *(_symbol(area).box for area in areas)])
    headline = _headline(reading, counts)
    counted = bool(reading.registered and shapes)
    return figure(
        "map",
        headline,
        subtitle=_subtitle(reading, level, counted=counted),
        source=_source(reading, counts, level, counted=counted, indicative=any(zone["indicative"] for zone in zones)),
        table_anchor=table_anchor if counted else "",
        drawing={
            "kind": "map",
            "width": paper.width,
            "height": paper.height,
            "areas": areas,
            "zones": zones,
            "scope": paper.polygons(geometry["scope"]) if geometry["scope"] else [],
            "scale": scale,
            "key": _key(reading, zones, scope=bool(geometry["scope"]), counted=counted),
            "simulated": _("SIMULATED") if reading.simulated else "",
        },
        alt=_("Map. %(headline)s. The figures are in the tables, area by area.") % {"headline": headline},
    )


def _subtitle(reading: Reading, level: str | None, *, counted: bool) -> str:
    if level is None or not counted:
        return _("Areas and zones of the truce, as far as shapes of them are loaded; nothing is counted here")
    return _("Number of registered incidents by %(level)s: the area of a circle, its solid part the violations") % {
        "level": reading.level(level)
    }


def _finest_level(reading: Reading) -> str | None:
    levels = [row["level"] for row in reading.sections["incidents"]["by_area"]]
    drawn = {row["level"] for row in reading.content["beside"]["map"]["areas"]}
    return next((level for level in reversed(levels) if level in drawn), None)


def _area(
    reading: Reading, row: dict[str, Any], count: dict[str, Any] | None, paper: Paper, counts: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    polygons = paper.polygons(row["shape"])
    registered = count["registered"] if count else 0
    violations = count["violations"] if count else 0
    return {
        "polygons": polygons,
        "at": _middle(polygons),
        "name": reading.name("area", row["area"]),
        "text": values.count(registered) if registered else "",
        "radius": _radius(registered, counts),
        "part": _radius(violations, counts),
    }


def _middle(polygons: list[list[list[list[float]]]]) -> list[float]:
    """The point of the largest polygon that is farthest from its edges: where a label has most room."""
    largest = max((Polygon(rings[0], rings[1:]) for rings in polygons), key=lambda polygon: polygon.area)
    try:
        at = polylabel(largest, tolerance=0.5)
    except (ShapelyError, ValueError):  # a ring that crosses itself has no such point
        at = largest.representative_point()
    return [round(at.x, 2), round(at.y, 2)]


def _radius(number: int, counts: dict[str, dict[str, Any]]) -> float:
    most = max([row["registered"] for row in counts.values()] or [1])
    return round(LARGEST_SYMBOL * math.sqrt(number / most), 2) if number and most else 0.0


def _symbol(area: dict[str, Any]) -> Symbol:
    (x, y), text = area["at"], f"{area['name']} {area['text']}".strip()
    return Symbol(x, y, area["radius"], text)


def _names(
    areas: list[dict[str, Any]], lines: list[list[list[float]]], length: float, paper: Paper
) -> tuple[bool, list[Box]]:
    """Say of each area where its name stands (`label`: middle and top); return whether the scale bar is at the right.

    The areas are put in the order in which they are drawn, small symbols over large ones. With it come the boxes of all
    that is written, which letters of zones keep off.
    """
    areas.sort(key=lambda area: -area["radius"])
    symbols = [_symbol(area) for area in areas]
    bar = scale_bar(symbols, lines, length=length, width=paper.width, height=paper.height)
    boxes = placed(symbols, [bar], width=paper.width, height=paper.height)
    for area, (left, top, right, _bottom) in zip(areas, boxes, strict=True):
        area["label"] = [round((left + right) / 2, 2), round(top, 2)]
    return bar[0] > 0, [*boxes, bar]


def _zones(reading: Reading, paper: Paper, taken: list[Box]) -> list[dict[str, Any]]:
    drawn = reading.content["beside"]["map"]["zones"]
    rows = reading.sorted("zone", drawn, lambda row: row["zone"])
    hands = sorted({row["drawn_by"] for row in rows if row["drawn_by"]})
    zones = []
    for index, row in enumerate(rows):
        polygons = paper.polygons(row["shape"])
        at = _free_place(polygons[0][0], taken)
        taken = [*taken, _around(at)]
        zones.append(
            {
                "polygons": polygons,
                "at": at,
                "letter": chr(ord("A") + index % 26),
                "line": _line(row, hands),
                "text": _zone_text(reading, row),
                "indicative": row["indicative"],
            }
        )
    return zones


def _free_place(ring: list[list[float]], taken: list[Box]) -> list[float]:
    """A point of a line where its letter covers nothing; the leftmost where there is none."""
    points = sorted(ring[:-1])
    beside = [[x + across, y + down] for across, down in BESIDE for x, y in points]
    return next((point for point in beside if not any(meet(_around(point), box) for box in taken)), points[0])


def _around(at: list[float]) -> Box:
    return (at[0] - 2.4, at[1] - 2.4, at[0] + 2.4, at[1] + 2.4)


def _line(row: dict[str, Any], hands: list[str]) -> str:
    if row["indicative"]:
        return "dotted"
    return LINES_OF_HANDS[hands.index(row["drawn_by"]) % len(LINES_OF_HANDS)] if row["drawn_by"] else "solid"


def _zone_text(reading: Reading, row: dict[str, Any]) -> str:
    name = reading.name("zone", row["zone"])
    if row["drawn_by"]:
        text = _("%(zone)s, as drawn by %(drawn_by)s") % {"zone": name, "drawn_by": values.name(row["drawn_by"])}
    else:
        text = _("%(zone)s, one drawing in common") % {"zone": name}
    return _("%(text)s; indicative") % {"text": text} if row["indicative"] else text


def _key(reading: Reading, zones: list[dict[str, Any]], *, scope: bool, counted: bool) -> list[dict[str, str]]:
    key = [{"line": zone["line"], "letter": zone["letter"], "text": zone["text"]} for zone in zones]
    if scope:
        key.append({"line": "thick", "letter": "", "text": _("where the truce applies")})
    if counted:
        none = _("no incident registered; %(watched)s") % {"watched": where_watched(reading)}
        key.append({"line": "hatch", "letter": "", "text": none})
    return key


def _headline(reading: Reading, counts: dict[str, dict[str, Any]]) -> str:
    placed = sum(row["registered"] for row in counts.values())
    if not reading.registered:
        return _("The areas and zones of the truce; no incident report was filed")
    if not placed:
        return _("No registered incident is placed in an area of this map")
    most = max(row["registered"] for row in counts.values())
    areas = [code for code, row in counts.items() if row["registered"] == most]
    incidents = ngettext("%(count)s incident", "%(count)s incidents", most) % {"count": values.count(most)}
    if len(areas) <= 2:
        return _("Most were registered in %(areas)s: %(incidents)s") % {
            "areas": reading.names("area", areas),
            "incidents": incidents if len(areas) == 1 else _("%(incidents)s each") % {"incidents": incidents},
        }
    return _("%(areas)s areas have the highest number: %(incidents)s each") % {
        "areas": values.count(len(areas)),
        "incidents": incidents,
    }


def boundary_source(row: dict[str, Any]) -> str:
    """Whose a boundary set is and on what terms, as its operator told when it was loaded."""
    return values.listed([values.name(text) for text in (row["source"], row["licence"]) if text])


def _source(
    reading: Reading, counts: dict[str, dict[str, Any]], level: str | None, *, counted: bool, indicative: bool
) -> str:
    placed = sum(row["registered"] for row in counts.values())
    parts = [
        _("Source: incidents as known at the cut-off; n = %(placed)s placed of %(registered)s registered.")
        % {"placed": values.count(placed), "registered": values.count(reading.registered)}
        if counted
        else _("Source: the mechanism file."),
        *(
            _("Boundaries: %(source)s.") % {"source": boundary_source(row)}
            for row in reading.header["boundary_sets"]
            if row["level"] == level
        ),
        _("Equirectangular layout, WGS 84, simplified."),
    ]
    if indicative:
        parts.append(_("Indicative lines were drawn for orientation: no coordinates were published."))
    parts.append(_("The boundaries, lines and names shown are without prejudice to status, recognition or boundaries."))
    return " ".join(parts)
