"""The Celery application: it hurries what waits in rows; nothing is lost with a message."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import (
    after_task_publish,
    beat_init,
    celeryd_init,
    heartbeat_sent,
    setup_logging,
    worker_process_init,
)
from django.conf import settings
from django.utils.log import configure_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def log_warnings_too(**_sent: Any) -> None:
    """What Python warns of would stand on standard error as it is, however the log is written."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    logging.captureWarnings(True)


@setup_logging.connect
def log_as_the_web_does(**_sent: Any) -> None:
    """Celery's own log would hold what the exceptions of tasks say (config.logs)."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


@worker_process_init.connect
def bound_memory(**_sent: Any) -> None:
    """What any task would take beyond what the machine can spare fails, whatever the task."""
    from reports.closings.memory import bound  # models can be imported only now

    bound()


@beat_init.connect
def tell_that_beat_lives(**_sent: Any) -> None:
    """Every task that beat sends is a sign of life, whatever it takes its schedule from; for the operators' page."""
    after_task_publish.connect(beat_lives, weak=False)


def beat_lives(**_sent: Any) -> None:
    """Write down that beat has sent a task. What fails here is logged by Celery and stops nothing."""
    from monitoring import heartbeats

    heartbeats.heard(heartbeats.BEAT)


@heartbeat_sent.connect
def worker_lives(**_sent: Any) -> None:
    """Write down that a worker lives, as it tells the others."""
    from monitoring import heartbeats

    heartbeats.heard(heartbeats.WORKER)
