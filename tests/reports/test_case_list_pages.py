"""The guarantor's pages for its own list of cases."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.reports.test_pages import Outline
from tests.reports.test_reconciliation import MARCH, ONE, told
from violations import case_lists
from violations.models import CaseList

pytestmark = pytest.mark.django_db

LISTS = reverse("truce-lists", args=["exercise"])


@pytest.fixture
def alder(client, people):
    client.force_login(people.guarantor_alder)
    return client


def upload(text: str, **changes) -> dict:
    return {
        "first": "2025-03-01",
        "last": "2025-03-31",
        "file": SimpleUploadedFile("list.csv", text.encode()),
        **changes,
    }


def test_a_list_is_handed_in_told_laid_beside_another_s_and_downloaded(alder, people, exercise):
    told(exercise, ONE.replace("south-guard,0", "river-company,1"), people.guarantor_birch)
    assert alder.post(LISTS, upload(ONE)).url == LISTS
    text = alder.get(LISTS).content.decode()
    assert "draft" in text
    assert "Birch told a list of cases, 1 March 2025 to 31 March 2025, on " in text
    assert "A-1" not in text, "of its rows nothing"
    with case_lists.reading_own(exercise.guarantors.get(code="alder")):
        mine = CaseList.objects.get(owner__code="alder")
    sheet = reverse("list-sheet", args=[mine.public_id])
    assert "once both have told theirs" in alder.get(sheet, {"against": "birch"}).content.decode()
    telling = reverse("list-telling", args=[mine.public_id])
    assert telling in text
    assert f'action="{telling}"' not in text, "first it is asked"
    asked = alder.get(telling).content.decode()
    assert "your list of 1 March 2025 to 31 March 2025, with one case" in asked
    assert "cannot be taken back" in asked
    assert "You can read a list of" not in asked
    with case_lists.reading_own(mine.owner):
        assert not case_lists.is_told(CaseList.objects.get(pk=mine.pk)), "asking tells nothing"
    assert alder.post(telling).url == LISTS
    assert alder.get(telling).url == LISTS, "what is told is not asked again"
    text = alder.get(sheet, {"against": "birch"}).content.decode()
    assert "differing" in text
    assert "alleged, killed" in text
    assert "(UTC−08:00) · " in text
    answer = alder.get(sheet, {"against": "birch", "form": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    assert b"alleged; killed" in answer.content
    for page in (alder.get(LISTS).content.decode(), text, asked):
        outline = Outline(page)
        assert outline.headings.count(1) == 1
        assert set(outline.points) <= set(outline.ids)
        assert set(outline.controls) <= set(outline.labels)
        assert not outline.styled


def test_a_list_told_anew_once_the_other_s_could_be_read_is_said_to_be_that(alder, people, exercise):
    told(exercise, ONE, people.guarantor_alder)
    told(exercise, ONE.replace("VA01", "VA02"), people.guarantor_birch)
    anew = case_lists.hand_in(exercise, ONE.replace("VA01", "VA02"), "csv", **MARCH, by=people.guarantor_alder)
    telling, sheet = (reverse(page, args=[anew.public_id]) for page in ("list-telling", "list-sheet"))
    assert "You can read a list of Birch of these days already" in alder.get(telling).content.decode()
    assert "The list of Alder, 1 March 2025 to 31 March 2025, is a draft" in (
        alder.get(sheet, {"against": "birch"}).content.decode()
    )
    alder.post(telling)
    text = alder.get(sheet, {"against": "birch"}).content.decode()
    assert "when Alder could read a list of Birch of these days (since " in text
    assert "after Alder had told one of these days (on " in text, "of Birch, which could not read it then"
    table = alder.get(sheet, {"against": "birch", "form": "csv"}).content.decode("utf-8-sig")
    assert all("when Alder could read a list of Birch" in line for line in table.splitlines()[1:])


def test_that_another_told_a_list_stands_on_the_page_of_returns_too(alder, people, exercise):
    days = reverse("truce-returns", args=["exercise"])
    case_lists.hand_in(exercise, ONE, "csv", **MARCH, by=people.guarantor_birch)
    assert "list of cases, " not in alder.get(days).content.decode(), "a draft is nobody's but its owner's"
    told(exercise, ONE, people.guarantor_birch)
    assert "Birch told a list of cases, 1 March 2025 to 31 March 2025, on " in alder.get(days).content.decode()


def test_of_a_file_with_faults_each_is_shown_by_row_and_column_and_nothing_is_recorded(alder, exercise):
    text = ONE + "A-2,yesterday,25:00,VA01,shooting,,some\n"
    answer = alder.post(LISTS, upload(text))
    assert answer.status_code == 400
    page = answer.content.decode()
    for said in ("Case 2, date: Give a date", "Case 2, act: Give the code", "Case 2, killed: Give a whole number"):
        assert said in page
    with case_lists.reading_own(exercise.guarantors.get(code="alder")):
        assert not CaseList.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"file": SimpleUploadedFile("list.csv", b"\xff\xfe\x00")}, "Save the file as UTF-8 text"),
        ({"last": "2025-02-01"}, "A list covers 1 to 366 days"),
        ({"first": ""}, "First day that the list covers: This field is required."),
    ],
)
def test_what_is_wrong_with_the_form_is_shown(alder, changes, said):
    answer = alder.post(LISTS, upload(ONE, **changes))
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_another_s_draft_has_no_page(alder, client, people, exercise):
    draft = case_lists.hand_in(exercise, ONE, "csv", **MARCH, by=people.guarantor_birch)
    for where in (reverse("list-telling", args=[draft.public_id]), reverse("list-sheet", args=[draft.public_id])):
        answer = alder.post(where) if "telling" in where else alder.get(where, {"against": "birch"})
        assert answer.status_code == 404


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_dates_that_no_clock_knows_are_refused_at_their_fields(alder, exercise, on):
    answer = alder.post(LISTS, upload(ONE, first=on, last=on))
    assert (answer.status_code, set(answer.context["form"].errors)) == (400, {"first", "last"})


def test_a_form_handed_in_twice_is_one_list_and_puts_no_older_draft_back(alder, exercise):
    named = {name: str(alder.get(LISTS).context["form"]["client_id"].value()) for name in ("first", "second")}
    alder.post(LISTS, upload(ONE, client_id=named["first"]))
    alder.post(LISTS, upload(ONE.replace("A-1", "A-2"), client_id=named["second"]))
    assert alder.post(LISTS, upload(ONE, client_id=named["first"])).url == LISTS
    owner = exercise.guarantors.get(code="alder")
    with case_lists.reading_own(owner):
        (stands,) = CaseList.objects.open()
        assert CaseList.objects.count() == 2
        assert stands.client_id == named["second"]
    asked = alder.get(reverse("list-telling", args=[older_of(owner)]))
    assert (asked.status_code, "Another list took its place" in asked.content.decode()) == (409, True)


def older_of(owner):
    with case_lists.reading_own(owner):
        return CaseList.objects.order_by("pk").first().public_id
