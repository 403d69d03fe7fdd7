"""Requests for information: due in the truce's days, in time or late by when the reply came, and never by a sweep."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from config.celery import app
from monitoring import days
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from tests.everybody import all_roles
from tests.record.by_hand import by_hand
from tests.violations.occasions import filed, incident_of, reloaded
from tests.violations.replying import QUESTION, WORDS, a_name, answered, asked, paper, today
from violations import addressees, answers, replies_seen, requests
from violations.models import InformationRequest, RequestAnswer, RequestReminder
from violations.requests import Reply

pytestmark = pytest.mark.django_db


def read_by(person) -> list[InformationRequest]:
    """The requests that a person reads, as the doors ask for them."""
    voices = replies_seen.voices_of(person)
    with replies_seen.reading_as(voices):
        return list(requests.visible_to(voices).order_by("pk"))


def standing(request) -> tuple[Reply, InformationRequest]:
    """How a request stands now, and it."""
    with replies_seen.reading_for([request.agreement_id]):
        found = requests.moderated([request.agreement_id]).get(pk=request.pk)
        return requests.reply_of(found, timezone.now()), found


def answers_to(request) -> list[RequestAnswer]:
    with replies_seen.reading_for([request.agreement_id]):
        return list(RequestAnswer.objects.filter(request=request).order_by("pk"))


def reminders_of(request) -> list[str]:
    with replies_seen.reading_for([request.agreement_id]):
        return list(RequestReminder.objects.filter(request=request).order_by("pk").values_list("kind", flat=True))


def asked_earlier(request, ago: timedelta) -> None:
    """As though it had been asked so long ago."""
    by_hand(
        "update violations_informationrequest set recorded_at = recorded_at - %s, due_at = due_at - %s where id = %s",
        ago,
        ago,
        request.pk,
    )


def test_it_is_due_when_the_truce_says_and_later_where_that_is_set_but_never_earlier(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    assert request.due_at == request.recorded_at + timedelta(days=exercise.terms.reply_deadline_days)
    later = today(exercise) + timedelta(days=30)
    longer = asked(exercise, people.moderator_north, "guarantor:birch", due_on=later)
    assert longer.due_at == days.day_of(exercise.terms, later).ends_at
    for wrong in (today(exercise), today(exercise) + timedelta(days=400)):
        with pytest.raises(Malformed) as refused:
            asked(exercise, people.moderator_north, "guarantor:birch", due_on=wrong)
        assert set(refused.value.fields) == {"/due_on"}


def test_another_guarantor_reads_nothing_of_it_until_who_answered_tells_it(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    given = answered(request, people.guarantor_birch)
    assert read_by(people.guarantor_birch) == [request]
    assert read_by(people.guarantor_alder) == []
    assert not InformationRequest.objects.exists(), "a query that forgets to ask for whom finds nothing"
    assert not RequestAnswer.objects.exists()
    for other in (people.guarantor_alder, people.moderator_north):
        with pytest.raises(NotFound):
            answers.tell(request.public_id, by=other)
        with pytest.raises(NotFound):
            answered(request, other)
    answers.tell(request.public_id, by=people.guarantor_birch)
    assert read_by(people.guarantor_alder) == [request]
    assert RequestAnswer.objects.get() == given
    with pytest.raises(NotFound):
        answered(request, people.guarantor_alder)


def test_nothing_is_told_before_it_is_answered(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    with pytest.raises(NotNow) as refused:
        answers.tell(request.public_id, by=people.guarantor_birch)
    assert refused.value.code == "not_answered"


def test_only_moderators_ask_remind_and_withdraw(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    for nobody in (people.guarantor_alder, people.operator, people.superuser, people.monitor_north):
        with pytest.raises(Forbidden):
            asked(exercise, nobody, "guarantor:birch")
        with pytest.raises(Forbidden):
            requests.remind(request, by=nobody)
        with pytest.raises(Forbidden):
            requests.withdraw(request, by=nobody)


def test_an_answer_is_in_time_or_late_by_when_it_came(exercise, people):
    in_time = asked(exercise, people.moderator_north, "guarantor:birch")
    assert standing(in_time)[0] is Reply.OPEN
    answered(in_time, people.guarantor_birch)
    assert standing(in_time)[0] is Reply.IN_TIME


@pytest.mark.by_hand("replies_audited", "said_by_whom_they_are_of")
def test_what_is_not_answered_is_outstanding_and_then_late_and_that_is_written_nowhere(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    asked_earlier(request, timedelta(days=5))
    assert standing(request)[0] is Reply.OUTSTANDING
    answered(request, people.guarantor_birch)
    assert standing(request)[0] is Reply.LATE
    columns = {column.name for model in (InformationRequest, RequestAnswer) for column in model._meta.local_fields}
    assert not columns & {"late", "state", "outstanding", "in_time"}


@pytest.mark.by_hand("replies_audited", "said_by_whom_they_are_of")
def test_a_paper_is_in_time_by_the_day_on_which_it_was_handed_in(exercise, people):
    for received, reply in ((timedelta(days=3), Reply.IN_TIME), (timedelta(0), Reply.LATE)):
        request = asked(exercise, people.moderator_north, "guarantor:birch")
        asked_earlier(request, timedelta(days=5))
        with replies_seen.reading_for([exercise.pk]):
            request.refresh_from_db()
        came = paper(exercise, received_on=today(exercise) - received, dated_on=today(exercise) - timedelta(days=5))
        answers.take_down(request, WORDS, "en", came, by=people.moderator_independent, client_id=a_name())
        assert standing(request)[0] is reply
        (given,) = answers_to(request)
        assert (given.channel, given.by) == ("by_hand", people.moderator_independent)


def test_an_answer_is_corrected_by_another_row_and_the_first_says_whether_it_was_in_time(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    first = answered(request, people.guarantor_birch)
    with pytest.raises(NotNow) as refused:
        answered(request, people.guarantor_birch, "Otherwise.")
    assert refused.value.members == {"latest": str(first.public_id)}
    second = answered(request, people.guarantor_birch, "It stood by the mill.", replaces=first.public_id)
    assert [row.superseded_at for row in answers_to(request)] == [second.recorded_at, None]
    assert standing(request)[1].answered_at == first.recorded_at


def test_the_same_answer_again_is_the_first(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    given = {"by": people.guarantor_birch, "words": WORDS, "language": "en", "client_id": "note-7"}
    first, again = (answers.answer(request.public_id, **given) for _time in range(2))
    assert (first.created, again.created, again.answer) == (True, False, first.answer)
    with pytest.raises(NotNow) as refused:
        answers.answer(request.public_id, **{**given, "words": "Otherwise."})
    assert refused.value.code == "client_id_taken"


def test_what_is_withdrawn_is_neither_answered_nor_reminded_of(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    requests.withdraw(request, by=people.moderator_south)
    assert standing(request)[0] is Reply.WITHDRAWN
    with pytest.raises(NotNow):
        answered(request, people.guarantor_birch)
    for verb in (requests.remind, requests.withdraw):
        with pytest.raises(NotNow) as refused:
            verb(request, by=people.moderator_north)
        assert refused.value.code == "withdrawn"


@pytest.mark.by_hand("replies_audited", "said_by_whom_they_are_of")
def test_the_service_reminds_once_ahead_and_once_when_it_is_due_however_often_it_is_asked(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    done = asked(exercise, people.moderator_north, "guarantor:alder")
    answered(done, people.guarantor_alder)
    assert requests.remind_of_due() == 0
    for ago, kinds in ((timedelta(days=2, hours=1), ["ahead"]), (timedelta(days=1), ["ahead", "overdue"])):
        asked_earlier(request, ago)
        assert requests.remind_of_due() == 1
        assert requests.remind_of_due() == 0
        assert reminders_of(request) == kinds
    requests.remind(request, by=people.moderator_south)
    assert reminders_of(request) == ["ahead", "overdue", "by_hand"]
    assert reminders_of(done) == []


@pytest.mark.by_hand("replies_audited", "said_by_whom_they_are_of")
def test_beat_has_a_worker_remind(exercise, people, settings):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    asked_earlier(request, timedelta(days=5))
    app.loader.import_default_modules()
    (task,) = [one["task"] for name, one in settings.CELERY_BEAT_SCHEDULE.items() if name == "remind-of-due-replies"]
    app.tasks[task].apply()
    app.tasks[task].apply()
    assert reminders_of(request) == ["overdue"]


def codes(agreement) -> list[str]:
    return [one.code for one in addressees.addressees(agreement)]


def test_a_party_is_asked_through_the_guarantor_that_has_undertaken_for_it_and_directly_where_none_has(exercise):
    found = {one.code: one for one in addressees.addressees(exercise)}
    assert [code for code in found if code.startswith("guarantor:")] == [
        "guarantor:alder",
        "guarantor:birch",
        "guarantor:cedar",
    ]
    through = {one.party.code: one.through.code for one in found.values() if one.through}
    assert through["north-army"] == "alder"
    direct = [one for one in found.values() if one.party and not one.through]
    assert direct, "somebody has no guarantor that has undertaken for them"
    assert not {one.party.code for one in direct} & through.keys()


def test_whoever_it_goes_through_answers_for_the_party_and_its_liaison_is_not_asked(exercise, astana, people):
    everybody = all_roles(exercise, astana, people)
    request = asked(exercise, people.moderator_north, "party:south-guard:birch")
    assert read_by(everybody.liaison) == []
    answered(request, people.guarantor_birch)
    assert [one.pk for one in read_by(people.guarantor_birch)] == [request.pk]


def test_where_the_file_says_so_a_party_is_asked_directly_and_its_liaison_alone_answers(
    exercise, astana, people, tmp_path
):
    everybody = all_roles(exercise, astana, people)
    direct = 'reply_deadline_days = 3\nparty_requests = "direct"'
    reloaded(tmp_path, ("reply_deadline_days = 3", direct))
    assert "party:south-guard:birch" not in codes(exercise)
    request = asked(exercise, people.moderator_north, "party:south-guard")
    assert read_by(people.guarantor_birch) == []
    assert [one.pk for one in read_by(everybody.liaison)] == [request.pk]
    answered(request, everybody.liaison)
    answers.tell(request.public_id, by=everybody.liaison)
    assert [one.pk for one in read_by(people.guarantor_birch)] == [request.pk]


def test_the_answer_on_a_paper_is_found_by_the_reference_that_stands_on_it(exercise, people):
    request = asked(
        exercise, people.moderator_north, "guarantor:birch", incident_of(filed(exercise, people.monitor_north))
    )
    with replies_seen.reading_for([exercise.pk]):
        found = answers.by_reference(exercise, f" {request.public_id.hex[:10].upper()} ")
        assert (found.pk, found.question) == (request.pk, QUESTION)
        for wrong in ("", request.public_id.hex[:9], "0000000000"):
            with pytest.raises(NotFound):
                answers.by_reference(exercise, wrong)
