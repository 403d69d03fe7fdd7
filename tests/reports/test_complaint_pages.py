"""The pages of a party's liaison: file a complaint, see how it stands, answer what is asked."""

import pytest
from django.urls import reverse

from tests.everybody import client_of
from tests.violations.occasions import filed, under_review
from tests.violations.test_complaints import liaison_of
from violations import questions, review
from violations.models import IncidentReport

pytestmark = pytest.mark.django_db
LIST = reverse("complaints")
FORM = reverse("complaint-file", args=["exercise"])
COMPLAINT = {
    "client_id": "5d3f5a0e-52a1-4a0e-8f6c-0a7b6f1e9c11",
    "day": "2025-03-10",
    "clock": "12:05",
    "place_as_written": "by the mill",
    "area": "VA01",
    "act": "indirect_fire",
    "alleged": "North Army",
    "narrative": "Three impacts behind the mill.",
    "narrative_language": "en",
}


@pytest.fixture
def page(exercise):
    return client_of(liaison_of(exercise))


def test_a_complaint_is_filed_as_the_party_s_own_word_and_listed_with_its_receipt(page):
    answer = page.post(FORM, COMPLAINT, follow=True)
    report = IncidentReport.objects.get()
    assert (report.told_by.code, report.means, report.team) == ("south-guard", "party_notification", None)
    shown = answer.content.decode()
    assert f"Its receipt is {report.receipt}" in shown
    for said in ("Indirect fire", "by the mill", "10 March 2025, 12:05 (UTC−08:00)", "Submitted"):
        assert said in shown
    page.post(FORM, COMPLAINT)
    assert IncidentReport.objects.count() == 1, "handed in twice it is the same"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"act": ""}, "act"), ({"area": ""}, "area"), ({"day": "2125-01-01"}, "day"), ({"count": "3"}, "count_unit")],
)
def test_what_is_wrong_stands_at_its_field(page, changes, field):
    refused = page.post(FORM, {**COMPLAINT, **changes})
    assert refused.status_code == 400
    assert field in refused.context["form"].errors
    assert "Three impacts behind the mill." in refused.content.decode()
    assert not IncidentReport.objects.exists()


def test_where_it_was_is_asked_in_the_words_of_the_form_and_the_cursor_is_not_put_over_a_fault(page):
    assert "autofocus" in page.get(FORM).content.decode()
    refused = page.post(FORM, {**COMPLAINT, "area": "", "coordinates": ""}).content.decode()
    assert "Say where: choose an area, or give latitude and longitude." in refused
    assert "autofocus" not in refused


def test_the_form_has_nothing_of_a_duty_officer_s(page):
    shown = page.get(FORM).content.decode()
    assert "Complaint of South Guard" in shown
    for name in ("channel", "team", "means", "told_by_name"):
        assert f'name="{name}"' not in shown


def test_a_question_is_read_and_answered_once(page, people):
    page.post(FORM, COMPLAINT)
    report = under_review(IncidentReport.objects.get(), people.moderator_north)
    asked = questions.ask(report, by=people.moderator_north, grounds="Who saw it?")
    where = reverse("complaint-question", args=[asked.public_id])
    assert where in page.get(LIST).content.decode()
    assert "moderator-north" not in page.get(where).content.decode()
    assert page.post(where, {"answer": "", "language": "en"}).status_code == 400
    assert page.post(where, {"answer": "Our post.", "language": "English!"}).status_code == 400
    assert page.post(where, {"answer": "Our post.", "language": "en"}).status_code == 302
    assert review.state_of(report) == "under_review"
    assert "Our post." in page.get(where).content.decode()
    assert page.post(where, {"answer": "Another.", "language": "en"}).status_code == 409


def test_what_a_report_was_returned_with_is_told(page, people):
    page.post(FORM, COMPLAINT)
    report = under_review(IncidentReport.objects.get(), people.moderator_north)
    review.return_with_question(report, by=people.moderator_north, grounds="Which mill?")
    text = page.get(LIST).content.decode()
    assert "Which mill?" in text
    assert "is answered by a correction, over the API" in text


def test_nobody_else_sees_it_or_files_for_the_party(page, exercise, people):
    page.post(FORM, COMPLAINT)
    report = under_review(IncidentReport.objects.get(), people.moderator_north)
    asked = questions.ask(report, by=people.moderator_north, grounds="Who saw it?")
    where = reverse("complaint-question", args=[asked.public_id])
    other = client_of(liaison_of(exercise, "north-army", "liaison-north"))
    assert report.receipt not in other.get(LIST).content.decode()
    assert other.get(where).status_code == 404
    for person in (people.monitor_north, people.guarantor_birch):
        stranger = client_of(person)
        assert "There is nothing here for your account" in stranger.get(LIST).content.decode()
        assert (stranger.get(FORM).status_code, stranger.post(FORM, COMPLAINT).status_code) == (404, 404)
    filed(exercise, people.monitor_north)
    assert IncidentReport.objects.filter(told_by__isnull=False).count() == 1


def test_the_liaison_s_home_is_the_complaints(page):
    assert page.get("/")["Location"] == LIST
    assert page.get(reverse("admin:index")).status_code == 403
