"""A duty officer checks and gathers a team's log; nothing is held back by it, and nothing filed is changed."""

from datetime import timedelta
from functools import partial

import pytest
from django.db.models import F

from monitoring import accreditation, duty_officers, ledgers
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import AuditEntry
from tests.record.chosen_times import chosen_times
from tests.violations.documents import device_of
from tests.violations.duty_officers import HOURS, duty_officer, with_hours
from tests.violations.occasions import corrected, discounted, filed, incident_of, reloaded, under_review
from tests.violations.test_admin_queue import needs, reference_of
from tests.violations.work import WATCH
from violations import deciding, duty, duty_log, effort, filing, findings, linking, questions, queue, review
from violations.models import Assessment, DutyCheck, FilerQuestion, IncidentReport, ReportLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def hours(exercise, tmp_path):
    """The exercise gives duty officers two hours."""
    return with_hours(tmp_path)


@pytest.fixture
def officer(exercise):
    return duty_officer(exercise)


@pytest.fixture
def entries(exercise, people):
    """Three entries of one patrol."""
    return [filed(exercise, people.monitor_north, place_as_written=f"entry {number}") for number in range(3)]


def stands(report):
    return duty_log.waiting([report.agreement_id]).filter(pk=report.pk).exists()


def codes(agreement, user, by=duty_officers.teams_checked_by):
    return set(by(user, agreement).values_list("code", flat=True))


def test_an_entry_stands_with_the_duty_officer_until_it_is_checked(exercise, people, hours, officer):
    report = filed(exercise, people.monitor_north)
    assert stands(report)
    with pytest.raises(NotNow) as refused:
        review.take(report, by=people.moderator_north)
    assert refused.value.code == "with_duty_officer"
    assert "-0800" in refused.value.message
    duty.check([report], by=officer)
    assert not stands(report)
    review.take(report, by=people.moderator_north)


@pytest.mark.by_hand
def test_an_entry_goes_on_by_itself_when_the_hours_are_over(exercise, people, hours, officer):
    report = filed(exercise, people.monitor_north)
    duty.ask(report, by=officer, question="Which bank?")
    again = corrected(report, people.monitor_north, narrative="The eastern bank.", narrative_language="en")
    assert stands(again), "a correction is another entry, and the hours go on"
    with chosen_times(IncidentReport):
        first = IncidentReport.objects.filter(chain=report.chain, revision=1)
        first.update(recorded_at=F("recorded_at") - timedelta(hours=HOURS))
    assert not stands(again), "neither the question nor the correction made them longer"
    review.take(again, by=people.moderator_north)


def test_where_no_hours_are_given_or_nobody_serves_the_team_entries_go_on_at_once(exercise, people, officer, tmp_path):
    report = filed(exercise, people.monitor_north)
    assert not stands(report), "the file gives no hours"
    review.take(report, by=people.moderator_south)
    with_hours(tmp_path)
    assert stands(filed(exercise, people.monitor_north, place_as_written="by the weir"))
    theirs = filed(exercise, people.monitor_south)
    assert not stands(theirs), "no duty officer serves Team Birch"
    review.take(theirs, by=people.moderator_south)
    accreditation.end(accreditation.last_held_by(officer, "duty_officer", exercise), by=None)
    last = filed(exercise, people.monitor_north, place_as_written="by the ford")
    assert not stands(last), "nobody serves the team any more"


def test_the_queue_tells_that_an_entry_waits_for_others_and_then_that_it_is_to_be_taken(
    client, exercise, people, hours, officer
):
    report = filed(exercise, people.monitor_north)
    grave = filed(exercise, people.monitor_north, act="air_strike")
    assert needs(client, people.moderator_north, "mine") == {}
    assert needs(client, people.moderator_north, "others") == {
        reference_of(report): "others_check",
        reference_of(grave): "others_check",
    }
    duty.check([grave], by=officer)
    assert needs(client, people.moderator_north, "mine") == {reference_of(grave): queue.Need.REVIEW}
    page = client.get(f"/admin/violations/incident/{incident_of(report).public_id}/").content.decode()
    assert "stands with the duty officer" in page
    assert "/take/" not in page


