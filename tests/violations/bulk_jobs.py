"""Decisions on many at once as tests begin them: what is shown now is what is chosen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from types import SimpleNamespace

from monitoring.models import Agreement, User
from violations import bulk, bulk_seen, review
from violations.models import BulkJob, Finding, IncidentReport


def begun(
    action: str, rows: Iterable[Finding | IncidentReport], *, agreement: Agreement, by: User, **changes
) -> BulkJob:
    """A job on `rows` as they stand now."""
    ids = [row.pk for row in rows]
    seen = bulk_seen.of_proposals(ids) if action == "second" else bulk_seen.of_reports(ids)
    told = {"job_id": uuid.uuid4(), "reason": "each_examined", "grounds": "Looked at one by one.", **changes}
    return bulk.begin(action, {pk: seen[pk] for pk in ids}, agreement=agreement, by=by, **told)


def outcomes(job: BulkJob) -> list[tuple[str, str]]:
    """What came of each row, in order: (outcome, code)."""
    return list(job.rows.order_by("number").values_list("outcome__outcome", "outcome__code"))


def done(action: str, rows: Iterable[Finding | IncidentReport], **how) -> list[tuple[str, str]]:
    """Begin a job and do it; return what came of each row."""
    job = begun(action, rows, **how)
    assert bulk.go_on(job)
    return outcomes(job)


def taken_in_part(reports: list[IncidentReport], people: SimpleNamespace) -> BulkJob:
    """A job that takes `reports` under review, but for the first, which somebody else took since it was shown.

    A turn at it began before, and did nothing; another is open.
    """
    job = begun("take", reports, agreement=reports[0].agreement, by=people.moderator_north)
    review.take(reports[0], by=people.moderator_independent)
    bulk.go_on(job, seconds=0)
    bulk.go_on(job)
    bulk._take_turn(job)
    return job
