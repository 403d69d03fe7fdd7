"""Reports of one event are gathered; where two sides decided on something, moving it takes two sides again."""

import threading

import pytest
from django.db import connection

from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry
from tests.violations.occasions import (
    HARM,
    agreed,
    breach,
    corrected,
    discounted,
    filed,
    incident_of,
    under_review,
)
from violations import filing, findings, linking, review
from violations.models import Assessment, Finding, Incident, ReportLink


@pytest.fixture
def first(exercise, people):
    return filed(exercise, people.monitor_south)


@pytest.fixture
def report(exercise, people):
    return under_review(filed(exercise, people.monitor_north), people.moderator_south)


def link(report, incident, people, *, kind="same_event", by=None):
    return linking.link(report, incident, by=by or people.moderator_south, kind=kind, grounds="Same place and minute.")


def live():
    return set(Incident.objects.live().values_list("pk", flat=True))


@pytest.mark.parametrize("kind", ["same_event", "duplicate", "part_of_series"])
def test_linking_moves_the_report_and_closes_its_own_incident(first, report, people, kind):
    own, other = incident_of(report), incident_of(first)
    made = link(report, other, people, kind=kind)
    assert (made.incident, made.kind, made.by) == (other, kind, people.moderator_south)
    assert live() == {other.pk}
    assert review.state_of(report) == ("duplicate" if kind == "duplicate" else "linked")
    closed = Assessment.objects.get(incident=own)
    assert closed.superseded_at == made.recorded_at
    assert ReportLink.objects.get(incident=own).superseded_at == made.recorded_at


def test_the_lead_stays_with_the_incident_joined_and_its_highest_casualties_are_those_of_all(exercise, people, first):
    report = under_review(filed(exercise, people.monitor_north, casualties=HARM), people.moderator_south)
    link(report, incident_of(first), people)
    row = Assessment.objects.open().get()
    assert (row.lead_report, row.killed_low, row.killed_high) == (first, None, 3)


def test_related_only_notes_and_is_noted_once(first, report, people):
    before = live()
    made = link(report, incident_of(first), people, kind="related")
    assert (made.kind, review.state_of(report), live()) == ("related", "under_review", before)
    with pytest.raises(NotNow) as refusal:
        link(report, incident_of(first), people, kind="related")
    assert refusal.value.code == "already_linked"
    link(report, incident_of(first), people)


def test_a_report_is_not_linked_to_the_incident_it_belongs_to(report, people):
    with pytest.raises(NotNow) as refusal:
        link(report, incident_of(report), people)
    assert refusal.value.code == "already_linked"


def test_a_report_that_is_not_under_review_is_not_linked(exercise, people, first):
    with pytest.raises(NotNow):
        link(filed(exercise, people.monitor_north), incident_of(first), people)


def test_an_emptied_incident_is_joined_by_nobody_but_the_report_that_opened_it(exercise, people, first, report):
    own, other = incident_of(report), incident_of(first)
    link(report, other, people)
    third = under_review(filed(exercise, people.monitor_south), people.moderator_south)
    with pytest.raises(NotNow) as refusal:
        link(third, own, people)
    assert refusal.value.code == "not_live"
    review.reopen(report, by=people.moderator_north, grounds="An hour later, it turns out.")
    back = link(report, own, people)
    assert back.incident == own
    assert live() == {own.pk, other.pk, incident_of(third).pk}
    assert Assessment.objects.filter(incident=own).count() == 2


def test_another_agreement_is_refused(report, people, exercise):
    stranger = Incident(agreement_id=exercise.pk + 1, pk=10**9)
    with pytest.raises(Malformed) as refusal:
        link(report, stranger, people)
    assert "/incident" in refusal.value.fields


@pytest.mark.parametrize(("kind", "grounds", "field"), [("twin", "Same.", "/kind"), ("same_event", " ", "/grounds")])
def test_kind_and_grounds_are_asked_for(first, report, people, kind, grounds, field):
    with pytest.raises(Malformed) as refusal:
        linking.link(report, incident_of(first), by=people.moderator_south, kind=kind, grounds=grounds)
    assert field in refusal.value.fields


@pytest.mark.parametrize("name", ["superuser", "operator", "monitor_north", "guarantor_alder"])
def test_only_moderators_link(first, report, people, name):
    with pytest.raises(Forbidden):
        link(report, incident_of(first), people, by=getattr(people, name))


@pytest.mark.parametrize("on", ["report", "first"])
def test_where_something_is_proposed_on_either_incident_linking_is_a_proposal(first, report, people, exercise, on):
    target = incident_of(report if on == "report" else first)
    findings.propose(target, discounted(), by=people.moderator_north)
    before = live()
    proposal = link(report, incident_of(first), people)
    assert isinstance(proposal, Finding)
    assert (proposal.effect, proposal.effect_report, proposal.standing) == ("link", report, "proposed")
    assert (proposal.incident, proposal.effect_incident) == (incident_of(report), incident_of(first))
    assert live() == before
    assert review.state_of(report) == "under_review"


