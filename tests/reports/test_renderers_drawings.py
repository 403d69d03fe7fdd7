"""Charts and the map: marks that say what the figures say, patterns for what is not there, lines by who drew them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.utils import translation

from reports.renderers import charts, maps
from reports.renderers.document.blocks import HOLDERS
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from tests.reports import readings
from tests.reports.readings import JANUARY, MAY


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_a_day_without_a_return_is_a_pattern_and_never_a_zero():
    drawing = charts.ledgers_by_day(readings.reading(JANUARY))["drawing"]
    iran, russia, turkey = (panel["bars"] for panel in drawing["panels"])
    assert {bar["pattern"] for bar in iran} == {"blank", "dots"}
    assert all(bar["text"] == "" for bar in iran)
    assert (russia[21]["value"], turkey[21]["value"]) == (2, 12)
    assert turkey[22] == {"value": 0, "text": "0", "pattern": ""}
    assert sum(bar["pattern"] == "hatch" for bar in russia) == 26
    assert {entry["pattern"] for entry in drawing["key"]} == {"hatch", "dots", "blank"}


def test_a_day_of_contradicting_returns_looks_like_no_day_that_is_not_there():
    content, edition = readings.stored(JANUARY)
    row = content["sections"]["charts"]["ledgers"][0]
    row["contradicted"][4] = True
    drawing = charts.ledgers_by_day(Reading(content, edition, "en"))["drawing"]
    (panel,) = [panel for panel in drawing["panels"] if any(bar["text"] == "≠" for bar in panel["bars"])]
    (bar,) = [bar for bar in panel["bars"] if bar["text"] == "≠"]
    assert bar["pattern"] not in charts.STATE_PATTERNS.values()
    assert [entry["text"] for entry in drawing["key"] if entry["pattern"] == bar["pattern"]] == [
        "≠ returns contradict each other"
    ]


def test_ledgers_of_one_unit_share_one_scale():
    drawing = charts.ledgers_by_day(readings.reading(JANUARY))["drawing"]
    assert drawing["panels"][1]["highest"] == drawing["panels"][2]["highest"] == 25


def test_the_bars_of_where_incidents_stand_add_up_to_the_registered():
    reading = readings.reading()
    drawing = charts.where_they_stand(reading)["drawing"]
    assert sum(row["value"] for row in drawing["rows"]) == reading.registered
    assert [row["label"] for row in drawing["rows"] if row["pattern"] == "ink"] == [
        "Violations, determined",
        "Violations, preliminary",
    ]


def test_the_solid_part_of_a_day_is_never_more_than_the_day():
    drawing = charts.incidents_by_day(readings.reading())["drawing"]
    assert len(drawing["bars"]) == 31
    assert all(0 <= bar["part"] <= bar["value"] <= drawing["highest"] for bar in drawing["bars"])


def test_nothing_filed_is_not_drawn():
    assert charts.filed_by_day(readings.reading(JANUARY)) is None
    assert maps.incidents_on_map(readings.reading(JANUARY), table_anchor="") is None


def test_the_map_stays_within_its_frame_and_symbols_grow_by_area():
    drawing = maps.incidents_on_map(readings.reading(), table_anchor="by-area-district")["drawing"]
    assert drawing["width"] <= maps.WIDTH + 0.01
    assert drawing["height"] <= maps.HEIGHT + 0.01
    points = [p for area in drawing["areas"] for rings in area["polygons"] for ring in rings for p in ring]
    assert all(0 <= x <= drawing["width"] and 0 <= y <= drawing["height"] for x, y in points)
    sized = sorted((int(area["text"]), area["radius"]) for area in drawing["areas"] if area["text"])
    assert all(first <= second for (_n, first), (_m, second) in pairwise(sized))
    assert max(radius for _number, radius in sized) == maps.LARGEST_SYMBOL
    assert all(area["part"] <= area["radius"] for area in drawing["areas"])


def test_whose_the_boundaries_are_and_on_what_terms_stands_under_the_map():
    content, edition = readings.stored(readings.EXERCISE)
    (boundaries,) = content["beside"]["header"]["boundary_sets"]
    boundaries["licence"] = "CC BY 4.0"
    drawn = maps.incidents_on_map(maps.Reading(content, edition, "en"), table_anchor="x")
    assert f"Boundaries: {boundaries['source']}; CC BY 4.0." in drawn["source"]


def test_rival_drawings_differ_by_line_and_letter_and_indicative_ones_are_dotted():
    zones = maps.incidents_on_map(readings.reading(), table_anchor="x")["drawing"]["zones"]
    assert len({zone["letter"] for zone in zones}) == len(zones)
    rival = [zone for zone in zones if "as drawn by" in zone["text"]]
    assert len({zone["line"] for zone in rival}) == len(rival) == 2
    letters = [zone["at"] for zone in zones]
    assert all(abs(x - u) + abs(y - v) > 3 for (x, y), (u, v) in pairwise(letters))
    may = maps.incidents_on_map(readings.reading(MAY), table_anchor="")["drawing"]["zones"]
    assert {zone["line"] for zone in may} == {"dotted"}


def test_a_ring_that_crosses_itself_is_still_drawn():
    content, edition = readings.stored(readings.EXERCISE)
    content["beside"]["map"]["areas"][0]["shape"] = [
        [
            [
                -124000000,
                -49500000,
                -123000000,
                -49000000,
                -123000000,
                -49500000,
                -124000000,
                -49000000,
                -124000000,
                -49500000,
            ]
        ]
    ]
    figure = maps.incidents_on_map(maps.Reading(content, edition, "en"), table_anchor="x")
    assert figure is not None


def unmarked(reading) -> str:
    """What the key of the map, in the composed report, says of an area in which nothing was registered."""
    (drawn,) = [block for block in every(compose(reading)["blocks"]) if block.get("anchor") == "map"]
    return next(entry["text"] for entry in drawn["drawing"]["key"] if entry["line"] == "hatch")


def every(blocks):
    """Every block, also those that stand abreast."""
    for block in blocks:
        yield block
        for column in block.get("columns", ()) if block["kind"] in HOLDERS else ():
            yield from every(column)


def test_the_key_of_the_map_agrees_with_what_the_report_tells_of_effort():
    reading = readings.reading()
    (areas,) = [block for block in every(compose(reading)["blocks"]) if block.get("anchor") == "effort-areas"]
    assert unmarked(reading) == f"no incident registered; whether teams watched there is told in {areas['number']}"
    reading.effort["by_area"] = []
    assert "in which areas teams were is not known" in unmarked(reading)
    reading.effort["known"] = False
    assert "what was monitored there is not known" in unmarked(reading)
    reading.sections.pop("effort")
    assert "this report does not tell what was monitored" in unmarked(reading)