def test_what_stands_with_them_is_not_accepted_along_with_a_finding(exercise, people, hours, officer):
    held = filed(exercise, people.monitor_north)
    theirs = under_review(filed(exercise, people.monitor_south), people.moderator_south)
    incident = incident_of(held)
    linking.link(theirs, incident, by=people.moderator_south, kind="same_event", grounds="Same minute.")
    review.reopen(theirs, by=people.moderator_south, grounds="To be read again.")
    assert deciding.to_accept(incident) == [theirs]
    deciding.accept_and_propose(incident, discounted(), by=people.moderator_south)
    assert review.state_of(theirs) == "linked"
    assert stands(held)


def test_a_check_is_a_row_that_says_who_and_when_and_changes_nothing(exercise, people, officer):
    report = filed(exercise, people.monitor_north)
    before = IncidentReport.objects.values().get(pk=report.pk)
    (said,) = duty.check([report], by=officer)
    assert duty.check([report], by=officer) == [said]
    duty.take_back(report, by=officer, grounds="The time was read wrong.")
    with pytest.raises(NotNow):
        duty.take_back(report, by=officer, grounds="Again.")
    (again,) = duty.check([report], by=officer)
    assert [row.outcome for row in DutyCheck.objects.order_by("pk")] == ["checked", "undone", "checked"]
    assert (said.by, again.report) == (officer, report)
    assert IncidentReport.objects.values().get(pk=report.pk) == before
    assert review.state_of(report) == "submitted"
    actions = AuditEntry.objects.filter(actor=officer, object_id=str(report.public_id)).order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["duty.check", "duty.take_back", "duty.check"]


def test_a_question_reaches_the_filer_who_answers_in_words(exercise, people, hours, officer):
    report = filed(exercise, people.monitor_north)
    asked = duty.ask(report, by=officer, question=" Which bank? ")
    assert FilerQuestion.objects.get().question == "Which bank?"
    questions.answer(asked.public_id, by=people.monitor_north, words="The eastern one.", language="en")
    assert review.state_of(report) == "submitted"
    duty.check([report], by=officer)
    review.take(report, by=people.moderator_north)


def test_entries_of_one_event_are_gathered_into_the_incident_filed_first(exercise, people, officer, entries):
    first, *others = entries
    assert Assessment.objects.open().count() == 3
    made = duty.group(entries, by=officer, kind="same_event", grounds="One shelling, told three times.")
    assert {incident_of(report) for report in entries} == {incident_of(first)}
    assert [(link.kind, link.by, link.report) for link in made] == [
        ("same_event", officer, others[0]),
        ("same_event", officer, others[1]),
    ]
    counted = Assessment.objects.open().get()
    assert (counted.incident, counted.lead_report) == (incident_of(first), first)
    assert {review.state_of(report) for report in entries} == {"submitted"}
    with pytest.raises(NotNow) as refused:
        duty.group(entries, by=officer, kind="same_event", grounds="Once more.")
    assert refused.value.code == "together"


@pytest.mark.by_hand
def test_nothing_is_gathered_once_it_is_older_than_the_log_shows(exercise, people, officer, entries):
    with chosen_times(IncidentReport):
        IncidentReport.objects.filter(pk=entries[0].pk).update(recorded_at=F("recorded_at") - duty_log.SHOWN)
    with pytest.raises(NotNow) as refused:
        duty.group(entries, by=officer, kind="same_event", grounds="One shelling, told three times.")
    assert refused.value.code == "over"
    assert len({incident_of(report) for report in entries}) == 3


def test_a_correction_with_a_channel_leaves_the_log_as_little_as_any_other(exercise, people, hours, officer):
    report = filed(exercise, people.monitor_north)
    accreditation.accredit(
        people.monitor_north,
        exercise,
        "duty_officer",
        by=None,
        guarantor=exercise.guarantors.get(code="alder"),
        team=exercise.teams.get(code="team-alder"),
    )
    later = corrected(report, people.monitor_north, channel="caller", source={"name": "A caller"})
    assert stands(later)
    assert later.pk in {entry.pk for entry in duty_log.entries_of(officer)}


def test_what_was_gathered_is_taken_apart_by_another_row(exercise, people, officer, entries):
    first, second, _third = entries
    duty.group(entries, by=officer, kind="part_of_series", grounds="One night.")
    duty.separate(second, by=officer, grounds="Another battery.")
    own = ReportLink.objects.filter(chain=second.chain).order_by("pk").first().incident
    assert incident_of(second) == own
    assert Assessment.objects.open().count() == 2
    assert ReportLink.objects.filter(chain=second.chain).count() == 3, "nothing is taken out of the record"
    with pytest.raises(NotNow) as refused:
        duty.separate(first, by=officer, grounds="It is alone.")
    assert refused.value.code == "alone"


