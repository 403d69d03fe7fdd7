"""The log of a team in words: each entry with how it stands with the duty officer, and the entries gathered with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.models import MechanismVersion, User
from violations import codebook, duty_log
from violations.admin import words
from violations.codebook import DutyOutcome
from violations.models import IncidentReport, Patrol, ReportLink

MOST_SHOWN = 100
OUTCOMES = {
    DutyOutcome.CHECKED: gettext_lazy("checked by %(by)s"),
    DutyOutcome.ASKED: gettext_lazy("asked by %(by)s"),
    DutyOutcome.UNDONE: gettext_lazy("check taken back by %(by)s"),
}


@dataclass(frozen=True)
class Entry:
    """A report or a patrol of the log."""

    row: Any
    zone: ZoneInfo
    hours: int = 0
    gathered: str = ""
    opened_it: bool = False

    @property
    def reference(self) -> str:
        """Its short reference."""
        return words.reference(self.row.public_id)

    @property
    def zone_name(self) -> str:
        """The zone that its times are shown in."""
        return words.zone_name(self.zone)

    @property
    def outcome(self) -> str:
        """What was said of it last; empty where nothing was."""
        return self.row.said["outcome"] if self.row.said else ""

    @property
    def checked(self) -> bool:
        """Whether it is checked."""
        return self.outcome == DutyOutcome.CHECKED

    @property
    def how_it_stands(self) -> str:
        """What was said of it last, and by whom."""
        said = OUTCOMES.get(DutyOutcome(self.outcome)) if self.outcome else None
        return said % {"by": self.row.said["by"]} if said else _("not checked")

    @property
    def asked(self) -> str:
        """The question, while it is what was said last."""
        return self.row.said["words"] if self.outcome == DutyOutcome.ASKED else ""

    @property
    def goes_on(self) -> str:
        """Until when it stands here, of a report."""
        if self.checked:
            return _("has gone on: it was checked")
        at = duty_log.goes_on_at(self.row.filed_first_at, self.hours)
        if at <= timezone.now():
            return _("has gone on by itself") if self.hours else _("went on at once")
        return _("goes on by itself on %(at)s") % {"at": words.instant(at, self.zone)}

    @property
    def filed(self) -> str:
        """When it was filed."""
        return words.instant(self.row.recorded_at, self.zone)

    @property
    def occurred(self) -> str:
        """When it happened, of a report."""
        row = self.row
        return words.occurred(row.occurred_from, row.occurred_until, row.time_precision, self.zone)

    @property
    def place(self) -> str:
        """Where, as the filer said it."""
        row = self.row
        named = row.stated_area.name if row.stated_area else ""
        point = f"{row.point.y:.4f}, {row.point.x:.4f}" if row.point else ""
        return "; ".join(filter(None, (row.place_as_written, named, point))) or _("place not written")

    @property
    def parties(self) -> str:
        """The parties named, with their roles."""
        named = (f"{words.ROLES[party.role]} {party.as_written}" for party in self.row.parties.all())
        return "; ".join(named)

    @property
    def counted(self) -> str:
        """How many, of what, and what came of it."""
        row = self.row
        count = " ".join(str(part) for part in (row.get_count_qualifier_display(), row.count) if part)
        unit = codebook.CountUnit(row.count_unit).label if row.count_unit else ""
        return "; ".join(filter(None, (f"{count} ({unit})" if count else "", *words.casualties(row.casualties))))

    @property
    def span(self) -> str:
        """From when until when, of hours of observation."""
        return _("%(start)s to %(end)s") % {
            "start": words.instant(self.row.started_at, self.zone),
            "end": words.instant(self.row.ended_at, self.zone),
        }

    @property
    def is_hours(self) -> bool:
        """Whether it is a patrol, a post or a watch, and no report."""
        return isinstance(self.row, Patrol)

    @property
    def areas(self) -> str:
        """Where they were spent."""
        return ", ".join(dict.fromkeys(stretch.area.name for stretch in self.row.stretches.all()))

    @property
    def lines(self) -> int:
        """How many lines its watch log has."""
        return len(self.row.observations.all())

    def door(self, what: str) -> str:
        """The page by which something is done about it."""
        hours = "hours_" if self.is_hours else ""
        return reverse(f"admin:violations_dutycheck_{hours}{what}", args=[self.row.public_id])

    @property
    def ask(self) -> str:
        """The page of a question."""
        return self.door("ask")

    @property
    def check(self) -> str:
        """Where hours are checked."""
        return self.door("check")

    @property
    def take_back(self) -> str:
        """The page on which a check is taken back."""
        return self.door("take_back")

    @property
    def separate(self) -> str:
        """The page on which it is taken out of its group."""
        return self.door("separate")


def shown(row: Any) -> Entry:
    """An entry by itself, as a page shows it on which something is done about it."""
    return Entry(row, ZoneInfo(row.agreement.terms.time_zone))


@dataclass
class Log:
    """What a duty officer has before them."""

    user: User

    @cached_property
    def versions(self) -> dict[int, MechanismVersion]:
        """The mechanism of each agreement of which something is shown."""
        shown = {row.agreement_id for row in self._reports} | {row.agreement_id for row in self._patrols}
        return {row.agreement_id: row for row in MechanismVersion.objects.open().filter(agreement__in=shown)}

    @cached_property
    def _reports(self) -> list[IncidentReport]:
        return list(duty_log.entries_of(self.user).prefetch_related("parties")[:MOST_SHOWN])

    @cached_property
    def _patrols(self) -> list[Patrol]:
        rows = duty_log.hours_of(self.user).prefetch_related("stretches__area", "observations")
        return list(rows[:MOST_SHOWN])

    @cached_property
    def entries(self) -> list[Entry]:
        """Reports: those that are not checked first, the one filed longest ago before the others."""
        links = ReportLink.objects.members().filter(chain__in=[report.chain for report in self._reports])
        opened: dict[Any, int] = {}
        present: dict[Any, Any] = {}
        for link in links.select_related("incident").order_by("pk"):
            opened.setdefault(link.chain, link.incident_id)
            if link.superseded_at is None:
                present[link.chain] = link.incident
        together = Counter(incident.pk for incident in present.values())
        entries = [
            Entry(
                report,
                self._zone(report),
                self.versions[report.agreement_id].duty_check_hours,
                words.reference(incident.public_id) if together[incident.pk] > 1 else "",
                opened[report.chain] == incident.pk,
            )
            for report in self._reports
            if (incident := present.get(report.chain)) is not None  # else it was withdrawn meanwhile
        ]
        return sorted(entries, key=lambda entry: (entry.checked, entry.row.filed_first_at))

    @cached_property
    def hours(self) -> list[Entry]:
        """Patrols, posts and watches: those that are not checked first."""
        return sorted(
            (Entry(patrol, self._zone(patrol)) for patrol in self._patrols),
            key=lambda entry: (entry.checked, entry.row.recorded_at),
        )

    @property
    def zone_names(self) -> str:
        """The zones that times are shown in."""
        zones = {words.zone_name(ZoneInfo(version.time_zone)) for version in self.versions.values()}
        return "; ".join(sorted(zones))

    def _zone(self, row: Any) -> ZoneInfo:
        return ZoneInfo(self.versions[row.agreement_id].time_zone)
