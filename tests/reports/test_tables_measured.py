"""Every table of every kind of report says its unit, out of what it counts, and what is not in it; so does the CSV."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

import pytest

from reports import closings
from reports.renderers import measured
from reports.renderers.document import blocks, tallies
from reports.renderers.document import compose as compose_module
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from reports.renderers.tidy import denominators
from tests.reports import readings
from tests.reports.readings import ALL, rendered
from tests.reports.test_periods_told import lines_of, text_of
from tests.violations import replying
from tests.violations.occasions import filed, incident_of
from violations import statements
from violations.statements import Said

CONTENTS = {
    **{name: lambda name=name: readings.stored(name) for name in ALL},
    "a day": readings.single_day,
    "a busy day": readings.busy_day,
    "imported": readings.imported,
    "from before": readings.from_before,
    "without parties": readings.without_parties,
    "without binding": readings.without_binding,
}
# Lines without a unit whose value may be in digits all the same: versions, places in an order, references.
NO_QUANTITIES = {"closing_number", "codebook", "mechanism_version", "incident", "request_incident"}


def tables(content: dict, edition: dict | None) -> list[dict]:
    """Every table of the report, wherever it stands."""
    told = compose(Reading(content, edition, "en"))
    return [
        block
        for part in ("first_page", "blocks", "wide_blocks")
        for block in blocks._singly(told[part])
        if block["kind"] == "table"
    ]


def test_no_table_can_be_made_without_them():
    for made in (blocks.table, tallies.tally_table):
        for name in ("unit", "of", "missing"):
            parameter = inspect.signature(made).parameters[name]
            assert (parameter.kind, parameter.default) == (parameter.KEYWORD_ONLY, parameter.empty)


def every_table_is_measured(content: dict, edition: dict | None) -> set[str]:
    """Check a report, as print and as a table; return the anchors of its tables."""
    found = tables(content, edition)
    assert found
    text = text_of(rendered("pdf", content, edition))
    for block in found:
        said = block["measure"]
        parts = said.split(": ")
        assert said.startswith("Unit: "), block["anchor"]
        assert " Of: " in said, block["anchor"]
        assert " Not in it: " in said, block["anchor"]
        assert min(map(len, parts)) > 2, said
        assert "%(" not in said, said
        assert "–" not in said, said
        assert " ".join(said.split()) in text, said
    for line in lines_of(rendered("csv", content, edition)):
        number = line["value"].lstrip("-").isdigit()
        if line["unit"]:
            assert line["of"], line
            assert line["missing"], line
        elif number:
            assert line["measure_code"] in NO_QUANTITIES, line
    return {block["anchor"] for block in found}


@pytest.mark.parametrize("name", list(CONTENTS))
def test_every_table_says_what_it_is_in(name):
    every_table_is_measured(*CONTENTS[name]())


@pytest.mark.django_db
@pytest.mark.usefixtures("json_alone")
@pytest.mark.parametrize(("kind", "period"), [("month", "2016-01"), ("day", "2015-03-29")])
def test_so_does_one_of_a_truce_without_guarantors(minsk, kind, period):
    closing = closings.advance(closings.request(minsk, kind, period).pk)
    content = json.loads(closing.content())
    anchors = {block["anchor"] for block in tables(content, None)}
    if kind == "month":
        assert "requests" in every_table_is_measured(content, None)
    else:
        assert not anchors, "nothing was filed, and there is no ledger"


@pytest.mark.django_db
@pytest.mark.usefixtures("json_alone")
def test_the_figures_out_of_which_a_table_counts_are_those_of_the_content(exercise, people):
    incident = incident_of(filed(exercise, people.monitor_north))
    filed(exercise, people.monitor_south)
    replying.asked(exercise, people.moderator_north, "guarantor:birch", incident)
    stated = replying.stated(exercise, people.guarantor_birch, Said("concurs", incident=incident))
    statements.tell(stated.public_id, by=people.guarantor_birch)
    closing = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    content, edition = json.loads(closing.content()), json.loads(closing.editions.get(guarantor__code="birch").content)
    every_table_is_measured(content, edition)
    said = {block["anchor"]: block["measure"] for block in tables(content, edition)}
    assert said["by-act"] == (
        "Unit: incidents. Of: 2 registered in March 2025. Not in it: what nobody filed by the cut-off."
    )
    assert said["requests"].startswith("Unit: requests. Of: requests put by the cut-off that belong to March 2025.")


def test_every_measure_is_one_of_a_table_or_of_lines():
    sources = "".join(path.read_text() for path in Path(compose_module.__file__).parent.glob("*.py"))
    printed = set(re.findall(r'measure\(reading, "([a-z-]+)"\)', sources))
    assert printed | set(denominators.KINDS.values()) | {"annex", "own-annex"} == set(measured.MEASURES)
