"""What workers do for what is asked and decided. A row is the queue: each task may run twice or be lost."""

from __future__ import annotations

import logging

from celery import shared_task

from monitoring import notices
from monitoring.models import Agreement
from violations import bulk, due, flash, requests
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


@shared_task
def tell_of_flash_reports() -> None:
    """Every minute: tell moderators of what was filed just now and fits the truce's rule."""
    for agreement in Agreement.objects.order_by("code"):
        flash.tell(agreement)


@shared_task
def tell_of_flash_reports_missed() -> None:
    """Every hour: the same of the last days, for no worker may have been there."""
    for agreement in Agreement.objects.order_by("code"):
        flash.tell(agreement, within=notices.TOLD_WITHIN)


@shared_task
def tell_of_what_is_due() -> None:
    """Every quarter of an hour, after whoever is to reply was reminded: tell moderators of what is due and late."""
    for agreement in Agreement.objects.order_by("code"):
        due.tell(agreement)
