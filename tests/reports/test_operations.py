"""Operators see how the work stands in the truces they operate, mend what failed, and read no content."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from config.celery import beat_lives, worker_lives
from monitoring import accreditation, heartbeats
from monitoring.models import AuditEntry
from reports import closings, machine, operations, periods, release_log, resuming
from reports.closings.computing import stored
from reports.models import Closing
from tests.everybody import client_of
from tests.reports.agreed import agreed, drafted_month, time_is_over
from tests.reports.released import released_month
from tests.reports.restored import line_of
from tests.violations import bulk_jobs
from tests.violations.cases import taken
from tests.violations.occasions import filed, incident_of
from tests.violations.replying import replied
from violations import bulk, returns_due

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:reports_closing_operations")


def page_of(person) -> str:
    answer = client_of(person).get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def laid_aside(exercise, failure="The disk is full.") -> Closing:
    closing = closings.request(exercise, "month", "2025-03")
    for _attempt in range(5):
        lease = closings.claim(closing.pk)
        lease.fail(failure)
        Closing.objects.filter(pk=closing.pk, state="requested").update(lease_until=None)
    return Closing.objects.get(state="failed")


def try_again(closing) -> str:
    return reverse("admin:reports_closing_try_again", args=[closing.public_id])


def test_a_page_with_nothing_on_it_says_so_part_by_part(exercise, people):
    told = page_of(people.operator)
    for sentence in (
        "No closing is laid aside.",
        "No closing is under way.",
        "No decision on many is left undone.",
        "none known",
    ):
        assert sentence in told, sentence
    assert exercise.name in told
    assert "SIMULATED" in told


def test_what_failed_is_shown_with_its_cause_and_tried_again_from_there(exercise, people):
    closing = laid_aside(exercise)
    client = client_of(people.operator)
    told = client.get(PAGE).content.decode()
    assert "The disk is full." in told
    assert try_again(closing) in told
    assert client.post(try_again(closing)).status_code == 302
    closing.refresh_from_db()
    assert (closing.state, closing.attempts, closing.lease_until) == ("requested", 0, None)
    row = AuditEntry.objects.filter(action="closing.try_again").get()
    assert (row.outcome, row.actor, row.object_id) == ("done", people.operator, str(closing.public_id))
    closings.advance(closing.pk)
    closing.refresh_from_db()
    assert closing.state == "released"
    assert client.post(try_again(closing)).status_code == 409, "it is done"


def test_of_two_who_try_again_one_does(exercise, people):
    closing = laid_aside(exercise)
    client = client_of(people.operator)
    assert client.post(try_again(closing)).status_code == 302
    answer = client.post(try_again(closing))
    assert answer.status_code == 409
    assert "is not laid aside" in answer.content.decode()
    assert list(AuditEntry.objects.filter(action="closing.try_again").values_list("outcome", flat=True)) == [
        "done",
        "denied",
    ]


def test_what_was_asked_for_anew_meanwhile_is_not_tried_again(exercise, people):
    closing = laid_aside(exercise)
    released_month(exercise)
    answer = client_of(people.operator).post(try_again(closing))
    assert answer.status_code == 409
    assert "asked for again after this closing failed" in answer.content.decode()


def test_a_content_that_is_frozen_stays_frozen(exercise):
    closing = closings.request(exercise, "month", "2025-03")
    closings.compute(closings.claim(closing.pk))
    computed = Closing.objects.get(pk=closing.pk)
    for _attempt in range(5):
        Closing.objects.filter(pk=closing.pk).update(lease_until=None)
        if (lease := closings.claim(closing.pk)) is None:
            break
        lease.fail("No room for a file.")
    assert Closing.objects.get(pk=closing.pk).state == "failed"
    assert closings.try_again(computed, by=None).state == "computed"
    closings.advance(closing.pk)
    done = Closing.objects.get(pk=closing.pk)
    assert (done.state, stored(done), done.content_sha256) == ("released", stored(computed), computed.content_sha256)


def test_a_truce_that_is_another_operator_s_is_not_shown_nor_tried_again(exercise, astana, people):
    closing = laid_aside(exercise)
    stranger = people.moderator_independent
    accreditation.accredit(stranger, astana, "operator", by=None)
    client = client_of(stranger)
    told = client.get(PAGE).content.decode()
    assert astana.name in told
    assert "The disk is full." not in told
    assert client.post(try_again(closing)).status_code == 404
    closing.refresh_from_db()
    assert closing.state == "failed"


@pytest.mark.parametrize("who", ["moderator_north", "superuser", "guarantor_alder", "monitor_north"])
def test_it_is_the_operators_page(exercise, people, who):
    assert client_of(getattr(people, who)).get(PAGE).status_code == 403


def test_what_is_under_way_is_told_with_its_lease_its_attempts_and_what_failed_last(exercise, people):
    closing = closings.request(exercise, "month", "2025-03")
    assert "waits for a worker" in page_of(people.operator)
    lease = closings.claim(closing.pk)
    assert "with a worker, whose lease runs until" in page_of(people.operator)
    lease.fail("A file could not be written.")
    told = page_of(people.operator)
    assert "waits after a failed attempt until" in told
    assert "last failure: A file could not be written." in told
    later = operations.of([exercise.pk], at=timezone.now() + timedelta(hours=1))
    assert [one.pk for one in operations.waiting_since(later, patience=timedelta(minutes=30))] == [closing.pk]
    assert operations.waiting_since(operations.of([exercise.pk]), patience=timedelta(minutes=30)) == []


def test_a_month_that_rests_with_people_is_not_said_to_wait_for_a_worker(exercise, people, tmp_path):
    closing = drafted_month(agreed(exercise, tmp_path))
    in_weeks = timezone.now() + timedelta(days=60)

    def idle() -> list[Closing]:
        return operations.waiting_since(operations.of([exercise.pk], at=in_weeks), patience=timedelta(minutes=30))

    assert "guarantors comment on its draft" in page_of(people.operator)
    assert idle() == []
    time_is_over(closing)
    assert [one.pk for one in idle()] == [closing.pk], "its final files are to be made"
    closings.advance(closing.pk)
    assert "waits for those who let it be released" in page_of(people.operator)
    assert idle() == []


def test_decisions_on_many_are_told_with_what_is_left_of_them(exercise, people):
    reports = [filed(exercise, people.monitor_south) for _number in range(3)]
    job = bulk_jobs.begun("take", reports, agreement=exercise, by=people.moderator_north)
    assert "3 of 3" in page_of(people.operator)
    bulk.go_on(job)
    assert "No decision on many is left undone." in page_of(people.operator)


def test_replies_are_counted_and_neither_words_nor_parties_are_told(exercise, people):
    replied(exercise, people, incident_of(taken(exercise, people.monitor_north, by=people.moderator_north)))
    now = operations.of([exercise.pk]).truces[0].replies
    later = operations.of([exercise.pk], at=timezone.now() + timedelta(days=400)).truces[0].replies
    assert (now.awaited, now.late) == (1, 0)
    assert (later.awaited, later.late) == (0, 1)


def test_returns_owed_are_those_of_the_ledger_s_days(exercise, people, reloaded_to_now):
    at = reloaded_to_now
    (truce,) = operations.of([exercise.pk], at=at).truces
    version = exercise.terms
    until = periods.day_holding(version, at).date
    days = returns_due.returns_due(
        exercise,
        reader=people.guarantor_alder,
        from_date=until - timedelta(days=20),
        until_date=until,
        at=timezone.now(),
    )
    since = returns_due.days.last_due(version, at - operations.RETURNS_OF)
    owed = [day for day in days if day.filed_at is None and day.day > since]
    assert truce.returns.late == sum(day.due_at <= at for day in owed)
    assert truce.returns.awaited == sum(day.due_at > at for day in owed)
    assert truce.returns.late > truce.returns.awaited > 0


@pytest.fixture
def reloaded_to_now(exercise) -> datetime:
    """An instant within the truce at which some days are over and some of these past their grace."""
    return exercise.terms.in_force_from + timedelta(days=10, hours=6)


@pytest.mark.parametrize("after", [timedelta(days=15), timedelta(days=40)], ids=["days in", "when it is over"])
def test_the_next_period_of_each_kind_and_what_was_missed(exercise, after):
    version = exercise.terms
    at = version.in_force_from + after
    (truce,) = operations.of([exercise.pk], at=at).truces
    assert [one.kind for one in truce.due] == list(version.calendar)
    for one in truce.due:
        due = [period.code for period in periods.due(version, one.kind, by=at)]
        assert (one.missed.code if one.missed else None) == (due[-1] if due else None)
        if one.upcoming:
            following = [period.code for period in periods.due(version, one.kind, by=one.closes_at)]
            assert following[len(due) :] == [one.upcoming.code]
        if one.missed:
            closings.request(exercise, one.kind, one.missed.code)
    assert any(one.missed for one in truce.due)
    (truce,) = operations.of([exercise.pk], at=at).truces
    assert [one.missed for one in truce.due] == [None] * len(truce.due)


@pytest.mark.parametrize("truce", ["exercise", "minsk", "astana"])
def test_what_is_due_last_and_next_is_what_the_calendar_walks_to(truce, request):
    version = request.getfixturevalue(truce).terms
    version.first_period = version.first_period or f"{version.in_force_from:%Y-%m-%d}"
    for kind in version.calendar:
        for hours in range(-50, 24 * 120, 7):
            at = version.in_force_from + timedelta(hours=hours)
            walked = list(periods.due(version, kind, by=at))
            last, upcoming = periods.last_due(version, kind, by=at), periods.next_due(version, kind, after=at)
            assert (last.code if last else None) == (walked[-1].code if walked else None), at
            if upcoming:
                assert periods.closes_at(version, upcoming) > at
                assert upcoming.code not in {period.code for period in walked}


def test_where_nothing_is_held_back_nothing_is_said_of_it(exercise, people):
    released_month(exercise)
    assert "Held back after a restore" not in page_of(people.operator)


@pytest.mark.by_hand("releases_known")
def test_a_truce_held_back_is_told_with_why_and_with_what_to_do(exercise, astana, people):
    accreditation.accredit(people.operator, astana, "operator", by=None)
    for number in range(1, 8):
        release_log.append(line_of(exercise, number=number))
    told = page_of(people.operator)
    assert "Held back after a restore" in told
    assert [str(line_of(exercise, number=number)) in told for number in range(1, 8)] == [True] * 5 + [False] * 2
    assert "and 2 more" in told
    assert f"manage.py releases propose {exercise.code} " in told
    assert f"propose {astana.code}" not in told, "other truces go on"
    proposal = resuming.propose(exercise, grounds="The log tells of them.", by=people.moderator_north)
    told = page_of(people.operator)
    assert f"manage.py releases second {proposal.public_id} " in told
    assert people.moderator_north.get_username() not in told
    resuming.second(proposal, by=people.moderator_south)
    assert "Held back after a restore" not in page_of(people.operator)


@pytest.mark.by_hand("releases_known")
def test_a_restore_that_no_log_kept_apart_could_witness_holds_every_truce_back(exercise, astana, people):
    accreditation.accredit(people.operator, astana, "operator", by=None)
    with override_settings(RELEASE_LOG=""):
        resuming.restored(taken_at=timezone.now() - timedelta(hours=1))
    told = page_of(people.operator)
    assert told.count("without a log of releases that is kept apart") == 2
    for truce in (exercise, astana):
        assert f"manage.py releases propose {truce.code} " in told


@pytest.mark.by_hand("releases_known")
def test_a_log_that_lost_what_was_released_is_told(exercise, people, files):
    released_month(exercise)
    (files / release_log.NAME).write_bytes(b"")
    told = page_of(people.operator)
    assert "Released, and in no log of releases, which was lost or emptied" in told
    assert "exercise month 2025-03 no. 1 (" in told


@pytest.mark.by_hand("releases_known")
def test_a_log_of_releases_that_cannot_be_read_is_told(exercise, people, tmp_path):
    log = tmp_path / "releases.log"
    log.write_text("{changed by somebody}\n")
    with override_settings(RELEASE_LOG=str(log)):
        told = page_of(people.operator)
    assert "The log of releases cannot be read" in told
    assert "nothing is closed or released, of any truce" in told


def statements(client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(PAGE).status_code == 200
    return len(asked)


def test_it_takes_as_many_statements_however_much_there_is(exercise, astana, minsk, people):
    client = client_of(people.operator)
    client.get(PAGE)
    few = statements(client)
    for agreement in (astana, minsk):
        accreditation.accredit(people.operator, agreement, "operator", by=None)
    for code in ("2025-03-10", "2025-03-11", "2025-03-12"):
        closings.request(exercise, "day", code)
    laid_aside(exercise)
    for _number in range(2):
        bulk_jobs.begun("take", [filed(exercise, people.monitor_south)], agreement=exercise, by=people.moderator_north)
    many = statements(client_of(people.operator))
    assert many <= few + 1, "a person of several truces is asked which, once"


@pytest.mark.by_hand("releases_known")
def test_a_period_not_asked_for_is_laid_to_beat_only_where_beat_is_silent(exercise, people, monkeypatch):
    monkeypatch.setattr(heartbeats, "_written", {})
    assert "2025-03-31 was not asked for: beat does so within a minute" in page_of(people.operator)
    beat_lives()
    told = page_of(people.operator)
    assert "is it running?" not in told, "it has just been started, as after the demo"
    assert "2025-03-31 is over with its grace; beat asks for it within a minute" in told
    closings.request(exercise, "day", "2025-03-31")
    assert "2025-03-31 is over" not in page_of(people.operator)
    release_log.append(line_of(exercise))
    assert "2025-03 is over with its grace; it is asked for once the truce goes on" in page_of(people.operator)


def test_beat_and_workers_are_heard_of_and_their_silence_is_told(exercise, people, monkeypatch):
    assert "not heard of since Redis was started" in page_of(people.operator)
    monkeypatch.setattr(heartbeats, "_written", {})
    beat_lives()
    worker_lives()
    told = machine.queue()
    assert timedelta() <= timezone.now() - told.beat_at < timedelta(minutes=1)
    assert timedelta() <= timezone.now() - told.worker_at < timedelta(minutes=1)
    page = page_of(people.operator)
    assert "not heard of" not in page
    assert "is it running?" not in page
    cache.set("heartbeat:beat", int((timezone.now() - timedelta(hours=2)).timestamp()))
    assert "silent for 2\xa0hours: is it running?" in page_of(people.operator)


def test_without_redis_the_page_says_that_nothing_is_lost(exercise, people, tmp_path):
    client = client_of(people.operator)
    with override_settings(REDIS_URL=f"unix://{tmp_path}/nothing.sock?db=0"):
        answer = client.get(PAGE)
    assert "Redis does not answer. Nothing of the record is lost" in answer.content.decode()
