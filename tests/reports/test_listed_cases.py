"""Section 2 where guarantors told lists of cases: each list's own figures are those of a known truth."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from monitoring import ledger
from reports import closings, periods
from reports.closings import checking, verifying
from reports.figures import ledgers as figures
from reports.figures.assemble import FUNCTIONS
from reports.figures.known import Known
from reports.models import Edition
from reports.renderers.document.blocks import texts
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from reports.renderers.tidy import lines
from tests.reports.released import released_month
from tests.reports.schema import check_content
from tests.reports.test_reconciliation import MARCH, NONE, ONE, told
from tests.violations.two_ledgers import Truth, as_csv, two_ledgers
from violations import case_lists

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]


def section(agreement, known_at=None, month="2025-03") -> dict:
    period = periods.bounds(agreement.terms, "month", month)
    return figures.section(Known(agreement, agreement.terms, period, known_at or ledger.closed_until()))


def both_told(agreement, people, truth: Truth) -> None:
    told(agreement, as_csv(truth.ours), people.guarantor_alder)
    told(agreement, as_csv(truth.theirs), people.guarantor_birch)


def figures_of(truth: Truth) -> dict:
    """What the section must say, counted from the truth alone."""
    verdicts = Counter(verdict for verdict, _differing, _by in truth.pairs.values())
    differing = Counter(name for _verdict, names, _by in truth.pairs.values() for name in names)
    undecided = Counter(name.partition(" ")[0] for name in truth.undecided)
    return {
        "guarantor": "alder",
        "beside": "birch",
        "days": 31,
        "agreed": verdicts["agreed"],
        "differing": verdicts["differing"],
        "differing_in": {name: differing[name] for name in ("time", "place", "act", "alleged", "killed", "injured")},
        "of_guarantor": {
            "cases": len(truth.ours),
            "undecided": undecided["ours"],
            "only_there": len(truth.only_ours),
        },
        "of_beside": {
            "cases": len(truth.theirs),
            "undecided": undecided["theirs"],
            "only_there": len(truth.only_theirs),
        },
    }


@pytest.mark.parametrize("seed", [7, 20170130])
def test_each_list_s_own_figures_are_those_of_the_truth_and_make_up_its_cases(exercise, people, seed):
    truth = two_ledgers(seed)
    both_told(exercise, people, truth)
    (pair,) = section(exercise)["case_lists"]
    assert pair == figures_of(truth)
    for own in (pair["of_guarantor"], pair["of_beside"]):
        assert own["cases"] == pair["agreed"] + pair["differing"] + own["undecided"] + own["only_there"] == 300


def test_without_two_told_lists_of_the_same_days_there_is_no_matrix_and_no_draft_shows(exercise, people):
    assert section(exercise)["case_lists"] == []
    mine = case_lists.hand_in(exercise, ONE, "csv", **MARCH, by=people.guarantor_alder)
    told(exercise, ONE, people.guarantor_birch)
    assert section(exercise)["case_lists"] == [], "one is a draft"
    with case_lists.reading_own(mine.owner):
        assert section(exercise)["case_lists"] == [], "also where its owner's drafts can be read"
    told(exercise, NONE, people.guarantor_cedar, from_date=date(2025, 2, 1), until_date=date(2025, 3, 1))
    assert section(exercise)["case_lists"] == [], "other days"
    case_lists.tell(mine.public_id, by=people.guarantor_alder)
    assert [pair["agreed"] for pair in section(exercise)["case_lists"]] == [1]
    case_lists.hand_in(
        exercise, ONE + ONE.splitlines()[1].replace("A-1", "A-2"), "csv", **MARCH, by=people.guarantor_alder
    )
    assert [pair["agreed"] for pair in section(exercise)["case_lists"]] == [1], "the next draft says nothing yet"


def test_only_days_that_both_cover_are_compared_and_a_list_of_nothing_is_a_list(exercise, people):
    text = ONE + "A-2,2025-03-20,10:00,VA02,device,,\n"
    told(exercise, text, people.guarantor_alder)
    told(exercise, NONE, people.guarantor_birch, from_date=date(2025, 3, 15), until_date=date(2025, 3, 25))
    (pair,) = section(exercise)["case_lists"]
    assert (pair["days"], pair["of_guarantor"], pair["of_beside"]) == (
        10,
        {"cases": 1, "undecided": 0, "only_there": 1},
        {"cases": 0, "undecided": 0, "only_there": 0},
    )


def test_each_two_of_three_guarantors_stand_beside_one_another(exercise, people):
    for who in (people.guarantor_cedar, people.guarantor_birch, people.guarantor_alder):
        told(exercise, ONE, who)
    pairs = section(exercise)["case_lists"]
    assert [(pair["guarantor"], pair["beside"]) for pair in pairs] == [
        ("alder", "birch"),
        ("alder", "cedar"),
        ("birch", "cedar"),
    ]


def test_a_closing_reads_lists_as_told_by_its_cut_off_and_one_told_later_is_a_figure_that_changed(exercise, people):
    told(exercise, ONE, people.guarantor_alder)
    first = released_month(exercise)
    assert json.loads(first.content())["sections"]["ledgers"]["case_lists"] == []
    told(exercise, ONE.replace("VA01", "VA02"), people.guarantor_birch)
    assert verifying.verify(first).outcome == "same"
    assert list(closings.unchecked()) == [first]
    assert checking.check(first).touched_at is not None
    second = released_month(exercise)
    content = json.loads(second.content())
    check_content(content)
    (pair,) = content["sections"]["ledgers"]["case_lists"]
    assert (pair["differing"], pair["differing_in"]["place"]) == (1, 1)
    paths = {figure["path"]: figure["new"] for figure in content["beside"]["changes"]["figures"]}
    assert paths["ledgers/case_lists/alder+birch/differing_in/place"] == 1
    told(exercise, NONE, people.guarantor_birch)
    assert verifying.verify(second).outcome == "same", "the list told in its place came later"
    out = StringIO()
    call_command("verify_closings", stdout=out)
    assert "differs" not in out.getvalue()


def test_the_first_version_of_the_section_reads_no_list(exercise, people):
    told(exercise, ONE, people.guarantor_alder)
    told(exercise, ONE, people.guarantor_birch)
    period = periods.bounds(exercise.terms, "month", "2025-03")
    known = Known(exercise, exercise.terms, period, ledger.closed_until())
    assert FUNCTIONS["ledgers", 1](known)["case_lists"] is False
    assert {**FUNCTIONS["ledgers", 2](known), "case_lists": False} == FUNCTIONS["ledgers", 1](known)


def test_page_table_and_file_tell_the_same_numbers_in_neutral_words(exercise, people):
    truth = two_ledgers(11)
    both_told(exercise, people, truth)
    closing = released_month(exercise)
    content, expected = json.loads(closing.content()), figures_of(truth)
    edition = json.loads(Edition.objects.get(closing=closing, guarantor__code="alder").content)
    reading = Reading(content, edition, "en")
    page = list(texts(compose(reading)))
    assert "Lists of cases beside one another" in page
    assert "Lists of Alder and Birch, over the 31 days that both cover" in page
    assert not [text for text in page if "No matrix of cases" in text]
    for own in ("of_guarantor", "of_beside"):
        numbers = [expected[own]["cases"], expected["agreed"], expected["differing"], *list(expected[own].values())[1:]]
        row = [str(number) for number in numbers]
        assert any(page[at : at + 5] == row for at in range(len(page))), own
    table = {
        (line.row_code, line.within_code, line.measure_code): line.value
        for line in lines(reading)
        if line.table == "case_lists"
    }
    for whose, beside, own in (("alder", "birch", "of_guarantor"), ("birch", "alder", "of_beside")):
        assert {code: table[whose, beside, code] for code in expected[own]} == expected[own]
        assert table[whose, beside, "agreed"] == expected["agreed"]
        assert table[whose, beside, "differing_place"] == expected["differing_in"]["place"]
