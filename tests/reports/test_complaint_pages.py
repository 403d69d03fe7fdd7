"""The pages of a party's liaison: file a complaint, see how it stands, answer what is asked."""

import pytest
from django.urls import reverse

from monitoring.models import User
from tests.everybody import client_of
from tests.violations.documents import REPORTS, device_of
from tests.violations.occasions import filed, under_review
from tests.violations.test_complaints import complaint, liaison_of
from violations import filing, questions, review
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
    assert reverse("complaint-correction", args=[report.public_id]) in text


def as_filled(answer):
    """What a browser hands in of the form that a page shows, untouched."""
    form = answer.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in shown.items() if value is not None and value is not False}


def test_what_was_returned_with_a_question_is_answered_by_a_correction_on_the_page(page, people):
    page.post(FORM, COMPLAINT)
    first = under_review(IncidentReport.objects.get(), people.moderator_north)
    review.return_with_question(first, by=people.moderator_north, grounds="Which mill?")
    where = reverse("complaint-correction", args=[first.public_id])
    shown = page.get(where)
    assert "Which mill?" in shown.content.decode()
    assert f"Correction of {first.receipt}" in shown.content.decode()
    filled = as_filled(shown)
    answer = page.post(where, {**filled, "place_as_written": "by the upper mill"}, follow=True)
    latest = IncidentReport.objects.get(revision=2)
    assert (latest.chain, latest.place_as_written, latest.told_by) == (first.chain, "by the upper mill", first.told_by)
    assert f"The correction is recorded. Its receipt is {latest.receipt}" in answer.content.decode()
    assert review.state_of(latest) == "submitted"
    page.post(where, {**filled, "place_as_written": "by the upper mill"})
    assert IncidentReport.objects.count() == 2, "handed in twice it is the same"
    assert page.get(where).status_code == 409, "the latest is corrected, not what was corrected before"
    late = page.post(where, {**COMPLAINT, "client_id": "5d3f5a0e-52a1-4a0e-8f6c-0a7b6f1e9c12"})
    assert (late.status_code, IncidentReport.objects.count()) == (409, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"clock": ""},
        {"clock": "12:05", "to_the_hour": "on"},
        {"area": "", "coordinates": "-48.81, -123.4912345", "place_precision": "exact"},
        {"alleged": "North Army; somebody else", "target": "South Guard", "weapon": "mortar"},
        {"count": "3", "count_qualifier": "about", "count_unit": "explosion", "objects_hit": ["school", "market"]},
        {"killed": "0", "injured": "2", "harmed": "civilian"},
        {"narrative": "", "narrative_language": ""},
    ],
)
def test_handed_in_untouched_the_form_of_a_correction_says_what_was_filed(page, changes):
    assert page.post(FORM, {**COMPLAINT, **changes}).status_code == 302
    first = IncidentReport.objects.get()
    where = reverse("complaint-correction", args=[first.public_id])
    assert page.post(where, as_filled(page.get(where))).status_code == 302
    again = IncidentReport.objects.get(revision=2)
    assert again.content_sha256 == first.content_sha256


@pytest.mark.parametrize(
    "more",
    [
        {"source": {"relation": "resident"}},
        {"casualties": {"killed": {"civilian": {"low": 1, "high": 3}}}},
        {"parties": [{"role": "involved", "name": "North Army"}]},
        {"weapon": {"family": "mortar", "calibre_mm": 120}},
    ],
)
def test_what_says_more_than_the_form_is_not_cut_short_by_it(page, exercise, more):
    device = device_of(User.objects.get(username="liaison-south"))
    filed = device.post(REPORTS, complaint(**more))
    assert filed.status_code == 201, filed.json()
    where = reverse("complaint-correction", args=[filed.json()["id"]])
    for answer in (page.get(where), page.post(where, COMPLAINT)):
        assert answer.status_code == 409
        assert "says more than the form has fields for" in answer.content.decode()
    assert IncidentReport.objects.count() == 1


def test_what_is_wrong_with_a_correction_stands_at_its_field_and_what_is_withdrawn_has_none(page, people):
    page.post(FORM, COMPLAINT)
    report = IncidentReport.objects.get()
    where = reverse("complaint-correction", args=[report.public_id])
    refused = page.post(where, {**COMPLAINT, "act": ""})
    assert (refused.status_code, "act" in refused.context["form"].errors) == (400, True)
    filing.withdraw(report, by=User.objects.get(username="liaison-south"), grounds="Told twice.")
    assert where not in page.get(LIST).content.decode()
    withdrawn = page.post(where, {**COMPLAINT, "client_id": "5d3f5a0e-52a1-4a0e-8f6c-0a7b6f1e9c12"})
    assert (withdrawn.status_code, IncidentReport.objects.count()) == (409, 1)


def test_nobody_else_sees_it_or_files_for_the_party(page, exercise, people):
    page.post(FORM, COMPLAINT)
    report = under_review(IncidentReport.objects.get(), people.moderator_north)
    asked = questions.ask(report, by=people.moderator_north, grounds="Who saw it?")
    where = reverse("complaint-question", args=[asked.public_id])
    other = client_of(liaison_of(exercise, "north-army", "liaison-north"))
    assert report.receipt not in other.get(LIST).content.decode()
    assert other.get(where).status_code == 404
    mending = reverse("complaint-correction", args=[report.public_id])
    assert (other.get(mending).status_code, other.post(mending, COMPLAINT).status_code) == (404, 404)
    for person in (people.monitor_north, people.guarantor_birch):
        stranger = client_of(person)
        assert "There is nothing here for your account" in stranger.get(LIST).content.decode()
        assert (stranger.get(FORM).status_code, stranger.post(FORM, COMPLAINT).status_code) == (404, 404)
    filed(exercise, people.monitor_north)
    assert IncidentReport.objects.filter(told_by__isnull=False).count() == 1


def test_the_liaison_s_home_is_the_complaints(page):
    assert page.get("/")["Location"] == LIST
    assert page.get(reverse("admin:index")).status_code == 403
