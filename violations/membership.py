"""Which reports an incident is made of, and the moves between incidents. Called by verbs that hold the incidents.

A chain belongs to at most one incident, in one revision: its open member link. Moving closes that link and opens
another at the same instant. Whoever moves reassesses the incidents at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from violations import codebook
from violations.models import Assessment, Finding, Incident, IncidentReport, ReportLink

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitoring.ledger import Entry
    from monitoring.models import User


def chains(incident_ids: Iterable[int]) -> list[UUID]:
    """Return the chains that are members of the incidents now."""
    return list(ReportLink.objects.open().members().filter(incident__in=incident_ids).values_list("chain", flat=True))


def is_live(incident_id: int) -> bool:
    """Whether the incident is counted now: neither merged into another nor withdrawn."""
    return Assessment.objects.open().filter(incident=incident_id).exists()


def is_decided_on(*incident_ids: int, chain: UUID) -> bool:
    """Whether what is counted of `chain` in the incidents moves by two persons only, not at the word of one.

    So it is where something is found, or proposed by anyone, on one of the incidents (that a report be linked into an
    incident is a proposal on both), or where something is proposed of the chain. So do a link and a correction that two
    persons let take effect stay theirs: one alone, be it the filer, does not undo them, though no finding came of it.
    """
    on_them = Q(incident__in=incident_ids) | Q(effect_incident__in=incident_ids)
    revisions = list(IncidentReport.objects.filter(chain=chain).values_list("pk", flat=True))
    moved_then = ReportLink.objects.filter(report=OuterRef("effect_report"), recorded_at=OuterRef("superseded_at"))
    made_by_two = Q(Exists(moved_then), effect__in=[Finding.Effect.LINK, Finding.Effect.CORRECTION])
    stands = Finding.objects.open().filter(on_them | Q(effect_report__in=revisions))
    return stands.exists() or Finding.objects.filter(on_them).filter(made_by_two).exists()


def home(chain: UUID) -> Incident | None:
    """The incident that `chain` opened when it was filed."""
    first = ReportLink.objects.filter(chain=chain).members().select_related("incident").order_by("pk").first()
    return first.incident if first is not None else None


def opened(chain: UUID, incident: Incident) -> bool:
    """Whether `incident` is the one that `chain` opened when it was filed."""
    return home(chain) == incident


def changed_since(instant: datetime, incident_ids: Iterable[int]) -> bool:
    """Whether a report joined, left or was corrected in one of the incidents after `instant`."""
    return moved_since(instant).filter(incident__in=incident_ids).exists()


def moved_since(instant: Any, at: datetime | None = None) -> Any:
    """The links by which a report joined, left or was corrected after `instant`, by now or as known at `at`."""
    joined, left = Q(recorded_at__gt=instant), Q(superseded_at__gt=instant)
    if at is not None:
        joined, left = joined & Q(recorded_at__lte=at), left & Q(superseded_at__lte=at)
    return ReportLink.objects.members().filter(joined | left)


def join(link: ReportLink, incident: Incident, *, kind: str, by: User, grounds: str, entry: Entry) -> ReportLink:
    """Move the report of the open link `link` into `incident`."""
    entry.close(ReportLink.objects.filter(pk=link.pk), expected=1)
    return note(link.report, incident, kind=kind, by=by, grounds=grounds, entry=entry)


def note(
    report: IncidentReport, incident: Incident, *, kind: str, by: User | None, grounds: str, entry: Entry
) -> ReportLink:
    """Write a link; of a kind other than related, the report has no other open one."""
    return ReportLink.objects.create(
        report=report,
        chain=report.chain,
        incident=incident,
        kind=kind,
        by=by,
        grounds=grounds,
        recorded_at=entry.stamp(),
    )


def replace(link: ReportLink, revision: IncidentReport, *, by: User, grounds: str, entry: Entry) -> ReportLink:
    """Let a corrected `revision` take the place of the one in effect; it stays in the incident, in the same manner."""
    entry.close(ReportLink.objects.filter(pk=link.pk), expected=1)
    return note(revision, link.incident, kind=link.kind, by=by, grounds=grounds, entry=entry)


def leave(link: ReportLink, *, entry: Entry) -> None:
    """Let the report leave its incident and the count: it was withdrawn."""
    entry.close(ReportLink.objects.filter(pk=link.pk), expected=1)


def newest(report: IncidentReport) -> IncidentReport:
    """Return the newest revision of the report's chain, in effect or not."""
    return IncidentReport.objects.filter(chain=report.chain).order_by("-revision").first() or report


def is_member_kind(kind: str) -> bool:
    """Whether a link of this kind makes the report part of the incident."""
    return kind != codebook.LinkKind.RELATED
