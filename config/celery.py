"""The Celery application: it hurries what waits in rows; nothing is lost with a message."""

import os
import resource
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def bound_memory(**_sent: Any) -> None:
    """A report that would take more memory than the machine can spare ends the process that makes it, and no other."""
    most = settings.CELERY_WORKER_ADDRESS_SPACE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
