"""What an imported data set looks like in a report: many incidents, no direction, no injured, days that span."""

from __future__ import annotations

import pytest
from django.utils import translation

from reports.renderers import pdf
from reports.renderers.document import blocks
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from tests.reports import readings
from tests.reports.schema import check_content, check_edition


@pytest.fixture
def report():
    content, edition = readings.imported()
    with translation.override("en"):
        return compose(Reading(content, edition, "en"))


def table(report, anchor: str):
    parts = (*report["first_page"], *report["blocks"], *report["wide_blocks"])
    return next(block for block in parts if block.get("anchor") == anchor)


def said(report) -> str:
    return "\n".join(blocks.texts(report))


def test_the_case_fits_the_schema_and_is_laid_out():
    content, edition = readings.imported()
    check_content(content)
    check_edition(edition)
    with translation.override("en"):
        assert pdf.render(Reading(content, edition, "en")).startswith(b"%PDF")


def test_that_no_team_filed_them_is_said_on_the_first_page(report):
    first = "\n".join(blocks.texts({"first_page": report["first_page"]}))
    assert "30 incident reports were imported from a data set and filed by no team." in first


def test_what_nobody_tells_of_is_unknown_and_not_zero(report):
    assert "at most 8 killed and an unknown number of injured are reported" in said(report)
    rows = {row["cells"][0]: row["cells"][1:] for row in table(report, "casualties")["rows"]}
    assert rows["In all incidents but the discounted: injured"][2] == "–"
    assert rows["In all incidents but the discounted: killed"][2] == "8"


def test_casualties_of_incidents_that_go_on_beyond_the_period_are_said_apart(report):
    assert "Of those reported, up to 3 killed and an unknown number of injured" in said(report)


def test_an_incident_of_several_days_ends_on_its_last_day(report):
    """Until the first instant of 4 March, in the truce's zone: that day is no part of it."""
    when = {row["cells"][1] for row in table(report, "annex")["rows"]}
    assert when == {"1\u00a0Mar to 3\u00a0Mar"}


def test_what_is_the_same_in_all_of_many_incidents_is_said_once(report):
    listed = table(report, "annex")
    assert "What" not in [head if isinstance(head, str) else head["text"] for head in listed["head"][0]]
    assert listed["caption"].endswith("; in each, indirect fire")
    assert len({len(listed["columns"]), *(len(row["cells"]) for row in listed["rows"])}) == 1


def test_many_incidents_that_concern_a_state_are_listed_by_day_and_reference(report):
    own = table(report, "own-annex")
    text = " ".join(cell for row in own["rows"] for cell in row["cells"] if isinstance(cell, str))
    assert all(f"{number:010x}" in text for number in range(120))
    assert "involved, no direction known" in own["rows"][0]["cells"][0]["text"]


def test_who_is_involved_is_told_with_what_concerns_the_state(report):
    assert "With one of these as involved, no direction known:" in said(report)
    heads = [row["cells"][0]["text"] for row in table(report, "by-party-named")["rows"] if row["look"] == "group"]
    assert heads == ["As involved, no direction known"]
