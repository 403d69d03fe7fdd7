"""Sittings as pages of moderators show them: in words, with what can be done about each item now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring import days
from monitoring.english_order import by_english_name
from violations import agenda, determinations, queue
from violations.admin import axes, words
from violations.bindings import Bindings
from violations.codebook import Standing
from violations.models import AgendaItem, Assessment, Finding, FindingParty, Sitting, SittingMinutes, SittingOutcome

if TYPE_CHECKING:
    from monitoring.accreditation import Capacity
    from monitoring.models import MechanismVersion, User
    from violations.admin.case import Case


@dataclass(frozen=True)
class OutcomeShown:
    """What somebody recorded that the sitting said, and who confirmed it; `may_confirm`: whether the reader may."""

    key: str
    said: str
    grounds: str
    who: str
    when: str
    confirmed: str
    determined: str
    may_confirm: bool = False


@dataclass(frozen=True)
class ItemShown:
    """An incident on the agenda. `then`: where it would stand in the count if the sitting agrees."""

    number: int
    reference: str
    address: str
    what: str
    when: str
    place: str
    before: str
    says: str
    finding: str
    now: str
    then: str
    off: str
    grounds: str
    record: str
    take_off: str
    outcomes: list[OutcomeShown] = field(default_factory=list)

    @property
    def confirmed(self) -> OutcomeShown | None:
        """What stands."""
        return next((said for said in self.outcomes if said.confirmed), None)

    @property
    def waiting(self) -> list[OutcomeShown]:
        """What was recorded and waits to be confirmed."""
        return [said for said in self.outcomes if not said.confirmed]


def with_items(rows: Any) -> Any:
    """Annotate sittings with whether anything is on the agenda, waits there, or was minuted."""
    items = AgendaItem.objects.filter(sitting=OuterRef("pk"))
    minutes = SittingMinutes.objects.filter(sitting=OuterRef("pk"))
    return rows.select_related("agreement", "called_by", "called_side").annotate(
        any_item=Exists(items.filter(removal__isnull=True)),
        any_open=Exists(items.filter(superseded_at__isnull=True)),
        any_minutes=Exists(minutes),
    )


def is_to_come(sitting: Sitting, terms: MechanismVersion) -> bool:
    """Whether its day is still to come, by the truce's clocks."""
    return bool(sitting.held_on > days.day_holding(terms, timezone.now()).date)


def state(sitting: Any, terms: MechanismVersion) -> str:
    """How a sitting of `with_items` stands, in words."""
    ahead = (sitting.held_on - days.day_holding(terms, timezone.now()).date).days
    if ahead > 0:
        return ngettext("in %(n)d day", "in %(n)d days", ahead) % {"n": ahead}
    if ahead == 0 and (sitting.any_open or not sitting.any_item):
        return _("today")
    if sitting.any_open:
        return _("what it said is still to be recorded or confirmed")
    if sitting.any_item:
        return _("held, and all of it confirmed")
    return _("held, without an incident") if sitting.any_minutes else _("its day has passed, nothing is recorded")


def title(sitting: Sitting) -> str:
    """What a sitting is called on pages."""
    return _("Sitting of %(day)s") % {"day": words.day(sitting.held_on)}


def address(sitting: Sitting) -> str:
    """Where the page of a sitting is."""
    return reverse("admin:violations_sitting_change", args=[sitting.public_id])


def items_of(rows: Any) -> Any:
    """Items with all that is shown of them, in one statement and two more where there are any."""
    return (
        rows.select_related(
            "sitting", "incident", "finding__proposed_side", "put_by", "put_side", "removal__by", "removal__side"
        )
        .prefetch_related(
            Prefetch(
                "outcomes",
                SittingOutcome.objects.open()
                .select_related("recorded_by", "recorded_side", "confirmed_by", "confirmed_side", "finding")
                .order_by("pk"),
            ),
            Prefetch(
                "finding__parties", FindingParty.objects.select_related("party").order_by(*by_english_name("party__"))
            ),
        )
        .order_by("place")
    )


