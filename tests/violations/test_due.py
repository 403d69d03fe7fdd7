"""What becomes due and late is told of as it does, once, by the record and the clock alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from monitoring import days
from tests.everybody import client_of
from tests.violations.cases import taken
from tests.violations.occasions import agreed, breach, discounted, incident_of, reloaded
from tests.violations.replying import answered, asked
from tests.violations.sessions import before_it, said
from tests.violations.test_requests import asked_earlier
from tests.violations.test_returns import TOLD
from violations import due, findings, questions, requests
from violations.returns import record_return

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def told(agreement, *kinds: str) -> list[tuple[str, str, dict]]:
    rows = agreement.notices.order_by("pk")
    return [(row.kind, row.once, row.details) for row in rows if not kinds or row.kind in kinds]


def says(agreement, person) -> list[str]:
    page = client_of(person).get(reverse("admin:monitoring_notice_changelist"))
    return [row.says for row in page.context["notices"]]


def test_returns_are_told_of_when_their_day_is_over_and_when_they_are_late(exercise, people):
    day = date(2025, 3, 5)
    assert TOLD.bears_date == day
    assert TOLD.owner == "birch"
    over = days.day_of(exercise.terms, day).ends_at
    assert due.tell(exercise, at=over - HOUR) > 0  # of the days before
    before = told(exercise)
    assert all(once < "2025-03-05" for _kind, once, _details in before)
    assert due.tell(exercise, at=over) == 2  # this day is over, and the day two days before is late
    everybody = {"owners": ["alder", "birch", "cedar"]}
    assert told(exercise)[len(before) :] == [
        ("return_late", "2025-03-03", everybody),
        ("return_due", "2025-03-05", everybody),
    ]
    assert due.tell(exercise, at=over + HOUR) == 0


def test_a_return_that_is_held_is_neither_due_nor_late(exercise, people, tmp_path):
    reloaded(tmp_path, ("in_force_until = 2025-04-01", "in_force_until = 2199-01-01"))
    yesterday = days.day_holding(exercise.terms, timezone.now()).date - days.ONE_DAY
    window = days.day_of(exercise.terms, yesterday)
    held = replace(TOLD, bears_date=yesterday, window_from=window.starts_at, window_until=window.ends_at)
    record_return(exercise, held, by=None)
    due.tell(exercise)
    assert told(exercise, "return_due")[-1] == (
        "return_due",
        yesterday.isoformat(),
        {"owners": ["alder", "cedar"]},
    )


def test_a_day_of_a_truce_that_is_over_is_owed_by_nobody(exercise):
    due.tell(exercise, at=datetime(2025, 4, 20, tzinfo=UTC))
    assert told(exercise) == []


def test_proposals_are_told_of_by_the_hour_a_day_before_their_date_and_after_it(exercise, people, tmp_path):
    reloaded(tmp_path, ("seconding_days = 0", "seconding_days = 3"))
    reports = [taken(exercise, people.monitor_independent, by=people.moderator_north) for _number in range(3)]
    proposals = [
        findings.propose(incident_of(report), breach(exercise), by=people.moderator_north) for report in reports
    ]
    second_by = proposals[-1].second_by
    hour = f"{second_by:%Y-%m-%dT%H}Z"
    if f"{proposals[0].second_by:%Y-%m-%dT%H}Z" != hour:
        pytest.skip("the hour struck between two proposals")
    assert due.tell(exercise, at=second_by - timedelta(days=1)) == 0, "the hour is not over"
    assert due.tell(exercise, at=second_by - timedelta(days=1) + HOUR) == 1
    assert told(exercise) == [("second_due", hour, {"count": 3})]
    findings.second(proposals[0], by=people.moderator_south)
    assert due.tell(exercise, at=second_by + HOUR) == 1
    assert told(exercise, "second_late") == [("second_late", hour, {"count": 2})]
    assert due.tell(exercise, at=second_by + 2 * HOUR) == 0
    assert says(exercise, people.moderator_south) == [
        "2 proposals were not seconded in time and read as one-sided until they are.",
        "3 proposals are to be seconded within a day, or they read as one-sided.",
    ]


def test_what_a_sitting_leaves_to_nobody_to_second_is_not_told_of_as_due(exercise, people, tmp_path):
    reloaded(tmp_path, ("seconding_days = 0", "seconding_days = 3"))
    proposals = [
        findings.propose(
            incident_of(taken(exercise, people.monitor_independent, by=people.moderator_north)),
            breach(exercise),
            by=people.moderator_north,
        )
        for _number in range(2)
    ]
    said(before_it(proposals[0], people), people, "not_agreed")
    said(before_it(proposals[1], people), people)
    findings.propose(proposals[1].incident, discounted(), by=people.moderator_north)
    second_by = proposals[0].second_by
    assert due.tell(exercise, at=second_by - timedelta(days=1) + HOUR) == 0
    due.tell(exercise, at=second_by + HOUR)
    assert {kind for kind, _once, _details in told(exercise)} == {"second_late"}


def test_a_proposal_that_had_no_time_to_be_seconded_is_told_of_as_late_alone(exercise, people):
    report = taken(exercise, people.monitor_independent, by=people.moderator_north)
    findings.propose(incident_of(report), breach(exercise), by=people.moderator_north)
    due.tell(exercise, at=timezone.now() + HOUR)
    assert [kind for kind, _once, _details in told(exercise)] == ["second_late"]


def test_what_was_agreed_is_told_of_to_nobody(exercise, people):
    report = taken(exercise, people.monitor_independent, by=people.moderator_north)
    agreed(incident_of(report), breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    assert due.tell(exercise, at=timezone.now() + HOUR) == 0


def test_filers_who_do_not_answer_are_told_of_after_the_days_of_a_reply(exercise, people):
    first, second = (
        taken(exercise, people.monitor_independent, by=people.moderator_north, place_as_written=place)
        for place in ("the ford", "the weir")
    )
    question = questions.ask(first, by=people.moderator_north, grounds="Which bank?")
    questions.ask(second, by=people.moderator_north, grounds="How many?")
    over = timezone.now() + timedelta(days=exercise.terms.reply_deadline_days)
    assert due.tell(exercise, at=over - HOUR) == 0
    questions.answer(question.public_id, by=people.monitor_independent, words="The eastern one.", language="en")
    assert due.tell(exercise, at=over + HOUR) == 1
    assert [(kind, details) for kind, _once, details in told(exercise)] == [
        ("question_late", {"count": 1, "days": exercise.terms.reply_deadline_days})
    ]


@pytest.mark.by_hand("replies_audited", "said_by_whom_they_are_of")
def test_replies_are_told_of_as_those_asked_are_reminded(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    answered_one = asked(exercise, people.moderator_north, "guarantor:alder")
    answered(answered_one, people.guarantor_alder)
    for ago, kinds in ((timedelta(days=2, hours=1), ["reply_due"]), (timedelta(days=1), ["reply_due", "reply_late"])):
        asked_earlier(request, ago)
        requests.remind_of_due()
        assert due.tell(exercise, at=timezone.now()) == 1
        assert due.tell(exercise, at=timezone.now()) == 0
        assert [kind for kind, _once, _details in told(exercise)] == kinds
    assert says(exercise, people.moderator_south) == [
        "A reply that was asked for was due and has not come.",
        "A reply that was asked for is due soon and has not come.",
    ]
    row = exercise.notices.latest("pk")
    page = client_of(people.moderator_south).get(reverse("admin:monitoring_notice_changelist"))
    assert client_of(people.moderator_south).get(page.context["notices"][0].address).status_code == 200
    assert row.object_id == str(request.public_id)


def test_the_page_leads_to_returns_and_to_the_queue(exercise, people):
    due.tell(exercise, at=days.day_of(exercise.terms, date(2025, 3, 5)).ends_at)
    client = client_of(people.moderator_south)
    shown = client.get(reverse("admin:monitoring_notice_changelist")).context["notices"]
    assert shown[0].says == "5 March 2025 is over. Its return is to come of: Alder, Birch, Cedar."
    assert shown[0].due
    assert {client.get(row.address).status_code for row in shown} == {200}
