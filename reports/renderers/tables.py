"""Which columns the tables of an edition have: what stands in each, of which kind it is, and its HXL tag.

Every row carries the truce, whether it is simulated, the period and the closing: tables can be laid together without
mixing. A cell holds one value; several codes of one row stand in one cell, parted by `PART`. A code is in no language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PART = "|"

CODE, CODES, TEXT, COUNT, INSTANT, DATE, YES_NO, DEGREES = (
    "code",
    "codes",
    "text",
    "count",
    "instant",
    "date",
    "yes_no",
    "degrees",
)
# The kinds that are numbers to a spreadsheet; everything else is text, and of that only `TEXT` was written by others.
NUMBERS = (COUNT, DEGREES)
KINDS: Mapping[str, Promise] = {
    CODE: _("one code"),
    CODES: _("codes, parted by |"),
    TEXT: _("text as somebody wrote it, with nothing that a spreadsheet would calculate"),
    COUNT: _("whole number; empty: not known, or not told"),
    INSTANT: _("instant in UTC"),
    DATE: _("date of a day of the truce"),
    YES_NO: _("yes or no"),
    DEGREES: _("degrees, WGS84"),
}


@dataclass(frozen=True)
class Column:
    """One column. `of`: the code list that a code is of, or the kind of identity that the truce's file names."""

    name: str
    kind: str
    hxl: str
    told: str | Promise
    of: str = ""


