"""A period of which nothing was filed: the table claims no zero that the report denies; measures have names."""

from __future__ import annotations

import csv
import io
import json

import pytest

from reports import closings, renderers
from reports.renderers.tidy.measures import MEASURES
from tests.reports import readings
from tests.reports.readings import ALL, EXERCISE, JANUARY
from tests.reports.schema import SCHEMA

CLAIMS = {"incidents", "registrations", "out_of_scope", "edition"}


def table(content: dict, edition: dict | None) -> list[dict[str, str]]:
    text = renderers.render("csv", content, edition, language="en").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.django_db
@pytest.mark.usefixtures("tables_alone")
@pytest.mark.parametrize(("kind", "period"), [("month", "2016-01"), ("day", "2015-03-29")])
def test_an_empty_period_has_no_zero_in_the_table_and_says_why(minsk, kind, period):
    closing = closings.advance(closings.request(minsk, kind, period).pk)
    lines = table(json.loads(closing.content()), None)
    counted = [line for line in lines if line["section"] in CLAIMS and line["unit"] in {"incident", "person"}]
    assert counted
    for line in counted:
        assert line["value"] == "", line
        assert "This is not a count of zero" in line["note"], line
    filed = [line for line in lines if line["section"] == "ledgers" and line["unit"] == "incident_report"]
    assert filed
    assert {(line["value"], line["note"]) for line in filed} == {
        ("", "No team filed an incident report for this period.")
    }
    for line in lines:
        assert line["measure"], line


def test_two_empty_months_are_not_compared_as_zero_with_zero():
    lines = [line for line in table(*readings.stored("astana-2016-2017-05-turkey")) if line["section"] == "comparison"]
    counts = [line for line in lines if line["table"] in {"standing_current", "standing_previous", "change_registered"}]
    assert counts
    for line in counts:
        assert line["value"] == "", line
        if line["unit"] == "incident":
            assert "there is nothing to compare. This is not a count of zero." in line["note"]


def test_of_an_empty_month_what_was_announced_and_the_days_held_are_told_as_numbers():
    told = {
        (line["table"], line["row_code"], line["measure_code"]): line["value"]
        for line in table(*readings.stored(JANUARY))
        if line["table"] in {"announced", "returns"}
    }
    assert told["announced", "turkey", "days_nil"].isdigit()
    assert told["returns", "turkey", "total"] == "0", "a nil return of 23 January is a claim"


def test_where_something_was_filed_a_row_of_none_is_zero():
    lines = table(*readings.stored(EXERCISE))
    assert [line for line in lines if line["section"] == "incidents" and line["value"] == "0"]
    assert not [line for line in lines if line["section"] == "incidents" and line["value"] == ""]


@pytest.mark.parametrize("content", [*map(readings.stored, ALL), readings.single_day(), readings.without_binding()])
def test_every_measure_has_a_name_that_is_not_its_code(content):
    for line in table(*content):
        assert line["measure"].strip(), line
        assert "_" not in line["measure"], line


def test_every_fact_of_an_incident_in_the_annex_has_a_name():
    (listed,) = _properties("objects_hit")
    harm = {f"{kind}_{known}" for kind in ("killed", "injured") for known in listed[kind]}
    assert (set(listed) - {"reference", "date", "killed", "injured"} | harm) <= set(MEASURES)


def _properties(having: str) -> list[dict[str, dict]]:
    """Of what the schema describes as an object with that key and a reference: the keys, each with the keys in it."""
    found = []

    def walk(node):
        if isinstance(node, dict):
            keys = node.get("properties", {})
            if having in keys and "reference" in keys:
                found.append({key: _resolved(value).get("properties", {}) for key, value in keys.items()})
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(SCHEMA)
    return found


def _resolved(node: dict) -> dict:
    return SCHEMA["$defs"][node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node
