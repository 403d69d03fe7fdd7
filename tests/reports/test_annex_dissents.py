"""How many dissented from what the annex says was agreed: from the words, wherever they stood when they did."""

from __future__ import annotations

import json

import pytest

from monitoring.ledger import closed_until
from reports import closings, periods
from reports.closings.verifying import Outcome
from reports.figures import annex
from reports.figures.known import Known
from tests.reports.released import released_month
from tests.reports.schema import check_content
from tests.violations import occasions
from violations import findings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]


def counted(agreement, told=annex.annex) -> list[int]:
    """Dissents by incident, as known now."""
    version = agreement.terms
    known = Known(agreement, version, periods.bounds(version, "month", "2025-03"), closed_until())
    return [incident["dissents"] for incident in told(known)["incidents"]]


@pytest.fixture
def report(exercise, people):
    return occasions.under_review(occasions.filed(exercise, people.monitor_independent), people.moderator_north)


@pytest.fixture
def proposal(exercise, people, report):
    return findings.propose(occasions.incident_of(report), occasions.breach(exercise), by=people.moderator_north)


def test_dissent_from_what_was_proposed_counts_once_a_third_seconded_it(exercise, people, proposal):
    findings.dissent(proposal, by=people.moderator_independent, grounds="Heard from elsewhere.")
    assert counted(exercise) == [0], "nothing is agreed"
    agreed = findings.second(proposal, by=people.moderator_south)
    assert (counted(exercise), counted(exercise, annex.annex_2)) == ([1], [0])
    findings.dissent(agreed, by=people.moderator_independent, grounds="As before.")
    assert (counted(exercise), counted(exercise, annex.annex_2)) == ([1], [1]), "a person dissents once"


def test_it_stays_where_a_correction_only_carries_over_what_was_agreed(exercise, people, report, proposal):
    findings.dissent(proposal, by=people.moderator_independent, grounds="Heard from elsewhere.")
    findings.second(proposal, by=people.moderator_south)
    newer = occasions.corrected(report, people.monitor_independent, narrative="Two shells.", narrative_language="en")
    effect = findings.propose_effect(
        occasions.incident_of(report), "correction", report=newer, by=people.moderator_north, grounds="Told again."
    )
    findings.dissent(effect, by=people.moderator_south, grounds="Not this one.")
    findings.second(effect, by=people.moderator_independent)
    assert (counted(exercise), counted(exercise, annex.annex_2)) == ([1], [0])


def test_it_does_not_follow_to_another_finding(exercise, people, report, proposal):
    findings.dissent(proposal, by=people.moderator_independent, grounds="Heard from elsewhere.")
    findings.second(proposal, by=people.moderator_south)
    occasions.agreed(
        occasions.incident_of(report),
        occasions.breach(exercise, confidence="low"),
        by=people.moderator_south,
        and_by=people.moderator_north,
    )
    assert counted(exercise) == [0]


def test_nor_from_the_proposal_of_another_side_that_was_not_seconded(exercise, people, report, proposal):
    other = findings.propose(
        occasions.incident_of(report), occasions.breach(exercise, confidence="low"), by=people.moderator_south
    )
    findings.dissent(other, by=people.moderator_independent, grounds="Heard from elsewhere.")
    findings.second(proposal, by=people.moderator_independent)
    assert counted(exercise) == [0]


def test_an_annex_from_before_is_computed_again_as_it_was(exercise, people, proposal, monkeypatch):
    findings.dissent(proposal, by=people.moderator_independent, grounds="Heard from elsewhere.")
    findings.second(proposal, by=people.moderator_south)
    with monkeypatch.context() as then:
        then.setattr(annex, "annex", annex.annex_2)
        closing = released_month(exercise)
    content = json.loads(closing.content())
    check_content(content)
    assert (content["beside"]["annex"]["version"], content["beside"]["annex"]["incidents"][0]["dissents"]) == (2, 0)
    assert dict(closings.verify(closing).parts)["annex"] == Outcome.SAME
