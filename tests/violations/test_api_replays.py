"""What is sent again is answered as the first time, for ever; what is sent otherwise is told apart for its owner."""

import pytest

from monitoring import accreditation
from tests.violations.documents import REPORTS, correction, device_of, document
from tests.violations.occasions import agreed, breach, incident_of, under_review
from violations import receipts, review
from violations.models import IncidentReport


def report_of(answer):
    return IncidentReport.objects.get(public_id=answer.json()["id"])


def same(one, other):
    return (one.status_code, one.content, one["Location"]) == (other.status_code, other.content, other["Location"])


def test_whatever_became_of_it_a_filing_sent_again_is_answered_as_at_first(exercise, people):
    device = device_of(people.monitor_north)
    body = document(casualties={}, objects_hit=[])
    first = device.post(REPORTS, body)
    under_review(report_of(first), people.moderator_south)
    review.return_with_question(report_of(first), by=people.moderator_south, grounds="Which bank?")
    assert same(first, device.post(REPORTS, body))
    fix = correction(act="direct_fire", casualties={}, objects_hit=[])
    corrected = device.post(f"{REPORTS}{first.json()['id']}/corrections/", fix)
    assert same(first, device.post(REPORTS, body))
    incident = incident_of(report_of(first))
    agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    assert same(corrected, device.post(f"{REPORTS}{first.json()['id']}/corrections/", fix))
    where = f"{REPORTS}{corrected.json()['id']}/withdrawal/"
    withdrawn = device.post(where, {"grounds": "It was thunder."})
    assert device.post(where, {"grounds": "It was thunder."}).content == withdrawn.content
    assert same(first, device.post(REPORTS, body))
    now = device.get(first["Location"]).json()
    assert (first.json()["state"], now["state"]) == ("submitted", "superseded")


def test_a_correction_that_waited_for_two_is_answered_again_as_not_yet_in_effect(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document(casualties={}, objects_hit=[]))
    incident = incident_of(report_of(first))
    agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    fix = correction(act="air_strike")
    corrected = device.post(f"{REPORTS}{first.json()['id']}/corrections/", fix)
    assert corrected.json()["in_effect"] is False
    assert same(corrected, device.post(f"{REPORTS}{first.json()['id']}/corrections/", fix))


def test_who_changed_teams_is_answered_as_at_first(exercise, people):
    device = device_of(people.monitor_independent)
    body = document()
    first = device.post(REPORTS, body)
    accreditation.end(people.monitor_independent.accreditations.get(), by=None)
    assert device.post(REPORTS, body).status_code == 401
    accreditation.accredit(
        people.monitor_independent, exercise, "monitor", by=None, team=exercise.teams.get(code="team-joint")
    )
    assert same(first, device.post(REPORTS, body))


DIFFERENCES = [
    ({"act": "device"}, {"#/act": ("indirect_fire", "device")}),
    (
        {"consent": "given", "objects_hit": []},
        {"#/consent": ("anonymous", "given"), "#/objects_hit": (["residential"], None)},
    ),
    (
        {"occurred": {"from": "2025-03-10T20:01:00Z", "precision": "minute"}},
        {
            "#/occurred/from": ("2025-03-10T20:00:00.000000Z", "2025-03-10T20:01:00.000000Z"),
            "#/occurred/until": ("2025-03-10T20:10:00.000000Z", "2025-03-10T20:02:00.000000Z"),
        },
    ),
    (
        {"place": {"longitude": -123.4, "latitude": -48.8, "precision": "vicinity", "as_written": "by the mill"}},
        {"#/place/longitude": (-123.5, -123.4)},
    ),
    (
        {"casualties": {"injured": {"civilian": {"low": 1, "high": 3}}}},
        {"#/casualties/injured/civilian/high": (2, 3)},
    ),
    ({"source": {"name": "B. Potter"}}, {"#/source": None}),
]


@pytest.mark.parametrize(("changes", "told"), DIFFERENCES, ids=lambda value: ", ".join(value))
def test_other_content_is_told_apart_field_by_field(exercise, people, changes, told):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document(client_id="phone:1"))
    refused = device.post(REPORTS, document(client_id="phone:1", **changes))
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "client_id_taken")
    found = {row["pointer"]: (row["filed"], row["sent"]) if "filed" in row else None for row in problem["differences"]}
    assert found == told
    assert "Weaver" not in refused.content.decode()
    assert (problem["receipt"], problem["latest"]) == (first.json()["receipt"], first.json()["id"])
    corrected = device.post(problem["correct_at"], correction(**changes))
    assert corrected.status_code == 201
    again = device.post(REPORTS, document(client_id="phone:1", **changes)).json()
    assert again["latest"] == corrected.json()["id"]


def test_a_team_that_is_now_stated_is_told_too(exercise, people):
    device = device_of(people.monitor_north)
    device.post(REPORTS, document(client_id="phone:1"))
    refused = device.post(REPORTS, document(client_id="phone:1", team="team-alder"))
    assert [row["pointer"] for row in refused.json()["differences"]] == ["#/team"]


IMPLIED = {"occurred": {"from": "2025-03-10T12:00:00Z", "precision": "minute"}, "casualties": {}}
STATED = {
    "#/team": {"team": "team-alder"},
    "#/occurred/until": {"occurred": {**IMPLIED["occurred"], "until": "2025-03-10T12:01:00Z"}},
    "#/casualties/injured": {"casualties": {"injured": {}}},
}


@pytest.mark.parametrize("stated", STATED.items(), ids=STATED)
@pytest.mark.parametrize("first", [True, False], ids=["then left out", "now stated"])
def test_what_comes_to_the_same_but_is_stated_in_one_alone_is_told_as_that(exercise, people, stated, first):
    pointer, change = stated
    changes = {**IMPLIED, **change}
    device = device_of(people.monitor_north)
    sent = [changes, IMPLIED] if first else [IMPLIED, changes]
    assert device.post(REPORTS, document(client_id="phone:1", **sent[0])).status_code == 201
    refused = device.post(REPORTS, document(client_id="phone:1", **sent[1]))
    assert (refused.status_code, [row["pointer"] for row in refused.json()["differences"]]) == (409, [pointer])
    assert device.post(REPORTS, document(client_id="phone:1", **sent[0])).status_code == 201


def test_a_correction_under_the_id_of_the_original_is_told_apart(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document(client_id="phone:1"))
    refused = device.post(f"{REPORTS}{first.json()['id']}/corrections/", correction(client_id="phone:1"))
    assert refused.json()["differences"] == [{"pointer": "#/corrects", "filed": "", "sent": "phone:1"}]


def test_nobody_else_meets_a_client_id_that_is_another_s(exercise, people):
    device_of(people.monitor_north).post(REPORTS, document(client_id="phone:1"))
    answer = device_of(people.monitor_south).post(REPORTS, document(client_id="phone:1", act="device"))
    assert answer.status_code == 201


def test_a_receipt_that_another_report_bears_is_drawn_again(exercise, people, monkeypatch):
    device = device_of(people.monitor_north)
    taken = device.post(REPORTS, document()).json()["receipt"]
    drawn, draw = iter([taken]), receipts.draw
    monkeypatch.setattr(receipts, "draw", lambda: next(drawn, None) or draw())
    second = device.post(REPORTS, document())
    assert second.status_code == 201
    assert next(drawn, None) is None
    assert second.json()["receipt"] != taken
