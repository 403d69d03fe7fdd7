"""The Celery application: it hurries what waits in rows; nothing is lost with a message."""

import os
import resource
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
    """A report that would take more memory than the machine can spare ends the process that makes it, and no other."""
    most = settings.CELERY_WORKER_ADDRESS_SPACE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
