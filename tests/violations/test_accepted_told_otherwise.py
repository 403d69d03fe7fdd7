"""What was accepted of a set, once a later release tells an event otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.violations import occasions, sets
from tests.violations.accepting import EVENT_TOLD_OTHERWISE, accepted, found, graded, with_a_set
from violations import findings, linking
from violations.models import Assessment, Finding, IncidentReport


@pytest.fixture
def truce(exercise, people, tmp_path):
    return with_a_set(exercise, tmp_path)


def test_an_event_told_otherwise_waits_for_people_once_it_was_accepted(truce, people, tmp_path):
    accepted(truce, people)
    assert sets.imported(truce, tmp_path, EVENT_TOLD_OTHERWISE).waiting == 1
    assert Assessment.objects.open().get(incident=sets.incident("1")).killed_high == 4


def test_two_events_of_one_incident_told_otherwise_at_once_are_assessed_once(truce, people, tmp_path):
    first, second = (IncidentReport.objects.get(external_id=number) for number in "12")
    occasions.under_review(second, people.moderator_north)
    linking.link(second, sets.incident("1"), by=people.moderator_north, kind="same_event", grounds="One.")
    told = sets.imported(truce, tmp_path, EVENT_TOLD_OTHERWISE, sets.KINDS[1] | {"high": "8"})
    assert (told.revised, told.assessed) == (2, 1)
    assert occasions.incident_of(first) == occasions.incident_of(second)
    assert Assessment.objects.open().get(incident=occasions.incident_of(first)).killed_high == 9


def let_take_effect(truce, people, folder, **told) -> tuple[Finding, Finding]:
    """What is found of event 2 before and after two people let a later release take effect that tells it otherwise."""
    before = found("2")
    assert sets.imported(truce, folder, sets.KINDS[1] | told).waiting == 1
    release = IncidentReport.objects.filter(external_id="2").latest("revision")
    proposal = findings.propose_effect(
        before.incident, "correction", report=release, by=people.moderator_north, grounds="The set says so now."
    )
    assert found("2") == before
    after = findings.second(proposal, by=people.moderator_south)
    before.refresh_from_db()
    assert before.superseded_at == after.recorded_at
    assert (after.proposed_by, after.seconded_by) == (people.moderator_north, people.moderator_south)
    assert (after.standing, after.verification, after.effect) == ("data_set", "probable", "correction")
    assert after.grounds == "The set says so now."
    return before, after


def parties_of(finding: Finding) -> list[str]:
    return [row.party.code for row in finding.parties.all()]


def test_what_was_accepted_of_a_set_follows_what_it_tells_by_now_once_two_let_that_take_effect(truce, people, tmp_path):
    accepted(truce, people)
    before, after = let_take_effect(truce, people, tmp_path, side_a="South Guard")
    assert (parties_of(before), parties_of(after)) == (["north-army"], ["south-guard"])
    assert (after.attribution, after.confidence, after.basis) == ("attributed", "low", ["open_source"])
    assert (after.conduct, [row.provision.code for row in after.provisions.all()]) == ("breach", ["no-fire"])
    assert after.changed == ["reports", "parties"]
    assert Assessment.objects.open().get(incident=after.incident).alleged == [
        truce.parties.get(code="south-guard").pk,
    ]


def test_a_set_that_says_no_more_who_acted_has_nobody_found(truce, people, tmp_path):
    accepted(truce, people)
    _before, after = let_take_effect(truce, people, tmp_path, type_of_violence="1", side_b="South Guard")
    assert (after.attribution, after.confidence, after.basis, parties_of(after)) == ("not_assessed", "", [], [])
    assert (after.conduct, after.intent, after.provisions.count()) == ("undetermined", "", 0)
    assert after.changed == [
        *("reports", "conduct", "attribution", "confidence", "basis", "intent", "sequence", "parties", "provisions")
    ]


def test_a_set_that_tells_another_number_has_the_same_found(truce, people, tmp_path):
    accepted(truce, people)
    before, after = let_take_effect(truce, people, tmp_path, high="9")
    assert parties_of(after) == parties_of(before) == ["north-army"]
    assert after.changed == ["reports"]


def test_what_people_found_stays_what_they_found_where_the_set_tells_otherwise(truce, people, tmp_path):
    from violations import decisions

    accepted(truce, people)
    nobody_could_say = occasions.verified(killed=None, people="unknown")
    same = replace(decisions.said_by(found("2"), grounds="Read again by both."), **nobody_could_say)
    occasions.agreed(graded("2", people), same, by=people.moderator_south, and_by=people.moderator_north)
    sets.imported(truce, tmp_path, sets.KINDS[1] | {"side_a": "South Guard"})
    release = IncidentReport.objects.filter(external_id="2").latest("revision")
    proposal = findings.propose_effect(
        sets.incident("2"), "correction", report=release, by=people.moderator_north, grounds="The set says so now."
    )
    after = findings.second(proposal, by=people.moderator_south)
    assert (after.standing, parties_of(after), after.changed) == ("preliminary", ["north-army"], ["reports"])


def test_a_correction_of_what_else_tells_of_the_incident_leaves_what_the_set_says(truce, people, tmp_path):
    """The incident's lead is the set's report; a team's report, linked and corrected, is no word of the set."""
    accepted(truce, people)
    report = occasions.under_review(occasions.filed(truce, people.monitor_north), people.moderator_north)
    link = linking.link(report, sets.incident("2"), by=people.moderator_north, kind="same_event", grounds="One.")
    findings.second(link, by=people.moderator_south)
    newer = occasions.corrected(report, people.monitor_north, parties=(occasions.NamedParty("alleged", "south-guard"),))
    correction = findings.propose_effect(
        sets.incident("2"), "correction", report=newer, by=people.moderator_north, grounds="As the filer says."
    )
    after = findings.second(correction, by=people.moderator_south)
    assert (after.standing, parties_of(after), after.changed) == ("data_set", ["north-army"], ["reports"])
