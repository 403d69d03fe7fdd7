"""Filing: how a monitor's report enters the record, is corrected, and is withdrawn. Only its filer moves it here.

A client names each filing; what is sent again under the same name is answered as it was the first time. Where something
is already found or proposed on the incident, or two persons linked a report into it, a correction and a withdrawal are
recorded, but what is counted changes only when a moderator's proposal is seconded (membership.is_decided_on).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.utils.translation import gettext as _

from monitoring import accreditation, ledger
from monitoring.errors import Malformed, NotNow
from monitoring.models import Agreement, Area, Team, User
from violations import (
    assessment,
    filers,
    holding,
    membership,
    naming,
    receipts,
    report_content,
    review,
    sealing,
    sightings,
)
from violations.codebook import LinkKind, ReviewState
from violations.models import Incident, IncidentReport, ReportLink, ReportParty, ReviewStep, SealedSource
from violations.report_content import NamedParty, ReportContent

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Filed", "NamedParty", "ReportContent", "correct", "file_report", "withdraw"]

LONGEST_GROUNDS = 2000


@dataclass(frozen=True)
class Filed:
    """What came of a filing: the report, and whether it is new or was there already under that client id."""

    report: IncidentReport
    created: bool


@dataclass(frozen=True)
class _Filing:
    """One request to file: what, by whom, under which name, after which revision (None: a new chain)."""

    agreement: Agreement
    team: Team
    content: ReportContent
    by: User
    client_id: str
    after: IncidentReport | None = None


def file_report(agreement: Agreement, content: ReportContent, *, by: User, client_id: str) -> Filed:
    """Record a monitor's report: it opens an incident of its own and awaits review.

    `client_id` is the client's own name of the filing, unique per account: the same content again is the first answer.
    Raises Forbidden (no monitor of the agreement now), Malformed (a rule of filing), NotNow (`client_id_taken`: other
    content under the same client id).
    """
    filing = _Filing(agreement, filers.team_of(by, agreement, content.team), content, by, client_id)
    with sealing.reading_own(by):
        return _filed_before(filing) or _once(filing, _write_first)


def correct(report: IncidentReport, content: ReportContent, *, by: User, client_id: str) -> Filed:
    """Record a full new revision of `report`, which must be the newest of its chain.

    It takes effect at once and starts again as submitted. Where the incident takes two persons (found, proposed or
    linked by two), the older revision is counted until a moderator's proposal is seconded.
    Raises NotFound (`by` did not file it), Forbidden, Malformed as `file_report`; NotNow where the report was withdrawn
    (`withdrawn`), corrected before (`not_latest`, with the identifier of the latest), or the client id is taken.
    """
    filers.require_filer(by, report)
    filing = _Filing(
        report.agreement,
        filers.team_of(by, report.agreement, content.team, report.team),
        content,
        by,
        client_id,
        report,
    )
    with sealing.reading_own(by):
        return _filed_before(filing) or _once(filing, _write_correction)


def withdraw(report: IncidentReport, *, by: User, grounds: str) -> IncidentReport:
    """Withdraw a chain by its newest revision, with grounds; the same again is the same answer.

    Its incident is closed where no other report tells of it. Where the incident takes two persons (found, proposed or
    linked by two), it is counted until a moderator's proposal is seconded.
    Raises NotFound (`by` did not file it), Forbidden (no monitor now), Malformed (no grounds), NotNow (`withdrawn` with
    other grounds, `not_latest`).
    """
    filers.require_filer(by, report)
    accreditation.capacity(by, accreditation.Role.MONITOR, report.agreement)
    grounds = grounds.strip()
    if not grounds or len(grounds) > LONGEST_GROUNDS:
        sentence = _("Say why, in 1 to %(longest)s characters.") % {"longest": LONGEST_GROUNDS}
        raise Malformed(sentence, code="grounds", fields={"/grounds": [sentence]})
    with ledger.writing() as entry:
        member = _held(report)
        if _withdrawn_before(report, grounds):
            return report
        _require_newest(report)
        review.move(report, ReviewState.WITHDRAWN, by=None, recorded_at=entry.stamp(), grounds=grounds)
        if member is not None and not membership.is_decided_on(member.incident_id, chain=report.chain):
            entry.close(ReportLink.objects.open().filter(chain=report.chain))
            assessment.reassess([member.incident_id], recorded_at=entry.stamp())
    return report


def _once(filing: _Filing, write: Any) -> Filed:
    """Write the filing, or, where a parallel request under the same client id was first, give its answer."""
    try:
        return write(filing)
    except IntegrityError as error:
        if "violations_client_id_once" not in str(error):
            raise
        first = _filed_before(filing)
        if first is None:
            raise
        return first


def _write_first(filing: _Filing) -> Filed:
    with ledger.writing() as entry:
        holding.hold_mechanism([filing.agreement.pk])
        report = _record(filing, entry)
        incident = Incident.objects.create(agreement=filing.agreement, recorded_at=entry.stamp())
        ReportLink.objects.create(
            report=report,
            chain=report.chain,
            incident=incident,
            kind=LinkKind.SAME_EVENT,
            recorded_at=entry.stamp(),
        )
        review.begin(report, recorded_at=entry.stamp())
        assessment.reassess([incident.pk], recorded_at=entry.stamp())
    return Filed(report, created=True)


def _write_correction(filing: _Filing) -> Filed:
    before = filing.after
    assert before is not None  # noqa: S101 - a correction is of something
    with ledger.writing() as entry:
        member = _held(before)
        first = _filed_before(filing)
        if first is not None:
            return first
        if review.state_of(before) == ReviewState.WITHDRAWN:
            raise NotNow(_("The report was withdrawn; file a new one instead."), code="withdrawn")
        _require_newest(before)
        report = _record(filing, entry)
        review.move(before, ReviewState.SUPERSEDED, by=None, recorded_at=entry.stamp())
        review.begin(report, recorded_at=entry.stamp())
        if member is not None and not membership.is_decided_on(member.incident_id, chain=report.chain):
            _take_effect(report, entry)
            assessment.reassess([member.incident_id], recorded_at=entry.stamp())
    return Filed(report, created=True)


def _record(filing: _Filing, entry: ledger.Entry) -> IncidentReport:
    """Write the revision, who filed it (sealed), and the parties it names."""
    recorded_at = entry.stamp()
    content, before = filing.content, filing.after
    terms = filing.agreement.terms
    zone = ZoneInfo(terms.time_zone)
    area = Area.objects.filter(agreement=filing.agreement, code=content.stated_area).first()
    report_content.check(content, area=area, zone=zone, now=recorded_at)
    report = IncidentReport.objects.create(
        **({"chain": before.chain, "revision": before.revision + 1} if before else {}),
        **_columns(content, recorded_at=recorded_at),
        receipt=receipts.new(lambda drawn: IncidentReport.objects.filter(receipt=drawn).exists()),
        agreement=filing.agreement,
        team=filing.team,
        occurred_until=report_content.until(content, zone) or content.occurred_from,  # checked: it has an end
        stated_area=area,
    )
    SealedSource.objects.create(
        report=report,
        filer_tag=sealing.tag_of(filing.by),
        client_id=filing.client_id,
        sealed=sealing.seal(filing.by, content.source),
        recorded_at=recorded_at,
    )
    known = naming.parties_named(terms, [party.name for party in content.parties])
    ReportParty.objects.bulk_create(
        ReportParty(report=report, role=party.role, as_written=party.name, party=known.get(party.name))
        for party in content.parties
    )
    return report


def _columns(content: ReportContent, *, recorded_at: datetime) -> dict[str, Any]:
    """The columns that hold what was filed as it was filed."""
    return {
        "recorded_at": recorded_at,
        "occurred_from": content.occurred_from,
        "time_precision": content.time_precision,
        "point": content.point,
        "place_area": sightings.sector(content.drawn_from) if content.drawn_from else content.place_area,
        "place_precision": content.place_precision,
        "place_as_written": content.place_as_written,
        "act": content.act,
        "objects_hit": sorted(set(content.objects_hit)),
        "weapon_family": content.weapon_family,
        "calibre_mm": content.calibre_mm,
        "weapon_assessed": content.weapon_assessed,
        "means": content.means,
        "count": content.count,
        "count_qualifier": content.count_qualifier,
        "count_unit": content.count_unit,
        "observed": content.observed,
        "phase": content.phase,
        "sighting": content.sighting.written() if content.sighting else None,
        "casualties": content.casualties,
        "narrative": content.narrative,
        "narrative_language": content.narrative_language,
        "consent": content.consent,
        "content_sha256": content.sha256(),
    }


def _filed_before(filing: _Filing) -> Filed | None:
    first = filers.filed_before(filing.by, filing.client_id, filing.agreement, filing.content, filing.after)
    return Filed(first, created=False) if first else None


def _require_newest(report: IncidentReport) -> None:
    newest = IncidentReport.objects.of_chain(report.chain).first()
    if newest.pk != report.pk:
        raise NotNow(
            _("This revision was corrected before. The latest is %(latest)s.") % {"latest": newest.public_id},
            code="not_latest",
            members={"latest": str(newest.public_id)},
        )


def _held(report: IncidentReport) -> ReportLink | None:
    """Hold the incident of the chain and return the open membership, None where it is withdrawn.

    Asked again where the same request sent twice, or a moderator, moved it meanwhile.
    """
    try:
        return holding.hold_chain(report.chain)
    except NotNow:
        return holding.hold_chain(report.chain)


def _withdrawn_before(report: IncidentReport, grounds: str) -> bool:
    """Whether the report was withdrawn on these grounds. Raises NotNow where it was on others."""
    step = ReviewStep.objects.filter(report=report, state=ReviewState.WITHDRAWN).first()
    if step is not None and step.grounds != grounds:
        raise NotNow(_("The report was withdrawn before, on other grounds."), code="withdrawn")
    return step is not None


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
