"""Figures stand as a reader expects them: tables and columns as in print, what a row is of once above its numbers."""

from __future__ import annotations

import pytest

from reports import behind, figures_listed
from reports.figures.changes import VIEWS, figures
from reports.figures.columns import OUT_OF_SCOPE
from reports.renderers.document.compose import compose
from reports.renderers.document.tallies import columns_in_order
from reports.renderers.print_order import as_printed
from tests.reports import readings

CONTENTS = [*readings.ALL, "a day"]


def read(name: str):
    content = readings.single_day() if name == "a day" else readings.stored(name)
    return readings.Reading(*content, "en")


def listing(reading, code: str):
    table = figures_listed.table_at(figures_listed.tables(reading), code)
    return figures_listed.grouped(reading, table, table["figures"])


@pytest.mark.parametrize("name", CONTENTS)
def test_nothing_is_lost_or_added_by_the_order(name):
    reading = read(name)
    by_section = {code: section for code, section in reading.sections.items() if code not in VIEWS}
    told = {path: figure for _section, path, figure in behind.numbers(reading.content)}
    assert told == {
        path: figure
        for code, section in by_section.items()
        for path, figure in figures(section, code)
        if type(figure) is int
    }
    for section in by_section.values():
        assert as_printed(section) == section
    listed = [path for table in figures_listed.tables(reading) for path, _number in table["figures"]]
    assert set(listed) == set(told)
    assert len(listed) == len(told) + (not reading.registrations_only), "the sum of what is out of scope stands twice"


def test_a_row_begins_with_the_registered_and_goes_on_as_the_columns_of_the_print():
    reading = read(readings.EXERCISE)
    columns = columns_in_order(brief=False, casualties=True)
    for code in ("incidents/by_act", "incidents/by_side"):
        table = figures_listed.table_at(figures_listed.tables(reading), code)
        first = [path.rpartition("/")[2] for path, _number in table["figures"]][: len(columns)]
        wanted = columns if code.endswith("side") else columns[:-2]
        assert first[: len(wanted)] == wanted, code


def test_tables_stand_in_the_order_of_the_print():
    reading = read(readings.EXERCISE)
    codes = [table["code"] for table in figures_listed.tables(reading)]
    printed = [block["anchor"] for block in compose(reading)["blocks"] if block["kind"] == "table"]
    anchors = {code: code.rpartition("/")[2].replace("_", "-") for code in codes if code.startswith("incidents/by_")}
    anchors |= {"incidents/by_object_hit": "by-object", "incidents/by_area": "by-area-district"}
    places = [printed.index(anchor) for anchor in anchors.values()]
    assert places == sorted(places)
    assert len(places) == 10
    assert codes.index("ledgers/ledgers/alder") < codes.index("incidents/total") < codes.index("incidents/by_side")


def test_all_incidents_tell_the_sum_of_those_out_of_scope_before_its_parts():
    reading = read(readings.EXERCISE)
    (group,) = listing(reading, "incidents/total")
    assert group["name"] == ""
    rows = group["figures"]
    assert rows[0]["name"] == "Registered"
    at = next(n for n, row in enumerate(rows) if row["path"] == "out_of_scope/total")
    assert rows[at]["name"] == "Out of scope, for any of the reasons that follow"
    parts = rows[at + 1 : at + 1 + len(OUT_OF_SCOPE)]
    assert [row["path"].rpartition("/")[2] for row in parts] == list(OUT_OF_SCOPE)
    assert all(row["name"].startswith("Out of scope: ") for row in parts)
    assert int(rows[at]["number"]) == sum(int(row["number"]) for row in parts) > 0


@pytest.mark.parametrize("name", CONTENTS)
def test_no_name_repeats_its_table_and_every_row_is_told_apart(name):
    reading = read(name)
    for table in figures_listed.tables(reading):
        groups = figures_listed.grouped(reading, table, table["figures"])
        names = [(group["name"], row["name"]) for group in groups for row in group["figures"]]
        assert len(set(names)) == len(names), table["code"]
        assert all(row for _group, row in names), table["code"]
        assert not [row for _group, row in names if table["name"] in row], table["code"]
        assert sum(len(group["figures"]) for group in groups) == len(table["figures"])
        assert all(group["name"] for group in groups[1:]), table["code"]


def test_what_a_row_is_of_stands_above_its_numbers_and_a_single_number_bears_it():
    reading = read(readings.EXERCISE)
    acts = {group["name"]: group["figures"] for group in listing(reading, "incidents/by_act")}
    assert {row["path"].split("/")[2] for row in acts["Direct fire"]} == {"direct_fire"}
    days = [row["name"] for group in listing(reading, "effort/by_day") for row in group["figures"]]
    assert "1 March 2025 › minutes of teams" in days
    ledger = listing(reading, "ledgers/ledgers/alder")[-1]
    assert (ledger["name"], ledger["figures"][0]["name"]) == ("Days", "1 March 2025 › filed")
    (day,) = listing(read("a day"), "registrations/by_act")
    assert "Direct fire" in [row["name"] for row in day["figures"]]
