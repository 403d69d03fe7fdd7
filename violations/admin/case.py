"""All that the record holds of one incident, read in a fixed number of queries: what its page shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q

from monitoring.models import MechanismVersion, ProvisionTerms, TeamTerms, User, ZoneLine
from violations import candidates, duty_log, provisions, told_beside
from violations.admin.names import Names
from violations.candidates import Candidate
from violations.codebook import ReviewState as State
from violations.models import (
    Assessment,
    Dissent,
    FilerQuestion,
    Finding,
    FindingParty,
    FindingProvision,
    Incident,
    IncidentReport,
    ReportLink,
    ReportParty,
    ReviewStep,
)


@dataclass
class Chain:
    """A report in all its revisions, and where it belongs."""

    revisions: list[IncidentReport]
    steps: list[ReviewStep]
    link: ReportLink | None
    team_kinds: dict[int, str]
    with_duty: bool = False
    undoable: list[ReportLink] = field(default_factory=list)

    @property
    def newest(self) -> IncidentReport:
        """What the filer said last."""
        return self.revisions[-1]

    @property
    def in_effect(self) -> IncidentReport | None:
        """The revision that the count rests on."""
        return self.link.report if self.link else None

    @property
    def state(self) -> State:
        """Where the review stands: that of the newest revision."""
        return State(self.steps[-1].state) if self.steps else State.SUBMITTED

    @property
    def team_kind(self) -> str:
        """What kind of team filed it; '' for an imported report. Which team, and who, is not shown."""
        return self.team_kinds.get(self.newest.team_id or 0, "")

    @property
    def waits_for_effect(self) -> str:
        """The effect that a moderator has to propose, where the filer moved and the count has not."""
        if self.link is None:
            return ""
        if self.state == State.WITHDRAWN:
            return Finding.Effect.WITHDRAWAL
        return Finding.Effect.CORRECTION if self.link.report_id != self.newest.pk else ""

    @property
    def asked(self) -> list[FilerQuestion]:
        """What was asked of the filer to be answered in words, of any revision, in order."""
        return [asked for report in self.revisions for asked in report.questions.all()]

    @property
    def question(self) -> ReviewStep | None:
        """The last question that was asked of the filer."""
        return next((step for step in reversed(self.steps) if step.state == State.RETURNED), None)


@dataclass
class Case:
    """One incident. `assessment` is the open one, or the last that held where it is merged or withdrawn."""

    incident: Incident
    user: User
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names([self.incident.agreement_id])

    @cached_property
    def assessment(self) -> Assessment | None:
        """What the system makes of it."""
        rows = Assessment.objects.filter(incident=self.incident).with_lane()
        return rows.select_related("lead_report", "version").order_by("-recorded_at").first()

    @property
    def live(self) -> bool:
        """Whether it is counted now: neither merged into another nor withdrawn."""
        return self.assessment is not None and self.assessment.superseded_at is None

    @cached_property
    def version(self) -> MechanismVersion:
        """The mechanism version in force."""
        return self.incident.agreement.terms

    @cached_property
    def zone(self) -> ZoneInfo:
        """The truce's time zone."""
        return ZoneInfo(self.version.time_zone)

    @cached_property
    def links(self) -> list[ReportLink]:
        """Every link that ever told of this incident, and those by which its reports went elsewhere, in order."""
        told_here = ReportLink.objects.filter(incident=self.incident, chain=OuterRef("chain"))
        return list(
            ReportLink.objects.filter(Exists(told_here))
            .select_related("by", "incident", "report", "taken_back__by")
            .order_by("recorded_at", "pk")
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
        here = {link.chain for link in members if link.incident_id == self.incident.pk and link.superseded_at is None}
        return sorted({self.incident.pk} | {link.incident_id for link in members if link.chain in here})

    @cached_property
    def chains(self) -> list[Chain]:
        """The reports that tell of it now; where it is no longer counted, those that did."""
        members = [link for link in self.links if link.incident_id == self.incident.pk and link.kind != "related"]
        opened = {link.chain: link for link in members if link.superseded_at is None}
        wanted = list(dict.fromkeys(opened or (link.chain for link in members)))
        return self._chains(wanted, opened)

    @cached_property
    def related(self) -> list[ReportLink]:
        """Open notes that a report of another incident has to do with this one."""
        return [
            link
            for link in self.links
            if link.kind == "related" and link.superseded_at is None and link.incident_id == self.incident.pk
        ]

    def _chains(self, wanted: list[UUID], opened: dict[UUID, ReportLink]) -> list[Chain]:
        reports: dict[UUID, list[IncidentReport]] = defaultdict(list)
        for report in (
            IncidentReport.objects.visible_to(self.user)
            .filter(chain__in=wanted)
            .with_redactions()
            .with_grades()
            .select_related("stated_area", "told_by")
            .prefetch_related(
                Prefetch("parties", ReportParty.objects.select_related("party").order_by("pk")),
                Prefetch("questions", FilerQuestion.objects.select_related("answer").order_by("pk")),
            )
            .order_by("revision")
        ):
            reports[report.chain].append(report)
        steps: dict[UUID, list[ReviewStep]] = defaultdict(list)
        for step in ReviewStep.objects.filter(chain__in=wanted).select_related("by").order_by("pk"):
            steps[step.chain].append(step)
        held = set(duty_log.chains_waiting([self.incident.agreement_id]))
        return [
            Chain(
                reports[chain], steps[chain], opened.get(chain), self.team_kinds, chain in held, self._undoable(chain)
            )
            for chain in wanted
            if reports[chain]
        ]

    def _undoable(self, chain: UUID) -> list[ReportLink]:
        """The links of a report that can be taken back: notes, and that it was moved out of the incident it opened."""
        links = [link for link in self.links if link.chain == chain]
        home = next((link.incident_id for link in links if link.kind != "related"), None)
        return [
            link
            for link in links
            if link.superseded_at is None and (link.kind == "related" or link.incident_id != home)
        ]

    @cached_property
    def team_kinds(self) -> dict[int, str]:
        """Of what kind each team is, by the version in force."""
        return dict(TeamTerms.objects.filter(version=self.version).values_list("team_id", "kind"))

    @cached_property
    def findings(self) -> list[Finding]:
        """Findings and proposals, with parties, provisions and dissent, oldest first."""
        return list(with_details(Finding.objects.filter(incident=self.incident)).order_by("recorded_at", "pk"))

    @property
    def agreed(self) -> Finding | None:
        """What is agreed now."""
        return next((row for row in self.findings if row.superseded_at is None and row.standing != "proposed"), None)

    @property
    def proposals(self) -> list[Finding]:
        """What is proposed now, at most one a side."""
        return [row for row in self.findings if row.superseded_at is None and row.standing == "proposed"]

    @cached_property
    def lines(self) -> list[ZoneLine]:
        """The drawings, agreed and rival, of the truce's zones as they stood when it happened."""
        if self.assessment is None:
            return []
        at = self.assessment.occurred_from
        return list(
            ZoneLine.objects.filter(
                Q(valid_from__isnull=True) | Q(valid_from__lte=at),
                Q(valid_until__isnull=True) | Q(valid_until__gt=at),
                version=self.version,
            )
            .select_related("zone")
            .order_by("zone__code", "drawn_by")
        )

    @cached_property
    def candidates(self) -> list[tuple[Candidate, Assessment]]:
        """Other live incidents that may be the same event, the likeliest first."""
        return beside(self.incident, self.user) if self.live else []

    @cached_property
    def forbidding(self) -> list[ProvisionTerms]:
        """The provisions in force there and then that forbid what it was, of every text and reading."""
        return list(provisions.forbidding(self.assessment, self.version)) if self.assessment else []

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
        )

    @property
    def first_recorded_at(self) -> datetime:
        """When it was first filed."""
        return self.incident.recorded_at


def beside(incident: Incident, user: User) -> list[tuple[Candidate, Assessment]]:
    """Other live incidents that `user` may see and that may be the same event, with what the system makes of each."""
    found = candidates.of([incident.pk]).get(incident.pk, [])
    rows = (
        Assessment.objects.visible_to(user)
        .open()
        .filter(incident__in=[other.incident_id for other in found])
        .select_related("incident", "lead_report")
    )
    assessments = {row.incident_id: row for row in rows}
    return [(other, assessments[other.incident_id]) for other in found if other.incident_id in assessments]


def with_details(findings: Any) -> Any:
    """Add to a queryset of findings what a page shows of them, in four more queries."""
    return findings.select_related(
        "proposed_by", "proposed_side", "seconded_by", "seconded_side", "effect_report", "effect_incident"
    ).prefetch_related(
        Prefetch("parties", FindingParty.objects.select_related("party").order_by("party__code")),
        Prefetch(
            "provisions",
            FindingProvision.objects.select_related("provision__instrument").order_by("provision__code"),
        ),
        Prefetch("dissents", Dissent.objects.select_related("by", "side").order_by("pk")),
    )
