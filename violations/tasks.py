"""What workers do for bulk decisions. The row is the queue: each task takes an id, and may run twice or be lost."""

from __future__ import annotations

from celery import shared_task

from violations import bulk
from violations.models import BulkJob


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
