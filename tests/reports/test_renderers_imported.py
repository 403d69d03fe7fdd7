"""What an imported data set looks like in a report: many incidents, no direction, no injured, days that span."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.utils import translation

from reports.renderers import pdf
from reports.renderers.document import blocks
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from tests.reports import readings
from tests.reports.schema import check_content, check_edition
from violations import outside_sources
from violations.importing import events, third_party


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


def test_how_a_state_s_incidents_are_listed_hangs_on_the_annex_that_is_common_to_all():
    """A state that few of many incidents concern is told of them in the same form as one that many concern."""
    content, edition = readings.imported()
    (party,) = edition["concerns"]["undertaken"]
    party["incidents"] = party["incidents"][:2]
    with translation.override("en"):
        few = compose(Reading(content, edition, "en"))
    listed = table(few, "own-annex")
    assert [column["text"] for column in listed["head"][0]] == ["From", "References, with the place"]
    assert "The annex lists 120 incidents. Where it lists 40 or more, no edition tells" in said(few)


def test_where_most_have_no_direction_the_head_says_it_once(report):
    """And a word stands before those who acted, or are said to have."""
    content, edition = readings.imported()
    content["beside"]["annex"]["incidents"][0] |= {"alleged": ["north-army"]}
    with translation.override("en"):
        listed = table(compose(Reading(content, edition, "en")), "annex")
    (head,) = [cell["text"] for cell in listed["head"][0] if cell["text"].startswith("Parties")]
    assert "where no word stands before them: involved, no direction known" in head
    first, second = (row["cells"][3] for row in listed["rows"][:2])
    assert first.startswith("alleged: ")
    assert "; involved: " in first
    assert ":" not in second


def test_the_data_set_is_named_with_its_terms_where_its_figures_stand():
    content, edition = readings.imported()
    content["beside"]["header"]["data_sets"] = [asdict(outside_sources.UCDP_GED)]
    check_content(content)
    with translation.override("en"):
        named = compose(Reading(content, edition, "en"))
    terms = f"Licence: {outside_sources.UCDP_GED.licence}."
    assert terms in table(named, "column-key")["note"]
    assert outside_sources.UCDP_GED.name in table(named, "filed")["note"]
    assert outside_sources.UCDP_GED.name in "\n".join(blocks.texts({"first_page": named["first_page"]}))


def test_every_source_that_an_import_reads_is_known_by_name():
    told = {source.code: source.told for source in outside_sources.SOURCES.values()}
    assert told == dict.fromkeys(events.FORMATS, "incidents") | dict.fromkeys(
        third_party.FORMATS, "third_party_figures"
    )
    assert all(source.name and source.publisher for source in outside_sources.SOURCES.values())


def test_who_is_involved_is_told_with_what_concerns_the_state(report):
    assert "With one of these as involved, no direction known:" in said(report)
    heads = [row["cells"][0]["text"] for row in table(report, "by-party-named")["rows"] if row["look"] == "group"]
    assert heads == ["As involved, no direction known"]
