"""A row of the queue in words: what happened, to whom, what it needs of the moderator who asks, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.models import MechanismVersion, User
from violations import codebook, moderation_codes, queue
from violations.admin import claims_shown, words
from violations.admin.lanes import why_grave
from violations.admin.names import Names
from violations.models import Assessment

# What an open step leaves as it is where something is agreed, and what changes it.
STANDS_UNTIL = {
    queue.Need.CONFIRM: gettext_lazy("It stands until what the sitting said is confirmed."),
    queue.Need.OTHERS_CONFIRM: gettext_lazy("It stands until what the sitting said is confirmed."),
    queue.Need.SECOND: gettext_lazy("It stands until what is proposed is seconded."),
    queue.Need.OTHERS_SECOND: gettext_lazy("It stands until what is proposed is seconded."),
    queue.Need.SETTLE: gettext_lazy(
        "It stands until the correction or withdrawal is proposed to take effect, and that is seconded."
    ),
    queue.Need.SET: "",
    queue.Need.NOTHING: "",
}
REVIEW_ALONE = gettext_lazy("Review alone changes nothing that is counted; what is seconded does.")


@dataclass
class Row:
    """An incident of the queue in words."""

    waiting: queue.Waiting
    assessment: Assessment
    names: Names
    version: MechanismVersion
    zone: ZoneInfo
    user: User

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
        return str(moderation_codes.Lane(self.assessment.lane).label)  # type: ignore[attr-defined]

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
    def parties(self) -> list[tuple[str, str, list[str]]]:
        """Role, names of the parties known, and what else its lead report named, as written."""
        row = self.assessment
        roles = (("alleged", row.alleged), ("target", row.target), ("involved", row.involved))
        return [
            (str(words.ROLES[role]), ", ".join(party.name for pk in ids if (party := self.names.party(pk))), unknown)
            for role, ids in roles
            for unknown in [self._written_of(role)]
            if ids or unknown
        ]

    def _written_of(self, role: str) -> list[str]:
        """What a report names in this role that is no party of the truce: scope keeps a reason of every name."""
        of_role = (reason for reason in self.assessment.scope_reasons if reason.get("role") == role)
        return [reason["as_written"] for reason in of_role if not reason.get("party")]

    @property
    def need(self) -> str:
        """What has to be done."""
        need = self.waiting.need
        if need == queue.Need.YOURS and codebook.ReviewState.SUBMITTED in self.waiting.states:
            return _("read the correction made upon your question, take under review")
        if need == queue.Need.REVIEW and self.assessment.lead_report.revision > 1:
            return _("read its correction, take under review")
        return str(need.label)

    @property
    def found(self) -> str:
        """What is agreed on it already, and what of that the open step changes; nothing where nothing is."""
        found = self.waiting.found
        if found is None:
            return ""
        said = {
            "standing": codebook.Standing(found.standing).label,
            "verification": codebook.Verification(found.verification).label,
            "conduct": codebook.Conduct(found.conduct).label,
        }
        told = _("Agreed finding, %(standing)s: %(verification)s; %(conduct)s.") % said
        return f"{told} {STANDS_UNTIL.get(self.waiting.need, REVIEW_ALONE)}".rstrip()

    @property
    def claimed(self) -> str:
        """Who is at it, and until when; nothing where nobody is."""
        return claims_shown.told(self.assessment.claimed, self.names, self.zone, self.user)  # type: ignore[attr-defined]

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
                "side": words.side(self.names.side(row.side_id)),
                "who": _("another side or an independent") if row.side_id else words.who_seconds(None),
                "deadline": words.deadline_in_short(row, self.zone, self.version.seconding_days),
            }
            for row in self.waiting.proposals
        ]

    @property
    def near(self) -> int:
        """How many other incidents lie near in time and place."""
        return self.assessment.near  # type: ignore[attr-defined]

    @property
    def due(self) -> tuple[str, str] | None:
        """By when what it needs is to be done, in words and by a code; None where nothing says so."""
        need, row = self.waiting.need, self.assessment
        if need in (queue.Need.SECOND, queue.Need.OTHERS_SECOND):
            return self._to_second_by()
        if need == queue.Need.OTHERS_ANSWER and self.waiting.since is not None:
            replied = self.waiting.since + timedelta(days=self.version.reply_deadline_days)
            return words.due(replied, self.zone, _("reply due by %(date)s"))
        lane = row.lane  # type: ignore[attr-defined]
        days = self.version.lanes[lane]["decide_within_days"]
        if not days or need not in queue.MINE or need in (queue.Need.CONFIRM, queue.Need.REFERRED):
            return None
        return words.due(row.incident.recorded_at + timedelta(days=days), self.zone, _("to decide by %(date)s"))

    def _to_second_by(self) -> tuple[str, str] | None:
        days = self.version.seconding_days
        dated = [word.second_by for word in self.waiting.proposals if not words.begins_one_sided(word, days)]
        return words.due(min(dated), self.zone, _("to second by %(date)s")) if dated else None

    @property
    def age(self) -> str:
        """How long ago it was filed."""
        return words.age(self.assessment.incident.recorded_at)
