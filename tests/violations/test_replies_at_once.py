"""Two who speak for one guarantor at once: one is recorded, the other is told, and nothing is lost or doubled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from monitoring import accreditation
from monitoring.errors import NotNow
from monitoring.models import User
from tests.record.by_hand import by_hand
from tests.violations.replying import a_name, asked
from violations import answers, replies_seen, requests, statements
from violations.models import GuarantorStatement, RequestAnswer, RequestReminder
from violations.statements import Said

TIMES = 10


def at_once(*calls) -> list:
    """What comes of calls that begin together: what each returns, or the code of its refusal."""
    begins = Barrier(len(calls))

    def called(call):
        begins.wait(timeout=30)
        try:
            return call()
        except NotNow as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result(timeout=60) for one in [pool.submit(called, call) for call in calls]]


@pytest.fixture
def both(exercise, people) -> list[User]:
    """Two people of Birch's."""
    second = User.objects.create(username="guarantor-birch-2")
    birch = exercise.guarantors.get(code="birch")
    accreditation.accredit(second, exercise, "guarantor", by=None, guarantor=birch)
    return [people.guarantor_birch, second]


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_of_two_answers_one_stands_and_the_other_is_told(exercise, people, both):
    for _time in range(TIMES):
        request = asked(exercise, people.moderator_north, "guarantor:birch")
        given = [
            lambda by=by, request=request: answers.answer(
                request.public_id, by=by, words=by.username, language="en", client_id=a_name()
            )
            for by in both
        ]
        refused = [one for one in at_once(*given) if isinstance(one, str)]
        assert refused == ["answered"]
    with replies_seen.reading_for([exercise.pk]):
        assert RequestAnswer.objects.count() == RequestAnswer.objects.open().count() == TIMES


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_the_same_answer_sent_twice_at_once_is_one(exercise, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    given = {"by": people.guarantor_birch, "words": "At the quarry.", "language": "en", "client_id": "note-1"}
    outcomes = at_once(*[lambda: answers.answer(request.public_id, **given)] * 3)
    assert sorted(one.created for one in outcomes) == [False, False, True]
    assert len({one.answer.pk for one in outcomes}) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_of_two_statements_and_of_two_corrections_one_stands(exercise, both):
    def filing(by, **more):
        said = Said("takes_note", by.username, "en", period="2025-03")
        return lambda: statements.file_statement(exercise, said, by=by, client_id=a_name(), **more)

    first = at_once(*(filing(by) for by in both))
    assert [one for one in first if isinstance(one, str)] == ["stands"]
    (standing,) = [one.statement for one in first if not isinstance(one, str)]
    second = at_once(*(filing(by, replaces=standing.public_id) for by in both))
    assert [one for one in second if isinstance(one, str)] == ["not_latest"]
    with replies_seen.reading_for([exercise.pk]):
        assert (GuarantorStatement.objects.count(), GuarantorStatement.objects.open().count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
def test_an_answer_and_a_withdrawal_at_once_do_not_both_happen(exercise, people):
    for _time in range(TIMES):
        request = asked(exercise, people.moderator_north, "guarantor:birch")
        outcomes = at_once(
            lambda request=request: answers.answer(
                request.public_id, by=people.guarantor_birch, words="So.", language="en", client_id=a_name()
            ),
            lambda request=request: requests.withdraw(request, by=people.moderator_south),
        )
        assert len([one for one in outcomes if one in {"answered", "withdrawn"}]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(240)
@pytest.mark.by_hand("replies_audited", "said_by_whom_they_are_of")
def test_two_workers_remind_once(exercise, people):
    overdue(asked(exercise, people.moderator_north, "guarantor:birch"))
    assert sorted(at_once(requests.remind_of_due, requests.remind_of_due)) == [0, 1]
    with replies_seen.reading_for([exercise.pk]):
        assert RequestReminder.objects.get().kind == "overdue"


def overdue(request) -> None:
    """As though it had been asked five days earlier."""
    with transaction.atomic():
        by_hand(
            "update violations_informationrequest set recorded_at = recorded_at - interval '5 days',"
            " due_at = due_at - interval '5 days' where id = %s",
            request.pk,
        )
