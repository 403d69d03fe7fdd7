"""What changed since the last closing: in words, one by one where few, by table where many; whole in CSV and JSON."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections import Counter

import pytest
from django.utils import translation

from reports import renderers
from reports.figures.changes import VIEWS, changed, figures
from reports.renderers.document import changed as told
from reports.renderers.document.changes import A_PAGE, changes
from reports.renderers.reading import Reading
from tests.reports import readings
from tests.reports.readings import ALL, EXERCISE

# What follows these is not a code: a name as somebody wrote it, an address, the number of a telling, a language.
AS_WRITTEN = {"by_reading", "lines", "returns", "sources", "text"}
NAME_OF_A_CODE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)+|[0-9a-f]{10}")


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def first_import():
    """The exercise as if nothing of it had been known at the closing before: every figure was zero."""
    content, edition = readings.stored(EXERCISE)
    before = {code: _emptied(section) for code, section in content["sections"].items()}
    content["beside"]["changes"]["figures"] = [
        figure
        for code, section in content["sections"].items()
        if code not in VIEWS
        for figure in changed(code, before[code], section)
    ]
    return content, edition


def _emptied(value):
    if isinstance(value, dict):
        return {key: _emptied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_emptied(inner) for inner in value]
    return 0 if type(value) is int else copy.copy(value)


def table_of(content, edition):
    blocks = changes(Reading(content, edition, "en"))
    (table,) = [block for block in blocks if block.get("anchor") == "changes"]
    return table, " ".join(block["text"] for block in blocks if block["kind"] == "paragraph")


@pytest.mark.parametrize("name", ALL)
def test_every_code_on_the_way_to_a_figure_has_a_name(name):
    reading = readings.reading(name)
    raw = set()
    for code, section in reading.sections.items():
        for path, _value in figures(section, code):
            parts = [part for part in path.split("/") if part not in AS_WRITTEN]
            if set(path.split("/")) & AS_WRITTEN or code in VIEWS:
                continue
            words = told.where(reading, {"section": code, "path": path}).split(" › ")
            assert len(words) >= 2, (path, parts)
            raw |= {
                one
                for word in words
                for one in word.split("; ")
                if NAME_OF_A_CODE.fullmatch(one) and one not in {"one-sided", "by-product"}
            }
    assert not raw


def test_a_code_of_several_lists_is_named_by_the_table_that_it_stands_in():
    reading = readings.reading()

    def where(path: str) -> str:
        return told.where(reading, {"section": path.partition("/")[0], "path": path})

    assert where("ledgers/filed_by_others/none/total").endswith("Imported, no team › all")
    assert where("incidents/attribution/contested/confidence/none").endswith("confidence › not stated")
    assert where("incidents/by_act/none/registered").endswith("none stated › registered")
    assert where("ledgers/ledgers/birch/days/2025-03-01/returns/birch+1/sources/TASS (en)+http://x.org/1/note") == (
        "Ledgers › Birch › days › 1 March 2025 › returns › Birch; 1 › read in › TASS (en); http://x.org/1 › note"
    )


def test_few_are_listed_one_by_one():
    content, edition = readings.stored(EXERCISE)
    section = content["beside"]["changes"]
    section["figures"] = section["figures"][:A_PAGE]
    table, said = table_of(content, edition)
    assert len(table["rows"]) == A_PAGE
    assert "more than a page" not in said


def test_many_are_counted_by_table_on_about_a_page_and_none_is_lost():
    content, edition = first_import()
    every = content["beside"]["changes"]["figures"]
    assert len(every) > 300
    table, said = table_of(content, edition)
    assert f"{len(every)} figures differ, more than a page has room for" in said
    assert "The CSV and JSON files of every edition list all of them" in said
    assert len(table["rows"]) <= A_PAGE
    counted = [row["cells"][-1]["text"] for row in table["rows"]]
    assert sum(int(text.split()[0]) if text.endswith("differ") else 1 for text in counted) == len(every)
    assert len({json.dumps(row["cells"][0]) for row in table["rows"]}) == len(table["rows"])
    registered = content["sections"]["incidents"]["total"]["registered"]
    lines = {row["cells"][0]: row["cells"][1:] for row in table["rows"]}
    assert lines["Incidents › all › registered"] == ["no figure", {"text": str(registered), "strong": True}]


def test_of_somewhat_many_those_of_the_smaller_tables_are_still_listed():
    content, edition = readings.stored(EXERCISE)
    every = content["beside"]["changes"]["figures"]
    assert len(every) > A_PAGE
    table, _said = table_of(content, edition)
    texts = [row["cells"][-1]["text"] for row in table["rows"]]
    counted = [int(text.split()[0]) for text in texts if text.endswith("differ")]
    assert len(table["rows"]) <= A_PAGE
    assert len(texts) - len(counted) + sum(counted) == len(every)
    by_table = Counter(told.table_of(one) for one in every if not told.whole(one))
    listed = [number for number in by_table.values() if number not in counted]
    assert max(listed) <= min(counted)


def test_csv_and_json_list_every_changed_figure_old_and_new():
    content, edition = first_import()
    every = content["beside"]["changes"]["figures"]
    text = renderers.render("csv", content, edition, language="en").decode("utf-8-sig")
    lines = [line for line in csv.DictReader(io.StringIO(text, newline="")) if line["section"] == "changes"]
    assert len(lines) == 2 * len(every)
    assert {(line["row_code"], line["measure_code"], line["value"]) for line in lines} >= {
        (figure["path"], "new", str(figure["new"])) for figure in every if type(figure["new"]) is int
    }
    assert all(line["row"] for line in lines)
    there = json.loads(renderers.render("json", content, edition, language="en"))
    assert there["closing"]["beside"]["changes"]["figures"] == every


def test_what_was_announced_on_a_day_is_no_total_of_the_period():
    day = "ledgers/ledgers/birch/days/2025-03-01/returns/birch+1/total"
    assert not told.whole({"section": "ledgers", "path": day})
    assert told.whole({"section": "ledgers", "path": "ledgers/ledgers/birch/announced/total"})
    assert told.whole({"section": "incidents", "path": "incidents/total/columns/pending"})
