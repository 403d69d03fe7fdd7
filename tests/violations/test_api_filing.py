"""A monitor's device files, corrects and withdraws; what it sends twice is recorded once."""

import pytest

from monitoring import accreditation, devices
from monitoring.models import AuditEntry
from tests.violations.documents import REPORTS, correction, device_of, document
from tests.violations.occasions import agreed, breach, incident_of, under_review
from violations import review
from violations.models import IncidentReport


def report_of(answer):
    """The report that an answer tells of."""
    return IncidentReport.objects.get(public_id=answer.json()["id"])


def test_a_report_is_filed_and_told_back(exercise, people):
    device = device_of(people.monitor_north)
    answer = device.post(REPORTS, document(client_id="phone:1"))
    assert answer.status_code == 201
    told = answer.json()
    assert answer["Location"].endswith(f"{REPORTS}{told['id']}/")
    assert (told["state"], told["reason"], told["in_effect"], told["revision"]) == ("submitted", "", True, 1)
    assert told["occurred"] == {
        "from": "2025-03-10T20:00:00Z",
        "until": "2025-03-10T20:10:00Z",
        "precision": "minute",
    }
    assert told["parties"] == [
        {"role": "alleged", "name": "Army of the North", "party": "north-army"},
        {"role": "target", "name": "men of the coast", "party": None},
    ]
    assert told["casualties"] == {"injured": {"civilian": {"low": 1, "high": 2}}}
    assert (told["client_id"], told["team"], told["agreement"]) == ("phone:1", "team-alder", "exercise")
    assert told["recorded_at"].endswith(":00Z")
    assert "Weaver" not in answer.content.decode()
    assert device.get(answer["Location"]).json() == told


def test_the_same_again_has_the_first_answer_and_other_content_is_409(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document(client_id="phone:1"))
    again = device.post(REPORTS, document(client_id="phone:1"))
    assert (again.status_code, again.content) == (201, first.content)
    assert (again["Location"], again["Idempotency-Replayed"]) == (first["Location"], "true")
    assert "Idempotency-Replayed" not in first
    for other in (document(client_id="phone:1", act="device"), document(client_id="phone:1", source={"name": "B"})):
        refused = device.post(REPORTS, other)
        assert (refused.status_code, refused.json()["code"]) == (409, "client_id_taken")
    assert IncidentReport.objects.count() == 1


def test_the_same_from_another_device_of_the_same_person_is_the_same(exercise, people):
    first = device_of(people.monitor_north).post(REPORTS, document(client_id="a"))
    again = device_of(people.monitor_north).post(REPORTS, document(client_id="a"))
    assert (again.status_code, again.content) == (201, first.content)


def test_a_correction_is_a_new_revision_that_names_what_it_supersedes(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document())
    where = f"{REPORTS}{first.json()['id']}/corrections/"
    body = correction(act="air_strike")
    answer = device.post(where, body)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["revision"], told["supersedes"], told["act"]) == (2, first.json()["id"], "air_strike")
    assert told["chain"] == first.json()["chain"]
    again = device.post(where, body)
    assert (again.status_code, again.json()) == (201, told)
    old = device.get(first["Location"]).json()
    assert (old["state"], old["in_effect"], old["act"]) == ("superseded", False, "indirect_fire")
    stale = device.post(where, correction())
    assert (stale.status_code, stale.json()["code"], stale.json()["latest"]) == (409, "not_latest", told["id"])


def test_a_correction_after_a_finding_is_recorded_and_not_yet_in_effect(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document(casualties={}, objects_hit=[]))
    incident = incident_of(report_of(first))
    agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    answer = device.post(f"{REPORTS}{first.json()['id']}/corrections/", correction(act="air_strike"))
    assert (answer.status_code, answer.json()["in_effect"]) == (201, False)
    assert device.get(first["Location"]).json()["in_effect"]


