"""A moderator asks whoever filed a report, the filer answers over the API, and neither reads who the other is."""

import pytest

from monitoring.errors import Forbidden, Malformed, NotNow
from tests.everybody import client_of
from tests.violations.documents import REPORTS, correction, device_of, document
from tests.violations.occasions import under_review
from violations import questions, review
from violations.models import FilerAnswer, IncidentReport, ReviewStep

QUESTIONS = "/api/v1/questions/"
SAID = {"answer": "On the eastern bank, below the weir.", "language": "en"}


@pytest.fixture
def device(people):
    return device_of(people.monitor_north)


@pytest.fixture
def asked(exercise, people, device):
    """A question about a report of the north's monitor."""
    report = IncidentReport.objects.get(public_id=device.post(REPORTS, document(client_id="a")).json()["id"])
    under_review(report, people.moderator_south)
    return questions.ask(report, by=people.moderator_south, grounds=" Which bank? ")


def answer_of(asked):
    return f"{QUESTIONS}{asked.public_id}/answer/"


def test_a_question_sets_the_review_aside_and_its_filer_reads_it(asked, device):
    (told,) = device.get(QUESTIONS).json()["results"]
    assert told["asked_at"].endswith(":00Z")
    assert (told["id"], told["report"], told["receipt"]) == (
        str(asked.public_id),
        str(asked.report.public_id),
        asked.report.receipt,
    )
    assert (told["question"], told["answer"], told["answered_at"]) == ("Which bank?", None, None)
    report = device.get(f"{REPORTS}{told['report']}/").json()
    assert (report["state"], report["reason"]) == ("awaiting_reply", "")
    assert [row["id"] for row in report["questions"]] == [told["id"]]
    assert "moderator" not in str(report)


def test_the_answer_takes_the_review_up_again_by_its_filer(asked, device, people):
    answer = device.post(answer_of(asked), SAID)
    told = answer.json()
    assert (answer.status_code, told["answer"], told["language"]) == (201, SAID["answer"], "en")
    assert device.get(QUESTIONS).json()["results"] == [told]
    assert device.get(f"{QUESTIONS}?state=answered").json()["results"] == [told]
    assert device.get(f"{QUESTIONS}?state=open").json()["results"] == []
    last = ReviewStep.objects.latest("pk")
    assert (last.state, last.by) == ("under_review", None)
    review.accept(asked.report, by=people.moderator_south)


def test_an_answer_sent_again_is_answered_as_at_first_and_another_is_refused(asked, device):
    first, again = device.post(answer_of(asked), SAID), device.post(answer_of(asked), SAID)
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (201, first.content, "true")
    other = device.post(answer_of(asked), {**SAID, "answer": "On the western bank."})
    assert (other.status_code, other.json()["code"]) == (409, "answered")
    assert FilerAnswer.objects.count() == 1


def test_a_filing_sent_again_after_a_question_is_answered_as_at_first(asked, device):
    again = device.post(REPORTS, document(client_id="a")).json()
    assert (again["state"], again["questions"]) == ("submitted", [])


def test_nobody_else_reads_or_answers_it(asked, people):
    for other in (people.monitor_south, people.monitor_independent):
        stranger = device_of(other)
        assert stranger.get(QUESTIONS).json()["results"] == []
        assert stranger.post(answer_of(asked), SAID).status_code == 404
    for other in (people.moderator_south, people.guarantor_alder):
        assert device_of(other).post(answer_of(asked), SAID).status_code == 403
    assert not FilerAnswer.objects.exists()


def test_a_late_answer_is_recorded_and_moves_nothing(asked, device, people):
    review.take(asked.report, by=people.moderator_south)
    review.accept(asked.report, by=people.moderator_south)
    assert device.post(answer_of(asked), SAID).status_code == 201
    assert review.state_of(asked.report) == "linked"


def test_an_answer_to_an_older_question_leaves_the_newer_one_open(asked, device, people):
    review.take(asked.report, by=people.moderator_south)
    newer = questions.ask(asked.report, by=people.moderator_south, grounds="How many?")
    assert device.post(answer_of(asked), SAID).status_code == 201
    assert review.state_of(asked.report) == "awaiting_reply"
    assert device.post(answer_of(newer), {**SAID, "answer": "Three."}).status_code == 201
    assert review.state_of(asked.report) == "under_review"


def test_a_question_may_be_answered_after_a_correction_and_not_after_a_withdrawal(asked, device, people):
    corrected = device.post(f"{REPORTS}{asked.report.public_id}/corrections/", correction()).json()
    assert device.post(answer_of(asked), SAID).status_code == 201
    report = IncidentReport.objects.get(public_id=corrected["id"])
    assert review.state_of(report) == "submitted"
    under_review(report, people.moderator_south)
    second = questions.ask(report, by=people.moderator_south, grounds="And then?")
    device.post(f"{REPORTS}{corrected['id']}/withdrawal/", {"grounds": "It was thunder."})
    refused = device.post(answer_of(second), SAID)
    assert (refused.status_code, refused.json()["code"]) == (409, "withdrawn")


FAULTS = [
    ({"answer": " "}, "#/answer"),
    ({"answer": "x" * 4001}, "#/answer"),
    ({"language": "English!"[:8]}, "#/language"),
    ({"language": None}, "#/language"),
    ({"by": "me"}, "#/by"),
]


@pytest.mark.parametrize(("changes", "pointer"), FAULTS)
def test_what_is_wrong_with_an_answer_is_told(asked, device, changes, pointer):
    refused = device.post(answer_of(asked), {**SAID, **changes})
    assert (refused.status_code, [row["pointer"] for row in refused.json()["errors"]]) == (400, [pointer])


def test_only_a_moderator_who_did_not_file_it_asks_and_only_under_review(exercise, people, asked):
    for by in (people.monitor_north, people.guarantor_alder):
        with pytest.raises(Forbidden):
            questions.ask(asked.report, by=by, grounds="Why?")
    with pytest.raises(NotNow):
        questions.ask(asked.report, by=people.moderator_south, grounds="Again?")
    for words in (" ", "x" * 4001):
        with pytest.raises(Malformed):
            questions.ask(asked.report, by=people.moderator_south, grounds=words)


def test_moderators_ask_and_read_the_answer_in_the_admin(asked, device, people):
    page = f"/admin/violations/incidentreport/{asked.report.public_id}/"
    client = client_of(people.moderator_north)
    assert "Not answered yet." in client.get(page).content.decode()
    device.post(answer_of(asked), SAID)
    shown = client.get(page).content.decode()
    assert SAID["answer"] in shown
    assert "monitor-north" not in shown
    assert client.post(f"{page}ask/", {"grounds": "How many?"}).status_code == 302
    assert review.state_of(asked.report) == "awaiting_reply"
