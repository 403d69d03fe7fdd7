"""The Celery application: it hurries what waits in rows; nothing is lost with a message."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from django.conf import settings
from django.utils.log import configure_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_web_does(**_sent: Any) -> None:
    """Celery's own log would hold what the exceptions of tasks say (config.logs)."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


@worker_process_init.connect
def bound_memory(**_sent: Any) -> None:
    """What any task would take beyond what the machine can spare fails, whatever the task."""
    from reports.closings.memory import bound  # models can be imported only now

    bound()
