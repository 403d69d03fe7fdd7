"""Sittings of the determining body: agenda, outcomes that two sides stand for, and what is left to moderators then."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.occasions import corrected, discounted, incident_of, reloaded
from tests.violations.sessions import HELD_ON, before_it, called, said
from tests.violations.test_seconding import at_once
from violations import determinations, filing, findings, lanes, linking, membership, review, sittings
from violations.models import AgendaItem, Docket, Finding, SittingMinutes, SittingOutcome
from violations.queue import Need, candidates, waiting
from violations.sittings import Minuted

MODERATORS = ("moderator_north", "moderator_north_2", "moderator_south", "moderator_independent")
NORTH = {"moderator_north", "moderator_north_2"}


@pytest.fixture
def report(exercise, people):
    return taken(exercise, people.monitor_south, by=people.moderator_north)


@pytest.fixture
def proposal(report, people):
    return proposed_on(report, by=people.moderator_north)


@pytest.fixture
def item(proposal, people):
    return before_it(proposal, people)


def need(report, user):
    side = accreditation.side_of(user.accreditations.get())
    sides = {report.agreement_id: side.pk if side else None}
    rows = waiting(candidates(user), by=user, sides=sides, at_most=10)
    return next(row.need for row in rows if row.place[1] == incident_of(report).pk)


def refused(code, verb, *args, **kwargs):
    with pytest.raises((Forbidden, NotNow, Malformed)) as refusal:
        verb(*args, **kwargs)
    assert refusal.value.code == code


# Calling one


def test_a_sitting_is_of_the_body_that_the_file_names(exercise, people):
    sitting = called(exercise, people)
    assert sitting.body == "Joint session of the guarantors of the Varrow Truce"
    again = sittings.call(exercise, HELD_ON, by=people.moderator_north, client_id=sitting.client_id)
    assert again == sitting
    refused(
        "client_id_taken",
        sittings.call,
        exercise,
        HELD_ON + timedelta(days=1),
        by=people.moderator_north,
        client_id=sitting.client_id,
    )


def test_a_truce_without_such_a_body_has_no_sittings(exercise, people, tmp_path):
    reloaded(tmp_path, ('determining_body = "Joint session of the guarantors of the Varrow Truce"\n', ""))
    with pytest.raises(NotNow) as refusal:
        called(exercise, people)
    assert refusal.value.code == "no_determining_body"


def test_only_moderators_call_one_on_a_day_that_there_is(exercise, people):
    refused("not_accredited", sittings.call, exercise, HELD_ON, by=people.monitor_north, client_id="x")
    with pytest.raises(Malformed) as refusal:
        sittings.call(exercise, date(1, 1, 1), by=people.moderator_north, client_id="x")
    assert list(refusal.value.fields) == ["/held_on"]


# The agenda


def test_what_is_put_on_stands_in_order_and_once(exercise, report, item, people):
    assert item.place == 1
    other = proposed_on(taken(exercise, people.monitor_north, by=people.moderator_south), by=people.moderator_south)
    assert before_it(other, people, item.sitting).place == 2
    refused("on_an_agenda", before_it, item.finding, people)
    sittings.take_off(item, by=people.moderator_south, grounds="Not ready.")
    assert before_it(item.finding, people, item.sitting).place == 3, "No number is given twice."
    refused("not_on_agenda", sittings.take_off, item, by=people.moderator_south, grounds="Not ready.")


def test_what_two_sides_agreed_may_be_put_on_and_what_is_told_by_none_of_them_not(exercise, report, proposal, people):
    agreed = findings.second(proposal, by=people.moderator_south)
    refused("not_open", before_it, proposal, people)
    item = before_it(agreed, people)
    determined = said(item, people).finding
    refused("not_before_a_sitting", before_it, determined, people)


def test_a_move_of_reports_is_not_for_a_sitting(exercise, report, proposal, people):
    twin = taken(exercise, people.monitor_north, by=people.moderator_south)
    link = linking.link(twin, incident_of(report), by=people.moderator_south, kind="same_event", grounds="One event.")
    refused("not_a_finding", before_it, link, people)


def test_what_is_stale_is_not_put_on(exercise, report, proposal, people):
    corrected(report, people.monitor_south, act="direct_fire")
    effect = findings.propose_effect(
        incident_of(report),
        "correction",
        report=type(report).objects.of_chain(report.chain).first(),
        by=people.moderator_north,
        grounds="As told.",
    )
    findings.second(effect, by=people.moderator_south)
    refused("stale", before_it, proposal, people)


def test_whoever_filed_it_neither_puts_it_on_nor_takes_it_off(exercise, people):
    accreditation.accredit(
        people.monitor_south, exercise, "moderator", by=None, guarantor=exercise.guarantors.get(code="birch")
    )
    proposal = proposed_on(taken(exercise, people.monitor_south, by=people.moderator_north), by=people.moderator_north)
    sitting = called(exercise, people)
    refused("own_report", sittings.put_on, sitting, proposal, by=people.monitor_south)
    item = before_it(proposal, people, sitting)
    refused("own_report", sittings.take_off, item, by=people.monitor_south, grounds="No.")
    refused("own_report", determinations.record, item, "agreed", grounds="Yes.", by=people.monitor_south)
    recorded = determinations.record(item, "agreed", grounds="Yes.", by=people.moderator_north)
    refused("own_report", determinations.confirm, recorded, by=people.monitor_south)


def test_nothing_is_said_before_the_day(exercise, proposal, people):
    sitting = called(exercise, people, timezone.now().date() + timedelta(days=40))
    item = before_it(proposal, people, sitting)
    refused("not_held_yet", determinations.record, item, "agreed", grounds="Yes.", by=people.moderator_south)
    refused("not_held_yet", sittings.minute, sitting, Minuted("Held.", "en"), by=people.moderator_south)


# What it said


@pytest.mark.parametrize("recorder", MODERATORS)
@pytest.mark.parametrize("confirmer", MODERATORS)
def test_two_persons_whose_sides_differ_or_of_whom_one_is_independent(item, people, recorder, confirmer):
    recorded = determinations.record(item, "agreed", grounds="Unanimous.", by=getattr(people, recorder))
    if recorder == confirmer or {recorder, confirmer} <= NORTH:
        code = "same_person" if recorder == confirmer else "same_side"
        refused(code, determinations.confirm, recorded, by=getattr(people, confirmer))
        assert not Finding.objects.agreed().exists()
    else:
        made = determinations.confirm(recorded, by=getattr(people, confirmer)).finding
        assert (made.standing, made.proposed_by, made.seconded_by, made.grounds) == (
            "determined",
            getattr(people, recorder),
            getattr(people, confirmer),
            "Unanimous.",
        )


def test_agreed_it_determines_what_was_before_it_at_one_instant(report, item, people):
    confirmed = said(item, people)
    made = confirmed.finding
    assert list(Finding.objects.open()) == [made]
    item.refresh_from_db()
    item.finding.refresh_from_db()
    assert item.superseded_at == item.finding.superseded_at == made.recorded_at == confirmed.recorded_at
    assert (made.verification, made.conduct) == ("verified", "breach")
    assert made.changed[-1] == "standing"
    assert [row.provision for row in made.provisions.all()] == [row.provision for row in item.finding.provisions.all()]
    assert Docket.objects.open().get(incident=incident_of(report)).stage == "settled"
    assert set(AuditEntry.objects.filter(action__startswith="sitting.").values_list("action", flat=True)) == {
        "sitting.call",
        "sitting.put_on",
        "sitting.record_outcome",
        "sitting.confirm",
    }


def test_a_preliminary_finding_is_determined_and_nothing_but_its_standing_changes(report, people):
    agreed = agreed_on(report, people)
    made = said(before_it(agreed, people), people).finding
    assert made.changed == ["standing"]
    agreed.refresh_from_db()
    assert agreed.superseded_at == made.recorded_at


@pytest.mark.parametrize("outcome", ["not_agreed", "referred_back"])
def test_otherwise_every_finding_stands_but_is_proposed_again_before_it_is_seconded(report, item, people, outcome):
    said(item, people, outcome)
    assert list(Finding.objects.open()) == [item.finding]
    refused("stale", findings.second, item.finding, by=people.moderator_south)
    refused("stale", before_it, item.finding, people)
    expected = Need.REFERRED if outcome == "referred_back" else Need.DECIDE
    assert need(report, people.moderator_south) == expected
    again = proposed_on(report, by=people.moderator_north)
    assert need(report, people.moderator_south) == Need.SECOND
    assert findings.second(again, by=people.moderator_south).standing == "preliminary"


def test_a_preliminary_finding_that_is_referred_back_stands_and_waits_for_moderators_again(report, people):
    agreed = agreed_on(report, people)
    review.accept(report, by=people.moderator_north)
    assert need(report, people.moderator_south) == Need.NOTHING
    said(before_it(agreed, people), people, "referred_back")
    assert list(Finding.objects.open()) == [agreed]
    assert Docket.objects.open().get(incident=incident_of(report)).stage == "work"
    assert need(report, people.moderator_south) == Need.REFERRED
    again = before_it(agreed, people)
    assert need(report, people.moderator_south) == Need.NOTHING
    assert said(again, people).finding.standing == "determined"


def test_each_side_records_and_what_is_confirmed_closes_what_the_other_recorded(report, item, people):
    north = determinations.record(item, "referred_back", grounds="To be looked at.", by=people.moderator_north)
    south = determinations.record(item, "agreed", grounds="Agreed.", by=people.moderator_south)
    assert need(report, people.moderator_independent) == Need.CONFIRM
    again = determinations.record(item, "not_agreed", grounds="No agreement.", by=people.moderator_north_2)
    refused("not_open", determinations.confirm, north, by=people.moderator_south)
    refused("outcome_recorded", sittings.take_off, item, by=people.moderator_south, grounds="No.")
    determinations.confirm(again, by=people.moderator_south)
    refused("not_open", determinations.confirm, south, by=people.moderator_north)
    refused("not_on_agenda", determinations.record, item, "agreed", grounds="Agreed.", by=people.moderator_south)
    assert not Finding.objects.agreed().exists()


def test_what_one_side_recorded_waits_for_the_others_in_the_queue(report, item, people):
    determinations.record(item, "agreed", grounds="Agreed.", by=people.moderator_south)
    assert need(report, people.moderator_south) == Need.OTHERS_CONFIRM
    assert need(report, people.moderator_north) == Need.CONFIRM


def test_what_changed_meanwhile_is_not_determined(report, item, people):
    recorded = determinations.record(item, "agreed", grounds="Agreed.", by=people.moderator_south)
    proposed_on(report, by=people.moderator_north, killed_verified=None)
    refused("not_open", determinations.confirm, recorded, by=people.moderator_north)
    item.refresh_from_db()
    assert item.superseded_at is None
    other = determinations.record(item, "not_agreed", grounds="It had changed.", by=people.moderator_south)
    assert determinations.confirm(other, by=people.moderator_north).finding is None


def test_what_does_not_go_together_any_more_is_not_determined(report, item, people):
    recorded = determinations.record(item, "agreed", grounds="Agreed.", by=people.moderator_south)
    lanes.move(incident_of(report), "grave", reason="other", grounds="A series.", by=people.moderator_south)
    refused("stale", determinations.confirm, recorded, by=people.moderator_north)


def test_what_is_typed_wrong_leaves_nothing(item, people):
    with pytest.raises(Malformed) as refusal:
        determinations.record(item, "adopted", grounds=" ", by=people.moderator_south)
    assert set(refusal.value.fields) == {"/outcome", "/grounds"}
    with pytest.raises(Malformed):
        sittings.take_off(item, by=people.moderator_south, grounds=" ")
    assert not SittingOutcome.objects.exists()


def test_a_new_file_that_renames_a_side_lets_nobody_confirm_their_own(item, people, tmp_path):
    recorded = determinations.record(item, "agreed", grounds="Agreed.", by=people.moderator_north)
    reloaded(tmp_path, ('code = "north"', 'code = "norden"'), ('side = "north"', 'side = "norden"'))
    refused("same_side", determinations.confirm, recorded, by=people.moderator_north_2)
    assert determinations.confirm(recorded, by=people.moderator_south).finding.standing == "determined"


# What is left to moderators then


def test_moderators_propose_on_what_is_determined_but_a_sitting_alone_changes_it(exercise, report, item, people):
    determined = said(item, people).finding
    other = findings.propose(incident_of(report), discounted(), by=people.moderator_south)
    refused("determined", findings.second, other, by=people.moderator_north)
    assert need(report, people.moderator_north) not in {Need.SECOND, Need.OTHERS_SECOND}
    assert list(Finding.objects.open().agreed()) == [determined]
    made = said(before_it(other, people), people).finding
    assert (made.standing, made.verification) == ("determined", "discounted")
    assert "standing" not in made.changed


def test_where_the_file_names_no_body_any_more_two_moderators_agree_otherwise(report, item, people, tmp_path):
    said(item, people)
    reloaded(tmp_path, ('determining_body = "Joint session of the guarantors of the Varrow Truce"\n', ""))
    other = findings.propose(incident_of(report), discounted(), by=people.moderator_south)
    assert findings.second(other, by=people.moderator_north).standing == "preliminary"


def test_a_correction_that_two_sides_let_take_effect_carries_it_over(report, item, people):
    determined = said(item, people).finding
    corrected(report, people.monitor_south, act="direct_fire")
    newest = type(report).objects.of_chain(report.chain).first()
    effect = findings.propose_effect(
        incident_of(report), "correction", report=newest, by=people.moderator_north, grounds="As told."
    )
    made = findings.second(effect, by=people.moderator_south)
    assert (made.standing, made.changed) == ("determined", ["reports"])
    determined.refresh_from_db()
    assert determined.superseded_at == made.recorded_at


def test_a_withdrawal_by_its_filer_waits_for_two_sides(report, item, people):
    said(item, people)
    filing.withdraw(report, by=people.monitor_south, grounds="Heard of only.")
    assert membership.is_live(incident_of(report).pk)
    effect = findings.propose_effect(
        incident_of(report), "withdrawal", report=report, by=people.moderator_north, grounds="As told."
    )
    incident = incident_of(report)
    findings.second(effect, by=people.moderator_south)
    assert not membership.is_live(incident.pk)


# Minutes


def test_minutes_are_corrected_by_others_in_their_place(exercise, people):
    sitting = called(exercise, people)
    first = sittings.minute(sitting, Minuted("Held in Varrow.", "en"), by=people.moderator_north)
    assert sittings.minute(sitting, Minuted("Held in Varrow. ", "en"), by=people.moderator_south) == first
    second = sittings.minute(sitting, Minuted("Held in Alder.", "en", "registry, 12"), by=people.moderator_south)
    first.refresh_from_db()
    assert first.superseded_at == second.recorded_at
    assert list(SittingMinutes.objects.open()) == [second]
    with pytest.raises(Malformed) as refusal:
        sittings.minute(sitting, Minuted(" ", "English"), by=people.moderator_north)
    assert set(refusal.value.fields) == {"/words", "/language"}


# At once


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_determine_once(exercise, people):
    item = before_it(
        proposed_on(taken(exercise, people.monitor_south, by=people.moderator_north), by=people.moderator_north), people
    )
    recorded = determinations.record(item, "agreed", grounds="Agreed.", by=people.moderator_south)
    outcomes = at_once(
        lambda: determinations.confirm(recorded, by=people.moderator_north),
        lambda: determinations.confirm(recorded, by=people.moderator_independent),
    )
    assert outcomes.count("not_open") == 1
    assert Finding.objects.open().agreed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_one_who_confirms_and_one_who_records_anew_one_wins(exercise, people):
    item = before_it(
        proposed_on(taken(exercise, people.monitor_south, by=people.moderator_north), by=people.moderator_north), people
    )
    recorded = determinations.record(item, "agreed", grounds="Agreed.", by=people.moderator_south)
    outcomes = at_once(
        lambda: determinations.confirm(recorded, by=people.moderator_north),
        lambda: determinations.record(item, "not_agreed", grounds="It was not.", by=people.moderator_south),
    )
    lost = [code for code in outcomes if isinstance(code, str)]
    assert lost in (["not_open"], ["not_on_agenda"])
    assert Finding.objects.open().agreed().exists() == (lost == ["not_on_agenda"])


@pytest.mark.django_db(transaction=True)
def test_confirming_and_seconding_what_is_before_the_sitting_one_wins(exercise, people):
    proposal = proposed_on(taken(exercise, people.monitor_south, by=people.moderator_north), by=people.moderator_north)
    recorded = determinations.record(
        before_it(proposal, people), "agreed", grounds="Agreed.", by=people.moderator_south
    )
    outcomes = at_once(
        lambda: determinations.confirm(recorded, by=people.moderator_north),
        lambda: findings.second(proposal, by=people.moderator_independent),
    )
    assert outcomes.count("not_open") == 1
    assert Finding.objects.open().agreed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_confirming_while_its_filer_withdraws_leaves_it_determined_and_the_withdrawal_to_two_sides(exercise, people):
    report = taken(exercise, people.monitor_south, by=people.moderator_north)
    item = before_it(proposed_on(report, by=people.moderator_north), people)
    recorded = determinations.record(item, "agreed", grounds="Agreed.", by=people.moderator_south)
    at_once(
        lambda: determinations.confirm(recorded, by=people.moderator_north),
        lambda: filing.withdraw(report, by=people.monitor_south, grounds="Heard of only."),
    )
    assert review.state_of(report) == "withdrawn"
    assert membership.is_live(item.incident_id)
    assert Finding.objects.open().agreed().get().standing == "determined"


@pytest.mark.django_db(transaction=True)
def test_two_incidents_put_on_at_once_have_two_places(exercise, people):
    sitting = called(exercise, people)
    made = [
        proposed_on(taken(exercise, people.monitor_south, by=people.moderator_north), by=people.moderator_north)
        for _number in range(2)
    ]
    at_once(*(lambda finding=finding: before_it(finding, people, sitting) for finding in made))
    assert sorted(AgendaItem.objects.values_list("place", flat=True)) == [1, 2]
