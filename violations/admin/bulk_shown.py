"""What deciding on many would do, in words: each with where it stands now and then, or why it cannot be done.

What was shown goes with the page, signed for whoever it was shown to: the digest of each row (`bulk_seen`) comes back
with the decision, and a page that somebody else was shown, or made up, is refused.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.accreditation import Capacity
from monitoring.errors import Malformed, NotNow, Refusal
from monitoring.models import Agreement, MechanismVersion, User
from violations import bulk_seen, bulk_weighing
from violations.admin import axes, words
from violations.bindings import Bindings
from violations.codebook import ReviewState
from violations.models import Assessment, BulkJob, Finding

Action = BulkJob.Action


@dataclass(frozen=True)
class Effect:
    """One row: what it is, where it stands now and then; `refused` says why it cannot be done, '' where it can."""

    key: str
    reference: str
    address: str
    what: str
    when: str
    place: str
    now: str
    then: str
    refused: str
    ticked: bool
    says: str = ""
    grounds: str = ""


@dataclass
class Effects:
    """What doing `action` to `rows` would do, for one moderator. `ticked` None: all that can be done."""

    action: str
    rows: Collection[Any]
    user: User
    acting: Mapping[int, Capacity]
    ticked: Collection[str] | None = None

    @cached_property
    def agreement(self) -> Agreement | None:
        """The agreement that the job is of: that of the first that can be done. Others are a job of their own."""
        return next((row.agreement for row in self.rows if row.pk not in self._refused), None)

    @cached_property
    def _refused(self) -> dict[int, Refusal]:
        if self.action == Action.SECOND:
            return bulk_weighing.proposals_refused(self.rows, by=self.user, capacities=self.acting)
        return bulk_weighing.reports_refused(self.action, self.rows, by=self.user)

    @cached_property
    def _why_not(self) -> dict[int, str]:
        told = {pk: refusal.message for pk, refusal in self._refused.items()}
        other = _("It is of another agreement: decide on those of one agreement at a time.")
        for row in self.rows:
            if row.pk not in told and self.agreement is not None and row.agreement_id != self.agreement.pk:
                told[row.pk] = other
        return told

    @cached_property
    def done(self) -> list[Effect]:
        """Those that can be done."""
        return [effect for effect in self._effects if not effect.refused]

    @cached_property
    def left_out(self) -> list[Effect]:
        """Those that cannot, each with the reason."""
        return [effect for effect in self._effects if effect.refused]

    @property
    def together(self) -> list[tuple[str, str, int]]:
        """How many go from where to where: (now, then, how many), most first."""
        counted = Counter((effect.now, effect.then) for effect in self.done)
        return [(now, then, count) for (now, then), count in counted.most_common()]

    def shown(self) -> str:
        """What was shown of those that can be done, signed, with the identifier that the job will have."""
        rows = [row for row in self.rows if row.pk not in self._why_not]
        seen = _seen(self.action, [row.pk for row in rows])
        told = {str(row.public_id): seen[row.pk] for row in rows}
        return signed(self.action, str(uuid.uuid4()), told, self.user)

    @cached_property
    def _effects(self) -> list[Effect]:
        return self._of_proposals() if self.action == Action.SECOND else self._of_reports()

    @cached_property
    def _terms(self) -> dict[int, MechanismVersion]:
        """The mechanism version in force, by agreement."""
        rows = MechanismVersion.objects.open().filter(agreement__in=list(self.acting))
        return {row.agreement_id: row for row in rows}

    @cached_property
    def _bindings(self) -> dict[int, Bindings]:
        return {pk: Bindings(terms) for pk, terms in self._terms.items()}

    def _of_reports(self) -> list[Effect]:
        states = bulk_weighing.states_of(self.rows)
        then = bulk_weighing.TO[self.action].label
        return [
            self._effect(
                row,
                reverse("admin:violations_incidentreport_change", args=[row.public_id]),
                f"{row.get_act_display()}; {row.get_means_display()}",
                row,
                row.place_as_written,
                (str(states[row.pk].label), str(then)),
            )
            for row in self.rows
        ]

    def _of_proposals(self) -> list[Effect]:
        incidents = {row.incident_id for row in self.rows}
        assessed = {
            row.incident_id: row
            for row in Assessment.objects.open().filter(incident__in=incidents).select_related("lead_report")
        }
        standing = _standing(incidents)
        return [self._of_proposal(row, assessed.get(row.incident_id), standing[row.incident_id]) for row in self.rows]

    def _of_proposal(self, row: Finding, assessed: Assessment | None, standing: list[Finding]) -> Effect:
        agreed = next((other for other in standing if other.standing != "proposed"), None)
        proposals = [other for other in standing if other.standing == "proposed"]
        now = then = ""
        if assessed is not None:
            bindings = self._bindings[row.agreement_id]
            now = axes.column(assessed, agreed, proposals, bindings=bindings)
            if row.effect == Finding.Effect.FINDING:
                rest = [other for other in proposals if other.pk != row.pk]
                then = axes.column(assessed, row, rest, bindings=bindings)
            else:
                then = _("assessed anew: %(effect)s") % {"effect": axes.EFFECTS[Finding.Effect(row.effect)]}
        what = _("%(act)s; proposed by %(side)s") % {
            "act": assessed.get_act_display() if assessed else "–",
            "side": words.side(row.proposed_side),
        }
        place = assessed.lead_report.place_as_written if assessed else ""
        address = reverse("admin:violations_finding_change", args=[row.public_id])
        return self._effect(row, address, what, assessed, place, (now, then), says=_says(row), grounds=row.grounds)

    def _effect(
        self, row: Any, address: str, what: str, dated: Any, place: str, stands: tuple[str, str], **said: str
    ) -> Effect:
        key, zone = str(row.public_id), ZoneInfo(self._terms[row.agreement_id].time_zone)
        when = "–"
        if dated is not None:
            when = words.occurred(dated.occurred_from, dated.occurred_until, dated.time_precision, zone, offset=True)
        return Effect(
            key=key,
            reference=words.reference(row.public_id),
            address=address,
            what=what,
            when=when,
            place=place,
            now=stands[0],
            then=stands[1],
            refused=self._why_not.get(row.pk, ""),
            ticked=self.ticked is None or key in self.ticked,
            **said,
        )


def _says(row: Finding) -> str:
    """What a proposal says, in short; of a move of reports, which."""
    if row.effect != Finding.Effect.FINDING:
        return str(axes.EFFECTS[Finding.Effect(row.effect)])
    parties = ", ".join(named.party.name for named in row.parties.all())
    attribution = row.get_attribution_display()
    said = [row.get_verification_display(), row.get_conduct_display()]
    return "; ".join([*said, f"{attribution}: {parties}" if parties else attribution])


def _standing(incidents: Iterable[int]) -> dict[int, list[Finding]]:
    """The open findings and proposals of the incidents, with their parties."""
    found: dict[int, list[Finding]] = defaultdict(list)
    rows = Finding.objects.open().filter(incident__in=list(incidents)).select_related("agreement")
    for row in rows.prefetch_related("parties").order_by("pk"):
        found[row.incident_id].append(row)
    return found


def _seen(action: str, ids: list[int]) -> dict[int, str]:
    return bulk_seen.of_proposals(ids) if action == Action.SECOND else bulk_seen.of_reports(ids)


def signed(action: str, job_id: str, rows: Mapping[str, str], user: User) -> str:
    """What was shown, for the page that is handed in: readable, and of no use to anybody else."""
    return signing.dumps({"action": action, "job": job_id, "rows": rows}, salt=_salt(user), compress=True)


def handed_in(written: str, user: User) -> dict[str, Any]:
    """What was shown, as the page brings it back. Raises NotNow where it was another's, is changed, or is too old."""
    try:
        return signing.loads(written, salt=_salt(user), max_age=settings.SESSION_LONGEST)
    except signing.BadSignature as fault:
        raise NotNow(
            _("This page does not hold any more. Go back and choose again: the effects are shown anew."), code="stale"
        ) from fault


