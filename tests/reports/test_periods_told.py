"""Sections 4 and 6 in print and as a table, over a record of two months drawn at random."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from reports import closings, renderers
from reports.figures import comparison
from reports.figures.columns import tally
from reports.models import Rendition
from reports.renderers import values
from reports.renderers.document.changed import where, written
from tests.reports import readings
from tests.reports.readings import ALL, EXERCISE, JANUARY, MAY
from tests.reports.records import LongRecord
from tests.reports.schema import check_content

MONTH = ("month", "2025-03")


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pages)


def lines_of(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline="")))


@pytest.fixture
def told(long_truce, people):
    """The closing of March as content, and Birch's files by format."""
    LongRecord(long_truce, people, 2).draw(420)
    closing = closings.advance(closings.request(long_truce, *MONTH).pk)
    assert closing.released_at is not None, closing.failure
    files = {}
    for rendition in Rendition.objects.filter(edition__guarantor__code="birch"):
        with default_storage.open(rendition.path) as file:
            files[rendition.format] = file.read()
    return json.loads(closing.content()), files


@pytest.mark.django_db
@pytest.mark.by_hand
def test_both_periods_stand_in_content_table_and_print(told):
    content, files = told
    check_content(content)
    section, cases = content["sections"]["comparison"], content["beside"]["cases"]
    text, lines = text_of(files["pdf"]), lines_of(files["csv"])
    registered, violations = section["measures"]
    for measure in (registered, violations):
        row = measure["all"]
        assert row["outcome"] == "compared"
        lower, upper, phi = (values.decimal(row[key]) for key in ("lower", "upper", "dispersion"))
        ratio = values.decimal(row["ratio"])
        assert f"All incidents {row['current']} {row['previous']} {ratio} {lower} to {upper} {phi}" in text
        given = {
            line["measure_code"]: line["value"]
            for line in lines
            if line["table"] == f"change_{measure['measure']}" and not line["row_by"]
        }
        assert given == {key: str(row[key]) for key in ("current", "previous", "ratio", "lower", "upper", "dispersion")}
    assert "is compared with February 2025, 28 days" in text
    determined = cases["determinations"]["all"]
    assert determined["registered"]
    assert f"Determinations in this period on earlier incidents: {determined['registered']}, of which" in text
    ages = [cases["cases"]["all"]["opened"]]
    ages += [cases["cases"]["all"][move][age] for move in ("closed", "pending") for age in readings.AGES]
    assert f"All cases {' '.join(map(str, ages))}" in text
    closed = {line["measure_code"]: line["value"] for line in lines if line["table"] == "all"}
    assert closed["closed_days_8_30"] == str(cases["cases"]["all"]["closed"]["days_8_30"])


@pytest.mark.django_db
@pytest.mark.by_hand
def test_a_p_value_is_in_the_json_alone(told):
    content, files = told
    told_of = [
        row["p"]
        for measure in content["sections"]["comparison"]["measures"]
        for row in (measure["all"], *measure["by_side"])
        if row["p"] not in (None, "1.000000")
    ]
    assert told_of
    text, table = text_of(files["pdf"]), files["csv"].decode("utf-8-sig")
    for p in told_of:
        assert p in files["json"].decode()
        assert p not in table
        assert p not in text
    for said in (text, table):
        assert "p-value" not in said
        assert "escalation" not in said.lower()


def test_too_few_none_and_without_an_end_are_said_in_words():
    content, edition = readings.compared(
        registered=(9, 0), violations=(2, 2), sides={("north", "parties"): (0, 0), ("south", "parties"): (0, 7)}
    )
    text = text_of(renderers.render("pdf", content, edition, language="en"))
    assert "All incidents 9 0 infinite" in text
    assert "to infinite" in text
    assert "All incidents 2 2 too few to compare" in text
    assert "North side 0 0 none in either period" in text
    assert "South side 0 7 0.00 0.00 to" in text
    lines = lines_of(renderers.render("csv", content, edition, language="en"))
    few = [line for line in lines if line["table"] == "change_violations" and not line["row_by"]]
    assert {line["measure_code"]: (line["value"], line["note"]) for line in few if line["measure_code"] == "ratio"} == {
        "ratio": ("", "too few to compare")
    }


