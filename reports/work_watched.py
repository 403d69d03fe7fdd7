"""Work that failed, and work that nobody takes up, told to operators: closings, sheets, decisions on many.

Where no worker runs at all, nobody is there to tell; the containers' health checks see that. This tells of what is left
lying while others work.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from monitoring import notices
from monitoring.accreditation import Role
from monitoring.errors import Refusal
from monitoring.models import Notice
from monitoring.notices import Told
from reports.models import Closing
from violations.models import BulkJob

if TYPE_CHECKING:
    from monitoring.models import Agreement
    from reports.models import Supplement

Kind = Notice.Kind
PATIENCE = timedelta(minutes=30)


def tell(agreement: Agreement, *, at: datetime | None = None) -> int:
    """Tell the operators of `agreement` what failed and what waits too long at `at` (now); return how many."""
    since = (at or timezone.now()) - PATIENCE
    return notices.give(agreement, [*_failed(agreement), *_waiting(agreement, since), *_undone(agreement, since)])


def tell_of_sheet(supplement: Supplement, fault: Exception) -> int:
    """Tell operators, once of each cause, that a corrigendum or addendum that two agreed on could not be made."""
    cause = fault.code if isinstance(fault, Refusal) else type(fault).__name__
    sheet_id, closing = str(supplement.public_id), supplement.closing
    told = Told(
        Kind.WORK_FAILED,
        once=f"{sheet_id} {cause}",
        object_kind="supplement",
        object_id=sheet_id,
        details={"period": closing.period, "kind": closing.kind, "cause": cause},
        role=Role.OPERATOR,
    )
    return notices.give(closing.agreement, [told])


def _failed(agreement: Agreement) -> Iterator[Told]:
    rows = Closing.objects.filter(agreement=agreement, state=Closing.State.FAILED).order_by("-pk")[:100]
    yield from (_of(Kind.WORK_FAILED, closing) for closing in rows)


def _waiting(agreement: Agreement, since: datetime) -> Iterator[Told]:
    """Closings that can be worked on (their cut-off is past) and that nobody holds, nor held of late."""
    rows = Closing.objects.waiting().filter(agreement=agreement, cutoff_at__lt=since, recorded_at__lt=since)
    rows = rows.exclude(comments_until__gte=since).exclude(approvals__recorded_at__gte=since)
    for closing in rows:
        if closing.lease_until is None or closing.lease_until < since:
            yield _of(Kind.WORK_WAITS, closing)


def _undone(agreement: Agreement, since: datetime) -> Iterator[Told]:
    """Decisions on many of which rows are left that nobody is at."""
    for job in BulkJob.objects.unfinished().filter(agreement=agreement, recorded_at__lt=since):
        if not job.turns.filter(until__gt=since).exists():
            job_id = str(job.public_id)
            yield Told(Kind.WORK_WAITS, once=job_id, object_kind="bulkjob", object_id=job_id, role=Role.OPERATOR)


def _of(kind: str, closing: Closing) -> Told:
    closing_id = str(closing.public_id)
    return Told(
        kind,
        once=closing_id,
        object_kind="closing",
        object_id=closing_id,
        details={"period": closing.period, "kind": closing.kind},
        role=Role.OPERATOR,
    )
