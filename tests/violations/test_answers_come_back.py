"""What a filer answered leads the queue of the moderator who asked, and stands in every other's as it always does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring import accreditation
from tests.violations.cases import proposed_on, taken
from tests.violations.occasions import HARM, corrected, filed, incident_of
from tests.violations.test_admin_queue import QUEUE, needs, reference_of, references, shown
from violations import findings, questions, queue, review
from violations.models import Docket

pytestmark = pytest.mark.django_db


def answered(exercise, people, *, by, **changes):
    """A report about which `by` asked and its filer answered."""
    report = taken(exercise, people.monitor_north, by=by, **changes)
    asked = questions.ask(report, by=by, grounds="Which bank?")
    questions.answer(asked.public_id, by=people.monitor_north, words="The left.", language="en")
    return report


def sent_back(exercise, people, *, by, **changes):
    """A report that `by` returned with a question and its filer corrected."""
    report = taken(exercise, people.monitor_north, by=by, **changes)
    review.return_with_question(report, by=by, grounds="Which bank?")
    return corrected(report, people.monitor_north, place_as_written="the left bank", **changes)


def test_an_answer_leads_the_queue_of_whoever_asked_before_what_is_grave(client, exercise, people):
    grave = filed(exercise, people.monitor_south, casualties=HARM)
    heard = answered(exercise, people, by=people.moderator_south, means="heard")
    fixed = sent_back(exercise, people, by=people.moderator_south)
    mine = shown(client, people.moderator_south)
    assert references(mine) == [reference_of(report) for report in (heard, fixed, grave)]
    assert [row.waiting.need for row in mine.rows] == ["yours", "yours", "review"]
    assert [row.need for row in mine.rows][:2] == [
        "read the answer to your question, decide",
        "read the correction made upon your question, take under review",
    ]
    assert "Answers to your questions first" in client.get(QUEUE).text
    for other in (people.moderator_north, people.moderator_independent):
        theirs = shown(client, other)
        assert references(theirs) == [reference_of(report) for report in (grave, fixed, heard)]
        assert [row.waiting.need for row in theirs.rows] == ["review", "review", "answered"]
        assert "Answers to your questions first" not in client.get(QUEUE).text


def test_once_it_is_taken_up_it_stands_where_all_others_do(client, exercise, people):
    fixed = sent_back(exercise, people, by=people.moderator_south)
    assert needs(client, people.moderator_south) == {reference_of(fixed): "yours"}
    review.take(fixed, by=people.moderator_south)
    assert needs(client, people.moderator_south) == {reference_of(fixed): "decide"}
    again = answered(exercise, people, by=people.moderator_south, place_as_written="another")
    proposed_on(again, by=people.moderator_north)
    assert needs(client, people.moderator_south)[reference_of(again)] == "second"


def test_what_several_asked_leads_with_who_asked_last(client, exercise, people):
    report = answered(exercise, people, by=people.moderator_south)
    asked = questions.ask(report, by=people.moderator_north, grounds="At what hour?")
    assert needs(client, people.moderator_south) == {reference_of(report): "others_answer"}
    questions.answer(asked.public_id, by=people.monitor_north, words="At noon.", language="en")
    assert needs(client, people.moderator_north) == {reference_of(report): "yours"}
    assert needs(client, people.moderator_south) == {reference_of(report): "answered"}


def test_when_the_accreditation_ends_it_is_everybodys_as_any_other(client, exercise, people):
    report = answered(exercise, people, by=people.moderator_south)
    accreditation.end(people.moderator_south.accreditations.get(), by=None)
    assert queue.waiting(queue.candidates(people.moderator_south), by=people.moderator_south, sides={}, at_most=9) == []
    for other in (people.moderator_north, people.moderator_independent):
        assert needs(client, other, "mine") == {reference_of(report): "answered"}


def test_what_nobody_asked_leads_nobody(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_south)
    newer = corrected(report, people.monitor_north, place_as_written="the left bank")
    assert needs(client, people.moderator_south) == {reference_of(newer): "review"}
    assert not Docket.objects.open().filter(asked_by__isnull=False).exists()


def test_pages_and_filters_go_on_after_what_leads(client, exercise, people):
    leading = [
        answered(exercise, people, by=people.moderator_south, place_as_written=f"led {number}") for number in range(27)
    ]
    grave = filed(exercise, people.monitor_south, casualties=HARM)
    first = shown(client, people.moderator_south)
    assert references(first) == [reference_of(report) for report in leading[:25]]
    second = client.get(QUEUE + first.next_page).context["queue"]
    assert references(second) == [reference_of(report) for report in (*leading[25:], grave)]
    assert second.next_page == ""
    assert references(shown(client, people.moderator_south, lane="grave")) == [reference_of(grave)]
    assert references(shown(client, people.moderator_south, state="submitted")) == [reference_of(grave)]
    assert references(shown(client, people.moderator_south, view="decided")) == []


def test_it_costs_the_queue_no_statement(client, exercise, people):
    filed(exercise, people.monitor_north)
    client.force_login(people.moderator_south)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as before:
        client.get(QUEUE)
    for number in range(3):
        answered(exercise, people, by=people.moderator_south, place_as_written=f"led {number}")
    with CaptureQueriesContext(connection) as after:
        client.get(QUEUE)
    assert len(after) <= len(before)


def test_the_docket_names_who_asked_only_while_it_is_work(exercise, people):
    report = answered(exercise, people, by=people.moderator_south)
    row = Docket.objects.open().get(incident=incident_of(report))
    assert (row.asked_by, row.stage) == (people.moderator_south, "work")
    proposal = proposed_on(report, by=people.moderator_north)
    assert Docket.objects.open().get(incident=incident_of(report)).asked_by is None
    findings.second(proposal, by=people.moderator_south)
    assert Docket.objects.open().get(incident=incident_of(report)).asked_by is None
    assert proposal.recorded_at - report.recorded_at > timedelta()
