"""A party's liaison files what the party alleges: its own word, which nobody takes for what a monitor observed."""

import pytest

from monitoring import accreditation
from monitoring.models import User
from tests.everybody import client_of
from tests.violations.documents import REPORTS, correction, device_of, document
from tests.violations.occasions import filed, incident_of, under_review
from violations import linking, questions, review
from violations.models import Assessment, IncidentReport

pytestmark = pytest.mark.django_db


def liaison_of(exercise, party="south-guard", name="liaison-south"):
    user = User.objects.create(username=name)
    accreditation.accredit(user, exercise, "liaison", by=None, party=exercise.parties.get(code=party))
    return user


@pytest.fixture
def liaison(exercise):
    return liaison_of(exercise)


@pytest.fixture
def device(liaison):
    return device_of(liaison)


def complaint(**changes):
    return document(**{"means": "party_notification", **changes})


def test_what_a_liaison_files_is_the_party_s_own_word(exercise, device):
    answer = device.post(REPORTS, complaint())
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["told_by"], told["team"], told["channel"]) == ("south-guard", None, "")
    report = IncidentReport.objects.get()
    assert (report.told_by.code, report.team, report.means) == ("south-guard", None, "party_notification")
    assert Assessment.objects.open().get().lead_report == report, "it is registered, as an incident of its own"
    again = device.post(REPORTS, complaint(client_id=told["client_id"]))
    assert (again.content, again["Idempotency-Replayed"]) == (answer.content, "true")


def test_of_another_complaint_under_the_same_client_id_what_differs_is_shown_and_no_team(exercise, device):
    told = device.post(REPORTS, complaint()).json()
    refused = device.post(REPORTS, complaint(client_id=told["client_id"], act="direct_fire"))
    assert refused.status_code == 409
    assert [row["pointer"] for row in refused.json()["differences"]] == ["#/act"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"means": "saw"}, "#/means"),
        ({"team": "team-alder"}, "#/team"),
        ({"channel": "caller"}, "#/channel"),
        ({"told_by": "north-army"}, "#/told_by"),
    ],
)
def test_it_cannot_pass_for_what_a_team_observed(exercise, device, changes, pointer):
    refused = device.post(REPORTS, complaint(**changes))
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (400, [pointer])
    assert not IncidentReport.objects.exists()


def test_a_liaison_sees_corrects_and_withdraws_the_party_s_complaints_and_no_others(exercise, people, device):
    told = device.post(REPORTS, complaint()).json()
    filed(exercise, people.monitor_north)
    assert [row["id"] for row in device.get(REPORTS).json()["results"]] == [told["id"]]
    other = device_of(liaison_of(exercise, "north-army", "liaison-north"))
    assert other.get(REPORTS).json()["results"] == []
    assert other.get(f"{REPORTS}{told['id']}/").status_code == 404
    body = {**correction(means="party_notification", act="direct_fire")}
    corrected = device.post(f"{REPORTS}{told['id']}/corrections/", body)
    assert (corrected.status_code, corrected.json()["told_by"]) == (201, "south-guard")
    gone = device.post(f"{REPORTS}{corrected.json()['id']}/withdrawal/", {"grounds": "Settled between the parties."})
    assert gone.json()["state"] == "withdrawn"
    assert device.get(f"/api/v1/receipts/{told['receipt']}/").status_code == 200


def test_a_liaison_is_asked_and_answers(exercise, people, device):
    report = IncidentReport.objects.get(public_id=device.post(REPORTS, complaint()).json()["id"])
    asked = questions.ask(under_review(report, people.moderator_south), by=people.moderator_south, grounds="Who saw?")
    said = {"answer": "Our post by the weir.", "language": "en"}
    assert device.post(f"/api/v1/questions/{asked.public_id}/answer/", said).status_code == 201
    assert review.state_of(report) == "under_review"


def test_moderators_read_whose_word_it_is_and_what_a_team_observed_leads(exercise, people, device):
    word = IncidentReport.objects.get(public_id=device.post(REPORTS, complaint()).json()["id"])
    observed = under_review(filed(exercise, people.monitor_north), people.moderator_north)
    linking.link(observed, incident_of(word), by=people.moderator_north, kind="same_event", grounds="One event.")
    assert Assessment.objects.open().get().lead_report == observed
    page = client_of(people.moderator_north).get(f"/admin/violations/incidentreport/{word.public_id}/")
    assert "Filed by the liaison of South Guard" in page.content.decode()
    assert "liaison-south" not in page.content.decode()


def test_who_is_a_liaison_no_more_files_nothing(exercise, device, liaison):
    told = device.post(REPORTS, complaint()).json()
    accreditation.end(accreditation.last_held_by(liaison, "liaison", exercise), by=None)
    assert device.post(REPORTS, complaint()).status_code in {401, 403}
    assert device.get(f"{REPORTS}{told['id']}/").status_code in {401, 403}


def test_a_monitor_whom_the_party_sent_says_by_the_team_that_it_is_the_team_s(exercise, liaison):
    accreditation.accredit(
        liaison,
        exercise,
        "monitor",
        by=None,
        team=exercise.teams.get(code="team-joint"),
        party=exercise.parties.get(code="south-guard"),
    )
    both = device_of(liaison)
    word = both.post(REPORTS, complaint()).json()
    observed = both.post(REPORTS, document()).json()
    notified = both.post(REPORTS, complaint(team="team-joint")).json()
    assert [(row["told_by"], row["team"]) for row in (word, observed, notified)] == [
        ("south-guard", None),
        (None, "team-joint"),
        (None, "team-joint"),
    ]
    body = correction(means="saw")
    refused = both.post(f"{REPORTS}{word['id']}/corrections/", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/means")
