"""What workers do for what is asked and decided. A row is the queue: each task may run twice or be lost."""

from __future__ import annotations

import logging

from celery import shared_task

from violations import bulk, requests
from violations.models import BulkJob

logger = logging.getLogger(__name__)


@shared_task
def go_on(*, job_id: int) -> None:
    """Do the rows of a job that are left; where more is left than one task does, another takes it up."""
    job = BulkJob.objects.get(pk=job_id)
    if not bulk.go_on(job) and not job.turns.open().exists():  # else it is another's turn
        go_on.delay(job_id=job_id)


@shared_task
def sweep_bulk_jobs() -> None:
    """Every minute: what a lost message left undone or a dead worker left is found here."""
    for job_id in BulkJob.objects.unfinished().values_list("pk", flat=True):
        go_on.delay(job_id=job_id)


@shared_task
def remind_of_due_replies() -> None:
    """Every quarter of an hour: remind whoever was asked and has not answered, by a row. No mail is sent."""
    reminded = requests.remind_of_due()
    if reminded:
        logger.info("Reminded of %s replies.", reminded)
