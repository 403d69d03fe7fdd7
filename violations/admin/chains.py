"""A report in all its revisions as the pages of moderators have it: where its review stands, and where it belongs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from violations.codebook import ReviewState as State
from violations.models import FilerQuestion, Finding, IncidentReport, ReportLink, ReviewStep

if TYPE_CHECKING:
    from violations.admin.case_record import CaseRecord


@dataclass
class Chain:
    """A report in all its revisions, and where it belongs."""

    revisions: list[IncidentReport]
    steps: list[ReviewStep]
    link: ReportLink | None
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
        return self.newest.team_kind or ""  # type: ignore[attr-defined]

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


def of_record(record: CaseRecord, members: Iterable[ReportLink]) -> list[Chain]:
    """The reports that tell of the incident by `members`; where none of these is open, those that did."""
    members = list(members)
    opened = {link.chain: link for link in members if link.superseded_at is None}
    reports: dict[UUID, list[IncidentReport]] = defaultdict(list)
    for report in record.reports:
        reports[report.chain].append(report)
    steps: dict[UUID, list[ReviewStep]] = defaultdict(list)
    for step in record.steps:
        steps[step.chain].append(step)
    return [
        Chain(reports[chain], steps[chain], opened.get(chain), chain in record.held, undoable(record.links, chain))
        for chain in dict.fromkeys(opened or (link.chain for link in members))
        if reports[chain]
    ]


def undoable(links: Collection[ReportLink], chain: UUID) -> list[ReportLink]:
    """The links of a report that can be taken back: notes, and that it was moved out of the incident it opened."""
    links = [link for link in links if link.chain == chain]
    home = next((link.incident_id for link in links if link.kind != "related"), None)
    return [
        link for link in links if link.superseded_at is None and (link.kind == "related" or link.incident_id != home)
    ]
