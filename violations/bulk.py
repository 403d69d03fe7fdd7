"""Deciding alike on many: each row is one call of the ordinary verb, in a transaction of its own, with its outcome.

A job gives nobody a right that they have not one by one: the verb asks accreditation, side and own reports again for
every row, and leaves its own rows in the audit. What is there must be what the moderator was shown (`bulk_seen`);
what changed since is refused as stale. Outcome and deed are of one transaction, so a worker that is killed leaves a row
done with its outcome or not done at all, and whoever comes next goes on with the rows that have none.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow, Refusal
from monitoring.models import User
from violations import bulk_seen, bulk_weighing, findings, holding, membership, review, standing
from violations.models import BulkJob, BulkOutcome, BulkRow, BulkTurn, Finding, IncidentReport
from violations.moderation_codes import BulkGrounds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from monitoring.models import Agreement

Action, Outcome = BulkJob.Action, BulkOutcome.Outcome
MOST = 500  # rows of a job: as many as a page shows the effects of
AT_ONCE = 50  # rows that are done while the page is waited for; a longer job goes to a worker
LONGEST = 2000  # characters of grounds
# Longer than any task may run (CELERY_TASK_TIME_LIMIT); a worker begins no row after SECONDS and hands the job on.
TURN = timedelta(minutes=5)
SECONDS = 120.0
# Apart from every other advisory lock: the upper half of the key.
ROWS, TURNS = 20161232 << 32, 20161233 << 32
# What is done to each row, as the audit calls it.
AUDITED = {
    Action.SECOND: "finding.second",
    Action.TAKE: "review.take",
    Action.ACCEPT: "review.accept",
    Action.RETURN: "review.return",
}


def begin(
    action: str,
    chosen: Mapping[int, str],
    *,
    agreement: Agreement,
    job_id: UUID,
    reason: str,
    grounds: str,
    by: User,
) -> BulkJob:
    """Write down a job: `chosen` are numbers of proposals or reports, each with the digest of what was shown of it.

    `job_id` becomes its public id: handed in again by the same person it is the same job. Nothing is done yet.

    Raises Malformed (no reason of BulkGrounds, no grounds, none chosen or more than MOST), Forbidden (no moderator of
    the agreement; one of the reports is their own), NotFound (one of them is not of this agreement).
    """
    if (before := _begun(job_id, by)) is not None:
        return before
    _check(action, chosen, reason, grounds)
    try:
        with holding.deciding() as entry:
            chains = _chains(action, chosen, agreement)
            capacity = standing.moderating(by, agreement, chains)
            job = BulkJob.objects.create(
                public_id=job_id,
                agreement=agreement,
                action=action,
                reason=reason,
                grounds=grounds.strip(),
                by=by,
                side=capacity.side,
                recorded_at=entry.stamp(),
            )
            column = "finding_id" if action == Action.SECOND else "report_id"
            BulkRow.objects.bulk_create(
                BulkRow(job=job, number=number, seen=seen, **{column: pk})
                for number, (pk, seen) in enumerate(chosen.items(), start=1)
            )
            audit.done("bulk.begin", by=by, on=job)
    except NotNow:
        if (before := _begun(job_id, by)) is None:
            raise
        return before
    return job


def go_on(job: BulkJob, *, seconds: float = SECONDS) -> bool:
    """Do the rows that have no outcome, in order; return whether none is left.

    Does nothing while it is another worker's turn. Begins no row after `seconds`.
    """
    turn = _take_turn(job)
    if turn is None:
        return False
    ends = time.monotonic() + seconds
    try:
        for pk in list(_left(job).values_list("pk", flat=True)):
            if time.monotonic() >= ends:
                break
            _do(pk, ends=ends)
    finally:
        with ledger.writing() as entry:
            entry.close(BulkTurn.objects.filter(pk=turn.pk))
    return not _left(job).exists()


def progress(job: BulkJob) -> Counter[str]:
    """How many rows came to each outcome; '' has those that are left."""
    return Counter(outcome or "" for outcome in job.rows.order_by().values_list("outcome__outcome", flat=True))


def _begun(job_id: UUID, by: User) -> BulkJob | None:
    job = BulkJob.objects.filter(public_id=job_id).first()
    if job is not None and job.by_id != by.pk:
        raise NotFound(_("There is no such page any more. Choose again."), code="not_found")
    return job


def _check(action: str, chosen: Mapping[int, str], reason: str, grounds: str) -> None:
    fields = {}
    if not chosen or len(chosen) > MOST:
        fields["/chosen"] = [_("Choose at least one, and at most %(most)d at once.") % {"most": MOST}]
    if reason not in BulkGrounds.values:
        fields["/reason"] = [_("Say why all of them are decided alike.")]
    if not 1 <= len(grounds.strip()) <= LONGEST:
        fields["/grounds"] = [_("Write it in 1 to %(longest)d characters.") % {"longest": LONGEST}]
    if action not in Action.values:
        fields["/action"] = [_("Say what is to be done.")]
    if fields:
        raise Malformed(_("This cannot be taken like this."), fields=fields)


def _chains(action: str, chosen: Mapping[int, str], agreement: Agreement) -> list[UUID]:
    """The chains that are decided on. Raises NotFound where one of those chosen is not of this agreement."""
    if action == Action.SECOND:
        proposals = list(Finding.objects.filter(pk__in=chosen, agreement=agreement))
        chains = membership.chains({pk for row in proposals for pk in bulk_weighing.concerned(row)})
        found = len(proposals)
    else:
        chains = list(IncidentReport.objects.filter(pk__in=chosen, agreement=agreement).values_list("chain", flat=True))
        found = len(chains)
    if found != len(chosen):
        raise NotFound(_("One of those chosen is not there, or not yours to see. Choose again."), code="not_visible")
    return chains


def _left(job: BulkJob):
    return job.rows.filter(outcome__isnull=True).order_by("number")


def _take_turn(job: BulkJob) -> BulkTurn | None:
    """Begin a turn at the job; None while another's lasts. One that ran out is closed: its worker is dead."""
    with ledger.writing() as entry:
        _lock(TURNS | job.pk)
        now = entry.stamp()
        last = BulkTurn.objects.open().filter(job=job).first()
        if last is not None and last.until > now:
            return None
        entry.close(BulkTurn.objects.filter(job=job))
        return BulkTurn.objects.create(job=job, until=now + TURN, recorded_at=now)


