"""Chains may come out of turn: a correction before its original waits, is shown as waiting, and takes its place."""

import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from monitoring import accreditation
from tests.violations.documents import REPORTS, correction, device_of, document
from violations import sealing
from violations.models import Assessment, IncidentReport, ReportLink, WaitingCorrection

RECEIPTS = "/api/v1/receipts/"
ACTS = ("indirect_fire", "air_strike", "device", "flare")


def chain(length=3):
    """A report and its corrections, as a device numbers them."""
    names = [f"phone:{uuid.uuid4()}" for _revision in range(length)]
    return [
        document(client_id=name, act=act, **({"corrects": before} if before else {}))
        for name, before, act in zip(names, ["", *names], ACTS, strict=False)
    ]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_in_whatever_order_they_come_the_chain_is_the_same(exercise, people, order):
    device, bodies = device_of(people.monitor_north), chain()
    answers = {}
    for number in order:
        answers[number] = device.post(REPORTS, bodies[number])
        assert answers[number].status_code in {201, 202}
    reports = list(IncidentReport.objects.order_by("revision"))
    assert [report.act for report in reports] == list(ACTS[:3])
    assert len({report.chain for report in reports}) == 1
    assert ReportLink.objects.open().get().report == reports[-1]
    assert Assessment.objects.open().get().act == ACTS[2]
    assert device.get(RECEIPTS).json()["results"] == []
    for number, report in enumerate(reports):
        assert answers[number].json()["receipt"] == report.receipt
        told = device.get(f"{RECEIPTS}{report.receipt}/").json()
        assert (told["state"], told["report"]["id"]) == ("recorded", str(report.public_id))
        again = device.post(REPORTS, bodies[number])
        assert (again.status_code, again.content) == (answers[number].status_code, answers[number].content)
    assert IncidentReport.objects.count() == 3


def test_a_correction_that_waits_is_shown_as_waiting(exercise, people):
    device, bodies = device_of(people.monitor_north), chain()
    answer = device.post(REPORTS, bodies[1])
    told = answer.json()
    assert answer.status_code == 202
    assert (told["state"], told["corrects"], told["client_id"]) == (
        "waiting",
        bodies[0]["client_id"],
        bodies[1]["client_id"],
    )
    assert told["received_at"].endswith(":00Z")
    assert device.get(answer["Location"]).json() == told
    assert device.get(RECEIPTS).json() == {"results": [told]}
    assert device.get(REPORTS).json()["results"] == []
    assert not IncidentReport.objects.exists()
    again = device.post(REPORTS, bodies[1])
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (202, answer.content, "true")
    assert "Weaver" not in answer.content.decode()


def test_what_waits_is_sealed_and_nobody_else_s(exercise, people):
    receipt = device_of(people.monitor_north).post(REPORTS, chain()[1]).json()["receipt"]
    other = device_of(people.monitor_south)
    assert other.get(f"{RECEIPTS}{receipt}/").status_code == 404
    assert other.get(RECEIPTS).json() == {"results": []}
    assert not WaitingCorrection.objects.exists()
    with sealing.reading_own(people.monitor_north):
        kept = WaitingCorrection.objects.get()
    assert b"mill" not in bytes(kept.sealed)


def test_what_waits_is_not_placed_by_another_s_filing_of_that_name(exercise, people):
    bodies = chain()
    device_of(people.monitor_north).post(REPORTS, bodies[1])
    assert device_of(people.monitor_south).post(REPORTS, bodies[0]).status_code == 201
    assert IncidentReport.objects.count() == 1
    assert len(device_of(people.monitor_north).get(RECEIPTS).json()["results"]) == 1


def test_other_content_under_the_id_of_one_that_waits_is_told_apart(exercise, people):
    device, bodies = device_of(people.monitor_north), chain()
    receipt = device.post(REPORTS, bodies[1]).json()["receipt"]
    for other, pointers in (
        ({**bodies[1], "act": "flare"}, ["#/act"]),
        ({**bodies[1], "corrects": "else"}, ["#/corrects"]),
        ({**bodies[1], "source": {"name": "B. Potter"}}, ["#/source"]),
        ({name: value for name, value in bodies[1].items() if name != "corrects"}, ["#/corrects"]),
    ):
        refused = device.post(REPORTS, other)
        problem = refused.json()
        assert (refused.status_code, problem["code"], problem["receipt"]) == (409, "client_id_taken", receipt)
        assert [row["pointer"] for row in problem["differences"]] == pointers
        assert problem["correct_at"].endswith(REPORTS)
        assert "Weaver" not in refused.content.decode()


