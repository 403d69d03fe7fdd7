"""All that the record holds of one incident, by now or as known at a past instant: what its pages show.

It is read in few statements, however much there is of it: what the system makes of it, by which terms and with which
names behind ids (`_judged`), and what people did with it (`case_record`, where a new fact of the case is hooked in).
What one page alone shows, as the map's shapes, it asks along with that by `also`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from monitoring.models import MechanismVersion, ProvisionTerms, User, ZoneLine
from monitoring.models.intervals import holds
from monitoring.together import together
from violations import candidates, provisions, told_beside
from violations.admin import axes, case_record, chains
from violations.admin.case_record import CaseRecord
from violations.admin.chains import Chain
from violations.admin.names import Names
from violations.candidates import Candidate
from violations.models import AgendaItem, Assessment, Dissent, Finding, Incident, LaneMove, ReportLink


@dataclass
class Case:
    """One incident, by now or, with `at`, as known at that instant of the record.

    `assessment` is the open one, or the last that held where it is merged or withdrawn. `also`: what a page asks along
    with the record, before it asks anything of that; the rows are in `record.also`, by the same names.
    """

    incident: Incident
    user: User
    at: datetime | None = None
    names: Names = field(init=False)
    also: dict[str, QuerySet] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names([self.incident.agreement_id], self.at)

    @cached_property
    def now(self) -> datetime:
        """The instant by which something is due, late or ago."""
        return self.at or timezone.now()

    @cached_property
    def _judged(self) -> dict[str, Any]:
        """What the system makes of it, the mechanism version in force, and the names behind ids."""
        made = Assessment.objects.until(self.at).filter(incident=self.incident).with_lane(self.at)
        version = MechanismVersion.objects.holding(self.at).filter(agreement=self.incident.agreement_id)
        found = together(
            assessments=made.select_related("lead_report", "version").order_by("-recorded_at")[:1],
            versions=version,
            **self.names.asked,
        )
        self.names.known = found
        for row in found["versions"]:
            row.agreement = self.incident.agreement
        return found

    @cached_property
    def assessment(self) -> Assessment | None:
        """What the system makes of it."""
        rows = case_record.as_they_stood(self._judged["assessments"], self.at)
        return rows[0] if rows else None

    @property
    def live(self) -> bool:
        """Whether it is counted now: neither merged into another nor withdrawn."""
        return self.assessment is not None and self.assessment.superseded_at is None

    @cached_property
    def version(self) -> MechanismVersion:
        """The mechanism version in force."""
        (version,) = self._judged["versions"]
        return version

    @cached_property
    def zone(self) -> ZoneInfo:
        """The truce's time zone."""
        return ZoneInfo(self.version.time_zone)

    @cached_property
    def record(self) -> CaseRecord:
        """What people did with it and its reports, and what the page wants `also`."""
        return case_record.read(self.incident, self.version, self.user, self.at, self.also)

    @property
    def links(self) -> list[ReportLink]:
        """Every link that ever told of this incident, and those by which its reports went elsewhere, in order."""
        return self.record.links

    @property
    def members(self) -> list[ReportLink]:
        """Those by which reports are or were part of it."""
        return [link for link in self.links if link.incident_id == self.incident.pk and link.kind != "related"]

    def changed_since(self, instant: datetime) -> bool:
        """Whether a report joined, left or was corrected after `instant`."""
        return any(
            stamp is not None and stamp > instant
            for link in self.members
            for stamp in (link.recorded_at, link.superseded_at)
        )

    @property
    def moved_to(self) -> Incident | None:
        """The live incident that its reports were moved to, where it is no longer counted."""
        if self.live:
            return None
        open_elsewhere = [link.incident for link in self.links if link.superseded_at is None]
        return next((other for other in open_elsewhere if other.pk != self.incident.pk), None)

    @property
    def once_apart(self) -> list[int]:
        """The incident, and those that its reports told of before they were linked here, by their ids."""
        members = [link for link in self.links if link.kind != "related"]
        here = {link.chain for link in self.members if link.superseded_at is None}
        return sorted({self.incident.pk} | {link.incident_id for link in members if link.chain in here})

    @cached_property
    def chains(self) -> list[Chain]:
        """The reports that tell of it now; where it is no longer counted, those that did."""
        return chains.of_record(self.record, self.members)

    @property
    def related(self) -> list[ReportLink]:
        """Open notes that a report of another incident has to do with this one."""
        return [
            link
            for link in self.links
            if link.kind == "related" and link.superseded_at is None and link.incident_id == self.incident.pk
        ]

    @property
    def findings(self) -> list[Finding]:
        """Findings and proposals, with parties, provisions and dissent, oldest first."""
        return self.record.findings

    @property
    def agreed(self) -> Finding | None:
        """What is agreed now."""
        return next((row for row in self.findings if row.superseded_at is None and row.standing != "proposed"), None)

    @property
    def proposals(self) -> list[Finding]:
        """What is proposed now, at most one a side."""
        return [row for row in self.findings if row.superseded_at is None and row.standing == "proposed"]

    def dissents_before(self, finding: Finding) -> list[Dissent]:
        """Dissent from the proposal that was seconded as `finding`: it stays with that, and was of the same words."""
        return [
            dissent
            for row in self.findings
            if row.standing == "proposed" and row.superseded_at == finding.recorded_at
            if (row.effect, row.proposed_by_id) == (finding.effect, finding.proposed_by_id)
            for dissent in row.dissents.all()
        ]

    @property
    def moves(self) -> list[LaneMove]:
        """The open moves to another lane: that in force, and what is proposed."""
        return [move for move in self.record.moves if move.superseded_at is None]

    @cached_property
    def column(self) -> str:
        """In which column of the count it stands; '' where it stands in none."""
        return self.column_by(self.agreed, self.proposals) if self.live else ""

    def column_by(self, agreed: Finding | None, proposals: list[Finding]) -> str:
        """In which column it would stand, were this what is agreed and proposed."""
        assert self.assessment is not None  # noqa: S101 - a live case has one
        return axes.column(self.assessment, agreed, proposals, terms=self.version, at=self.at)

    @cached_property
    def lines(self) -> list[ZoneLine]:
        """The drawings, agreed and rival, of the truce's zones as they stood when it happened."""
        return list(self.record.also["lines"] if "lines" in self.also else self.drawings)

    @property
    def drawings(self) -> Any:
        """The same, to be asked together with what else is drawn."""
        rows = ZoneLine.objects.select_related("zone").order_by("zone__code", "drawn_by")
        if self.assessment is None:
            return rows.none()
        return rows.filter(holds(self.assessment.occurred_from), version=self.version)

    @cached_property
    def candidates(self) -> list[tuple[Candidate, Assessment]]:
        """Other live incidents that may be the same event, the likeliest first. What is alike is asked of now alone."""
        return beside(self.incident, self.user) if self.live and self.at is None else []

    @cached_property
    def agenda_items(self) -> list[AgendaItem]:
        """Its places on agendas of sittings, with what was said there, oldest first."""
        return self.record.agenda_items

    @property
    def asked_of_provisions(self) -> dict[str, QuerySet]:
        """What a page that tells of provisions asks along with the record, for `also`."""
        return {"forbidding": provisions.forbidding(self.assessment, self.version)} if self.assessment else {}

    @cached_property
    def forbidding(self) -> list[ProvisionTerms]:
        """The provisions in force there and then that forbid what it was, of every text and reading."""
        asked = self.asked_of_provisions
        return list(self.record.also["forbidding"] if "forbidding" in self.also else asked.get("forbidding", ()))

    @cached_property
    def told_beside(self) -> told_beside.Told:
        """Flags of its reports, the directions that cross, and the record of their kinds of team."""
        in_effect = [chain.in_effect.pk for chain in self.chains if chain.in_effect]
        return told_beside.of(
            self.incident,
            shown=[chain.newest.pk for chain in self.chains],
            in_effect=in_effect,
            lead=self.assessment.lead_report_id if self.assessment else None,
            by=self.user,
            at=self.at,
        )

    @property
    def first_recorded_at(self) -> datetime:
        """When it was first filed."""
        return self.incident.recorded_at


def beside(incident: Incident, user: User) -> list[tuple[Candidate, Assessment]]:
    """Other live incidents that `user` may see and that may be the same event, with what the system makes of each."""
    found = candidates.of([incident.pk]).get(incident.pk, [])
    if not found:
        return []
    rows = (
        Assessment.objects.visible_to(user)
        .open()
        .filter(incident__in=[other.incident_id for other in found])
        .select_related("incident", "lead_report")
    )
    assessments = {row.incident_id: row for row in rows}
    return [(other, assessments[other.incident_id]) for other in found if other.incident_id in assessments]
