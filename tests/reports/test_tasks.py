"""What workers do, each task given ids and free to run twice."""

from __future__ import annotations

import pytest

from reports import closings, tasks
from reports.models import Closing
from reports.querysets import database_clock
from tests.violations import occasions
from violations import filing

pytestmark = pytest.mark.usefixtures("json_alone")
MONTH = ("month", "2025-03")


@pytest.fixture
def at_once(settings):
    """Tasks run where they are sent, as if a worker were quick."""
    from config.celery import app

    app.conf.task_always_eager = True
    app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = False
    app.conf.task_eager_propagates = False


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("at_once")
def test_the_calendar_closes_a_month_by_itself(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, ('calendar = ["day", "month"]', 'calendar = ["month"]'))
    occasions.filed(exercise, people.monitor_north)
    tasks.request_due_closings.delay()
    closing = Closing.objects.get()
    assert (closing.period, closing.state) == ("2025-03", "released")
    tasks.request_due_closings.delay()
    tasks.sweep_closings.delay()
    assert Closing.objects.get() == closing


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("at_once")
def test_the_sweep_takes_up_what_no_message_was_sent_for(exercise):
    closing = closings.request(exercise, *MONTH)
    tasks.sweep_closings.delay()
    closing.refresh_from_db()
    assert closing.state == "released"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("at_once")
def test_the_sweep_marks_what_later_records_touch(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, ("in_force_until = 2025-04-01", "in_force_until = 2025-05-01"))
    occasions.filed(exercise, people.monitor_north)
    touched, stands = (closings.request(exercise, "month", code) for code in ("2025-03", "2025-04"))
    tasks.sweep_closings.delay()
    report = occasions.filed(exercise, people.monitor_south)
    tasks.sweep_closings.delay()
    for closing in (stands, touched):
        closing.refresh_from_db()
    assert (stands.touched_at, touched.touched_at is not None) == (None, True)
    filing.withdraw(report, by=people.monitor_south, grounds="A test of the device.")
    following = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    assert following.same_as == touched
    touched.refresh_from_db()
    assert touched.touched_at is None, "what touched it was withdrawn: its figures stand again"


@pytest.mark.django_db(transaction=True)
def test_a_task_that_runs_twice_or_late_does_no_harm(exercise):
    closing = closings.request(exercise, *MONTH)
    for _time in range(2):
        tasks.advance_closing(closing_id=closing.pk)
        tasks.check_closing(closing_id=closing.pk)
    closing.refresh_from_db()
    assert (closing.state, closing.attempts, closing.touched_at) == ("released", 1, None)
    assert closing.released_at < database_clock()