@dataclass(frozen=True)
class Table:
    """A table: the name that its file bears, what a row is, and its columns in order."""

    name: str
    told: str | Promise
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The head of the table."""
        return [column.name for column in self.columns]

    @property
    def tags(self) -> list[str]:
        """The row of HXL tags, which stands under the head where it is asked for."""
        return [column.hxl for column in self.columns]


FIXED = (
    Column("agreement", CODE, "#meta+agreement+code", _("The truce."), "agreement"),
    Column(
        "simulated", YES_NO, "#meta+simulated", _("Whether the truce is simulated: then no row is of a real event.")
    ),
    Column("period", CODE, "#date+period+code", _("The period of the edition, as 2017-01.")),
    Column("closing", COUNT, "#meta+closing+num", _("Number of the closing of that period.")),
)

_EVENT = (
    Column("act", CODE, "#event+act+code", _("What was done."), "act"),
    Column("objects_hit", CODES, "#impact+object+code+list", _("What was hit."), "object_hit"),
    Column("weapon", CODE, "#item+weapon+code", _("Family of the weapon; empty: not told."), "weapon_family"),
    Column("alleged", CODES, "#org+alleged+code+list", _("Parties alleged to have acted."), "party"),
    Column("target", CODES, "#org+target+code+list", _("Parties said to have been acted against."), "party"),
    Column("involved", CODES, "#org+involved+code+list", _("Parties involved, no direction known."), "party"),
)
_JUDGED = (
    Column("scope", CODE, "#status+scope+code", _("Whether the truce applies: overruled, else as assessed."), "scope"),
    Column("reasons", CODES, "#status+scope+reason+code+list", _("Every class of scope that applies."), "scope"),
    Column("scope_overruled", YES_NO, "#status+scope+overruled", _("Whether people overruled what was assessed.")),
)
_FOUND = (
    Column(
        "verification", CODE, "#status+verification+code", _("Does it stand; empty: nothing found."), "verification"
    ),
    Column("conduct", CODE, "#status+conduct+code", _("Was it a breach; empty: nothing found."), "conduct"),
    Column(
        "standing",
        CODE,
        "#status+standing+code",
        _("Of the agreed finding; else proposed, one_sided (nobody seconded in time) or none."),
        "standing",
    ),
    Column("attribution", CODE, "#status+attribution+code", _("Who is found to have acted."), "attribution"),
    Column("confidence", CODE, "#status+confidence+code", _("In the attribution."), "confidence"),
    Column("attributed", CODES, "#org+attributed+code+list", _("Parties that it is attributed to."), "party"),
    Column("basis", CODES, "#status+basis+code+list", _("What the attribution rests on."), "basis"),
    Column(
        "provisions",
        CODES,
        "#status+provision+code+list",
        _("Provisions named as breached: instrument/provision."),
        "provision",
    ),
)


def _harm(name: str, tag: str, verified: Any, low: Any, high: Any) -> tuple[Column, ...]:
    return (
        Column(f"{name}_verified", COUNT, f"#affected+{tag}+verified+num", verified),
        Column(f"{name}_reported_low", COUNT, f"#affected+{tag}+reported+min+num", low),
        Column(f"{name}_reported_high", COUNT, f"#affected+{tag}+reported+max+num", high),
    )


_HARMED = (
    *_harm(
        "killed",
        "killed",
        _("People killed, verified minimum."),
        _("People killed, least that the leading report tells."),
        _("People killed, most that any report tells."),
    ),
    *_harm(
        "injured",
        "injured",
        _("People injured, verified minimum."),
        _("People injured, least that the leading report tells."),
        _("People injured, most that any report tells."),
    ),
)
_STANDS_IN = Column(
    "column", CODE, "#status+column+code", _("The column of the report in which it is counted."), "column"
)
_DATE = Column(
    "date", DATE, "#date+occurred", _("Day on which it is counted; empty: not dated to the day, or across the edge.")
)
_DISSENTS = Column("dissents", COUNT, "#meta+dissent+num", _("How many moderators disagreed with the finding."))

REFERENCE = Column(
    "reference", CODE, "#event+id+code", _("By which an incident is quoted; tells neither order nor time.")
)
WITHHELD = Column(
    "withheld",
    CODES,
    "#meta+withheld+code+list",
    _("What is empty because the truce does not publish who fired: parties; binding, which would name one."),
    "withheld",
)

INCIDENTS = Table(
    "incidents",
    _("An incident of the period at the reader's tier, as in the annex of the report."),
    (
        *FIXED,
        REFERENCE,
        _STANDS_IN,
        Column("occurred_from", INSTANT, "#date+occurred+start", _("Not before; cut to the truce's step of time.")),
        Column("occurred_until", INSTANT, "#date+occurred+end", _("Before; raised to the truce's step of time.")),
        Column("time_precision", CODE, "#date+precision+code", _("How finely the time is known."), "time_precision"),
        _DATE,
        Column(
            "area", CODE, "#adm+code", _("The finest area that the truce lets out and the place is known to."), "area"
        ),
        Column("area_name", TEXT, "#adm+name", _("Its name when the closing was computed.")),
        Column("level", CODE, "#adm+level+code", _("Level of that area."), "level"),
        Column("zones", CODES, "#loc+zone+code+list", _("Zones whose every drawing holds that whole area."), "zone"),
        *_EVENT,
        *_JUDGED,
        *_FOUND,
        *_HARMED,
        _DISSENTS,
        WITHHELD,
    ),
)

INCIDENTS_IN_FULL = Table(
    "incidents-in-full",
    _("An incident of the period as moderators know it: exact time and point, whatever the truce lets out."),
    (
        *FIXED,
        Column("incident", CODE, "#event+id+full+code", _("Its identifier, under which moderators open it.")),
        REFERENCE,
        _STANDS_IN,
        Column("occurred_from", INSTANT, "#date+occurred+start", _("Not before.")),
        Column("occurred_until", INSTANT, "#date+occurred+end", _("Before.")),
        Column("time_precision", CODE, "#date+precision+code", _("How finely the time is known."), "time_precision"),
        _DATE,
        Column("longitude", DEGREES, "#geo+lon", _("Of the point; empty where there is none.")),
        Column("latitude", DEGREES, "#geo+lat", _("Of the point; empty where there is none.")),
        Column("place_precision", CODE, "#geo+precision+code", _("How finely the place is known."), "place_precision"),
        Column("place_as_written", TEXT, "#loc+name", _("The place as the leading report has it.")),
        Column("areas", CODES, "#adm+code+list", _("Areas at every level at which the place is known."), "area"),
        Column("zones", CODES, "#loc+zone+code+list", _("Zones that a drawing of puts it in."), "zone"),
        *_EVENT,
        *_JUDGED,
        *_FOUND,
        *_HARMED,
        _DISSENTS,
    ),
)
