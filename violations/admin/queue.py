"""The queue: what needs the moderator who asks, gravest and longest waiting first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from monitoring.accreditation import Capacity
from monitoring.models import MechanismVersion, User
from violations import duty_log, moderation_codes, nearness, queue, workload
from violations.admin import claims_shown, words
from violations.admin.forms import by_reference
from violations.admin.names import Names
from violations.admin.queue_filter import VIEWS, QueueFilter
from violations.admin.queue_row import Row
from violations.incident_querysets import GRAVITY
from violations.models import Assessment, Incident, SavedFilter

PAGE = 25


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
        form = QueueFilter(self.asked, names=self.names, acting=self.acting, zones=self._zones)
        form.is_valid()
        return form

    @cached_property
    def after(self) -> tuple[int, int] | None:
        """Where in the queue the page before ended: how grave, and which incident, by its reference; None: nowhere."""
        gravity, _dot, reference = self.asked.get("after", "").partition(".")
        if gravity not in {str(number) for number in (queue.LEADS, *GRAVITY.values())}:
            return None
        found = by_reference(Incident.objects.visible_to(self.user), reference).values_list("pk", flat=True).first()
        return (int(gravity), found) if found else None

    @cached_property
    def _found(self) -> list[queue.Waiting]:
        return self._waiting(after=self.after or queue.FIRST, at_most=PAGE + 1)

    def _waiting(self, **bounds: Any) -> list[queue.Waiting]:
        return queue.waiting(
            self.filter.apply(queue.candidates(self.user)),
            **self._asking,
            needs=self.filter.needs,
            state=self.filter.cleaned_data.get("state", ""),
            among=self.filter.among,
            lane=self.filter.cleaned_data.get("lane", ""),
            **bounds,
        )

    @cached_property
    def _asking(self) -> dict[str, Any]:
        sides = {pk: capacity.side.pk if capacity.side else None for pk, capacity in self.acting.items()}
        return {"by": self.user, "sides": sides, "held": duty_log.chains_waiting_by(self._versions.values())}

    def first_after(self, place: tuple[int, int]) -> queue.Waiting | None:
        """The first of this queue that comes after a place in it; None where nothing does."""
        return next(iter(self._waiting(after=place, at_most=1)), None)

    def needs(self, incident: Incident) -> bool:
        """Whether an incident needs the moderator, whatever this queue is narrowed to."""
        rows = queue.candidates(self.user).filter(incident=incident)
        return bool(queue.waiting(rows, **self._asking, needs=queue.MINE, among=[incident.pk], at_most=1))

    @property
    def more(self) -> bool:
        """Whether a page follows; nothing is counted for it."""
        return len(self._found) > PAGE

    @property
    def leads(self) -> bool:
        """Whether this page begins with answers to what the moderator asked."""
        return bool(self._found) and self._found[0].need == queue.Need.YOURS

    @cached_property
    def rows(self) -> list[Row]:
        """The incidents of this page."""
        shown = self._found[:PAGE]
        assessments = Assessment.objects.visible_to(self.user).with_lane().annotate(near=nearness.how_many())
        assessments = claims_shown.with_claim(assessments).select_related("incident", "lead_report")
        found = assessments.in_bulk([row.assessment_id for row in shown])
        zones = self._zones
        return [
            Row(
                waiting,
                row,
                self.names,
                self._versions[row.agreement_id],
                zones[row.agreement_id],
                self.user,
            )
            for waiting in shown
            if (row := found.get(waiting.assessment_id))
        ]

    @cached_property
    def _versions(self) -> dict[int, MechanismVersion]:
        rows = MechanismVersion.objects.open().filter(agreement__in=list(self.acting))
        return {row.agreement_id: row for row in rows.select_related("agreement").defer("scope_area")}

    @cached_property
    def _zones(self) -> dict[int, ZoneInfo]:
        return {pk: ZoneInfo(version.time_zone) for pk, version in self._versions.items()}

    @cached_property
    def workload(self) -> list[str]:
        """What is open in these agreements, in words: work by lane, findings to be seconded by the side they are of."""
        found = workload.workload(list(self.acting))
        work = [
            _("%(lane)s: %(n)s") % {"lane": lane.label, "n": _no_further(found.work[number])}
            for number, lane in enumerate(moderation_codes.Lane)
            if number in found.work
        ]
        told = [_("To take up or decide, by anybody: %(work)s.") % {"work": ", ".join(work)}] if work else []
        for side, (number, since) in sorted(found.proposed.items(), key=lambda item: item[1][1]):
            said = {"side": words.side(self.names.side(side)), "n": _no_further(number), "age": words.age(since)}
            told.append(_("Proposed by %(side)s, for others to second: %(n)s, the oldest %(age)s ago.") % said)
        return told

    @property
    def zone_names(self) -> str:
        """The zones that times are shown in."""
        return "; ".join(sorted({words.zone_name(zone) for zone in self._zones.values()}))

    @cached_property
    def saved(self) -> list[dict[str, Any]]:
        """The filters that the moderator keeps, and those shared with the side that they act for."""
        rows = SavedFilter.objects.offered_to(self.user, self.acting).select_related("owner").order_by("name", "pk")
        return [
            {
                "name": row.name,
                "address": f"?{row.query}",
                "shown": row.query == self.to_keep,
                "owner": "" if row.owner_id == self.user.pk else row.owner.get_username(),
                "drop": reverse("admin:violations_savedfilter_drop", args=[row.public_id]),
            }
            for row in rows
        ]

    @cached_property
    def to_keep(self) -> str:
        """The query that may be kept under a name; nothing where the queue is not narrowed, or not by what it knows."""
        if self.filter.errors or not self.filter.narrowed:
            return ""
        read = self.filter.cleaned_data | {"view": self.filter.showing}
        return urlencode({name: read[name] for name in self.filter.fields if read.get(name)})

    @property
    def has_side(self) -> bool:
        """Whether the moderator acts for one side, whose moderators a filter may be shared with."""
        sides = {capacity.side.pk if capacity.side else None for capacity in self.acting.values()}
        return len(sides) == 1 and None not in sides

    @property
    def kept(self) -> str:
        """The query string by which the page of an incident takes this queue along."""
        return "?" + urlencode({"queue": self.address(view=self.filter.showing)[1:]})

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
        if not self.more:
            return ""
        gravity = self._found[PAGE - 1].place[0]
        return self.address(after=f"{gravity}.{self.rows[-1].assessment.incident.public_id.hex}")

    @property
    def first_page(self) -> str:
        """The address of the first page, where this is another."""
        return self.address() if self.after else ""


def _no_further(number: int) -> str:
    return str(number) if number <= workload.MOST_TOLD else _("more than %(n)s") % {"n": workload.MOST_TOLD}
