"""The queue: what needs the moderator who asks, gravest and longest waiting first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from monitoring.accreditation import Capacity
from monitoring.models import MechanismVersion, User
from violations import codebook, nearness, queue
from violations.admin import words
from violations.admin.lanes import why_grave
from violations.admin.names import Names
from violations.admin.queue_filter import VIEWS, QueueFilter
from violations.models import Assessment, Finding

PAGE = 25


@dataclass
class Row:
    """An incident of the queue in words."""

    waiting: queue.Waiting
    assessment: Assessment
    names: Names
    version: MechanismVersion
    zone: ZoneInfo
    near: int
    proposals: list[Finding]

    @cached_property
    def reference(self) -> str:
        """Its short reference."""
        return words.reference(self.assessment.incident.public_id)

    @property
    def act(self) -> str:
        """What was done."""
        return str(self.assessment.get_act_display())

    @property
    def lane(self) -> str:
        """Grave, standard or routine."""
        return str(codebook.Lane(self.assessment.lane).label)  # type: ignore[attr-defined]

    @property
    def why_grave(self) -> str:
        """What makes it grave: casualties, protected objects, the act."""
        return why_grave(self.assessment, self.version.lanes)

    @property
    def occurred(self) -> str:
        """When it happened, in the truce's time."""
        row = self.assessment
        return words.occurred(row.occurred_from, row.occurred_until, row.time_precision, self.zone)

    @property
    def place(self) -> str:
        """The finest area it is placed in, else the place as written."""
        levels = {"subdistrict": 3, "district": 2, "governorate": 1, "grouping": 0}
        areas = [self.names.areas[pk] for pk in self.assessment.areas if pk in self.names.areas]
        finest = max((levels[area.level] for area in areas), default=None)
        placed = ", ".join(area.name for area in areas if levels[area.level] == finest)
        return placed or _("not placed in an area")

    @property
    def zones(self) -> str:
        """Zones that hold it by any line."""
        return ", ".join(self.names.zones[pk].name for pk in self.assessment.zones if pk in self.names.zones)

    @property
    def parties(self) -> list[tuple[str, str]]:
        """Role and names of the parties known."""
        row = self.assessment
        roles = (("alleged", row.alleged), ("target", row.target), ("involved", row.involved))
        return [
            (str(words.ROLES[role]), ", ".join(party.name for pk in ids if (party := self.names.party(pk))))
            for role, ids in roles
            if ids
        ]

    @property
    def need(self) -> str:
        """What has to be done."""
        need = self.waiting.need
        if need == queue.Need.REVIEW and self.assessment.lead_report.revision > 1:
            return _("read its correction, take under review")
        return str(need.label)

    @property
    def states(self) -> str:
        """Where the review of its reports stands."""
        return ", ".join(str(codebook.ReviewState(state).label) for state in dict.fromkeys(self.waiting.states))

    @property
    def to_second(self) -> list[str]:
        """For each open proposal: whose it is, who must second it, by when."""
        said = _("Proposed by %(side)s; for %(who)s to second; %(deadline)s")
        return [
            said
            % {
                "side": words.side(row.proposed_side),
                "who": _("another side or an independent") if row.proposed_side else words.who_seconds(None),
                "deadline": words.deadline_in_short(row, self.zone),
            }
            for row in self.proposals
        ]

    @property
    def age(self) -> str:
        """How long ago it was filed."""
        return words.age(self.assessment.incident.recorded_at)


@dataclass
class Queue:
    """A page of the queue for one moderator."""

    user: User
    acting: Mapping[int, Capacity]
    asked: Any

    @cached_property
    def names(self) -> Names:
        """Names of everything in the agreements moderated."""
        return Names(list(self.acting))

    @cached_property
    def filter(self) -> QueueFilter:
        """The filter, read from the address."""
        form = QueueFilter(self.asked, names=self.names, acting=self.acting)
        form.is_valid()
        return form

    @cached_property
    def number(self) -> int:
        """Which page, from 1."""
        written = self.asked.get("page", "1")
        return max(1, int(written)) if written.isdecimal() and len(written) < 7 else 1

    @cached_property
    def _found(self) -> list[queue.Waiting]:
        sides = {pk: capacity.side.pk if capacity.side else None for pk, capacity in self.acting.items()}
        return queue.waiting(
            self.filter.apply(queue.candidates(self.user)),
            by=self.user,
            sides=sides,
            needs=self.filter.needs,
            state=self.filter.cleaned_data.get("state", ""),
            start=(self.number - 1) * PAGE,
            at_most=PAGE + 1,
        )

    @property
    def more(self) -> bool:
        """Whether a page follows; nothing is counted for it."""
        return len(self._found) > PAGE

    @cached_property
    def rows(self) -> list[Row]:
        """The incidents of this page."""
        shown = self._found[:PAGE]
        assessments = Assessment.objects.visible_to(self.user).with_lane().select_related("incident", "lead_report")
        found = assessments.in_bulk([row.assessment_id for row in shown])
        ids = [row.incident_id for row in found.values()]
        near = nearness.near(ids) if ids else {}
        proposals = _open_proposals(ids)
        zones = self._zones
        return [
            Row(
                waiting,
                row,
                self.names,
                self._versions[row.agreement_id],
                zones[row.agreement_id],
                len(near.get(row.incident_id, ())),
                proposals.get(row.incident_id, []),
            )
            for waiting in shown
            if (row := found.get(waiting.assessment_id))
        ]

    @cached_property
    def _versions(self) -> dict[int, MechanismVersion]:
        rows = MechanismVersion.objects.open().filter(agreement__in=list(self.acting)).defer("scope_area")
        return {row.agreement_id: row for row in rows}

    @cached_property
    def _zones(self) -> dict[int, ZoneInfo]:
        return {pk: ZoneInfo(version.time_zone) for pk, version in self._versions.items()}

    @property
    def zone_names(self) -> str:
        """The zones that times are shown in."""
        return "; ".join(sorted({words.zone_name(zone) for zone in self._zones.values()}))

    def address(self, **changes: Any) -> str:
        """The query string of this queue with some of it changed; empty values fall out."""
        kept = {name: self.asked.get(name, "") for name in self.filter.fields}
        return "?" + urlencode({name: value for name, value in {**kept, **changes}.items() if value})

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """The five views: address, name, whether it is the one shown."""
        return [(self.address(view=code), str(name), code == self.filter.showing) for code, name in VIEWS.items()]

    @property
    def next_page(self) -> str:
        """The address of the next page."""
        return self.address(page=self.number + 1) if self.more else ""

    @property
    def previous_page(self) -> str:
        """The address of the page before."""
        return self.address(page=self.number - 1) if self.number > 1 else ""

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.number - 1) * PAGE + 1


def _open_proposals(incidents: Iterable[int]) -> dict[int, list[Finding]]:
    found: dict[int, list[Finding]] = {}
    rows = Finding.objects.open().proposals().filter(incident__in=list(incidents))
    for row in rows.select_related("proposed_side").order_by("recorded_at"):
        found.setdefault(row.incident_id, []).append(row)
    return found