@dataclass
class Agenda:
    """The agenda of one sitting, for one moderator."""

    sitting: Sitting
    user: User
    capacity: Capacity
    _asked: dict[tuple[int, int | None], bool] = field(default_factory=dict)

    @cached_property
    def terms(self) -> MechanismVersion:
        """The mechanism version in force."""
        return self.sitting.agreement.terms

    @cached_property
    def zone(self) -> ZoneInfo:
        """The truce's clocks."""
        return ZoneInfo(self.terms.time_zone)

    @cached_property
    def held(self) -> bool:
        """Whether its day has come."""
        return not is_to_come(self.sitting, self.terms)

    @cached_property
    def items(self) -> list[ItemShown]:
        """In order, those taken off among them."""
        rows = list(items_of(AgendaItem.objects.filter(sitting=self.sitting)))
        incidents = [row.incident_id for row in rows]
        assessed = {
            row.incident_id: row
            for row in Assessment.objects.open().filter(incident__in=incidents).select_related("lead_report")
        }
        standing = _standing(incidents)
        bindings = Bindings(self.terms) if rows else None
        return [self._item(row, assessed.get(row.incident_id), standing[row.incident_id], bindings) for row in rows]

    @property
    def to_confirm(self) -> bool:
        """Whether the moderator may confirm anything here."""
        return any(said.may_confirm for item in self.items for said in item.waiting)

    @cached_property
    def minutes(self) -> list[dict[str, Any]]:
        """The minutes that stand, then those before them."""
        rows = SittingMinutes.objects.filter(sitting=self.sitting).select_related("by", "side").order_by("-pk")
        return [
            {
                "row": row,
                "who": _who(row.by, row.side),
                "when": words.instant(row.recorded_at, self.zone),
                "stands": row.superseded_at is None,
            }
            for row in rows
        ]

    def _may_confirm(self, said: SittingOutcome) -> bool:
        """Whether the moderator may, by the rules; asked once of each author."""
        if said.confirmed_by_id is not None:
            return False
        author = (said.recorded_by_id, said.recorded_side_id)
        if author not in self._asked:
            self._asked[author] = determinations.may_confirm(said, self.sitting.agreement, self.capacity, self.user)
        return self._asked[author]

    def _item(
        self, row: AgendaItem, assessed: Assessment | None, standing: list[Finding], bindings: Bindings | None
    ) -> ItemShown:
        shown = row.superseded_at is None
        when = now = then = ""
        if assessed is not None:
            when = words.occurred(assessed.occurred_from, assessed.occurred_until, assessed.time_precision, self.zone)
            agreed = next((other for other in standing if other.standing != Standing.PROPOSED), None)
            proposals = [other for other in standing if other.standing == Standing.PROPOSED]
            now = axes.column(assessed, agreed, proposals, bindings=bindings)
            then = axes.column(assessed, _determined(row.finding), bindings=bindings) if shown else ""
        removal = getattr(row, "removal", None)
        said = [outcome_shown(one, self.zone, may_confirm=self._may_confirm(one)) for one in row.outcomes.all()]
        return ItemShown(
            number=row.place,
            reference=words.reference(row.incident.public_id),
            address=reverse("admin:violations_incident_change", args=[row.incident.public_id]),
            what=str(assessed.get_act_display()) if assessed else "–",
            when=when,
            place=assessed.lead_report.place_as_written if assessed else "",
            before=before_it(row.finding),
            says=axes_in_short(row.finding),
            finding=reverse("admin:violations_finding_change", args=[row.finding.public_id]),
            now=now,
            then=then,
            off=_who(removal.by, removal.side) if removal else "",
            grounds=removal.grounds if removal else "",
            record=_item_address("outcome", row) if shown and self.held else "",
            take_off=_item_address("take_off", row) if shown and not said else "",
            outcomes=said,
        )


