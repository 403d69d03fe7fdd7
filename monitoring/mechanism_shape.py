"""The shape of a mechanism file: its tables, their keys, and what each value may be.

References to other tables (a party's side, an adherence's instrument) are checked where they stand, against the codes
that the file gives; so is every instant, against the truce's time zone. Keys that are not known are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from monitoring import models
from monitoring.local_time import LocalTimeError, instant_of, zone_named


@dataclass(frozen=True)
class Known:
    """What a file's entries are checked against: its own codes and drawings, its time zone, the codebook's lists."""

    codes: Mapping[str, Collection[str]]
    drawings: Collection[str] | None
    zone: ZoneInfo
    acts: Collection[str] | None
    units: Collection[str] | None


def fault(message: str) -> PydanticCustomError:
    """Return the error that carries `message`, a finished sentence, to the list of faults."""
    return PydanticCustomError("fault", "{message}", {"message": message})


def no_such(what: str, code: str) -> PydanticCustomError:
    """Return the error that there is no `what` of that code."""
    return fault(_("there is no %(what)s '%(code)s'") % {"what": what, "code": code})


def one_of(choices: type[TextChoices]) -> AfterValidator:
    """Accept a value of `choices` only."""

    def check(value: str) -> str:
        if value not in choices.values:
            raise fault(
                _("'%(value)s' is not known here; known are %(known)s")
                % {"value": value, "known": ", ".join(choices.values)}
            )
        return value

    return AfterValidator(check)


def code_of(table: str, what: str) -> AfterValidator:
    """Accept only a code that the file's `table` gives."""

    def check(value: str, info: ValidationInfo) -> str:
        if value not in info.context.codes[table]:
            raise no_such(what, value)
        return value

    return AfterValidator(check)


def listed_in(attribute: str, what: str) -> AfterValidator:
    """Accept only what the codebook lists (`acts`, `units`); anything, where the reader was given no list."""

    def check(value: str, info: ValidationInfo) -> str:
        known = getattr(info.context, attribute)
        if known is not None and value not in known:
            raise no_such(what, value)
        return value

    return AfterValidator(check)


def _english_there(names: dict[str, str]) -> dict[str, str]:
    if not names.get("en", "").strip():
        raise fault(_("the English text ('en') is missing"))
    for language, text in names.items():
        if not (2 <= len(language) <= 8 and language.replace("-", "").isalnum() and language.islower()):
            raise fault(_("'%(language)s' is not a language code such as 'en'") % {"language": language})
        if not text.strip():
            raise fault(_("the text for '%(language)s' is empty") % {"language": language})
    return names


def _instant(value: Any, info: ValidationInfo) -> datetime:
    if not isinstance(value, date):  # a datetime is a date, too
        raise fault(_("this is not a date or a date with a time; write 2016-12-30 or 2016-12-30T00:00:00, unquoted"))
    try:
        return instant_of(value, info.context.zone)
    except LocalTimeError as error:
        raise fault(str(error)) from None


def _time_zone(name: str) -> str:
    if zone_named(name) is None:
        message = _("there is no time zone '%(zone)s'; give an IANA name such as Asia/Damascus")
        raise fault(message % {"zone": name})
    return name


def _period_kinds(kinds: list[str]) -> list[str]:
    known = ["day", "month"]
    for kind in kinds:
        if kind not in known:
            message = _("periods of kind '%(kind)s' are not closed by this service yet; known are %(known)s")
            raise fault(message % {"kind": kind, "known": ", ".join(known)})
    if len(set(kinds)) < len(kinds):
        raise fault(_("a kind of period stands here twice"))
    return kinds


def _automatic(release: str) -> str:
    if release not in models.MechanismVersion.Release.values:
        raise fault(_('drafts and comments are not offered by this service yet: write release = "automatic"'))
    return release


def _no_comments(days: int) -> int:
    if days:
        raise fault(_("drafts and comments are not offered by this service yet: write comment_window_days = 0"))
    return days


def _drawing(value: str, info: ValidationInfo) -> str:
    drawings = info.context.drawings  # None: the GeoJSON itself is refused, and says why
    if drawings is not None and value not in drawings:
        raise no_such(_("drawing with this id in the GeoJSON beside the file:"), value)
    return value


Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Scheme = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Count = Annotated[int, Field(ge=0, le=100_000)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Names = Annotated[dict[str, str], AfterValidator(_english_there)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
Drawing = Annotated[str, AfterValidator(_drawing)]
Act = Annotated[str, listed_in("acts", _("act"))]
Unit = Annotated[str, Field(max_length=32), listed_in("units", _("unit"))]
SideCode = Annotated[str, code_of("sides", _("side"))]
PartyCode = Annotated[str, code_of("parties", _("party"))]
InstrumentCode = Annotated[str, code_of("instruments", _("instrument"))]
GuarantorCode = Annotated[str, code_of("guarantors", _("guarantor"))]
ZoneCode = Annotated[str, code_of("zones", _("zone"))]
AreaCode = Annotated[str, code_of("areas", _("area"))]
Level = Annotated[str, one_of(models.Area.Level)]


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
    time_zone: Annotated[str, AfterValidator(_time_zone)]
    day_begins: time
    day_named_for: Annotated[str, one_of(models.MechanismVersion.DayNamedFor)]
    calendar: Annotated[list[str], Field(min_length=1), AfterValidator(_period_kinds)]
    first_period: str = ""
    release: Annotated[str, AfterValidator(_automatic)]
    scope_area: Drawing | None = None
    unit_of_count: Unit
    filing_grace_hours: Count
    reply_deadline_days: Count
    comment_window_days: Annotated[Count, AfterValidator(_no_comments)] = 0
    seconding_days: Count
    guarantors_see: GuarantorsSee
    attribution: Annotated[str, one_of(models.MechanismVersion.Attribution)]
    ledgers_from: Annotated[str, one_of(models.MechanismVersion.LedgersFrom)]
    determining_body: Annotated[str, Field(max_length=200)] = ""
    handling_marking: Annotated[str, Field(max_length=200)] = ""
    authentic_language: Language


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
        if code not in info.context.codes[tables[kind]]:
            raise no_such(kind, code)
        return self


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


SINGLE: dict[str, type[Entry]] = {"agreement": Agreement, "terms": Terms}
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
}
