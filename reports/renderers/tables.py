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
        Column(
            "time_precision",
            CODE,
            "#date+precision+code",
            _("How finely the mechanism knows the time; the two instants tell it as finely as the truce lets out."),
            "time_precision",
        ),
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

_OF_FINDING = tuple(column for column in _FOUND if column.name != "standing")
_VERIFIED = tuple(column for column in _HARMED if column.name.endswith("_verified"))

FINDINGS = Table(
    "findings",
    _("An agreed finding on an incident that the report lists, or one of this period on an earlier incident."),
    (
        *FIXED,
        REFERENCE,
        Column("on_earlier", YES_NO, "#status+earlier", _("Whether the incident is of an earlier period.")),
        Column("standing", CODE, "#status+standing+code", _("On what the finding stands."), "standing"),
        _STANDS_IN,
        *_JUDGED,
        *_OF_FINDING,
        *_VERIFIED,
        _DISSENTS,
        WITHHELD,
    ),
)

FINDINGS_IN_FULL = Table(
    "findings-in-full",
    _("A finding or a proposal on an incident of the period, as known at the cut-off, with its grounds."),
    (
        *FIXED,
        Column("incident", CODE, "#event+id+full+code", _("Its identifier, under which moderators open it.")),
        REFERENCE,
        Column("finding", CODE, "#meta+finding+id+code", _("Identifier of the finding.")),
        Column("standing", CODE, "#status+standing+code", _("On what the finding stands."), "standing"),
        Column("recorded_at", INSTANT, "#date+recorded", _("Since when it holds.")),
        Column("second_by", INSTANT, "#date+seconding+end", _("Until when a proposal is to be seconded.")),
        Column("proposed_side", CODE, "#org+proposing+code", _("Side that proposed it; empty: independent."), "side"),
        Column("seconded_side", CODE, "#org+seconding+code", _("Side that seconded it; empty: independent."), "side"),
        Column("verification", CODE, "#status+verification+code", _("Does it stand."), "verification"),
        Column("conduct", CODE, "#status+conduct+code", _("Was it a breach."), "conduct"),
        Column("scope", CODE, "#status+scope+code", _("Scope as overruled; empty: as assessed."), "scope"),
        Column("attribution", CODE, "#status+attribution+code", _("Who is found to have acted."), "attribution"),
        Column("confidence", CODE, "#status+confidence+code", _("In the attribution."), "confidence"),
        Column("attributed", CODES, "#org+attributed+code+list", _("Parties that it is attributed to."), "party"),
        Column("basis", CODES, "#status+basis+code+list", _("What the attribution rests on."), "basis"),
        Column("intent", CODE, "#status+intent+code", _("Of what is grave: with what intent."), "intent"),
        Column("sequence", CODE, "#status+sequence+code", _("Of what is grave: who began."), "sequence"),
        Column(
            "provisions",
            CODES,
            "#status+provision+code+list",
            _("Provisions named as breached: instrument/provision."),
            "provision",
        ),
        *_VERIFIED,
        Column("grounds", TEXT, "#description+grounds", _("Why, in the words of whoever proposed it.")),
        _DISSENTS,
    ),
)

_LEDGER = (
    Column("owner", CODE, "#org+ledger+code", _("Whose ledger."), "guarantor"),
    Column("date", DATE, "#date+ledger", _("The date that the day bears.")),
)
_TOLD = (
    Column("teller", CODE, "#org+teller+code", _("Who told it; empty: no return is held."), "guarantor"),
    Column("variant", COUNT, "#meta+variant+num", _("More than 1: contradicts another return of the day.")),
)
RETURNS = Table(
    "returns",
    _("A return of a day of a ledger; a day without one has a row that says so, and no count: it is not zero."),
    (
        *FIXED,
        *_LEDGER,
        Column("state", CODE, "#status+ledger+code", _("What is held of the day."), "ledger_day"),
        *_TOLD,
        Column("acknowledged", YES_NO, "#status+acknowledged", _("Whether the owner acknowledged what another told.")),
        Column("window_from", INSTANT, "#date+window+start", _("From when the return counts.")),
        Column("window_until", INSTANT, "#date+window+end", _("Until when the return counts; not included.")),
        Column("window_basis", TEXT, "#description+window", _("How the window is known.")),
        Column("total", COUNT, "#indicator+announced+num", _("Announced total; 0 is said, empty is not held.")),
        Column("unit", CODE, "#indicator+unit+code", _("What is counted; units are never mixed."), "count_unit"),
        Column("headline_total", COUNT, "#indicator+headline+num", _("Where the headline has another number.")),
        Column(
            "breakdown", CODE, "#status+breakdown+code", _("Whether the lines by area make up the total."), "breakdown"
        ),
        Column("confirmed", COUNT, "#indicator+confirmed+num", _("Of these, what the teller confirms.")),
        Column(
            "not_confirmed", COUNT, "#indicator+confirmed+not+num", _("Of these, what the teller does not confirm.")
        ),
        Column(
            "attributed_elsewhere",
            COUNT,
            "#indicator+elsewhere+num",
            _("Of these, what the teller ascribes to a designated group."),
        ),
        Column("note", TEXT, "#description+note", _("Why it was corrected or read anew.")),
        Column("sources", TEXT, "#meta+source", _("Where it was read: outlet and address, parted by |.")),
    ),
)
RETURN_LINES = Table(
    "return-lines",
    _("The count of one area within a return. Lines are never summed to a total, nor a total parted among lines."),
    (
        *FIXED,
        *_LEDGER,
        *_TOLD,
        Column("as_written", TEXT, "#adm+name", _("The area as the return writes it.")),
        Column("area", CODE, "#adm+code", _("Which area that is; empty: not known."), "area"),
        Column("count", COUNT, "#indicator+announced+num", _("Announced of that area.")),
        Column("unit", CODE, "#indicator+unit+code", _("What is counted; units are never mixed."), "count_unit"),
    ),
)

