"""What the tests of review and findings begin with, made through the verbs: reports, decisions, agreed findings."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from monitoring import ledger, mechanism, mechanism_file
from monitoring.models import Agreement, MechanismVersion, Party, Provision, User
from violations import assessment, casualties, filing, findings, grades, review
from violations.casualties import Casualties, Source
from violations.findings import Decision
from violations.models import Finding, Grade, Incident, IncidentReport, ReportLink, WaitingCorrection
from violations.report_content import NamedParty, ReportContent

MECHANISMS = Path(mechanism.__file__).parent / "mechanisms"
NOON = datetime(2025, 3, 10, 20, tzinfo=UTC)
SHELLING = ReportContent(
    occurred_from=NOON,
    time_precision="minute",
    place_precision="vicinity",
    position=(-123.5, -48.8),
    act="indirect_fire",
    means="saw",
    parties=(NamedParty("alleged", "north-army"), NamedParty("target", "south-guard")),
)
HARM = {"killed": {"civilian": {"low": 1, "high": 3}}}


def filed(agreement: Agreement, by: User, **changes) -> IncidentReport:
    """A report that `by` files: a shelling, but for `changes` of the content."""
    return filing.file_report(agreement, replace(SHELLING, **changes), by=by, client_id=str(uuid.uuid4())).report


def corrected(report: IncidentReport, by: User, **changes) -> IncidentReport:
    """A correction of `report` by its filer."""
    return filing.correct(report, replace(SHELLING, **changes), by=by, client_id=str(uuid.uuid4())).report


def kept(agreement: Agreement, by: User, **changes) -> WaitingCorrection:
    """A correction that `by` files of something that has not come."""
    content = replace(SHELLING, **changes)
    named = {"client_id": str(uuid.uuid4()), "corrects": str(uuid.uuid4())}
    return filing.correct_filing(agreement, content, by=by, **named).correction


def incident_of(report: IncidentReport) -> Incident:
    """The incident that the report's chain is a member of."""
    return ReportLink.objects.open().members().get(chain=report.chain).incident


def under_review(report: IncidentReport, by: User) -> IncidentReport:
    """The report, taken under review."""
    review.take(report, by=by)
    return report


def party(agreement: Agreement, code: str) -> Party:
    """A party of the truce."""
    return agreement.parties.get(code=code)


def provision(agreement: Agreement, code: str) -> Provision:
    """A provision of one of the truce's texts."""
    return Provision.objects.get(instrument__agreement=agreement, code=code)


def breach(agreement: Agreement, **changes) -> Decision:
    """That the shelling happened, was a breach of article 1, and that the North Army fired."""
    decision = Decision(
        verification="verified",
        conduct="breach",
        attribution="attributed",
        parties=(party(agreement, "north-army"),),
        provisions=(provision(agreement, "no-fire"),),
        confidence="moderate",
        basis=("observed",),
        grounds="Seen by the team from its post.",
    )
    return replace(decision, **changes)


CLINIC = Source(kind="medical", name="Clinic of the ford")


def verified(*sources: Source, people: str = "civilian", **numbers: int | None) -> dict[str, object]:
    """What a decision says of casualties of one group: killed=2, injured=None; by the clinic, where nobody is named."""
    rows = tuple(
        Casualties(harm=harm, people=people, at_least=number, sources=frozenset(sources or (CLINIC,)))
        for harm, number in numbers.items()
    )
    return {"casualties": rows, **casualties.totals(rows)}


def graded(incident: Incident, by: User) -> Incident:
    """The incident, each of its reports that nobody graded given the grades that its team and means give it."""
    members = ReportLink.objects.open().members().filter(incident=incident).values("report")
    given = Grade.objects.open().values("report")
    for report in IncidentReport.objects.with_grades().filter(pk__in=members).exclude(pk__in=given):
        told = {"source": report.source_grade, "information": report.information_grade}
        grades.grade(report, **told, grounds="As its post was placed.", by=by)
    return incident


def grave_breach(agreement: Agreement, **changes) -> Decision:
    """A breach with what is asked of a grave incident: intent and sequence unknown, two killed by the clinic's word."""
    return breach(agreement, **{"intent": "unknown", "sequence": "unknown", **verified(killed=2), **changes})


def discounted(grounds: str = "The craters are old.") -> Decision:
    """That it did not happen so."""
    return Decision(verification="discounted", conduct="undetermined", grounds=grounds)


def agreed(incident: Incident, decision: Decision, *, by: User, and_by: User) -> Finding:
    """A finding proposed by one and seconded by another."""
    return findings.second(findings.propose(incident, decision, by=by), by=and_by)


def reloaded(folder: Path, *changes: tuple[str, str], without: str = "") -> MechanismVersion:
    """The exercise's file loaded anew, each of `changes` (what stands there, what instead) made in it.

    `without`: a drawing that is left out, for none may be there that nothing uses.
    """
    for drawings in MECHANISMS.glob("exercise*.geojson"):
        drawn = json.loads(drawings.read_text())
        drawn["features"] = [one for one in drawn["features"] if not without or one.get("id") != without]
        (folder / drawings.name).write_text(json.dumps(drawn))
    text = (MECHANISMS / "exercise.toml").read_text()
    for there, instead in changes:
        assert there in text
        text = text.replace(there, instead)
    path = folder / "exercise.toml"
    path.write_text(text)
    with ledger.writing() as entry:
        version = mechanism.record(mechanism_file.read(path), by=None, entry=entry)
        assessment.reassess_agreement(version.agreement, recorded_at=entry.stamp())
    return version