def test_a_link_once_seconded_moves_the_report_and_carries_over_what_was_agreed(first, report, people, exercise):
    own, other = incident_of(report), incident_of(first)
    before = agreed(other, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    proposal = link(report, other, people, kind="duplicate")
    with pytest.raises(Forbidden):
        findings.second(proposal, by=people.moderator_south)
    made = findings.second(proposal, by=people.moderator_north)
    assert (made.incident, made.standing, made.changed, made.effect) == (other, "preliminary", ["reports"], "link")
    assert (made.verification, made.conduct, made.attribution) == ("verified", "breach", "attributed")
    assert [row.party.code for row in made.parties.all()] == ["north-army"]
    assert [row.provision.code for row in made.provisions.all()] == ["no-fire"]
    before.refresh_from_db()
    proposal.refresh_from_db()
    moved = ReportLink.objects.open().get(chain=report.chain)
    assert before.superseded_at == proposal.superseded_at == made.recorded_at == moved.recorded_at
    assert (moved.incident, moved.kind) == (other, "duplicate")
    assert live() == {other.pk}
    assert review.state_of(report) == "duplicate"
    assert not Finding.objects.filter(incident=own).agreed().exists()


def test_a_link_seconded_where_nothing_was_agreed_agrees_nothing_else(first, report, people):
    other = incident_of(first)
    alone = findings.propose(other, discounted(), by=people.moderator_north)
    proposal = link(report, other, people)
    made = findings.second(proposal, by=people.moderator_independent)
    assert (made.pk, made.standing, made.superseded_at is None) == (proposal.pk, "proposed", False)
    assert list(Finding.objects.open()) == [alone]
    assert review.state_of(report) == "linked"
    assert AuditEntry.objects.filter(action="finding.second", actor=people.moderator_independent).count() == 1
    with pytest.raises(NotNow) as refusal:
        findings.second(alone, by=people.moderator_south)
    assert refusal.value.code == "stale"


def test_one_person_does_not_undo_a_link_that_two_made_though_nothing_was_found(first, report, people, exercise):
    findings.propose(incident_of(report), breach(exercise), by=people.moderator_south)
    proposal = link(report, incident_of(first), people)
    own = proposal.incident
    findings.second(proposal, by=people.moderator_north)
    review.reopen(report, by=people.moderator_north, grounds="Looked at again.")
    undone = link(report, own, people, by=people.moderator_north)
    assert (undone.standing, undone.effect) == ("proposed", "link")
    assert incident_of(report) == incident_of(first)


def test_two_persons_are_asked_as_well_to_undo_what_two_decided(first, report, people, exercise):
    own, other = incident_of(report), incident_of(first)
    agreed(own, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    findings.second(link(report, other, people), by=people.moderator_north)
    review.reopen(report, by=people.moderator_south, grounds="It was another one after all.")
    back = link(report, own, people)
    assert isinstance(back, Finding)
    findings.second(back, by=people.moderator_north)
    assert live() == {own.pk, other.pk}
    assert Finding.objects.open().agreed().get(incident=own).conduct == "breach"


def test_a_link_proposal_is_stale_once_the_report_was_corrected_or_the_other_incident_decided(
    first, report, people, exercise
):
    other = incident_of(first)
    findings.propose(other, breach(exercise), by=people.moderator_south)
    proposal = link(report, other, people, by=people.moderator_independent)
    findings.second(Finding.objects.open().get(incident=other), by=people.moderator_north)
    with pytest.raises(NotNow) as refusal:
        findings.second(proposal, by=people.moderator_north)
    assert refusal.value.code == "stale"
    again = link(report, other, people, by=people.moderator_independent)
    corrected(report, people.monitor_north, act="direct_fire")
    with pytest.raises(NotNow) as refusal:
        findings.second(again, by=people.moderator_north)
    assert refusal.value.code == "is_superseded"


def test_a_correction_after_a_finding_takes_effect_when_it_is_seconded(first, people, exercise):
    incident = incident_of(first)
    agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    newer = corrected(first, people.monitor_south, act="direct_fire")
    assert Assessment.objects.open().get(incident=incident).act == "indirect_fire"
    proposal = findings.propose_effect(
        incident, "correction", report=newer, by=people.moderator_south, grounds="The filer saw it again."
    )
    made = findings.second(proposal, by=people.moderator_north)
    assert (made.conduct, made.changed) == ("breach", ["reports"])
    assert Assessment.objects.open().get(incident=incident).act == "direct_fire"
    assert ReportLink.objects.open().get(chain=first.chain).report == newer
    assert review.state_of(newer) == "submitted"
    with pytest.raises(NotNow) as refusal:
        findings.propose_effect(incident, "correction", report=newer, by=people.moderator_south, grounds="Again.")
    assert refusal.value.code == "in_effect"


def test_a_withdrawal_after_a_finding_leaves_the_count_when_it_is_seconded(first, people, exercise):
    incident = incident_of(first)
    agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    with pytest.raises(NotNow):
        findings.propose_effect(incident, "withdrawal", report=first, by=people.moderator_south, grounds="Unfounded.")
    filing.withdraw(first, by=people.monitor_south, grounds="The witness was not there.")
    assert live() == {incident.pk}
    proposal = findings.propose_effect(
        incident, "withdrawal", report=first, by=people.moderator_south, grounds="Heard again: not there."
    )
    findings.second(proposal, by=people.moderator_north)
    assert live() == set()
    assert review.state_of(first) == "withdrawn"
    with pytest.raises(NotNow) as refusal:
        findings.propose(incident, discounted(), by=people.moderator_north)
    assert refusal.value.code == "not_live"


@pytest.mark.django_db(transaction=True)
def test_two_who_link_a_report_to_two_incidents_at_once_move_it_once(exercise, people):
    report = under_review(filed(exercise, people.monitor_north), people.moderator_south)
    targets = [incident_of(filed(exercise, people.monitor_south)) for _ in range(2)]
    outcomes, ready = [], threading.Barrier(2)

    def run(target, by):
        try:
            ready.wait()
            outcomes.append(link(report, target, people, by=by).incident)
        except NotNow as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=pair)
        for pair in zip(targets, (people.moderator_north, people.moderator_south), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, Incident) for outcome in outcomes) == 1
    assert {"just_moved", "is_linked"} & set(map(str, outcomes))
    assert ReportLink.objects.open().filter(chain=report.chain).count() == 1
    assert len(live()) == 2
