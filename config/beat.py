"""What rings the bell: the schedule of the settings as rows, so that a new process knows when each was last rung.

What came due while the service was down is rung once on its return, and not once for every time that was missed: each
task looks at rows and does all that is due. The rows are no record. Those of this schedule bear a mark and follow the
settings at each start; an operator's own are let be.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

OURS = "By the settings of the service; written anew at each start."
# Rows are written back every three minutes: a beat from which nothing came for so long is dead, or has no database.
ALIVE_WITHIN = timedelta(minutes=10)


class Scheduler(DatabaseScheduler):
    """The scheduler that `celery beat` is started with."""

    def setup_schedule(self) -> None:
        """Write the rows of the settings' schedule, and take away those of ours that it no longer names."""
        wanted: dict[str, dict[str, Any]] = self.app.conf.beat_schedule
        PeriodicTask.objects.filter(description=OURS).exclude(name__in=wanted).delete()
        self.update_from_dict({name: {**entry, "description": OURS} for name, entry in wanted.items()})
        # An interval counts from the first start. Otherwise each start would put off what never ran.
        PeriodicTask.objects.filter(description=OURS, last_run_at=None).update(last_run_at=timezone.now())
        self._initial_read = True  # to be read anew, with these instants


def last_rung() -> datetime | None:
    """When the last task of the schedule was sent, as far as it was written back; None where none ever was."""
    rung: datetime | None = PeriodicTask.objects.filter(description=OURS).aggregate(rung=Max("last_run_at"))["rung"]
    return rung


def is_alive(at: datetime) -> bool:
    """Whether beat was at work shortly before `at`."""
    rung = last_rung()
    return rung is not None and at - rung < ALIVE_WITHIN