def outcome_shown(row: SittingOutcome, zone: ZoneInfo, *, may_confirm: bool = False) -> OutcomeShown:
    """What was recorded of an item, by whom."""
    return OutcomeShown(
        key=str(row.public_id),
        said=str(row.get_outcome_display()),
        grounds=row.grounds,
        who=_who(row.recorded_by, row.recorded_side),
        when=words.instant(row.recorded_at, zone),
        confirmed=_who(row.confirmed_by, row.confirmed_side) if row.confirmed_by else "",
        determined=reverse("admin:violations_finding_change", args=[row.finding.public_id]) if row.finding else "",
        may_confirm=may_confirm,
    )


def before_it(finding: Finding) -> str:
    """What kind of finding is before the sitting, and whose."""
    if finding.standing == Standing.PROPOSED:
        return _("proposed by %(side)s") % {"side": words.side(finding.proposed_side)}
    return _("agreed by two, %(standing)s") % {"standing": finding.get_standing_display()}


def axes_in_short(finding: Finding) -> str:
    """What a finding says, in short."""
    parties = ", ".join(named.party.name for named in finding.parties.all())
    attribution = str(finding.get_attribution_display())
    said = [str(finding.get_verification_display()), str(finding.get_conduct_display())]
    return "; ".join([*said, f"{attribution}: {parties}" if parties else attribution])


def may_go_before_one(findings: Iterable[Finding]) -> list[Finding]:
    """Of the open findings of an incident, those that can be put on an agenda as they are."""
    return [
        row
        for row in findings
        if row.superseded_at is None
        and (
            row.standing == Standing.PRELIMINARY
            or (row.standing == Standing.PROPOSED and row.effect == Finding.Effect.FINDING and _is_fresh(row))
        )
    ]


def of_incident(rows: Iterable[AgendaItem], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Every agenda that an incident stood on, newest first, as its page tells of it."""
    told = []
    for row in sorted(rows, key=lambda one: one.pk, reverse=True):
        said = [outcome_shown(one, zone) for one in row.outcomes.all() if one.superseded_at is None]
        told.append(
            {
                "title": title(row.sitting),
                "address": address(row.sitting),
                "number": row.place,
                "open": row.superseded_at is None,
                "outcomes": said,
                "off": getattr(row, "removal", None) is not None,
            }
        )
    return told


def can_be_put_on(case: Case) -> bool:
    """Whether something of an incident may go before a sitting now, as far as its page tells without asking more."""
    on_one = any(row.superseded_at is None for row in case.agenda_items)
    words_of_moderators = (
        row
        for row in (case.agreed, *case.proposals)
        if row is not None
        and (row.effect == Finding.Effect.FINDING or row.standing == Standing.PRELIMINARY)
        and (row.standing == Standing.PRELIMINARY or (row.standing == Standing.PROPOSED and _read_as_fresh(row)))
    )
    return bool(case.live and case.version.determining_body and not on_one and any(words_of_moderators))


def _read_as_fresh(row: Any) -> bool:
    """As `_is_fresh`, of a proposal that was read `with_freshness`."""
    return row.unchanged and row.refused_as != "stale"


def _is_fresh(row: Finding) -> bool:
    """As for seconding, but that a determined finding stands in the way of no sitting."""
    return queue.is_unchanged(row) and not agenda.has_spoken_since(row.incident_id, row.recorded_at)


def _determined(finding: Finding) -> Finding:
    """The finding as it would stand once the sitting agreed."""
    then = copy(finding)
    then.standing = Standing.DETERMINED
    return then


def _standing(incidents: Iterable[int]) -> Mapping[int, list[Finding]]:
    """The open findings and proposals of the incidents, with their parties."""
    found: dict[int, list[Finding]] = defaultdict(list)
    rows = Finding.objects.open().filter(incident__in=list(incidents)).select_related("agreement")
    for row in rows.prefetch_related("parties").order_by("pk"):
        found[row.incident_id].append(row)
    return found


def _who(by: User, side: Any) -> str:
    return f"{by.get_username()} ({words.side(side)})"


def _item_address(what: str, row: AgendaItem) -> str:
    return reverse(f"admin:violations_agendaitem_{what}", args=[row.public_id])
