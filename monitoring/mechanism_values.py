"""What the values of a mechanism file may be, each checked where it stands.

References to other tables (a party's side, an adherence's instrument) are checked against the codes that the file
gives, instants against the truce's time zone, acts and units against the codebook's lists.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from monitoring import models
from monitoring.local_time import LocalTimeError, instant_of, zone_named
from monitoring.period_codes import FORMS


@dataclass(frozen=True)
class Known:
    """What a file's entries are checked against: its own codes and drawings, its time zone, the codebook's lists."""

    codes: Mapping[str, Collection[str]]
    drawings: Collection[str] | None
    zone: ZoneInfo
    acts: Collection[str] | None
    units: Collection[str] | None
    objects: Collection[str] | None = None
    weapons: Collection[str] | None = None
    means: Collection[str] | None = None


def known_by(info: ValidationInfo) -> Known:
    """Return what the reader of the file handed in to check against."""
    return cast(Known, info.context)


def fault(message: str) -> PydanticCustomError:
    """Return the error that carries `message`, a finished sentence, to the list of faults."""
    return PydanticCustomError("fault", "{message}", {"message": message})


def no_such(what: object, code: str) -> PydanticCustomError:
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


def code_of(table: str, what: object) -> AfterValidator:
    """Accept only a code that the file's `table` gives."""

    def check(value: str, info: ValidationInfo) -> str:
        if value not in known_by(info).codes[table]:
            raise no_such(what, value)
        return value

    return AfterValidator(check)


def listed_in(attribute: str, what: object) -> AfterValidator:
    """Accept only what the codebook lists (`acts`, `units`); anything, where the reader was given no list."""

    def check(value: str, info: ValidationInfo) -> str:
        known = getattr(known_by(info), attribute)
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
        return instant_of(value, known_by(info).zone)
    except LocalTimeError as error:
        raise fault(str(error)) from None


def _time_zone(name: str) -> str:
    if zone_named(name) is None:
        message = _("there is no time zone '%(zone)s'; give an IANA name such as Asia/Damascus")
        raise fault(message % {"zone": name})
    return name


def _period_kinds(kinds: list[str]) -> list[str]:
    for kind in kinds:
        if kind not in FORMS:
            message = _("there are no periods of kind '%(kind)s'; known are %(known)s")
            raise fault(message % {"kind": kind, "known": ", ".join(FORMS)})
    if len(set(kinds)) < len(kinds):
        raise fault(_("a kind of period stands here twice"))
    return kinds


def _one_after_the_other(days: list[int]) -> list[int]:
    if days != sorted(set(days)) or not all(days):
        raise fault(_("these are days after the first release: each greater than the one before, from 1"))
    return days


def _drawing(value: str, info: ValidationInfo) -> str:
    drawings = known_by(info).drawings  # None: the GeoJSON itself is refused, and says why
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
Act = Annotated[str, listed_in("acts", gettext_lazy("act"))]
ObjectHit = Annotated[str, listed_in("objects", gettext_lazy("object hit"))]
Weapon = Annotated[str, listed_in("weapons", gettext_lazy("weapon family"))]
Means = Annotated[str, listed_in("means", gettext_lazy("means of observation"))]
Unit = Annotated[str, Field(max_length=32), listed_in("units", gettext_lazy("unit"))]
SideCode = Annotated[str, code_of("sides", gettext_lazy("side"))]
PartyCode = Annotated[str, code_of("parties", gettext_lazy("party"))]
InstrumentCode = Annotated[str, code_of("instruments", gettext_lazy("instrument"))]
GuarantorCode = Annotated[str, code_of("guarantors", gettext_lazy("guarantor"))]
ZoneCode = Annotated[str, code_of("zones", gettext_lazy("zone"))]
AreaCode = Annotated[str, code_of("areas", gettext_lazy("area"))]
Level = Annotated[str, one_of(models.Area.Level)]


TimeZone = Annotated[str, AfterValidator(_time_zone)]
Calendar = Annotated[list[str], Field(min_length=1), AfterValidator(_period_kinds)]
PeriodKinds = Annotated[list[str], AfterValidator(_period_kinds)]
RevisionDays = Annotated[list[Count], AfterValidator(_one_after_the_other)]
Release = Annotated[str, one_of(models.MechanismVersion.Release)]
CommentWindow = Annotated[int, Field(ge=0, le=90)]
CommentLength = Annotated[int, Field(ge=0, le=5000)]
