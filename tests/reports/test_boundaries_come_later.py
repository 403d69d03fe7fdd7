"""Shapes that come after a month was closed: the old closing gives its hash for ever, the next one counts by them."""

from __future__ import annotations

import json
from io import StringIO
from itertools import combinations

import pytest
from django.core.management import call_command
from django.utils import translation

from reports import closings
from reports.closings.verifying import Outcome
from reports.renderers import maps
from reports.renderers.map_labels import Symbol, meet
from reports.renderers.reading import Reading
from tests import real_data
from tests.reports.schema import check_content

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone"), real_data.given]


def close(agreement, period="2017-01", kind="month"):
    closing = closings.advance(closings.request(agreement, kind, period).pk)
    return closing.same_as or closing


def areas_drawn(closing) -> list[tuple[str, str]]:
    return [(row["level"], row["area"]) for row in json.loads(closing.content())["beside"]["map"]["areas"]]


def by_area(closing) -> dict[str, int]:
    rows = json.loads(closing.content())["sections"]["charts"]["areas"]
    return {row["area"]: row["registered"] for row in rows}


@pytest.fixture
def events(astana, tmp_path):
    real_data.import_events(tmp_path)
    return astana


def test_a_month_closed_before_the_shapes_came_verifies_after_each_of_them(events):
    first = close(events)
    published = first.content_sha256
    assert areas_drawn(first) == []
    for level in real_data.LEVELS:
        real_data.load_boundaries(level)
        assert closings.verify(first).outcome == Outcome.SAME
    second = close(events)
    assert (second.number, first.number) == (2, 1)
    assert second.content_sha256 != published
    for closing in (first, second):
        closing.refresh_from_db()
        assert closings.verify(closing).outcome == Outcome.SAME
    assert first.content_sha256 == published
    told = StringIO()
    call_command("verify_closings", agreement="astana-2016", stdout=told)
    assert [line.rpartition(" ")[2] for line in told.getvalue().splitlines() if " no. " in line] == ["same", "same"]


def test_a_day_closed_before_the_shapes_came_verifies_and_stays_the_days_only_closing(events):
    day = close(events, "2017-01-07", "day")
    real_data.load_boundaries("governorate")
    assert closings.verify(day).outcome == Outcome.SAME
    assert close(events, "2017-01-07", "day") == day


def test_a_month_with_shapes_counts_by_them_and_draws_every_governorate(events):
    real_data.load_boundaries("governorate")
    closing = close(events)
    content = json.loads(closing.content())
    check_content(content)
    assert areas_drawn(closing) == [("governorate", f"SY{number:02}") for number in range(1, 15)]
    lines = [row for row in real_data.rows(real_data.EVENTS) if row["date_start"][:7] == "2017-01"]
    for code in ("SY02", "SY07", "SY12"):
        inside = [
            row
            for row in lines
            if row["where_prec"] in "1234"
            and code in real_data.covering("governorate", float(row["longitude"]), float(row["latitude"]))
        ]
        assert by_area(closing)[code] == len(inside) > 0
    (told,) = content["beside"]["header"]["boundary_sets"]
    assert (told["source"], told["licence"], told["valid_on"]) == (
        "OCHA COD-AB Syria, v02",
        "CC BY 3.0 IGO",
        "2020-12-17",
    )


def test_no_name_on_the_map_of_governorates_covers_another_or_is_cut_off(events):
    real_data.load_boundaries("governorate")
    closing = close(events)
    edition = json.loads(closing.editions.get(guarantor__code="turkey").content)
    with translation.override("en"):
        figure = maps.incidents_on_map(Reading(json.loads(closing.content()), edition, "en"), table_anchor="x")
    drawing = figure["drawing"]
    assert len(drawing["areas"]) == 14
    boxes = [
        Symbol(*area["at"], area["radius"], f"{area['name']} {area['text']}".strip()).at(*area["label"])
        for area in drawing["areas"]
    ]
    assert not [pair for pair in combinations(boxes, 2) if meet(*pair)]
    assert all(box[0] >= 0 and box[2] <= drawing["width"] and box[3] <= drawing["height"] for box in boxes)
    assert drawing["scale"]["right"], "the south-west is where governorates are small"


def test_a_set_that_changes_no_place_makes_no_new_closing(events):
    real_data.load_boundaries("governorate")
    first = close(events)
    real_data.load_boundaries("governorate", source="The same lines, told by another hand")
    assert close(events) == first