AT_THE_TIER = {table.name: table for table in (INCIDENTS, FINDINGS, RETURNS, RETURN_LINES)}
IN_FULL = {table.name.removesuffix("-in-full"): table for table in (INCIDENTS_IN_FULL, FINDINGS_IN_FULL)}

FIGURES = Table(
    "figures",
    _("A figure of the edition, with its row and its measure by code and by name: the edition as CSV."),
    (
        *FIXED[:3],
        Column("guarantor", CODE, "#org+reader+code", _("For whom the edition is arranged."), "guarantor"),
        FIXED[3],
        Column("section", CODE, "#meta+section+code", _("Section of the report.")),
        Column("table", CODE, "#meta+table+code", _("Table of that section.")),
        Column("row_by", CODE, "#meta+row+kind", _("By what the rows of the table are told.")),
        Column("row_code", CODE, "#meta+row+code", _("Which row, by code.")),
        Column("row", TEXT, "#meta+row+name", _("Which row, by name.")),
        Column("within_by", CODE, "#meta+within+kind", _("By what the row is told further.")),
        Column("within_code", CODE, "#meta+within+code", _("Within the row, by code.")),
        Column("within", TEXT, "#meta+within+name", _("Within the row, by name.")),
        Column("date", DATE, "#date", _("Of what is told by day.")),
        Column("measure_code", CODE, "#indicator+code", _("What is measured, by code.")),
        Column("measure", TEXT, "#indicator+name", _("What is measured, in words.")),
        Column(
            "value", TEXT, "#indicator+value", _("A whole number, a code or a text; empty: not there, see the note.")
        ),
        Column("unit", CODE, "#indicator+unit+code", _("What is counted; units are never mixed.")),
        Column("note", TEXT, "#description+note", _("Why a value is not there, or how it is to be read.")),
        Column("of", TEXT, "#description+denominator", _("Out of what a figure in a unit counts.")),
        Column("missing", TEXT, "#description+missing", _("What is not in a figure in a unit.")),
    ),
)
ABOUT = Table(
    "about",
    _("What the spreadsheet is."),
    (
        Column("what", CODE, "#meta+key", _("What is told of the edition.")),
        Column("is", TEXT, "#meta+value", _("What it is.")),
    ),
)
# What the dictionary itself is made of: of columns, and of codes.
COLUMNS = Table(
    "columns",
    _("A column of a table of the edition: the data dictionary."),
    (
        Column("file", CODE, "#meta+file", _("The file, or the sheet of the spreadsheet, that has it.")),
        Column("column", CODE, "#meta+column", _("The column, as the head has it.")),
        Column("kind", CODE, "#meta+kind", _("Of which kind its cells are.")),
        Column("cells", TEXT, "#description+kind", _("What that kind means.")),
        Column("hxl", CODE, "#meta+hxl", _("Its tag in the Humanitarian Exchange Language.")),
        Column("list", CODE, "#meta+list", _("The list in codes.csv that its codes are of; empty: of none.")),
        Column("told", TEXT, "#description", _("What stands in it.")),
    ),
)
CODES_TOLD = Table(
    "codes",
    _("A code that may stand in a table, by the list that it is of."),
    (
        Column("list", CODE, "#meta+list", _("The list, as columns.csv names it.")),
        Column("code", CODE, "#meta+code", _("The code.")),
        Column("name", TEXT, "#meta+name", _("Its name.")),
        Column("told", TEXT, "#description", _("What it means, where the codebook says.")),
    ),
)
