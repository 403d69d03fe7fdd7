"""The guarantor's pages for daily returns: file, correct, acknowledge; usable by all, and nothing shown too soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from monitoring import accreditation, canonical, days
from monitoring.models import AuditEntry
from reports.renderers import values
from tests.reports.test_pages import Outline
from tests.violations.occasions import reloaded
from tests.violations.test_returns import TOLD
from violations.models import DailyReturn, ReturnAcknowledgement
from violations.return_filing import FiledReturn, file_return
from violations.returns import Line, Outcome, record_return

pytestmark = pytest.mark.django_db

DAYS = reverse("truce-returns", args=["exercise"])
FORM = reverse("truce-filing", args=["exercise"])
GIVEN = {"on": "2025-03-05", "total": "3", "unit": "case_of_fire", "area_VA01": "2", "area_north-shore": "1"}
MARCH = {"until": "2025-03-10"}


@pytest.fixture
def alder(client, people):
    client.force_login(people.guarantor_alder)
    return client


def test_with_one_truce_the_page_leads_straight_to_its_days(alder):
    assert alder.get(reverse("returns")).url == DAYS
    text = alder.get(DAYS).content.decode()
    assert "31 March 2025" in text
    assert "SIMULATED" in text
    assert text.count("missing: due and not received") == 14 * 3


def test_a_return_is_filed_by_the_form_and_stands_in_its_day(alder, people):
    answer = alder.post(FORM, GIVEN, follow=True)
    assert answer.redirect_chain == [(f"{DAYS}?until=2025-03-06", 302)]
    row = DailyReturn.objects.get()
    assert (row.owner.code, row.teller.code, row.total, row.breakdown) == ("alder", "alder", 3, "complete")
    assert set(row.lines.values_list("area__code", "count")) == {("VA01", 2), ("north-shore", 1)}
    text = answer.content.decode()
    assert "3 (case of opening fire); Northcape 2; North shore 1" in text
    assert "after it was due" in text
    assert '<p class="told" role="status">The return of 5 March 2025 is recorded.</p>' in text


def test_a_day_is_gone_to_and_where_no_return_is_shown_the_page_leads_to_the_newest(alder):
    alder.post(FORM, GIVEN)
    text = alder.get(DAYS).content.decode()
    assert 'None of these days has a return. The newest that is held is of <a href="?day=2025-03-05">' in text
    there = alder.get(DAYS, {"day": "2025-03-05"}).content.decode()
    assert "None of these days" not in there
    assert there.index("5 March 2025") < there.index("4 March 2025")
    assert "6 March 2025<br>" not in there
    assert 'value="2025-03-05"' in there


@pytest.mark.parametrize(
    ("day", "told"), [("yesterday", "Enter a valid date."), ("9999-12-31", "There is no such day in any truce.")]
)
def test_what_is_no_day_is_said_to_be_none(alder, day, told):
    text = alder.get(DAYS, {"day": day}).content.decode()
    assert f'<p class="error">{told}</p>' in text
    assert "31 March 2025" in text, "the newest days are shown"


def test_a_correction_begins_with_what_was_told_and_says_why(alder, people):
    alder.post(FORM, GIVEN)
    first = DailyReturn.objects.get()
    asked = {"on": "2025-03-05", "ledger": "alder"}
    text = alder.get(FORM, asked).content.decode()
    assert f'value="{first.public_id}"' in text
    assert 'value="3"' in text
    assert "Why it is corrected" in text
    mended = {**GIVEN, "total": "4", "replaces": str(first.public_id)}
    refused = alder.post(FORM, mended)
    assert refused.status_code == 400
    assert "Say why the return is corrected" in refused.content.decode()
    assert alder.post(FORM, {**mended, "note": "One came in late."}).status_code == 302
    (row,) = DailyReturn.objects.open()
    assert (row.total, row.breakdown, row.note) == (4, "partial", "One came in late.")
    assert "You correct what was told on " in text


def test_a_corrected_return_says_so_of_what_when_and_why_to_everybody_who_reads_it(alder, client, people, exercise):
    alder.post(FORM, GIVEN)
    assert "Corrected on" not in alder.get(DAYS, MARCH).content.decode()
    first = DailyReturn.objects.get()
    alder.post(FORM, {**GIVEN, "total": "4", "replaces": str(first.public_id), "note": "One came in late."})
    second = DailyReturn.objects.open().get()
    zone = exercise.terms.time_zone
    at, told_at = (
        values.instant(canonical.instant(row.recorded_at.replace(second=0, microsecond=0)), zone)
        for row in (second, first)
    )
    said = (
        f"Corrected on {at}; before, told on {told_at}: 3 (case of opening fire); Northcape 2; North shore 1. "
        "Why: One came in late."
    )
    client.force_login(people.guarantor_birch)
    for page in (alder.get(DAYS, MARCH), client.get(DAYS, MARCH)):
        assert said in page.content.decode()
    client.force_login(people.moderator_independent)
    page = client.get(reverse("admin:violations_dailyreturn_change", args=[second.public_id])).content.decode()
    assert "a correction (total before: 3)" in page


def test_an_area_that_was_written_by_its_code_bears_its_name_also_in_what_was_corrected(exercise, alder):
    told = replace(TOLD, owner="alder", lines=(Line("VA03", 3), Line("the Harbour", 2)))
    record_return(exercise, told, by=None)
    text = alder.get(DAYS, MARCH).content.decode()
    assert "Eastfold 3; the Harbour 2" in text
    assert "VA03" not in text
    form = alder.get(FORM, {"on": "2025-03-05", "ledger": "alder"}).content.decode()
    assert "Eastfold 3; the Harbour 2" in form
    record_return(exercise, replace(told, total=6, breakdown="partial"), by=None, correct=True)
    text = alder.get(DAYS, MARCH).content.decode()
    assert "before, told on" in text
    assert text.count("Eastfold 3; the Harbour 2") == 2
    assert "VA03" not in text


def test_names_that_are_read_anew_are_no_correction(exercise, alder, tmp_path):
    told = replace(TOLD, lines=(Line("the old quarter", 3), Line("Northcape", 2, area="VA01")))
    record_return(exercise, told, by=None)
    reloaded(tmp_path, ('["the Harbour"]', '["the Harbour", "the old quarter"]'))
    again = record_return(exercise, told, by=None)
    assert (again.outcome, DailyReturn.objects.count()) == (Outcome.READ_ANEW, 2)
    assert "Corrected on" not in alder.get(DAYS, MARCH).content.decode()
    record_return(exercise, replace(told, total=6, breakdown="partial"), by=None, correct=True)
    assert "before, told on" in alder.get(DAYS, MARCH).content.decode()


def test_one_s_word_on_another_s_cases_is_filed_and_acknowledged_by_the_other(alder, client, people):
    text = alder.get(FORM, {"on": "2025-03-05", "ledger": "birch"}).content.decode()
    assert "What Alder" in text
    assert "Of these, not confirmed" in text
    word = {"on": "2025-03-05", "total": "12", "unit": "case_of_fire", "confirmed": "3", "not_confirmed": "9"}
    assert alder.post(f"{FORM}?ledger=birch", word).status_code == 302
    told = DailyReturn.objects.get()
    assert (told.owner.code, told.teller.code, told.confirmed) == ("birch", "alder", 3)
    where = reverse("return-acknowledgement", args=[told.public_id])
    assert where not in alder.get(DAYS, MARCH).content.decode()
    client.force_login(people.guarantor_birch)
    text = client.get(DAYS, MARCH).content.decode()
    assert where in text
    assert "confirms 3; does not confirm 9" in text
    assert client.post(where).status_code == 302
    assert ReturnAcknowledgement.objects.get().by == people.guarantor_birch
    text = client.get(DAYS, MARCH).content.decode()
    assert where not in text
    assert "acknowledged by the owner" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"total": ""}, "Total announced: This field is required."),
        ({"total": "2"}, "the lines make 3, the total is 2"),
        ({"on": "2125-03-05"}, "has not ended yet"),
        ({"on": "soon"}, "Date that the return bears: Enter a valid date."),
    ],
)
def test_what_is_wrong_is_shown_and_nothing_is_recorded(alder, changes, said):
    answer = alder.post(FORM, {**GIVEN, **changes})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not DailyReturn.objects.exists()


def test_a_day_filed_already_is_not_filed_a_second_time(alder):
    alder.post(FORM, GIVEN)
    answer = alder.post(FORM, {**GIVEN, "total": "9"})
    assert answer.status_code == 400
    assert "there already" in answer.content.decode()


def test_before_the_day_is_due_the_others_see_that_it_is_there_and_not_what_it_says(client, people, exercise):
    on = days.day_holding(exercise.terms, timezone.now()).date - days.ONE_DAY
    file_return(exercise, FiledReturn(on, 777, "none"), by=people.guarantor_birch)
    asked = {"until": (on + days.ONE_DAY).isoformat()}
    client.force_login(people.guarantor_alder)
    text = client.get(DAYS, asked).content.decode()
    assert "returned; shown to the others when the day is due" in text
    assert "777" not in text
    client.force_login(people.guarantor_birch)
    assert "777" in client.get(DAYS, asked).content.decode()


@pytest.mark.parametrize("who", ["monitor_north", "moderator_south", "operator", "superuser"])
def test_who_speaks_for_no_guarantor_gets_an_explanation_and_no_form(client, people, who):
    client.force_login(getattr(people, who))
    assert "There is nothing here for your account" in client.get(reverse("returns")).content.decode()
    for address in (DAYS, FORM):
        assert client.get(address).status_code == 404
    assert client.post(FORM, GIVEN).status_code == 404
    assert not DailyReturn.objects.exists()
    assert AuditEntry.objects.filter(outcome="denied", action="truce-filing").count() == 2


def test_another_truce_s_pages_are_not_there(alder, astana):
    assert alder.get(reverse("truce-returns", args=["astana-2016"])).status_code == 404
    assert alder.get(FORM, {"ledger": "elm"}).status_code == 404


def test_the_pages_can_be_used_by_everyone(alder, people, exercise):
    file_return(exercise, FiledReturn(date(2025, 3, 5), 2, "none", ledger="alder"), by=people.guarantor_birch)
    refused = alder.post(FORM, {})
    texts = [
        *(alder.get(address, MARCH).content.decode() for address in (DAYS, FORM)),
        refused.content.decode(),
    ]
    for text in texts:
        outline = Outline(text)
        assert outline.headings.count(1) == 1
        assert set(outline.points) <= set(outline.ids)
        assert len(set(outline.ids)) == len(outline.ids)
        assert set(outline.controls) <= set(outline.labels)
        assert "script" not in outline.tags
        assert not outline.styled
    assert "<title>Error: " in texts[-1]


def test_the_list_asks_no_more_for_more_returns(alder, people, exercise, django_assert_max_num_queries):
    for day in range(1, 10):
        file_return(exercise, FiledReturn(date(2025, 3, day), day, "none"), by=people.guarantor_birch)
    with django_assert_max_num_queries(31):  # five of them write that the days were looked at
        alder.get(DAYS, MARCH)


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_dates_that_no_clock_knows_turn_no_page_and_are_told_at_their_field(alder, on):
    assert "31 March 2025" in alder.get(DAYS, {"until": on}).content.decode()
    assert alder.get(FORM, {"on": on}).status_code == 200
    answer = alder.post(FORM, {**GIVEN, "on": on})
    assert (answer.status_code, set(answer.context["form"].errors)) == (400, {"on"})


def test_where_ledgers_are_taken_from_publications_the_form_says_what_is_filed_beside_them(client, people, astana):
    russia = astana.guarantors.get(code="russia")
    accreditation.accredit(people.guarantor_alder, astana, "guarantor", by=None, guarantor=russia)
    client.force_login(people.guarantor_alder)
    said = "The ledgers of this truce are taken from publications"
    assert said in client.get(reverse("truce-filing", args=["astana-2016"])).content.decode()
    assert said not in client.get(FORM).content.decode()
