"""What moderators propose of an incident, and dissent from; nobody finds on what they filed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitoring import accreditation
from monitoring.accreditation import accredit
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry, User
from tests.violations.occasions import (
    HARM,
    agreed,
    breach,
    discounted,
    filed,
    graded,
    grave_breach,
    incident_of,
    party,
    provision,
    reloaded,
    verified,
)
from violations import findings
from violations.models import Dissent, Finding


@pytest.fixture
def report(exercise, people):
    return filed(exercise, people.monitor_south)


@pytest.fixture
def incident(report):
    return incident_of(report)


@pytest.fixture
def observer_of_both(exercise, people):
    """An independent person who is a monitor as well as a moderator."""
    accreditation.accredit(
        people.moderator_independent,
        exercise,
        "monitor",
        by=None,
        team=exercise.teams.get(code="team-independent"),
    )
    return people.moderator_independent


# Proposing


def test_a_proposal_says_what_differs_from_nothing_and_when_it_must_be_seconded(exercise, incident, people):
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    assert (proposal.standing, proposal.proposed_side.code, proposal.seconded_by) == ("proposed", "north", None)
    assert proposal.second_by == proposal.recorded_at + timedelta(days=exercise.terms.seconding_days)
    assert proposal.changed == [
        "verification",
        "conduct",
        "attribution",
        "confidence",
        "basis",
        "parties",
        "provisions",
    ]
    assert list(Finding.objects.open().proposals()) == [proposal]
    assert not Finding.objects.agreed().exists()


def test_a_proposal_says_what_differs_from_what_is_agreed(exercise, incident, people):
    agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    proposal = findings.propose(incident, breach(exercise, confidence="high"), by=people.moderator_south)
    assert proposal.changed == ["confidence"]
    with pytest.raises(Malformed) as refusal:
        findings.propose(incident, breach(exercise, grounds="The same, said again."), by=people.moderator_south)
    assert refusal.value.code == "nothing_changes"


def test_a_side_proposes_again_in_the_place_of_its_own_and_never_of_anothers(exercise, incident, people):
    by_north = findings.propose(incident, breach(exercise), by=people.moderator_north)
    by_south = findings.propose(incident, discounted(), by=people.moderator_south)
    by_nobody = findings.propose(incident, breach(exercise), by=people.moderator_independent)
    again = findings.propose(incident, breach(exercise, confidence="low"), by=people.moderator_north_2)
    assert set(Finding.objects.open()) == {by_south, by_nobody, again}
    by_north.refresh_from_db()
    assert by_north.superseded_at == again.recorded_at


@pytest.mark.parametrize("name", ["superuser", "operator", "monitor_north", "guarantor_alder"])
def test_only_moderators_propose_second_and_dissent(exercise, incident, people, name):
    somebody = getattr(people, name)
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    for attempt in (
        lambda: findings.propose(incident, discounted(), by=somebody),
        lambda: findings.second(proposal, by=somebody),
        lambda: findings.dissent(proposal, by=somebody, grounds="No."),
    ):
        with pytest.raises(Forbidden) as refusal:
            attempt()
        assert refusal.value.code == "not_accredited"


def test_nobody_finds_on_an_incident_that_a_report_of_their_own_tells_of(exercise, incident, people, observer_of_both):
    from violations import linking, review

    own = filed(exercise, observer_of_both)
    review.take(own, by=people.moderator_south)
    linking.link(own, incident, by=people.moderator_south, kind="same_event", grounds="Same minute.")
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    for attempt in (
        lambda: findings.propose(incident, discounted(), by=observer_of_both),
        lambda: findings.second(proposal, by=observer_of_both),
        lambda: findings.dissent(proposal, by=observer_of_both, grounds="No."),
    ):
        with pytest.raises(Forbidden) as refusal:
            attempt()
        assert refusal.value.code == "own_report"


def test_a_new_file_that_renames_a_side_lets_nobody_second_their_own(exercise, incident, people, tmp_path):
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    reloaded(tmp_path, ('code = "north"', 'code = "norden"'), ('side = "north"', 'side = "norden"'))
    with pytest.raises(Forbidden) as refusal:
        findings.second(proposal, by=people.moderator_north_2)
    assert refusal.value.code == "same_side"
    assert findings.second(proposal, by=people.moderator_south).seconded_side.code == "south"


def test_a_guarantor_that_changes_sides_does_not_second_itself(exercise, incident, people, tmp_path):
    colleague = User.objects.create(username="moderator-cedar-2", is_staff=True)
    accredit(colleague, exercise, "moderator", by=None, guarantor=exercise.guarantors.get(code="cedar"))
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north_2)
    moves = ('side = "{}"\nown_forces = "cedar-forces"', 'Forces of Cedar" }}\nkind = "guarantor_forces"\nside = "{}"')
    reloaded(tmp_path, *((move.format("north"), move.format("south")) for move in moves))
    with pytest.raises(Forbidden) as refusal:
        findings.second(proposal, by=colleague)
    assert refusal.value.code == "same_side"


# Which axes go together

ODD = {
    "a code of no list": ({"verification": "true"}, "/verification"),
    "a basis of no list": ({"basis": ("hearsay",)}, "/basis"),
    "no grounds": ({"grounds": " \n"}, "/grounds"),
    "attributed to nobody": ({"parties": ()}, "/parties"),
    "attributed without confidence": ({"confidence": ""}, "/confidence"),
    "attributed without basis": ({"basis": ()}, "/basis"),
    "several that are one": ({"attribution": "to_several_parties"}, "/parties"),
    "parties of what is not attributable": ({"attribution": "not_attributable"}, "/parties"),
    "a breach that was not established": ({"verification": "inconclusive"}, "/conduct"),
    "attributed though not established": (
        {"verification": "inconclusive", "conduct": "undetermined", "provisions": ()},
        "/attribution",
    ),
    "provisions of no breach": ({"conduct": "no_breach"}, "/provisions"),
    "a breach of nothing, where something is breached": ({"provisions": ()}, "/provisions"),
    "a scope of no list": ({"scope": "elsewhere"}, "/scope"),
    "intent of what is not grave": ({"intent": "deliberate"}, "/intent"),
    "fewer than none killed": ({"killed_verified": -1}, "/killed_verified"),
}


@pytest.mark.parametrize(("changes", "field"), ODD.values(), ids=ODD)
def test_axes_that_do_not_go_together_are_refused_with_their_place(exercise, incident, people, changes, field):
    with pytest.raises(Malformed) as refusal:
        findings.propose(incident, breach(exercise, **changes), by=people.moderator_north)
    assert field in refusal.value.fields
    assert not Finding.objects.exists()


def test_provisions_are_those_in_force_there_and_then_for_the_act(exercise, people):
    advance = incident_of(filed(exercise, people.monitor_south, act="raid_or_advance"))
    with pytest.raises(Malformed) as refusal:
        findings.propose(advance, breach(exercise), by=people.moderator_north)
    assert set(refusal.value.fields) == {"/provisions"}
    findings.propose(
        advance, breach(exercise, provisions=(provision(exercise, "no-advance"),)), by=people.moderator_north
    )


def test_a_breach_that_no_provision_forbids_to_those_concerned_names_none(exercise, people):
    looting = incident_of(filed(exercise, people.monitor_south, act="looting"))
    assert findings.propose(looting, breach(exercise, provisions=()), by=people.moderator_north).conduct == "breach"
    clans = incident_of(filed(exercise, people.monitor_south))
    by_those_not_bound = breach(exercise, provisions=(), parties=(party(exercise, "hill-clans"),))
    assert findings.propose(clans, by_those_not_bound, by=people.moderator_north).conduct == "breach"
    by_nobody_named = incident_of(filed(exercise, people.monitor_south, parties=()))
    unattributed = breach(exercise, provisions=(), attribution="not_attributable", parties=(), confidence="", basis=())
    assert findings.propose(by_nobody_named, unattributed, by=people.moderator_north).conduct == "breach"


def test_in_the_grave_lane_a_breach_says_intent_sequence_and_who_was_harmed_and_grades_its_reports(exercise, people):
    grave = incident_of(filed(exercise, people.monitor_south, casualties=HARM))
    with pytest.raises(Malformed) as refusal:
        findings.propose(grave, breach(exercise), by=people.moderator_north)
    assert set(refusal.value.fields) == {"/intent", "/sequence", "/casualties", "/grades"}
    full = grave_breach(exercise, sequence="initiating")
    graded(grave, people.moderator_south)
    assert findings.propose(grave, full, by=people.moderator_north).killed_verified == 2
    with pytest.raises(Malformed) as refusal:
        findings.propose(grave, replace(full, **verified(killed=4)), by=people.moderator_north)
    assert set(refusal.value.fields) == {"/killed_verified"}


def test_a_truce_that_names_no_firing_party_attributes_nothing(exercise, incident, people, tmp_path):
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    reloaded(tmp_path, ('attribution = "published"', 'attribution = "not_made"'))
    with pytest.raises(Malformed) as refusal:
        findings.propose(incident, breach(exercise), by=people.moderator_north)
    assert set(refusal.value.fields) == {"/attribution"}
    with pytest.raises(NotNow) as refusal:
        findings.second(proposal, by=people.moderator_south)
    assert refusal.value.code == "stale"
    unnamed = breach(exercise, attribution="not_assessed", parties=(), confidence="", basis=())
    assert agreed(incident, unnamed, by=people.moderator_north, and_by=people.moderator_south).conduct == "breach"


# Dissent


def test_dissent_is_recorded_once_a_person_and_changes_nothing(exercise, incident, people):
    made = agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_independent)
    dissent = findings.dissent(made, by=people.moderator_south, grounds="The fire came from the sea.")
    assert (dissent.side.code, dissent.finding) == ("south", made)
    with pytest.raises(NotNow) as refusal:
        findings.dissent(made, by=people.moderator_south, grounds="Again.")
    assert refusal.value.code == "already_dissented"
    with pytest.raises(Malformed):
        findings.dissent(made, by=people.moderator_north_2, grounds="")
    assert list(Finding.objects.open()) == [made]
    assert Dissent.objects.count() == 1


def test_dissent_from_what_is_no_longer_open_is_refused(exercise, incident, people):
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    findings.second(proposal, by=people.moderator_independent)
    with pytest.raises(NotNow) as refusal:
        findings.dissent(proposal, by=people.moderator_south, grounds="No.")
    assert refusal.value.code == "not_open"


# The audit


def test_each_decision_leaves_an_audit_row_on_its_object(exercise, incident, people):
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    findings.dissent(proposal, by=people.moderator_south, grounds="No.")
    findings.second(proposal, by=people.moderator_independent)
    rows = AuditEntry.objects.filter(action__startswith="finding.").order_by("pk")
    assert [(row.action, row.actor.username, row.object_id) for row in rows] == [
        ("finding.propose", "moderator-north", str(proposal.public_id)),
        ("finding.dissent", "moderator-south", str(proposal.public_id)),
        ("finding.second", "moderator-independent", str(proposal.public_id)),
    ]
