"""A device on a bad line sends the same many times at once; it is recorded once, and every answer is the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tests.violations.documents import REPORTS, correction, device_of, document
from violations import findings
from violations.findings import Decision
from violations.models import Assessment, Incident, IncidentReport, ReportLink, ReviewStep

TIMES = 20
# What is not said to be checked asks for no grades, whatever the lane.
UNCHECKED = Decision(
    verification="not_checked", conduct="undetermined", scope="disputed", grounds="Nobody can go there yet."
)


def at_once(user, where, body):
    """The answers to `body` sent twenty times in parallel, each over a connection of its own."""
    devices = [device_of(user) for _device in range(TIMES)]

    def send(device):
        try:
            return device.post(where, body)
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(send, devices))


def assert_the_same(answers, code=201):
    """Every answer is the first one; one alone says that it recorded something."""
    assert {answer.status_code for answer in answers} == {code}
    assert len({(answer.content, answer["Location"]) for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_filings_at_once_are_one(exercise, people):
    answers = at_once(people.monitor_north, REPORTS, document())
    assert_the_same(answers)
    for model in (IncidentReport, Incident, ReportLink, ReviewStep, Assessment):
        assert model.objects.count() == 1, model


@pytest.mark.django_db(transaction=True)
def test_twenty_corrections_at_once_are_one(exercise, people):
    first = device_of(people.monitor_north).post(REPORTS, document())
    answers = at_once(people.monitor_north, f"{REPORTS}{first.json()['id']}/corrections/", correction(act="air_strike"))
    assert_the_same(answers)
    assert IncidentReport.objects.count() == 2
    assert ReportLink.objects.open().count() == Assessment.objects.open().count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_withdrawals_at_once_are_one(exercise, people):
    first = device_of(people.monitor_north).post(REPORTS, document())
    answers = at_once(people.monitor_north, f"{REPORTS}{first.json()['id']}/withdrawal/", {"grounds": "Thunder."})
    assert {answer.status_code for answer in answers} == {200}
    assert ReviewStep.objects.filter(state="withdrawn").count() == 1
    assert not ReportLink.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_different_corrections_at_once_leave_one_newest(exercise, people):
    first = device_of(people.monitor_north).post(REPORTS, document())
    where = f"{REPORTS}{first.json()['id']}/corrections/"
    devices = [device_of(people.monitor_north) for _device in range(8)]

    def send(device):
        try:
            return device.post(where, correction())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, devices))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"not_latest"}
    assert IncidentReport.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_correction_and_a_proposal_at_once_come_one_after_the_other(exercise, people):
    device = device_of(people.monitor_north)

    def propose(incident):
        try:
            return findings.propose(incident, UNCHECKED, by=people.moderator_south)
        finally:
            connection.close()

    def correct(where):
        try:
            return device.post(where, correction(act="air_strike")).json()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for _round in range(6):
            first = device.post(REPORTS, document()).json()
            link = ReportLink.objects.open().get(chain=first["chain"])
            proposed = pool.submit(propose, link.incident)
            corrected = pool.submit(correct, f"{REPORTS}{first['id']}/corrections/")
            proposal, second = proposed.result(), IncidentReport.objects.get(public_id=corrected.result()["id"])
            assert corrected.result()["in_effect"] == (second.recorded_at < proposal.recorded_at)
            assert ReportLink.objects.open().filter(chain=first["chain"]).count() == 1
