"""When lists of cases were told: shown to all at once, and beside one another with what each could read by then."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.reports.test_reconciliation import LISTS, MARCH, NONE, ONE, told
from tests.violations.documents import device_of
from violations import case_lists
from violations.case_list_order import order_of

pytestmark = pytest.mark.django_db
FIRST_HALF = {"from_date": date(2025, 3, 1), "until_date": date(2025, 3, 16)}
SECOND_HALF = {"from_date": date(2025, 3, 16), "until_date": date(2025, 4, 1)}
APRIL = {"from_date": date(2025, 4, 1), "until_date": date(2025, 5, 1)}


@pytest.fixture
def alder(people):
    return people.guarantor_alder


@pytest.fixture
def birch(people):
    return people.guarantor_birch


def order(one, other):
    return order_of(one, one.agreement.guarantors.get(code=other)).after


def test_who_tells_first_told_after_nothing_and_who_tells_second_could_not_read_it_yet(exercise, alder, birch):
    ours = told(exercise, ONE, alder)
    assert order(ours, "birch") == "nothing"
    theirs = told(exercise, NONE, birch)
    assert (order(ours, "birch"), order(theirs, "alder")) == ("nothing", "told")
    assert order_of(theirs, ours.owner).readable_since == theirs.telling.recorded_at, "by telling it"


def test_a_list_told_anew_once_the_other_s_could_be_read_was_told_after_that(exercise, alder, birch):
    told(exercise, ONE, alder)
    theirs = told(exercise, NONE, birch)
    anew = told(exercise, ONE.replace("A-1", "A-2"), alder)
    assert order(anew, "birch") == "readable"
    assert order_of(anew, theirs.owner).readable_since == theirs.telling.recorded_at
    assert order(theirs, "alder") == "told", "what was told in place of the first makes nothing later earlier"
    again = told(exercise, NONE + "B-1,2025-03-05,indirect_fire\n", birch)
    assert order(again, "alder") == "readable"
    assert order(anew, "birch") == "readable"


def test_told_anew_before_the_other_told_it_is_after_nothing(exercise, alder, birch):
    told(exercise, ONE, alder)
    anew = told(exercise, ONE.replace("A-1", "A-2"), alder)
    told(exercise, NONE, birch)
    assert order(anew, "birch") == "nothing"


def test_a_draft_is_after_what_could_be_read_by_now(exercise, alder, birch):
    draft = case_lists.hand_in(exercise, ONE, "csv", **MARCH, by=alder)
    told(exercise, NONE, birch)
    assert order(draft, "birch") == "told"
    case_lists.tell(draft.public_id, by=alder)
    another = case_lists.hand_in(exercise, NONE, "csv", **MARCH, by=alder)
    assert order(another, "birch") == "readable"


def test_it_could_be_read_once_every_day_of_it_was_told_for(exercise, alder, birch):
    theirs = told(exercise, NONE, birch)
    first = told(exercise, NONE, alder, **FIRST_HALF)
    assert (order(first, "birch"), order_of(first, theirs.owner).readable_since) == ("told", None)
    second = told(exercise, NONE, alder, **SECOND_HALF)
    assert order_of(first, theirs.owner).readable_since == second.telling.recorded_at
    assert order(told(exercise, ONE, alder, **FIRST_HALF), "birch") == "readable"


def test_a_list_of_other_days_comes_neither_before_nor_after(exercise, alder, birch):
    told(exercise, ONE, alder)
    told(exercise, NONE, birch)
    april = told(exercise, NONE, alder, **APRIL)
    assert order(april, "birch") == "nothing"
    assert order_of(april).other_told_at is None


def test_over_the_api_a_telling_is_shown_at_once_and_the_sheet_says_in_what_order(exercise, alder, birch):
    device = device_of(alder)
    case_lists.hand_in(exercise, ONE, "csv", **MARCH, by=birch)
    assert device.get(LISTS).json() == {"results": [], "told_by_others": []}
    theirs = told(exercise, ONE, birch)
    shown = device.get(LISTS).json()
    assert shown["results"] == []
    (notice,) = shown["told_by_others"]
    assert {key: notice[key] for key in ("agreement", "owner", "from", "until")} == {
        "agreement": "exercise",
        "owner": "birch",
        "from": "2025-03-01",
        "until": "2025-04-01",
    }
    assert notice["told_at"].endswith(":00Z"), "to the minute"
    assert str(theirs.public_id) not in str(shown)
    told(exercise, NONE, alder)
    ours = told(exercise, ONE, alder)
    sheet = device.get(f"{LISTS}{ours.public_id}/reconciliation/", {"against": "birch"}).json()
    assert [(one["owner"], one["after"]) for one in sheet["tellings"]] == [("alder", "readable"), ("birch", "nothing")]
    first = {sheet["tellings"][1]["told_at"], sheet["tellings"][0]["other_told_at"]}
    assert {datetime.fromisoformat(at) for at in first} == {datetime.fromisoformat(notice["told_at"])}
