"""The shape of a mechanism file: its tables and their keys. Keys that are not known are refused.

What each value may be stands in `mechanism_values`, what must hold between entries in `mechanism_checks`.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from monitoring import models
from monitoring.mechanism_values import (
    Act,
    AreaCode,
    Calendar,
    Code,
    CommentLength,
    CommentWindow,
    Count,
    Drawing,
    GuarantorCode,
    Instant,
    InstrumentCode,
    Language,
    Level,
    Means,
    Name,
    Names,
    ObjectHit,
    PartyCode,
    PeriodKinds,
    Release,
    RevisionDays,
    Scheme,
    SideCode,
    Text,
    TimeZone,
    Unit,
    Weapon,
    ZoneCode,
    fault,
    known_by,
    no_such,
    one_of,
)

# A duty officer's check is no way to hold a filing back: no truce can make it last longer than this.
MOST_DUTY_HOURS = 24


class Entry(BaseModel):
    """An entry of the file: only keys that are known, only values of the type that is asked."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Named(Entry):
    """An entry with a stable code and names by language."""

    code: Code
    names: Names


class Dated(Entry):
    """An entry that holds over [from, until) of the world's time; an end that is not given is open."""

    valid_from: Instant | None = Field(None, alias="from")
    valid_until: Instant | None = Field(None, alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_from >= self.valid_until:
            raise fault(_("'until' is not after 'from'"))
        return self


class Agreement(Named):
    """[agreement]: which truce it is."""

    simulated: bool


class GuarantorsSee(Entry):
    """[terms.guarantors_see]: no finer than this do place and time leave to a guarantor, and no sooner."""

    place: Level
    time: Annotated[str, Field(pattern="^(hour|day)$")]
    delay_hours: Count


class Terms(Entry):
    """[terms]: when, where and how the truce is counted."""

    in_force_from: Instant
    in_force_until: Instant | None = None
    time_zone: TimeZone
    day_begins: time
    day_named_for: Annotated[str, one_of(models.MechanismVersion.DayNamedFor)]
    calendar: Calendar
    first_period: str = ""
    release: Release
    automatic_release: PeriodKinds = []
    scope_area: Drawing | None = None
    scope_level: Level | None = None
    unit_of_count: Unit
    filing_grace_hours: Count
    reply_deadline_days: Count
    reply_reminder_days: Count = 1
    party_requests: Annotated[str, one_of(models.MechanismVersion.PartyRequests)] = "through_guarantor"
    comment_window_days: CommentWindow = 0
    revision_days: RevisionDays = []
    comment_length: CommentLength = 0
    seconding_days: Count
    duty_check_hours: Annotated[int, Field(ge=0, le=MOST_DUTY_HOURS)] = 0
    guarantors_see: GuarantorsSee
    attribution: Annotated[str, one_of(models.MechanismVersion.Attribution)]
    ledgers_from: Annotated[str, one_of(models.MechanismVersion.LedgersFrom)]
    determining_body: Annotated[str, Field(max_length=200)] = ""
    handling_marking: Annotated[str, Field(max_length=200)] = ""
    authentic_language: Language
    level_names: dict[Level, Names] = {}


class Lane(Entry):
    """What is asked of a lane of the moderators' queue."""

    decide_within_days: Count = 0


class GraveLane(Lane):
    """[lanes.grave]: what asks for the full form; any one of these puts an incident there."""

    acts: list[Act] = list(models.LANES["grave"]["acts"])
    objects: list[ObjectHit] = list(models.LANES["grave"]["objects"])
    weapons: list[Weapon] = list(models.LANES["grave"]["weapons"])
    casualties: bool = True


class StandardLane(Lane):
    """[lanes.standard]: all that is neither grave nor routine."""


class RoutineLane(Lane):
    """[lanes.routine]: what is recorded and counted and not adjudicated one by one, where nobody came to harm."""

    means: list[Means] = list(models.LANES["routine"]["means"])


class Lanes(Entry):
    """[lanes]: by what rule an incident is grave, standard or routine; what is left out is as in general."""

    grave: GraveLane = GraveLane()
    standard: StandardLane = StandardLane()
    routine: RoutineLane = RoutineLane()


class FlashReports(Entry):
    """[alerts.flash]: which reports moderators are told of at once; any one of these is enough."""

    grave: bool = models.ALERTS["flash"]["grave"]
    acts: list[Act] = list(models.ALERTS["flash"]["acts"])
    killed_at_least: Count = models.ALERTS["flash"]["killed_at_least"]


class Alerts(Entry):
    """[alerts]: what moderators are told of without looking for it; what is left out is as in general."""

    flash: FlashReports = FlashReports()


class Side(Named):
    """[[sides]]: a bloc that guarantors and parties belong to."""


class ProvisionReading(Dated):
    """What a provision asks: in the common reading, or in that of a holder."""

    text: Names
    acts: list[Act]
    zones: list[ZoneCode] = []
    source: str = ""


class RivalProvision(ProvisionReading):
    """[[instruments.provisions.rival_readings]]: how a holder reads the provision otherwise."""

    holder: Name


class Provision(ProvisionReading, Named):
    """[[instruments.provisions]]: a clause, and the acts that breach it."""

    rival_readings: list[RivalProvision] = []


class Instrument(Named, Dated):
    """[[instruments]]: a text of the truce."""

    kind: Annotated[str, one_of(models.InstrumentTerms.Kind)]
    adopted_on: date | None = None
    holder: Annotated[str, Field(max_length=200)] = ""
    source: Text
    provisions: list[Provision] = []


class Adherence(Dated):
    """[[parties.adherences]]: how an instrument binds the party, and who says so."""

    to: InstrumentCode
    kind: Annotated[str, one_of(models.Adherence.Kind)]
    through: PartyCode | None = None
    reading: Annotated[str, Field(max_length=200)] = ""
    source: Text
    note: str = ""

    @model_validator(mode="after")
    def _through_whom(self) -> Self:
        bound_through = self.kind == models.Adherence.Kind.BOUND_THROUGH
        if bound_through and self.through is None:
            raise fault(_("'through' is missing: through which party is it bound?"))
        if not bound_through and self.through is not None:
            raise fault(_("'through' stands only where kind is 'bound_through'"))
        return self


Aliases = dict[Scheme, list[Name]]


class Party(Named):
    """[[parties]]: an armed actor, or a name that sources use for several."""

    kind: Annotated[str, one_of(models.PartyTerms.Kind)]
    side: SideCode | None = None
    parent: PartyCode | None = None
    aliases: Aliases = {}
    adherences: list[Adherence] = []


class GuarantorTerm(Dated):
    """[[guarantors.terms]]: from when to when the state is guarantor, for which side, and who contests it."""

    side: SideCode
    own_forces: PartyCode | None = None
    language: Language
    contested_by: list[Name] = []
    note: Names | None = None
    source: Text


class Undertaking(Dated):
    """[[guarantors.undertakings]]: a party that the guarantor answers for, and on whose word."""

    party: PartyCode
    basis: Annotated[str, one_of(models.Undertaking.Basis)]
    source: Text


class Guarantor(Named):
    """[[guarantors]]: a state that answers for the truce."""

    terms: Annotated[list[GuarantorTerm], Field(min_length=1)]
    undertakings: list[Undertaking] = []


class ObserverTerm(Dated):
    """[[observers.terms]]: from when to when it observes, what it may read, by whose consent."""

    tier: Annotated[str, Field(min_length=1, max_length=40)]
    consent_of: list[Name] = []
    contested_by: list[Name] = []
    source: Text


class Observer(Named):
    """[[observers]]: a state or body that reads what its tier allows."""

    terms: Annotated[list[ObserverTerm], Field(min_length=1)]


class Reservation(Dated):
    """[[reservations]]: who contests what; printed in every report that it bears on."""

    code: Code
    on: dict[str, str]
    holder: Name
    text: Names
    source: Text

    @model_validator(mode="after")
    def _on_one_thing(self, info: ValidationInfo) -> Self:
        tables = {
            "agreement": "agreement",
            "guarantor": "guarantors",
            "observer": "observers",
            "instrument": "instruments",
            "party": "parties",
            "zone": "zones",
        }
        if len(self.on) != 1 or not set(self.on) <= set(tables):
            raise fault(
                _("'on' names one thing, as { guarantor = \"code\" }; known are %(known)s")
                % {"known": ", ".join(tables)}
            )
        ((kind, code),) = self.on.items()
        if code not in known_by(info).codes[tables[kind]]:
            raise no_such(kind, code)
        return self


class Accession(Named):
    """[[accessions]]: a settlement that joined a text, and who says so. Parties join by their adherences."""

    joined_at: Annotated[Instant, Field(alias="from")]
    to: InstrumentCode
    area: AreaCode | None = None
    source: Text


class ZoneLine(Dated):
    """[[zones.lines]]: one drawing of the zone. Without `drawn_by` it is the agreed line."""

    drawing: Drawing
    drawn_by: Annotated[str, Field(max_length=200)] = ""
    indicative: bool
    source: Text


class Zone(Named):
    """[[zones]]: a place that the truce draws."""

    lines: Annotated[list[ZoneLine], Field(min_length=1)]


class Area(Named):
    """[[areas]]: an administrative area, by code and name; its shape, if any, comes by load_areas."""

    level: Level
    parent: AreaCode | None = None
    members: list[AreaCode] = []
    aliases: Aliases = {}


class Team(Named):
    """[[teams]]: those who observe together."""

    kind: Annotated[str, one_of(models.TeamTerms.Kind)]
    guarantor: GuarantorCode | None = None

    @model_validator(mode="after")
    def _of_a_guarantor(self) -> Self:
        if (self.kind == models.TeamTerms.Kind.GUARANTOR) != (self.guarantor is not None):
            raise fault(_("a team of kind 'guarantor' names its guarantor, and no other team does"))
        return self


SINGLE: dict[str, type[Entry]] = {"agreement": Agreement, "terms": Terms, "lanes": Lanes, "alerts": Alerts}
TABLES: dict[str, type[Entry]] = {
    "sides": Side,
    "instruments": Instrument,
    "parties": Party,
    "guarantors": Guarantor,
    "observers": Observer,
    "reservations": Reservation,
    "zones": Zone,
    "areas": Area,
    "teams": Team,
    "accessions": Accession,
}