def test_a_withdrawal_keeps_the_report_and_its_grounds(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document())
    where = f"{REPORTS}{first.json()['id']}/withdrawal/"
    for _again in range(2):
        answer = device.post(where, {"grounds": "It was thunder."})
        assert answer.status_code == 200
        told = answer.json()
        assert (told["state"], told["reason"], told["in_effect"]) == ("withdrawn", "It was thunder.", False)
    assert device.post(where, {"grounds": "Other."}).json()["code"] == "withdrawn"
    refused = device.post(f"{REPORTS}{first.json()['id']}/corrections/", correction())
    assert (refused.status_code, refused.json()["code"]) == (409, "withdrawn")


def test_a_returned_report_tells_the_question_and_a_linked_one_not_the_grounds(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document())
    report = under_review(report_of(first), people.moderator_south)
    review.return_with_question(report, by=people.moderator_south, grounds="Which bank of the river?")
    told = device.get(first["Location"]).json()
    assert (told["state"], told["reason"]) == ("returned", "Which bank of the river?")
    assert "moderator" not in str(told)
    second = device.post(f"{REPORTS}{first.json()['id']}/corrections/", correction())
    under_review(report_of(second), people.moderator_south)
    review.accept(report_of(second), by=people.moderator_south, grounds="So says the south's monitor too.")
    told = device.get(second["Location"]).json()
    assert (told["state"], told["reason"]) == ("linked", "")


def test_an_accreditation_that_ended_closes_every_door_at_once(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document())
    accreditation.end(people.monitor_north.accreditations.get(), by=None)
    one = f"{REPORTS}{first.json()['id']}/"
    answers = [
        device.post(REPORTS, document()),
        device.get(REPORTS),
        device.get(one),
        device.post(f"{one}corrections/", correction()),
        device.post(f"{one}withdrawal/", {"grounds": "Too late."}),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "not_authenticated")}


def test_a_revoked_token_opens_nothing_and_another_device_still_does(exercise, people):
    lost, kept = device_of(people.monitor_north), device_of(people.monitor_north)
    name = people.monitor_north.auth_token_set.order_by("created").first().name
    devices.revoke(people.monitor_north, name=name, by=None)
    assert lost.get(REPORTS).status_code == 401
    assert kept.get(REPORTS).status_code == 200


@pytest.mark.parametrize("token", ["", "Token", "Token wrong", "Token a b", "Token \xff\xfe", "Token a\0", "Bearer x"])
def test_without_a_valid_token_the_answer_is_401_and_always_the_same(client, db, token):
    answer = client.get(REPORTS, headers={"authorization": token} if token else {})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"] == "Token"


def test_an_account_that_was_closed_cannot_file(exercise, people):
    device = device_of(people.monitor_north)
    people.monitor_north.is_active = False
    people.monitor_north.save()
    assert device.post(REPORTS, document()).status_code == 401


def test_a_truce_that_one_does_not_monitor_and_one_that_is_none_are_refused_alike(exercise, people):
    device = device_of(people.monitor_north)
    refused = device.post(REPORTS, document(agreement="atlantis"))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_accredited")
    assert "atlantis" not in refused.json()["detail"]


def test_denials_are_audited_without_the_report_that_they_were_about(exercise, people):
    first = device_of(people.monitor_north).post(REPORTS, document())
    other = device_of(people.monitor_south)
    for answer in (
        other.get(first["Location"]),
        other.post(f"{REPORTS}{first.json()['id']}/corrections/", correction()),
        other.post(f"{REPORTS}{first.json()['id']}/withdrawal/", {"grounds": "Not mine."}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    device_of(people.guarantor_alder).get(REPORTS)
    rows = AuditEntry.objects.filter(outcome="denied").order_by("pk")
    assert [(row.actor.username, row.action, row.reason) for row in rows] == [
        ("monitor-south", "get incident-report", "not_found"),
        ("monitor-south", "post incident-report-corrections", "not_found"),
        ("monitor-south", "post incident-report-withdrawal", "not_found"),
        ("guarantor-alder", "get incident-reports", "not_accredited"),
    ]
    assert {row.object_id for row in rows} == {""}