def _do(row_id: int, *, ends: float) -> None:
    """Do one row, once, whoever else comes to it: what came of it is written with it."""
    with ledger.writing() as entry:
        _lock(ROWS | row_id)
        rows = BulkRow.objects.select_related("job__agreement", "finding__agreement", "report__agreement")
        row = rows.get(pk=row_id)
        if BulkOutcome.objects.filter(row=row).exists():
            return
        by = User.objects.get(pk=row.job.by_id)
        outcome, code = Outcome.DONE, ""
        try:
            with transaction.atomic():
                _decide(row, by)
        except Refusal as refusal:
            outcome, code = Outcome.REFUSED, _told(refusal)
            audit.denied(AUDITED[Action(row.job.action)], by=by, reason=refusal.code, on=_object(row, refusal))
        except Exception:
            if time.monotonic() >= ends:  # the worker is being ended, or the database is: nothing is wrong with the row
                raise
            logging.getLogger(__name__).exception("A row of a bulk decision could not be done.")
            outcome, code = Outcome.FAILED, "fault"
        BulkOutcome.objects.create(row=row, outcome=outcome, code=code, recorded_at=entry.stamp())


def _decide(row: BulkRow, by: User) -> None:
    """Hold what the row concerns, require that it is as it was shown, and call the verb."""
    if row.finding is not None:
        holding.hold(bulk_weighing.concerned(row.finding))
        seen = bulk_seen.of_proposals([row.finding.pk])[row.finding.pk]
    else:
        assert row.report is not None  # noqa: S101 - it is of one of the two
        holding.hold_chain(row.report.chain)
        seen = bulk_seen.of_reports([row.report.pk])[row.report.pk]
    if seen != row.seen:
        raise NotNow(_("This changed since its effect was shown."), code="stale")
    if row.finding is not None:
        findings.second(row.finding, by=by)
    else:
        _review(row, by)


def _review(row: BulkRow, by: User) -> None:
    assert row.report is not None  # noqa: S101
    match row.job.action:
        case Action.TAKE:
            review.take(row.report, by=by)
        case Action.ACCEPT:
            review.accept(row.report, by=by)
        case Action.RETURN:
            review.return_with_question(row.report, by=by, grounds=row.job.grounds)


def _told(refusal: Refusal) -> str:
    """The code that the job keeps. Who filed is sealed, so that one does not stand beside the row."""
    return "stale" if refusal.code == "own_report" else refusal.code


def _object(row: BulkRow, refusal: Refusal) -> Finding | IncidentReport | None:
    """What the denial is audited on; where it is denied because the person filed it, nothing stands beside the name."""
    return None if isinstance(refusal, Forbidden) and refusal.code == "own_report" else row.finding or row.report


def _lock(key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [key])
