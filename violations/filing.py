"""Filing: how a report enters the record, is corrected, and is withdrawn. Only its filer moves it here.

A monitor files for a team, a duty officer what others told the team, a party's liaison the party's own word (`filers`).

A client names each filing; what is sent again under the same name is answered as it was the first time. Where something
is already found or proposed on the incident, or two persons linked a report into it, a correction and a withdrawal are
recorded, but what is counted changes only when a moderator's proposal is seconded (membership.is_decided_on).

Filings may come out of turn: a correction that comes before what it corrects is kept (`waiting`) and takes its place
when that comes, in the same transaction.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from monitoring import ledger
from monitoring.errors import Malformed, NotNow, Refusal
from monitoring.models import Agreement, User
from violations import (
    assessment,
    cases,
    docket,
    filers,
    first_filing,
    holding,
    membership,
    review,
    revisions,
    sealing,
    waiting,
)
from violations.codebook import ReviewState
from violations.first_filing import Known, Told
from violations.models import IncidentReport, ReportLink, ReviewStep, WaitingCorrection
from violations.report_content import NamedParty, ReportContent
from violations.revisions import Filing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.row_context import Ask

__all__ = ["Filed", "Kept", "NamedParty", "ReportContent", "correct", "correct_filing", "file_report", "withdraw"]

LONGEST_GROUNDS = 2000


@dataclass(frozen=True)
class Filed:
    """What came of a filing: the report, and whether it is new or was there already under that client id.

    `told`: what its filer is told of a new report, where nothing need be read for that.
    """

    report: IncidentReport
    created: bool
    told: Told | None = None


@dataclass(frozen=True)
class Kept:
    """What came of a correction that came out of turn: what is kept, and whether it is new."""

    correction: WaitingCorrection
    created: bool


def file_report(agreement: Agreement | str, content: ReportContent, *, by: User, client_id: str) -> Filed:
    """Record a report in an agreement, or in that of a code: it opens an incident of its own and awaits review.

    `client_id` is the client's own name of the filing, unique per account: the same content again is the first answer.
    Raises Forbidden (nobody who files here now), Malformed (a rule of filing), NotNow (`client_id_taken`: other
    content under the same client id, with the difference).
    """
    code = agreement if isinstance(agreement, str) else agreement.code
    locks = [waiting.lock(by), ledger.lock(), holding.mechanism_lock(code)]
    known = first_filing.remembered(code, content, by=by)
    while True:
        try:
            if known is not None:
                return _write_first(_first(agreement, content, by, client_id, known), known, locks)
            with sealing.reading_own(by, also=locks):
                looked = first_filing.look(code, content, by=by, client_id=client_id)
                filing = _first(agreement, content, by, client_id, looked)
                if looked.named:
                    return _file(filing, partial(_write_first, known=looked))
                return _write_first(filing, looked)
        except first_filing.OutdatedError:
            pass
        except Refusal:
            if known is None:
                raise
        except IntegrityError as error:
            # Another request under the same client id was first, which is its answer; or the receipt was another's.
            if not any(name in str(error) for name in ("violations_client_id_once", "violations_receipt_once")):
                raise
        known = None


def correct(report: IncidentReport, content: ReportContent, *, by: User, client_id: str) -> Filed:
    """Record a full new revision of `report`, which must be the newest of its chain.

    It takes effect at once and starts again as submitted. Where the incident takes two persons (found, proposed or
    linked by two), the older revision is counted until a moderator's proposal is seconded.
    Raises NotFound (`by` did not file it), Forbidden, Malformed as `file_report`; NotNow where the report was withdrawn
    (`withdrawn`), corrected before (`not_latest`, with the identifier of the latest), or the client id is taken.
    """
    filers.require_filer(by, report)
    filers.require_accredited(by, report.agreement)
    return _file(Filing(report.agreement, content, by, client_id, report), _write_correction)


def correct_filing(
    agreement: Agreement, content: ReportContent, *, by: User, client_id: str, corrects: str
) -> Filed | Kept:
    """Record a correction of what `by` filed under the client id `corrects`; where that has not come yet, keep it.

    Raises as `correct`; NotNow (`not_latest`) also where another correction of the same filing waits.
    """
    filers.require_accredited(by, agreement)
    with sealing.reading_own(by):
        report = filers.filed_under(by, corrects)
        waiting.hold(by, alone=report is None)
        report = report or filers.filed_under(by, corrects)
        kept = waiting.kept_under(by, client_id)
        if kept is not None:
            waiting.require_same(kept, agreement, content, corrects)
            if report is not None and kept.superseded_at is None:
                _place(kept, report, by=by)
            return Kept(kept, created=False)
        if report is None:
            filers.require_free(by, client_id, agreement, content, corrects)
            return Kept(waiting.keep(agreement, content, by=by, client_id=client_id, corrects=corrects), created=True)
        if report.agreement_id != agreement.pk:
            sentence = _("What it corrects was filed in another agreement.")
            raise Malformed(sentence, fields={"/corrects": [sentence]})
        return correct(report, content, by=by, client_id=client_id)


def withdraw(report: IncidentReport, *, by: User, grounds: str) -> ReviewStep:
    """Withdraw a chain by its newest revision, with grounds; return the step: the same again is the same step.

    Its incident is closed where no other report tells of it. Where the incident takes two persons (found, proposed or
    linked by two), it is counted until a moderator's proposal is seconded.
    Raises NotFound (`by` did not file it), Forbidden (nobody who files now), Malformed (no grounds), NotNow
    (`withdrawn` with other grounds, `not_latest`).
    """
    filers.require_filer(by, report)
    filers.require_accredited(by, report.agreement)
    grounds = grounds.strip()
    if not grounds or len(grounds) > LONGEST_GROUNDS:
        sentence = _("Say why, in 1 to %(longest)s characters.") % {"longest": LONGEST_GROUNDS}
        raise Malformed(sentence, code="grounds", fields={"/grounds": [sentence]})
    with ledger.writing() as entry:
        member = holding.hold_chain_wherever(report.chain)
        before = _withdrawn_before(report, grounds)
        if before is not None:
            return before
        require_newest(report)
        step = review.move(report, ReviewState.WITHDRAWN, by=None, recorded_at=entry.stamp(), grounds=grounds)
        if member is not None and not membership.is_decided_on(member.incident_id, chain=report.chain):
            entry.close(ReportLink.objects.open().filter(chain=report.chain))
            assessment.reassess([member.incident_id], recorded_at=entry.stamp())
            cases.follow([member.incident_id], recorded_at=entry.stamp())
        if member is not None:
            docket.follow([member.incident_id], recorded_at=entry.stamp())
    return step


def require_newest(report: IncidentReport) -> None:
    """Raise NotNow (`not_latest`) where `report` was corrected before."""
    newest = IncidentReport.objects.of_chain(report.chain).first()
    if newest.pk != report.pk:
        raise NotNow(
            _("This revision was corrected before. The latest is %(latest)s.") % {"latest": newest.public_id},
            code="not_latest",
            members={"latest": str(newest.public_id)},
        )


def _file(filing: Filing, write: Any) -> Filed:
    """Write the filing, or give the first answer to it; then what waited for it takes its place."""
    with sealing.reading_own(filing.by):
        waiting.hold(filing.by)
        about = waiting.about(filing.by, filing.client_id)
        for kept in about:
            if kept.client_id == filing.client_id and kept.superseded_at is None:
                waiting.refuse_other(kept, filing.agreement, filing.content, filers.client_id_of(filing.after))
        filed = _filed_before(filing) or _once(filing, write)
        _place_what_waited(filed, filing.client_id, about, by=filing.by)
    return filed


def _place_what_waited(filed: Filed, client_id: str, about: list[WaitingCorrection], *, by: User) -> None:
    """Let what waited for a filing take its place; where that is refused, it waits on, and sent again is told why."""
    for kept in about:
        if kept.corrects == client_id:
            with suppress(Refusal, ledger.Conflict):
                _place(kept, filed.report, by=by)


def _place(kept: WaitingCorrection, report: IncidentReport, *, by: User) -> None:
    """Write what waited as the revision after `report`, and close the waiting; then what waited for that in turn."""
    content = waiting.content_of(kept)
    filing = Filing(report.agreement, content, by, kept.client_id, report, kept.receipt)
    with transaction.atomic():
        filed = _once(filing, _write_correction)
        if filed.created:  # else the same request, sent twice, placed it
            waiting.close(kept)
    _place_what_waited(filed, kept.client_id, waiting.about(by, kept.client_id), by=by)


def _once(filing: Filing, write: Any) -> Filed:
    """Write the filing, or, where a parallel request under the same client id was first, give its answer."""
    while True:
        try:
            return write(filing)
        except IntegrityError as error:
            if "violations_receipt_once" in str(error) and not filing.receipt:
                continue  # the receipt drawn was another's: draw again
            first = _filed_before(filing) if "violations_client_id_once" in str(error) else None
            if first is None:
                raise
            return first


def _first(agreement: Agreement | str, content: ReportContent, by: User, client_id: str, known: Known) -> Filing:
    return Filing(known.agreement if isinstance(agreement, str) else agreement, content, by, client_id)


def _write_first(filing: Filing, known: Known, locks: Sequence[Ask] = ()) -> Filed:
    told = first_filing.write(filing, known, also=locks)
    return Filed(told.report, created=True, told=told)


def _write_correction(filing: Filing) -> Filed:
    before = filing.after
    assert before is not None  # noqa: S101 - a correction is of something
    with ledger.writing() as entry:
        member = holding.hold_chain_wherever(before.chain)
        first = _filed_before(filing)
        if first is not None:
            return first
        if review.state_of(before) == ReviewState.WITHDRAWN:
            raise NotNow(_("The report was withdrawn; file a new one instead."), code="withdrawn")
        require_newest(before)
        report = revisions.write(filing, entry)
        review.move(before, ReviewState.SUPERSEDED, by=None, recorded_at=entry.stamp())
        review.begin(report, recorded_at=entry.stamp())
        if member is not None and not membership.is_decided_on(member.incident_id, chain=report.chain):
            _take_effect(report, entry)
            assessment.reassess([member.incident_id], recorded_at=entry.stamp())
        if member is not None:
            docket.follow([member.incident_id], recorded_at=entry.stamp())
    return Filed(report, created=True)


def _filed_before(filing: Filing) -> Filed | None:
    first = filers.filed_before(filing.by, filing.client_id, filing.agreement, filing.content, filing.after)
    return Filed(first, created=False) if first else None


def _withdrawn_before(report: IncidentReport, grounds: str) -> ReviewStep | None:
    """Return the step by which the report was withdrawn on these grounds. Raises NotNow where it was on others.

    Which they were is not known any more where they were erased: then it was on these.
    """
    step = ReviewStep.objects.filter(report=report, state=ReviewState.WITHDRAWN).order_by("pk").first()
    if step is not None and step.grounds not in ("", grounds):
        raise NotNow(_("The report was withdrawn before, on other grounds."), code="withdrawn")
    return step


def _take_effect(report: IncidentReport, entry: ledger.Entry) -> None:
    """Let a new revision stand where the older one stood: every open link of the chain is closed and opened anew."""
    links = list(ReportLink.objects.filter(chain=report.chain, superseded_at__isnull=True).order_by("pk"))
    entry.close(ReportLink.objects.filter(pk__in=[link.pk for link in links]), expected=len(links))
    ReportLink.objects.bulk_create(
        ReportLink(
            report=report,
            chain=link.chain,
            incident_id=link.incident_id,
            kind=link.kind,
            grounds=link.grounds,
            recorded_at=entry.stamp(),
        )
        for link in links
    )