def test_two_corrections_of_one_filing_do_not_both_wait(exercise, people):
    device, bodies = device_of(people.monitor_north), chain()
    receipt = device.post(REPORTS, bodies[1]).json()["receipt"]
    refused = device.post(REPORTS, {**bodies[1], "client_id": "another"})
    assert (refused.status_code, refused.json()["code"], refused.json()["receipt"]) == (409, "not_latest", receipt)


FAULTS = [
    ({"act": "mischief"}, "#/act"),
    ({"narrative_language": "English!"[:8]}, "#/narrative_language"),
    ({"place": {"area": "nowhere", "precision": "district"}}, "#/place/area"),
    ({"team": "team-birch"}, "#/team"),
    ({"corrects": "a b"}, "#/corrects"),
]


@pytest.mark.parametrize(("changes", "pointer"), FAULTS, ids=lambda value: str(value)[:20])
def test_what_is_wrong_is_told_when_it_comes_not_when_its_turn_comes(exercise, people, changes, pointer):
    refused = device_of(people.monitor_north).post(REPORTS, {**chain()[1], **changes})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)
    assert not WaitingCorrection.objects.exists()


def test_a_filing_does_not_correct_itself(exercise, people):
    refused = device_of(people.monitor_north).post(REPORTS, document(client_id="a", corrects="a"))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/corrects")


def test_in_turn_a_correction_by_client_id_is_as_one_by_identifier(exercise, people):
    device, bodies = device_of(people.monitor_north), chain()
    first, second = device.post(REPORTS, bodies[0]).json(), device.post(REPORTS, bodies[1])
    assert (second.status_code, second.json()["supersedes"]) == (201, first["id"])
    stale = device.post(REPORTS, document(client_id="b", corrects=bodies[0]["client_id"]))
    assert (stale.status_code, stale.json()["latest"]) == (409, second.json()["id"])
    by_id = device.post(f"{REPORTS}{second.json()['id']}/corrections/", correction(client_id="c"))
    assert device.post(REPORTS, document(client_id="d", corrects="c")).json()["supersedes"] == by_id.json()["id"]


def test_one_that_was_refused_its_place_waits_on_and_is_told_why_when_sent_again(exercise, people):
    device, bodies = device_of(people.monitor_independent), chain()
    joint = exercise.teams.get(code="team-joint")
    given = accreditation.accredit(people.monitor_independent, exercise, "monitor", by=None, team=joint)
    assert device.post(REPORTS, {**bodies[1], "team": "team-joint"}).status_code == 202
    accreditation.end(given, by=None)
    assert device.post(REPORTS, bodies[0]).status_code == 201
    assert len(device.get(RECEIPTS).json()["results"]) == 1
    refused = device.post(REPORTS, {**bodies[1], "team": "team-joint"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/team")
    accreditation.accredit(people.monitor_independent, exercise, "monitor", by=None, team=joint)
    assert device.post(REPORTS, {**bodies[1], "team": "team-joint"}).status_code == 202
    assert IncidentReport.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_placed_once_by_many_originals_at_once(exercise, people):
    bodies = chain(4)
    waits = [device_of(people.monitor_north).post(REPORTS, body).status_code for body in bodies[1:]]
    assert waits == [202] * 3
    devices = [device_of(people.monitor_north) for _device in range(12)]

    def send(device):
        try:
            return device.post(REPORTS, bodies[0])
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, devices))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert [report.act for report in IncidentReport.objects.order_by("revision")] == list(ACTS)


@pytest.mark.django_db(transaction=True)
def test_all_of_a_chain_at_once_in_many_tries_is_the_chain(exercise, people):
    chains = [chain(4) for _chain in range(4)]
    sent = [body for number, bodies in enumerate(chains) for body in (bodies if number % 2 else bodies[::-1])] * 3
    devices = [device_of(people.monitor_north) for _device in range(8)]

    def send(numbered):
        number, body = numbered
        try:
            return body["client_id"], devices[number % 8].post(REPORTS, body)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, enumerate(sent)))
    assert {answer.status_code for _name, answer in answers} <= {201, 202}
    for bodies in chains:
        for body in bodies:
            assert len({answer.content for name, answer in answers if name == body["client_id"]}) == 1
    assert IncidentReport.objects.count() == 16
    assert ReportLink.objects.open().count() == Assessment.objects.open().filter(act=ACTS[3]).count() == 4
    assert device_of(people.monitor_north).get(RECEIPTS).json()["results"] == []