def test_why_there_is_nothing_to_compare_is_said():
    first = text_of(renderers.render("pdf", *readings.stored(EXERCISE), language="en"))
    assert "No comparable previous period: this is the first of the truce." in first
    january = text_of(renderers.render("pdf", *readings.stored(JANUARY), language="en"))
    assert (
        "No comparable previous period: in this one, or in the one before, the truce was in force for a part" in january
    )
    may = text_of(renderers.render("pdf", *readings.stored(MAY), language="en"))
    assert "No incident report of either period had been filed when the record was read" in may
    assert "Turkey (3 and 4 days held) – – not compared: not every day of both periods is held" in may


@pytest.mark.parametrize("name", ALL)
def test_what_is_not_recorded_is_said_and_no_zero_is_printed_for_it(name):
    text = text_of(renderers.render("pdf", *readings.stored(name), language="en"))
    assert "ecorded by this service" not in text, "of a month nothing is left"
    assert "replies requested, received and outstanding" not in text, "they are recorded, and zero is zero"
    assert "none could be recorded in it, since the record of this truce begins later" in text
    assert "Opened in the period" not in text


def test_an_earlier_closing_says_as_it_did_that_neither_was_recorded():
    content, edition = readings.from_before()
    check_content(content)
    text = text_of(renderers.render("pdf", content, edition, language="en"))
    assert "not zero: determinations in this period on earlier incidents; cases opened, closed and pending" in text
    assert "not zero: change against the previous period; replies requested" in text
    assert "not zero: events of concern, which two people of different sides would choose; improvements" in text
    sections = {line["section"] for line in lines_of(renderers.render("csv", content, edition, language="en"))}
    assert {"cases", "choices", "comparison"}.isdisjoint(sections)


def test_a_changed_figure_of_the_section_is_told_in_words():
    path = "comparison/measures/violations/by_side/north+parties/outcome"
    change = {"section": "comparison", "path": path, "old": "too_few", "new": "compared"}
    place = where(readings.reading(), change)
    assert place.startswith("Change against the previous period › violations › by side › North side; ")
    assert place.endswith(" › whether compared")
    assert [written(readings.reading(), change, which) for which in ("old", "new")] == [
        "too few to compare",
        "compared",
    ]
    reasons = change | {"path": "comparison/why_none", "old": "first_period", "new": ""}
    assert written(readings.reading(), reasons, "old").startswith("No comparable previous period")
    assert written(readings.reading(), reasons, "new") == "–"


def test_where_the_record_began_within_the_period_that_is_said():
    content, edition = readings.stored(EXERCISE)
    none = {"all": tally({}), "by_month": [], "by_side": [], "by_side_joint": 0, "data_set": 0}
    none["standings"] = {"determined": 0, "preliminary": 0}
    cases = content["beside"]["cases"]
    cases |= {"recorded": "part", "record_began_at": "2025-03-09T08:00:00.000000Z", "determinations": none}
    for row in (cases["cases"]["all"], *cases["cases"]["by_side"]):
        row |= {"opened": 0, "closed": dict.fromkeys(readings.AGES, 0)}
    check_content(content)
    text = text_of(renderers.render("pdf", content, edition, language="en"))
    assert "The record of this truce begins within the period, on 9 March 2025, 00:00 (UTC−08:00)" in text
    assert "Determinations in this period on earlier incidents: none was recorded in it." in text
    assert "Opened in the period" in text


def test_the_figures_that_are_printed_come_from_the_section_itself():
    content, _edition = readings.compared(registered=(30, 12), violations=(14, 7), sides={})
    rows = {row["measure"]: row["all"] for row in content["sections"]["comparison"]["measures"]}
    assert rows["violations"] == comparison.compared(14, 7, days=(31, 28), daily=readings.spread(14, 7))
