"""What was linked is taken back by what is written anew, by as many persons as it would take now."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.urls import reverse

from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry
from tests.violations.cases import agreed_on
from tests.violations.occasions import agreed, breach, corrected, filed, incident_of, under_review
from violations import findings, linking, membership, review
from violations.models import Assessment, Finding, Incident, NoteTakenBack, ReportLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(exercise, people):
    return filed(exercise, people.monitor_south)


@pytest.fixture
def report(exercise, people):
    return under_review(filed(exercise, people.monitor_north), people.moderator_south)


def link(report, incident, people, *, kind="same_event", by=None):
    return linking.link(report, incident, by=by or people.moderator_south, kind=kind, grounds="Same place and minute.")


def back(link, people, *, by=None):
    return linking.take_back(link, by=by or people.moderator_north, grounds="An hour apart, it turns out.")


def live():
    return set(Incident.objects.live().values_list("pk", flat=True))


@pytest.mark.parametrize("kind", ["same_event", "duplicate", "part_of_series"])
def test_a_report_goes_back_to_the_incident_that_it_opened_by_a_new_link(first, report, people, kind):
    own, other = incident_of(report), incident_of(first)
    taken = link(report, other, people, kind=kind)
    made = back(taken, people)
    assert (made.incident, made.by, made.grounds) == (own, people.moderator_north, "An hour apart, it turns out.")
    taken.refresh_from_db()
    assert (taken.kind, taken.grounds, taken.superseded_at) == (kind, "Same place and minute.", made.recorded_at)
    assert live() == {own.pk, other.pk}
    assert review.state_of(report) == "linked"
    assert Assessment.objects.filter(incident=own).count() == 2
    done = AuditEntry.objects.filter(actor=people.moderator_north, outcome="done").order_by("pk")
    assert list(done.values_list("action", flat=True)) == ["review.reopen", "report.link"]


def test_a_note_ends_and_who_took_it_back_and_why_is_a_row(first, report, people):
    note = link(report, incident_of(first), people, kind="related")
    before = live()
    made = back(note, people)
    note.refresh_from_db()
    assert isinstance(made, NoteTakenBack)
    assert (made.link, made.by, made.grounds) == (note, people.moderator_north, "An hour apart, it turns out.")
    assert note.superseded_at == made.recorded_at
    assert (live(), review.state_of(report)) == (before, "under_review")
    again = link(report, incident_of(first), people, kind="related")
    assert (again.pk != note.pk, again.superseded_at) == (True, None)
    assert AuditEntry.objects.filter(action="report.take_back", outcome="done").count() == 1


def test_a_correction_carries_a_note_on_and_it_is_taken_back_from_the_new_revision(first, report, people):
    link(report, incident_of(first), people, kind="related")
    newer = corrected(report, people.monitor_north, act="direct_fire")
    carried = ReportLink.objects.open().get(kind="related")
    assert carried.report == newer
    assert back(carried, people).link == carried
    assert not ReportLink.objects.open().filter(kind="related").exists()


def test_what_is_taken_back_is_not_taken_back_again(first, report, people):
    for kind in ("related", "same_event"):
        taken = link(report, incident_of(first), people, kind=kind)
        back(taken, people)
        with pytest.raises(NotNow) as refusal:
            back(taken, people)
        assert refusal.value.code == "taken_back"


def test_where_two_decided_one_only_proposes_it_and_nothing_moves_until_it_is_seconded(first, report, people, exercise):
    other = incident_of(first)
    agreed(other, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    own = incident_of(report)
    findings.second(link(report, other, people), by=people.moderator_north)
    proposal = back(membership_of(report), people, by=people.moderator_south)
    assert isinstance(proposal, Finding)
    assert (proposal.effect, proposal.incident, proposal.effect_incident) == ("link", other, own)
    assert incident_of(report) == other
    assert review.state_of(report) == "under_review"
    with pytest.raises(Forbidden):
        findings.second(proposal, by=people.moderator_south)
    findings.second(proposal, by=people.moderator_north)
    assert incident_of(report) == own
    assert Finding.objects.open().agreed().get().incident == other


def test_what_two_linked_needs_two_though_nothing_was_found(first, report, people, exercise):
    findings.propose(incident_of(report), breach(exercise), by=people.moderator_south)
    findings.second(link(report, incident_of(first), people), by=people.moderator_north)
    assert isinstance(back(membership_of(report), people), Finding)
    assert incident_of(report) == incident_of(first)


def membership_of(report) -> ReportLink:
    return ReportLink.objects.open().members().get(chain=report.chain)


def test_a_report_in_the_incident_that_it_opened_has_nothing_to_take_back(report, people):
    with pytest.raises(NotNow) as refusal:
        back(membership_of(report), people)
    assert refusal.value.code == "at_home"
    assert membership.home(report.chain) == incident_of(report)


def test_a_report_under_review_again_is_taken_back_as_well(first, report, people):
    own = incident_of(report)
    taken = link(report, incident_of(first), people)
    review.reopen(report, by=people.moderator_south, grounds="Looked at again.")
    assert back(taken, people).incident == own


def test_grounds_are_asked_for(first, report, people):
    for kind in ("related", "same_event"):
        taken = link(report, incident_of(first), people, kind=kind)
        with pytest.raises(Malformed) as refusal:
            linking.take_back(taken, by=people.moderator_north, grounds="  ")
        assert "/grounds" in refusal.value.fields


@pytest.mark.parametrize("kind", ["related", "same_event"])
@pytest.mark.parametrize("name", ["superuser", "operator", "monitor_north", "guarantor_alder"])
def test_only_moderators_take_back_and_what_is_refused_leaves_nothing(first, report, people, kind, name):
    taken = link(report, incident_of(first), people, kind=kind)
    with pytest.raises(Forbidden):
        back(taken, people, by=getattr(people, name))
    taken.refresh_from_db()
    assert taken.superseded_at is None
    assert not NoteTakenBack.objects.exists()


def test_what_its_filer_corrected_meanwhile_is_refused_whole(first, report, people, exercise):
    agreed(incident_of(first), breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    findings.second(link(report, incident_of(first), people), by=people.moderator_north)
    corrected(report, people.monitor_north, act="direct_fire")
    taken = membership_of(report)
    with pytest.raises(NotNow) as refusal:
        back(taken, people)
    assert refusal.value.code == "is_superseded"
    assert membership_of(report) == taken


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["related", "same_event"])
def test_two_who_take_back_at_once_do_it_once(first, report, people, kind):
    taken = link(report, incident_of(first), people, kind=kind)
    outcomes, ready = [], threading.Barrier(2)

    def run(by):
        try:
            ready.wait()
            outcomes.append(type(back(taken, people, by=by)))
        except NotNow as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[by]) for by in (people.moderator_north, people.moderator_south)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = {outcome for outcome in outcomes if isinstance(outcome, str)}
    assert len(told) == 1
    assert told <= {"taken_back", "just_moved", "raced"}
    assert ReportLink.objects.open().members().filter(chain=report.chain).count() == 1


def page(which, report):
    return reverse(f"admin:violations_incidentreport_{which}", args=[report.public_id])


def incident_page(report):
    return reverse("admin:violations_incident_change", args=[incident_of(report).public_id])


def test_a_button_leads_to_the_page_that_takes_back(client, first, report, people):
    own = incident_of(report)
    client.force_login(people.moderator_north)
    assert page("take_back", report) not in client.get(incident_page(report)).text
    assert client.get(page("take_back", report)).status_code == 409
    taken = link(report, incident_of(first), people)
    assert page("take_back", report) in client.get(incident_page(first)).text
    assert "it goes back to the incident that it opened" in client.get(page("take_back", report)).text
    asked = {"taken": taken.pk, "grounds": "An hour apart."}
    assert client.post(page("take_back", report), asked | {"grounds": ""}).status_code == 400
    response = client.post(page("take_back", report), asked, follow=True)
    assert "The link was taken back." in response.text
    assert incident_of(report) == own
    assert client.post(page("take_back", report), asked).status_code == 409


def test_a_note_is_taken_back_from_either_incident_and_the_time_line_tells_of_it(client, first, report, people):
    client.force_login(people.moderator_north)
    note = link(report, incident_of(first), people, kind="related")
    for told_of in (first, report):
        assert page("take_back", report) in client.get(incident_page(told_of)).text
    client.post(page("take_back", report), {"taken": note.pk, "grounds": "Nothing to do with it."})
    text = client.get(incident_page(first)).text
    assert page("take_back", report) not in text
    assert "aken back that report" in text
    assert "Nothing to do with it." in text


def test_taking_back_what_two_decide_is_told_to_be_a_proposal(client, first, report, people):
    agreed_on(first, people)
    findings.second(link(report, incident_of(first), people), by=people.moderator_north)
    client.force_login(people.moderator_south)
    asked = {"taken": membership_of(report).pk, "grounds": "An hour apart."}
    assert "so your link is a proposal" in client.post(page("take_back", report), asked, follow=True).text
    assert incident_of(report) == incident_of(first)


def test_no_link_of_another_report_is_taken_back_there(client, exercise, first, report, people):
    other = under_review(filed(exercise, people.monitor_north), people.moderator_south)
    link(report, incident_of(first), people)
    foreign = link(other, incident_of(first), people, kind="related")
    client.force_login(people.moderator_north)
    assert client.post(page("take_back", report), {"taken": foreign.pk, "grounds": "Mine."}).status_code == 400
    foreign.refresh_from_db()
    assert foreign.superseded_at is None
