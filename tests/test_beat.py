"""Beat's schedule stands in rows: they follow the settings, and what was missed while beat was down is sent once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config import beat
from config.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_in_the_queue():
    app.control.purge()
    yield
    app.control.purge()


def started() -> beat.Scheduler:
    """Beat as it is when it has started."""
    return beat.Scheduler(app=app, lazy=False)


def sent() -> Counter[str]:
    """Which tasks are in the queue, and how often; they are taken out of it."""
    tasks: Counter[str] = Counter()
    with app.connection_for_write() as broker:
        queue = app.amqp.queues[app.conf.task_default_queue](broker.default_channel)
        queue.declare()
        while (message := queue.get(no_ack=True)) is not None:
            tasks[message.headers["task"]] += 1
    return tasks


def ring(scheduler: beat.Scheduler, times: int = 40) -> None:
    """Let it send what is due now."""
    for _time in range(times):
        scheduler.tick()
    scheduler.sync()


def test_the_rows_are_those_of_the_settings():
    started()
    rows = {row.name: (row.task, row.schedule.run_every.total_seconds()) for row in PeriodicTask.objects.all()}
    wanted = settings.CELERY_BEAT_SCHEDULE
    assert rows == {name: (entry["task"], entry["schedule"]) for name, entry in wanted.items()}
    app.loader.import_default_modules()
    assert {row["task"] for row in wanted.values()} <= app.tasks.keys(), "and a worker knows each"


def test_what_the_settings_no_longer_name_is_taken_away_and_an_operator_s_own_row_is_let_be():
    hourly = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    PeriodicTask.objects.create(name="of-old", task="reports.tasks.gone", interval=hourly, description=beat.OURS)
    PeriodicTask.objects.create(name="of-theirs", task="reports.tasks.sweep_closings", interval=hourly)
    started()
    names = set(PeriodicTask.objects.values_list("name", flat=True))
    assert names == {*settings.CELERY_BEAT_SCHEDULE, "of-theirs"}


def test_a_new_schedule_sends_nothing_before_its_first_interval_and_a_restart_puts_nothing_off():
    ring(started())
    assert sent() == Counter()
    first = set(PeriodicTask.objects.values_list("name", "last_run_at"))
    started()
    assert set(PeriodicTask.objects.values_list("name", "last_run_at")) == first


def test_what_came_due_while_beat_was_down_is_sent_once_on_its_return():
    started()
    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(days=3))
    ring(started())
    assert sent() == Counter({entry["task"]: 1 for entry in settings.CELERY_BEAT_SCHEDULE.values()})
    ring(started())
    assert sent() == Counter(), "also where it is started again: the rows know"


def test_whether_beat_is_alive_is_read_from_the_rows(capsys):
    with pytest.raises(CommandError, match="sent nothing yet"):
        call_command("beat_alive")
    started()
    call_command("beat_alive")
    assert "Beat last sent a task at" in capsys.readouterr().out
    PeriodicTask.objects.update(last_run_at=timezone.now() - beat.ALIVE_WITHIN)
    with pytest.raises(CommandError, match="Beat last sent a task at"):
        call_command("beat_alive")


def test_the_schedule_is_not_managed_in_the_administration():
    assert not [model for model in admin.site._registry if model._meta.app_label == "django_celery_beat"]