def test_a_moderator_takes_apart_what_a_duty_officer_gathered(exercise, people, officer, entries):
    duty.group(entries, by=officer, kind="same_event", grounds="One shelling.")
    second = under_review(entries[1], people.moderator_south)
    own = ReportLink.objects.filter(chain=second.chain).order_by("pk").first().incident
    linking.link(second, own, by=people.moderator_south, kind="same_event", grounds="Another hour.")
    assert incident_of(second) == own


@pytest.mark.parametrize("verb", ["check", "ask", "group", "take_back"])
def test_what_a_moderator_took_up_is_no_duty_officer_s_any_more(exercise, people, officer, entries, verb):
    duty.check(entries, by=officer)
    under_review(entries[0], people.moderator_north)
    acts = {
        "check": partial(duty.check, entries),
        "ask": partial(duty.ask, entries[0], question="Why?"),
        "group": partial(duty.group, entries, kind="same_event", grounds="One."),
        "take_back": partial(duty.take_back, entries[0], grounds="Wrong."),
    }
    with pytest.raises(NotNow) as refused:
        acts[verb](by=officer)
    assert refused.value.code == "taken_up"


def test_nothing_is_gathered_that_others_have_to_do_with(exercise, people, officer, entries):
    first, second, third = entries
    theirs = under_review(filed(exercise, people.monitor_south), people.moderator_south)
    linking.link(theirs, incident_of(first), by=people.moderator_south, kind="same_event", grounds="One.")
    with pytest.raises(NotNow) as refused:
        duty.group([first, second], by=officer, kind="same_event", grounds="One.")
    assert refused.value.code == "with_others"
    discounted = findings.Decision(verification="discounted", conduct="undetermined", grounds="Thunder.")
    findings.propose(incident_of(second), discounted, by=people.moderator_south)
    with pytest.raises(NotNow) as refused:
        duty.group([second, third], by=officer, kind="same_event", grounds="One.")
    assert refused.value.code == "decided"


def test_nobody_gathers_into_or_takes_out_of_an_incident_of_which_they_filed_a_report(
    exercise, people, officer, entries
):
    accreditation.accredit(
        people.monitor_north,
        exercise,
        "duty_officer",
        by=None,
        team=exercise.teams.get(code="team-alder"),
        guarantor=exercise.guarantors.get(code="alder"),
    )
    other = people.moderator_north
    accreditation.accredit(
        other,
        exercise,
        "monitor",
        by=None,
        team=exercise.teams.get(code="team-alder"),
        guarantor=exercise.guarantors.get(code="alder"),
    )
    theirs, third = (
        filed(exercise, other, narrative="", count=1, count_qualifier="exact", count_unit="explosion"),
        filed(exercise, other),
    )
    duty.group([entries[0], theirs], by=officer, kind="same_event", grounds="One event.")
    for verb in (
        partial(duty.group, [theirs, third], kind="same_event", grounds="One event."),
        partial(duty.separate, theirs, grounds="Another."),
    ):
        with pytest.raises(Forbidden) as refused:
            verb(by=people.monitor_north)
        assert refused.value.code == "own_report"
    assert incident_of(theirs) == incident_of(entries[0]) != incident_of(third)


def test_entries_of_two_teams_are_the_moderators_to_link(exercise, people, entries):
    of_all = duty_officer(exercise, "duty-all", team="", sent_by="")
    theirs = filed(exercise, people.monitor_south)
    with pytest.raises(NotNow) as refused:
        duty.group([entries[0], theirs], by=of_all, kind="same_event", grounds="One.")
    assert refused.value.code == "with_others"


def test_a_withdrawn_entry_is_neither_checked_nor_waited_for(exercise, people, hours, officer):
    report = filed(exercise, people.monitor_north)
    filing.withdraw(report, by=people.monitor_north, grounds="Thunder.")
    assert not stands(report)
    with pytest.raises(NotNow):
        duty.check([report], by=officer)


