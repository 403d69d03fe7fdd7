"""Two who let a closing be released at once, and a comment made in the last moment, in connections of their own."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import F

from monitoring.errors import Refusal
from reports import approvals, closings, comments
from reports.closings import commenting
from reports.closings.preparing import preparing
from reports.models import Closing, Edition, ReleaseApproval
from reports.querysets import database_clock
from tests.record.chosen_times import chosen_times
from tests.reports.agreed import NO_WINDOW, WINDOW, agreed, drafted_month, seen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("json_alone")]


def at_once(*verbs) -> list:
    """What each verb returned or raised, begun at the same moment."""
    barrier = Barrier(len(verbs))

    def done(verb):
        try:
            barrier.wait()
            return verb()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(done, verbs))


@pytest.fixture
def closing(exercise, tmp_path) -> Closing:
    """A month whose files are stored, and that two people release."""
    agreed(exercise, tmp_path, NO_WINDOW)
    return closings.advance(closings.request(exercise, "month", "2025-03").pk)


def test_of_two_of_one_side_at_once_one_is_refused(closing, people):
    told = at_once(
        *(
            lambda by=by: approvals.approve(closing.public_id, seen(closing), by=by)
            for by in (people.moderator_north, people.moderator_north_2)
        )
    )
    assert sorted(type(one).__name__ for one in told) == ["Forbidden", "ReleaseApproval"]
    assert closings.advance(closing.pk).released_at is None


def test_of_two_sides_at_once_both_count_and_it_is_released_once(closing, people):
    at_once(
        *(
            lambda by=by: approvals.approve(closing.public_id, seen(closing), by=by)
            for by in (people.moderator_north, people.moderator_south)
        )
    )
    assert ReleaseApproval.objects.open().count() == 2
    told = at_once(*[lambda: closings.advance(closing.pk)] * 2)
    assert {one.pk for one in told} == {closing.pk}
    closing.refresh_from_db()
    assert closing.released_at is not None
    assert {edition.released_at for edition in Edition.objects.all()} == {closing.released_at}


def test_an_approval_taken_back_while_it_is_being_released_is_either_in_time_or_refused(closing, people):
    for by in (people.moderator_north, people.moderator_south):
        approvals.approve(closing.public_id, seen(closing), by=by)

    def taken_back():
        try:
            approvals.take_back(closing.public_id, by=people.moderator_north)
        except Exception as refusal:  # which one is asked below
            return refusal
        return None

    refusal, _advanced = at_once(taken_back, lambda: closings.advance(closing.pk))
    released = Closing.objects.get().released_at is not None
    assert released == (refusal is not None)
    assert refusal is None or refusal.code == "released"


@pytest.mark.by_hand
def test_a_comment_made_in_time_is_waited_for_and_printed(exercise, people, tmp_path):
    closing = drafted_month(agreed(exercise, tmp_path))
    with preparing():
        draft = Edition.objects.get(guarantor__code="birch")
    back = timedelta(days=WINDOW) - timedelta(seconds=1.5)
    with preparing(), chosen_times():
        Closing.objects.update(drafted_at=F("drafted_at") - back, comments_until=F("comments_until") - back)
        Edition.objects.update(drafted_at=F("drafted_at") - back)
    closing.refresh_from_db()
    with transaction.atomic():
        comments.say(draft.public_id, by=people.guarantor_birch, words="In the last moment.")
        assert database_clock() < closing.comments_until
        while database_clock() <= closing.comments_until:
            time.sleep(0.05)
        assert at_once(lambda: closings.claim(closing.pk)) == [None], "whoever was in time is not passed over"
    closing = closings.advance(closing.pk)
    assert closing.state == "rendered", closing.failure
    with preparing():
        told = {item["guarantor"]: item["words"] for item in commenting.printed(closing)["comments"]}
    assert told["birch"] == "In the last moment."
    assert closings.verify(closing).outcome == "same"
