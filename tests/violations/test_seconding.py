"""What seconds a proposal: another person of another side, or an independent, on what the proposer saw; once."""

import threading

import pytest
from django.db import connection

from monitoring import accreditation
from monitoring.errors import Forbidden, NotNow
from tests.violations.occasions import agreed, breach, corrected, discounted, filed, incident_of
from violations import filing, findings, linking, review
from violations.models import Finding

MODERATORS = ("moderator_north", "moderator_north_2", "moderator_south", "moderator_independent")
NORTH = {"moderator_north", "moderator_north_2"}


@pytest.fixture
def report(exercise, people):
    return filed(exercise, people.monitor_south)


@pytest.fixture
def incident(report):
    return incident_of(report)


@pytest.mark.parametrize("proposer", MODERATORS)
@pytest.mark.parametrize("seconder", MODERATORS)
def test_two_persons_whose_sides_differ_or_of_whom_one_is_independent(exercise, incident, people, proposer, seconder):
    proposal = findings.propose(incident, breach(exercise), by=getattr(people, proposer))
    if proposer == seconder or {proposer, seconder} <= NORTH:
        with pytest.raises(Forbidden) as refusal:
            findings.second(proposal, by=getattr(people, seconder))
        assert refusal.value.code == ("same_person" if proposer == seconder else "same_side")
        assert not Finding.objects.agreed().exists()
    else:
        made = findings.second(proposal, by=getattr(people, seconder))
        assert (made.standing, made.proposed_by, made.seconded_by) == (
            "preliminary",
            getattr(people, proposer),
            getattr(people, seconder),
        )


def test_what_is_agreed_takes_the_place_of_proposal_and_finding_at_one_instant(exercise, incident, people):
    before = agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    proposal = findings.propose(incident, discounted(), by=people.moderator_south)
    made = findings.second(proposal, by=people.moderator_north)
    assert list(Finding.objects.open()) == [made]
    assert (made.verification, made.changed, made.grounds) == (
        "discounted",
        ["verification", "conduct", "attribution", "confidence", "basis", "parties", "provisions"],
        proposal.grounds,
    )
    before.refresh_from_db()
    proposal.refresh_from_db()
    assert before.superseded_at == proposal.superseded_at == made.recorded_at


def test_a_proposal_is_seconded_once(exercise, incident, people):
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    made = findings.second(proposal, by=people.moderator_south)
    for row in (proposal, made):
        with pytest.raises(NotNow) as refusal:
            findings.second(row, by=people.moderator_independent)
        assert refusal.value.code in {"not_open", "agreed"}


def test_past_its_day_a_proposal_can_still_be_seconded(exercise, incident, people):
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    assert proposal.second_by == proposal.recorded_at
    assert findings.second(proposal, by=people.moderator_south).standing == "preliminary"


def test_the_word_of_the_other_side_stays_open_but_is_proposed_again_before_it_is_seconded(exercise, incident, people):
    by_south = findings.propose(incident, discounted(), by=people.moderator_south)
    by_north = findings.propose(incident, breach(exercise), by=people.moderator_north)
    made = findings.second(by_north, by=people.moderator_independent)
    assert set(Finding.objects.open()) == {by_south, made}
    with pytest.raises(NotNow) as refusal:
        findings.second(by_south, by=people.moderator_independent)
    assert refusal.value.code == "stale"
    again = findings.propose(incident, discounted(), by=people.moderator_south)
    assert findings.second(again, by=people.moderator_independent).verification == "discounted"


def test_what_was_proposed_of_other_reports_is_not_seconded(exercise, incident, report, people):
    twin = filed(exercise, people.monitor_north)
    review.take(twin, by=people.moderator_south)
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    link = linking.link(twin, incident, by=people.moderator_south, kind="same_event", grounds="Same minute.")
    findings.second(link, by=people.moderator_north_2)
    with pytest.raises(NotNow) as refusal:
        findings.second(proposal, by=people.moderator_south)
    assert refusal.value.code == "stale"


def test_a_correction_that_waits_leaves_a_proposal_as_it_is(exercise, incident, report, people):
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    corrected(report, people.monitor_south, act="direct_fire")
    assert findings.second(proposal, by=people.moderator_south).conduct == "breach"


def test_an_accreditation_that_ended_seconds_no_more_but_what_it_proposed_stands(exercise, incident, people):
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    for user in (people.moderator_north, people.moderator_independent):
        accreditation.end(user.accreditations.get(), by=None)
    with pytest.raises(Forbidden) as refusal:
        findings.second(proposal, by=people.moderator_independent)
    assert refusal.value.code == "not_accredited"
    findings.second(proposal, by=people.moderator_south)


def test_what_was_withdrawn_cannot_be_found_upon(exercise, incident, report, people):
    filing.withdraw(report, by=people.monitor_south, grounds="Not ours.")
    with pytest.raises(NotNow) as refusal:
        findings.propose(incident, breach(exercise), by=people.moderator_north)
    assert refusal.value.code == "not_live"


def at_once(*attempts):
    """Run the attempts in threads of their own, released together; return what came of each."""
    outcomes, ready = [None] * len(attempts), threading.Barrier(len(attempts))

    def run(index, attempt):
        try:
            ready.wait()
            outcomes[index] = attempt()
        except NotNow as refusal:
            outcomes[index] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_who_second_at_once_one_wins_and_the_other_is_told(exercise, people):
    incident = incident_of(filed(exercise, people.monitor_south))
    proposal = findings.propose(incident, breach(exercise), by=people.moderator_north)
    outcomes = at_once(
        lambda: findings.second(proposal, by=people.moderator_south),
        lambda: findings.second(proposal, by=people.moderator_independent),
    )
    assert sorted(isinstance(outcome, Finding) for outcome in outcomes) == [False, True]
    assert "not_open" in outcomes
    assert Finding.objects.open().agreed().filter(incident=incident).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_report_withdrawn_while_it_is_found_upon_is_either_gone_or_found_upon(exercise, people):
    report = filed(exercise, people.monitor_south)
    incident = incident_of(report)
    decision = breach(exercise)
    _, proposed = at_once(
        lambda: filing.withdraw(report, by=people.monitor_south, grounds="Filed twice."),
        lambda: findings.propose(incident, decision, by=people.moderator_north),
    )
    gone = not type(incident).objects.live().filter(pk=incident.pk).exists()
    assert gone == (proposed == "not_live")
    assert Finding.objects.open().filter(incident=incident).exists() != gone