def test_whoever_files_for_the_team_reads_what_is_asked_about_its_hours(exercise, people, officer):
    watch = effort.file_patrol(exercise, WATCH, by=people.monitor_north, client_id="watch").row
    where, device = f"/api/v1/patrols/{watch.public_id}/", device_of(people.monitor_north)
    told = device.get(where).json()
    assert (told["checked"], told["question"]) == (False, "")
    duty.ask_about_hours(watch, by=officer, question="Until four or five?")
    told = device.get(where).json()
    assert (told["checked"], told["question"]) == (False, "Until four or five?")
    duty.check_hours(watch, by=officer)
    told = device.get(where).json()
    assert (told["checked"], told["question"]) == (True, "")


def test_who_is_accredited_with_a_team_serves_that_team_and_who_is_without_the_agreement_s(exercise, people, officer):
    everything = {"team-alder", "team-birch", "team-joint", "team-independent"}
    of_all = duty_officer(exercise, "duty-all", team="", sent_by="")
    of_birch = duty_officer(exercise, "duty-birch", team="", sent_by="birch")
    assert codes(exercise, officer) == {"team-alder"}
    assert codes(exercise, of_all) == everything
    assert codes(exercise, of_birch) == everything - {"team-alder"}, "no other guarantor's own team"
    filing_for = duty_officers.teams_filed_for_by
    assert codes(exercise, of_all, filing_for) == {"team-joint", "team-independent"}
    assert codes(exercise, of_birch, filing_for) == everything - {"team-alder"}
    assert codes(exercise, people.moderator_north) == set()


def test_a_team_that_becomes_another_guarantor_s_own_is_served_by_none_of_a_side_s(exercise, people, tmp_path):
    of_alder = duty_officer(exercise, "duty-joint", team="team-joint", sent_by="alder")
    of_none = duty_officer(exercise, "duty-none", team="team-joint", sent_by="")
    assert codes(exercise, of_alder, duty_officers.teams_filed_for_by) == {"team-joint"}
    reloaded(
        tmp_path,
        ('{ en = "Joint team" }\nkind = "joint"', '{ en = "Joint team" }\nkind = "guarantor"\nguarantor = "birch"'),
    )
    assert codes(exercise, of_alder) == codes(exercise, of_alder, duty_officers.teams_filed_for_by) == set()
    assert codes(exercise, of_none) == {"team-joint"}
    assert codes(exercise, of_none, duty_officers.teams_filed_for_by) == set()
    assert ledgers.ledger_of(of_alder, exercise) is None


def test_only_the_team_s_duty_officer_checks_and_never_what_they_filed(exercise, people, officer, entries):
    with pytest.raises(Forbidden):
        duty.check(entries, by=people.moderator_north)
    with pytest.raises(NotFound):
        duty.check(entries, by=duty_officer(exercise, "duty-birch", team="team-birch", sent_by="birch"))
    accreditation.accredit(
        people.monitor_north,
        exercise,
        "duty_officer",
        by=None,
        team=exercise.teams.get(code="team-alder"),
        guarantor=exercise.guarantors.get(code="alder"),
    )
    with pytest.raises(Forbidden) as refused:
        duty.check(entries, by=people.monitor_north)
    assert refused.value.code == "own_report"
    assert not DutyCheck.objects.exists()


def test_what_is_missing_is_told(exercise, people, officer, entries):
    with pytest.raises(Malformed):
        duty.ask(entries[0], by=officer, question=" ")
    with pytest.raises(Malformed):
        duty.group(entries, by=officer, kind="related", grounds="One.")
    with pytest.raises(Malformed):
        duty.group(entries, by=officer, kind="same_event", grounds="")
    with pytest.raises(Malformed):
        duty.group(entries[:1], by=officer, kind="same_event", grounds="One.")
    with pytest.raises(Malformed):
        duty.check([], by=officer)


def test_a_watch_is_checked_or_asked_about_and_its_hours_count_as_before(exercise, people, officer):
    watch = effort.file_patrol(exercise, WATCH, by=people.monitor_north, client_id="watch").row
    duty.ask_about_hours(watch, by=officer, question="Until four or five?")
    said = duty.check_hours(watch, by=officer)
    assert duty.check_hours(watch, by=officer) == said
    assert [row.outcome for row in watch.duty_checks.order_by("pk")] == ["asked", "checked"]
    with pytest.raises(NotFound):
        duty.check_hours(watch, by=duty_officer(exercise, "duty-birch", team="team-birch", sent_by="birch"))
    effort.withdraw(type(watch), watch.public_id, by=people.monitor_north)
    with pytest.raises(NotNow):
        duty.check_hours(watch, by=officer)
