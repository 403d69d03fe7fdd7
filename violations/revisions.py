"""Writing a revision of a report: what was filed, who filed it (sealed), the parties it names. For `filing`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitoring import ledger
from monitoring.models import Agreement, Area, MechanismVersion, User
from violations import filers, naming, receipts, report_content, sealing, sightings
from violations.models import IncidentReport, ReportParty, SealedSource
from violations.report_content import ReportContent


@dataclass(frozen=True)
class Filing:
    """One request to file: what, by whom, under which name, after which revision (None: a new chain).

    `receipt` is the one that was given out already, where it waited for its turn.
    """

    agreement: Agreement
    content: ReportContent
    by: User
    client_id: str
    after: IncidentReport | None = None
    receipt: str = ""


def check(terms: MechanismVersion, content: ReportContent, *, now: datetime) -> tuple[Area | None, ZoneInfo]:
    """Raise Malformed where `content` breaks a rule of filing; return the area that it names, and the truce's zone."""
    zone = ZoneInfo(terms.time_zone)
    area = None
    if content.stated_area:
        area = Area.objects.filter(agreement=terms.agreement_id, code=content.stated_area).first()
    report_content.check(content, area=area, zone=zone, now=now)
    return area, zone


def write(filing: Filing, entry: ledger.Entry) -> IncidentReport:
    """Write the revision. Raises Malformed, and Forbidden where the filer files for nobody now."""
    content, before = filing.content, filing.after
    standpoint = filers.standpoint(filing.by, filing.agreement, content, before)
    terms = filing.agreement.terms
    area, zone = check(terms, content, now=entry.stamp())
    report = IncidentReport.objects.create(
        **({"chain": before.chain, "revision": before.revision + 1} if before else {}),
        **columns(content, recorded_at=entry.stamp()),
        receipt=filing.receipt or receipts.draw(),
        agreement=filing.agreement,
        team=standpoint.team,
        told_by=standpoint.party,
        occurred_until=report_content.until(content, zone) or content.occurred_from,  # checked: it has an end
        stated_area=area,
    )
    SealedSource.objects.create(
        report=report,
        filer_tag=sealing.tag_of(filing.by),
        client_id=filing.client_id,
        sealed=sealing.seal(filing.by, content.source),
        recorded_at=entry.stamp(),
    )
    known = naming.parties_named(terms, [party.name for party in content.parties])
    ReportParty.objects.bulk_create(
        ReportParty(report=report, role=party.role, as_written=party.name, party=known.get(party.name))
        for party in content.parties
    )
    return report


def columns(content: ReportContent, *, recorded_at: datetime) -> dict[str, Any]:
    """Return the columns that hold what was filed as it was filed."""
    return {
        "recorded_at": recorded_at,
        "occurred_from": content.occurred_from,
        "time_precision": content.time_precision,
        "point": _point(content.position) if content.position else None,
        "place_area": sightings.sector(content.drawn_from) if content.drawn_from else content.place_area,
        "place_precision": content.place_precision,
        "place_as_written": content.place_as_written,
        "act": content.act,
        "objects_hit": sorted(set(content.objects_hit)),
        "weapon_family": content.weapon_family,
        "calibre_mm": content.calibre_mm,
        "weapon_assessed": content.weapon_assessed,
        "means": content.means,
        "channel": content.channel,
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


def _point(position: tuple[float, float]) -> str:
    """A point (SRID 4326) as PostGIS and Django read one: the shortest digits that are the same number again."""
    longitude, latitude = position
    return f"SRID=4326;POINT({longitude!r} {latitude!r})"
