"""Two decide at once, one by one or on many: one wins and the other is told, and nothing is counted twice.

AT_ONCE says how often each is raced; `AT_ONCE=500 ./run test tests/violations/test_bulk_at_once.py` tries them five
hundred times.
"""

from __future__ import annotations

import os

import pytest
from django.db.models import Count

from monitoring.models import AuditEntry
from tests.violations.bulk_jobs import begun, outcomes
from tests.violations.cases import proposed_on
from tests.violations.occasions import breach, discounted, filed, incident_of
from tests.violations.test_seconding import at_once
from violations import bulk, filing, findings, review
from violations.models import BulkOutcome, Finding, ReportLink, ReviewStep

TIMES = int(os.environ.get("AT_ONCE", "15"))
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(60 + 5 * TIMES)]


@pytest.fixture
def case(exercise, people):
    """A new proposal of the north's, on a new report."""

    def made() -> Finding:
        return proposed_on(filed(exercise, people.monitor_independent), by=people.moderator_north)

    return made


def seconded() -> int:
    return AuditEntry.objects.filter(action="finding.second", outcome="done").count()


def none_is_agreed_twice() -> None:
    """Of no incident two agreed findings were ever written, nor is any open beside another."""
    twice = Finding.objects.agreed().values("incident").annotate(rows=Count("pk")).filter(rows__gt=1)
    assert not twice.exists()


def test_of_two_who_second_one_by_one_and_in_a_job_one_wins(exercise, people, case):
    won = {"job": 0, "one": 0}
    for _time in range(TIMES):
        proposal = case()
        job = begun("second", [proposal], agreement=exercise, by=people.moderator_south)
        _, alone = at_once(
            lambda job=job: bulk.go_on(job),
            lambda proposal=proposal: findings.second(proposal, by=people.moderator_independent),
        )
        (told,) = outcomes(job)
        if isinstance(alone, Finding):
            assert told == ("refused", "stale")
            won["one"] += 1
        else:
            assert (told, alone) == (("done", ""), "not_open")
            won["job"] += 1
        assert Finding.objects.agreed().filter(incident=proposal.incident_id).count() == 1
    none_is_agreed_twice()
    assert won["job"] + won["one"] == seconded() == TIMES


def test_of_two_jobs_on_the_same_proposals_each_row_is_done_by_one(exercise, people, case):
    for _time in range(TIMES):
        proposals = [case() for _number in range(3)]
        one = begun("second", proposals, agreement=exercise, by=people.moderator_south)
        other = begun("second", proposals[::-1], agreement=exercise, by=people.moderator_independent)
        assert at_once(lambda one=one: bulk.go_on(one), lambda other=other: bulk.go_on(other)) == [True, True]
        for mine, theirs in zip(outcomes(one), outcomes(other)[::-1], strict=True):
            assert sorted([mine, theirs]) == [("done", ""), ("refused", "stale")]
    none_is_agreed_twice()
    assert seconded() == Finding.objects.agreed().count() == 3 * TIMES


def test_of_two_workers_at_one_job_each_row_is_done_once(exercise, people, case):
    for _time in range(TIMES):
        job = begun("second", [case() for _number in range(3)], agreement=exercise, by=people.moderator_south)
        finished = at_once(lambda job=job: bulk.go_on(job), lambda job=job: bulk.go_on(job))
        assert True in finished
        assert outcomes(job) == [("done", "")] * 3
    none_is_agreed_twice()
    assert seconded() == BulkOutcome.objects.count() == 3 * TIMES


def test_a_proposal_taken_back_while_it_is_seconded_is_one_or_the_other(exercise, people, case):
    """Its own side proposes another in its place: who is late is told, and what stands is what one of them said."""
    for _time in range(TIMES):
        proposal = case()
        job = begun("second", [proposal], agreement=exercise, by=people.moderator_south)
        _, again = at_once(
            lambda job=job: bulk.go_on(job),
            lambda proposal=proposal: findings.propose(proposal.incident, discounted(), by=people.moderator_north),
        )
        assert isinstance(again, Finding), "a side may propose before and after"
        (told,) = outcomes(job)
        agreed = Finding.objects.agreed().filter(incident=proposal.incident_id)
        if told == ("done", ""):
            assert agreed.get().conduct == "breach"
        else:
            assert told == ("refused", "stale")
            assert not agreed.exists()
        assert Finding.objects.open().proposals().get(incident=proposal.incident_id) == again


def test_a_report_withdrawn_while_its_finding_is_seconded_leaves_by_two_or_not_at_all(exercise, people):
    for _time in range(TIMES):
        report = filed(exercise, people.monitor_independent)
        proposal = findings.propose(incident_of(report), breach(exercise), by=people.moderator_north)
        job = begun("second", [proposal], agreement=exercise, by=people.moderator_south)
        at_once(
            lambda job=job: bulk.go_on(job),
            lambda report=report: filing.withdraw(report, by=people.monitor_independent, grounds="Filed twice."),
        )
        assert outcomes(job) == [("done", "")]
        assert review.state_of(report) == "withdrawn"
        assert ReportLink.objects.open().members().filter(chain=report.chain).exists(), "it leaves when two agree"
    none_is_agreed_twice()


def test_a_report_is_taken_by_one_of_two_jobs(exercise, people):
    for _time in range(TIMES):
        reports = [filed(exercise, people.monitor_independent) for _number in range(2)]
        one = begun("take", reports, agreement=exercise, by=people.moderator_south)
        other = begun("take", reports[::-1], agreement=exercise, by=people.moderator_north)
        at_once(lambda one=one: bulk.go_on(one), lambda other=other: bulk.go_on(other))
        for mine, theirs in zip(outcomes(one), outcomes(other)[::-1], strict=True):
            assert sorted([mine, theirs]) == [("done", ""), ("refused", "stale")]
    assert ReviewStep.objects.filter(state="under_review").count() == 2 * TIMES