def chosen(shown: Mapping[str, Any], ticked: Iterable[str], rows: Iterable[Any]) -> dict[int, str]:
    """The numbers of the rows that are ticked, each with the digest of what was shown of it."""
    wanted = set(ticked) & shown["rows"].keys()
    found = {row.pk: shown["rows"][str(row.public_id)] for row in rows if str(row.public_id) in wanted}
    if not found:
        message = _("Tick at least one.")
        raise Malformed(message, fields={"/chosen": [message]})
    return found


def _salt(user: User) -> str:
    return f"violations.bulk.{user.pk}"


REASONS = {
    "stale": gettext_lazy("It changed since its effect was shown. Look at it again, then decide."),
    "not_open": gettext_lazy("It was no longer open."),
    "agreed": gettext_lazy("It was agreed already."),
    "determined": gettext_lazy("A sitting determined what stood there; only a sitting changes that."),
    "same_person": gettext_lazy("Whoever proposed it does not second it."),
    "same_side": gettext_lazy("It was proposed from the same side."),
    "not_accredited": gettext_lazy("The moderator's accreditation had ended."),
    "not_live": gettext_lazy("No report belonged to the incident any more."),
    "raced": gettext_lazy("Somebody else decided on it at the same moment."),
    "just_moved": gettext_lazy("The report was moved to another incident at the same moment."),
    "with_duty_officer": gettext_lazy("It stood with the duty officer of its team."),
    "fault": gettext_lazy("The machine failed at it; nothing of it was done. Operators find the fault in the log."),
}


def reason_in_words(code: str) -> str:
    """Why a row was not done, by the code that its outcome keeps."""
    state = code.removeprefix("is_")
    if state in ReviewState.values:
        return _("Its review stood at “%(state)s”.") % {"state": ReviewState(state).label}
    return str(REASONS.get(code) or _("The rules did not allow it: %(code)s.") % {"code": code})
