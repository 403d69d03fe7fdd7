"""CSV and JSON: for a spreadsheet, a statistician, a program; nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from monitoring import canonical
from reports import renderers
from reports.renderers.csv import guarded
from reports.renderers.words import COLUMNS
from tests.reports import readings
from tests.reports.readings import ALL, EXERCISE, JANUARY

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "content.schema.json").read_text())


def lines_of(name: str = EXERCISE) -> list[dict[str, str]]:
    text = renderers.render("csv", *readings.stored(name), language="en").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_begins_with_a_byte_order_mark_and_ends_lines_as_the_standard_says():
    data = renderers.render("csv", *readings.stored(JANUARY), language="en")
    assert data.startswith(b"\xef\xbb\xbfagreement,simulated,period,guarantor,closing,section,table,")
    assert data.endswith(b"\r\n")
    assert data == renderers.render("csv", *readings.stored(JANUARY), language="en")


@pytest.mark.parametrize("name", ALL)
def test_every_line_says_of_which_truce_it_is_and_whether_it_is_simulated(name):
    reading = readings.reading(name)
    for line in lines_of(name):
        assert line["agreement"] == reading.head["agreement"]
        assert line["simulated"] == ("yes" if reading.simulated else "no")
        assert line["period"] == reading.period["code"]


def test_a_row_has_every_column_and_they_add_up():
    rows: dict[tuple[str, ...], dict[str, int]] = {}
    keys = ("section", "table", "row_by", "row_code", "within_by", "within_code", "date")
    for line in lines_of():
        if line["unit"] == "incident" and line["measure_code"] in {"registered", *COLUMNS}:
            rows.setdefault(tuple(line[key] for key in keys), {})[line["measure_code"]] = int(line["value"])
    assert len(rows) > 80
    for place, row in rows.items():
        assert row.pop("registered") == sum(row.values()), place
        assert set(row) == set(COLUMNS), place


def test_what_is_not_there_is_empty_and_says_why():
    total = next(
        line
        for line in lines_of(JANUARY)
        if (line["table"], line["row_code"], line["measure_code"]) == ("announced", "turkey", "total")
    )
    assert total["value"] == ""
    assert total["note"].startswith("No total: not every day is held")
    states = [line["value"] for line in lines_of(JANUARY) if line["measure_code"] == "state"]
    assert {"returned", "nil", "not_held", "none_known", "not_due"} == set(states)


def test_what_is_withheld_of_an_incident_is_empty_and_says_why():
    content, edition = readings.without_binding()
    jsonschema.validate(content, SCHEMA)
    text = renderers.render("csv", content, edition, language="en").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    told = [line for line in lines if line["table"] == "incidents" and line["section"] == "annex"]
    columns = [line for line in told if line["measure_code"] == "column"]
    assert [line["value"] for line in columns] == ["discounted", *[""] * (len(columns) - 1)]
    for line in told:
        if line["measure_code"] in {"scope", "reasons", "scope_overruled", "provisions"}:
            assert (line["value"], line["note"][:35]) == ("", "Where each incident stands and whic")
    on = {(line["within_code"], line["value"], line["note"]) for line in lines if line["measure_code"] == "on"}
    assert on == {("adherence", "", "how a party is bound; which is withheld")}


def test_it_says_on_what_each_reading_differs():
    on = {(line["row"], line["within_code"], line["value"]) for line in lines_of() if line["measure_code"] == "on"}
    assert {("North side", "adherence", "coast-watch"), ("North side", "zone", "strait-buffer")} <= on


def test_the_ledgers_can_be_read_from_it_as_told():
    told = {
        (line["row_code"], line["date"], line["measure_code"]): line["value"]
        for line in lines_of(JANUARY)
        if line["table"] == "returns" and line["within_code"] == "russia"
    }
    assert told["russia", "2017-01-22", "total"] == "2"
    assert told["turkey", "2017-01-22", "total"] == "12"
    assert told["turkey", "2017-01-22", "confirmed"] == "3"
    assert told["turkey", "2017-01-23", "total"] == "0"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "\0=", "＝", "＋", "－", "＠"])
def test_no_text_is_taken_for_a_formula(start):
    assert str(guarded(f"{start}1+1")).startswith("'")
    content, edition = readings.renamed("party", "north-army", f"{start}HYPERLINK(1)")
    data = renderers.render("csv", content, edition, language="en").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(data, newline="")) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n\0＝＋－＠"))]


def test_numbers_are_numbers_and_text_stays_text():
    assert guarded(7) == 7
    assert guarded(None) == ""
    assert guarded("plain") == "plain"


@pytest.mark.parametrize("name", ALL)
def test_the_json_is_canonical_valid_and_hashes_to_what_it_says(name):
    content, edition = readings.stored(name)
    text = renderers.render("json", content, edition, language="en").decode()
    both = json.loads(text)
    assert text == canonical.dumps(both) + "\n"
    for part in both.values():
        jsonschema.validate(part, SCHEMA)
    assert canonical.sha256(both["closing"]["head"]) == both["edition"]["content_sha256"]
    sections = {item["code"]: item["sha256"] for item in both["closing"]["head"]["sections"]}
    assert sections == {code: canonical.sha256(part) for code, part in both["closing"]["sections"].items()}


def test_nothing_of_another_guarantor_alone_is_in_a_rendition():
    content, edition = readings.stored(EXERCISE)
    both = json.loads(renderers.render("json", content, edition, language="en"))
    assert both["edition"]["guarantor"] == "birch"
    assert set(both) == {"closing", "edition"}
