"""What the calendar asks for: each period once, in order; what cannot be asked for holds up nobody and is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from psycopg import sql

from monitoring import ledger
from reports import closings, tasks
from reports.closings import by_calendar, working
from reports.models import Closing
from reports.querysets import database_clock
from tests.conftest import superuser_connection
from tests.everybody import client_of
from tests.reports.test_weekly import WITH_WEEKS
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]

# PostgreSQL refuses to have the 10th of March closed: a fault of one period, wherever it may come from.
REFUSED = """
create function {schema}.refused() returns trigger language plpgsql as $$
begin
    raise exception 'The disk of this row is gone.' using errcode = 'io_error';
end $$;
create trigger refused before insert on reports_closing for each row when (new.period = '2025-03-10')
    execute function {schema}.refused();
"""


@pytest.fixture
def weeks(exercise, tmp_path):
    occasions.reloaded(tmp_path, WITH_WEEKS)
    return exercise


def test_of_all_kinds_what_ended_first_is_asked_for_first(weeks):
    """The truce stood from 2 March, a Sunday, to the end of the month."""
    codes = [closing.period for closing in closings.request_due(weeks)]
    days = [f"2025-03-{number:02}" for number in range(2, 32)]
    expected = []
    for day in days:
        expected.append(day)
        expected += {
            "2025-03-02": ["2025-W09"],
            "2025-03-09": ["2025-W10"],
            "2025-03-16": ["2025-W11"],
            "2025-03-23": ["2025-W12"],
            "2025-03-30": ["2025-W13"],
            "2025-03-31": ["2025-03"],
        }.get(day, [])
    assert codes == [*expected, "2025-W14"], "of the last week the truce has one day"
    assert closings.request_due(weeks) == []


def test_what_was_asked_for_already_is_passed_over_without_a_look_at_its_days(weeks, monkeypatch):
    closings.request_due(weeks)
    looked_at = []
    bounds = by_calendar.periods.bounds
    monkeypatch.setattr(by_calendar.periods, "bounds", lambda *asked: looked_at.append(asked[1:]) or bounds(*asked))
    assert closings.request_due(weeks) == []
    assert len(looked_at) == len(weeks.terms.calendar), "of each kind the one that comes next"


def test_released_in_order_within_a_truce_and_kind(weeks):
    first, second, *_later = [closing for closing in closings.request_due(weeks) if closing.kind == "day"]
    assert closings.claim(second.pk) is None, "the day before is not released"
    assert closings.advance(second.pk).state == "requested"
    kinds = {"day": first.period, "week": "2025-W09", "month": "2025-03"}
    heads = dict(Closing.objects.waiting().values_list("kind", "period"))
    assert heads == kinds, "of each kind the earliest: another kind waits for none of them"
    assert closings.advance(first.pk).state == "released"
    assert Closing.objects.waiting().following(first).first() == second
    assert closings.advance(second.pk).state == "released"


def test_one_that_failed_or_killed_its_worker_holds_up_nobody(weeks):
    first, second, third, *_later = [closing for closing in closings.request_due(weeks) if closing.kind == "day"]
    closings.claim(first.pk).fail("The disk is full.")
    assert closings.advance(second.pk).state == "released"
    assert closings.claim(third.pk) is not None
    for _time in range(2):
        Closing.objects.filter(pk=third.pk).update(lease_until=database_clock() - timedelta(seconds=1))
        closings.claim(third.pk)
    assert Closing.objects.waiting().following(third).exists()


@pytest.mark.django_db(transaction=True)
def test_to_wait_for_a_writer_is_no_attempt_and_the_next_still_waits(weeks, monkeypatch):
    """A writer of whom the first look did not know: the worker has taken the closing up when it learns of it."""
    with superuser_connection(connection.settings_dict["NAME"]) as writer, writer.transaction():
        writer.execute("select pg_advisory_xact_lock_shared(%s)", [ledger.LOCK])
        first, second, *_later = [closing for closing in closings.request_due(weeks) if closing.kind == "day"]
        with monkeypatch.context() as patch:
            patch.setattr(working, "is_closed", lambda _cutoff_at: True)
            with pytest.raises(closings.NotYetError):
                closings.advance(first.pk)
        first.refresh_from_db()
        assert (first.state, first.attempts, first.lease_holder, first.failure) == ("requested", 0, None, "")
        assert closings.claim(second.pk) is None
    assert (closings.advance(first.pk).state, Closing.objects.get(pk=first.pk).attempts) == ("released", 1)


def test_what_a_person_asks_for_waits_for_nobody_and_is_waited_for_by_nobody(weeks):
    later = closings.request(weeks, "day", "2025-03-20", cutoff_at=None)
    due = closings.request_due(weeks)
    assert closings.advance(later.pk).state == "released"
    ahead = closings.request(weeks, "month", "2025-03")
    assert ahead in due, "the calendar's own request answers"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("eagerly")
def test_a_period_that_cannot_be_asked_for_holds_up_none_and_is_told_once_with_its_cause(weeks, people, caplog):
    with superuser_connection(connection.settings_dict["NAME"]) as postgres:
        postgres.execute(REFUSED.format(schema="public"))
        try:
            tasks.request_due_closings.delay()
            tasks.request_due_closings.delay()
        finally:
            postgres.execute("drop trigger refused on reports_closing; drop function public.refused()")
    there = set(Closing.objects.values_list("period", flat=True))
    assert "2025-03-10" not in there
    assert {"2025-03-09", "2025-03-11", "2025-03-31", "2025-W11", "2025-03"} <= there
    (notice,) = weeks.notices.filter(kind="work_failed")
    assert (notice.role, notice.object_id, notice.details["cause"]) == ("operator", "2025-03-10", "OperationalError")
    assert "The calendar could not ask for day 2025-03-10 of exercise." in caplog.text
    shown = client_of(people.operator).get(reverse("admin:monitoring_notice_changelist")).context["notices"]
    assert "2025-03-10 could not be asked for by the calendar (OperationalError)." in shown[0].says
    tasks.request_due_closings.delay()
    assert Closing.objects.get(period="2025-03-10").state == "released", "and is made up once it can be"


@pytest.fixture
def eagerly():
    """Tasks run where they are sent; those that advance closings are sent in turn and not within each other."""
    from config.celery import app

    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.mark.django_db(transaction=True)
@pytest.mark.by_hand
def test_a_truce_whose_terms_cannot_be_read_holds_up_no_other(weeks, minsk, people):
    """A time zone that is no longer known to this machine."""
    with superuser_connection(connection.settings_dict["NAME"]) as postgres:
        postgres.execute("set session_replication_role = replica")
        postgres.execute(
            sql.SQL(
                "update monitoring_mechanismversion set time_zone = 'Nowhere/Zone', first_period = '2015-03' "
                "where agreement_id = {}"
            ).format(sql.Literal(minsk.pk))
        )
    minsk.refresh_from_db()
    assert closings.request_due(minsk) == []
    assert closings.request_due(weeks)
    (notice,) = minsk.notices.all()
    assert notice.details == {"period": "", "kind": "", "cause": "ZoneInfoNotFoundError"}


def test_what_was_missed_for_days_is_made_up_in_order_and_once(weeks):
    """As if the service had been down since the 12th: what is there stays, what is missing is asked for."""
    for day in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11):
        closings.advance(closings.request(weeks, "day", f"2025-03-{day:02}").pk)
    asked = [closing.period for closing in closings.request_due(weeks) if closing.kind == "day"]
    assert asked == [f"2025-03-{day}" for day in range(12, 32)]
    assert Closing.objects.filter(kind="day").count() == 30
