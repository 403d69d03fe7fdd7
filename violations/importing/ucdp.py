"""Events of the Uppsala Conflict Data Program (UCDP GED), line by line, in the headers of its releases 19.1 and 23.1.

What the source codes becomes what a report says, by the crosswalks below (UCDP GED Codebook 19.1). A dyad has no
direction: only one-sided violence names who acted. What force was used is not coded, so the act is undetermined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from monitoring import canonical
from monitoring.faults import Fault, FaultyFile
from violations.codebook import Act, Means, Noticed, PlacePrecision, Role, TimePrecision
from violations.importing import rejects, table
from violations.importing.occasion import Occasion
from violations.importing.staging import Event
from violations.importing.table import Row
from violations.outside_sources import UCDP_GED

SCHEME = "ucdp"
SOURCE = UCDP_GED.code

COLUMNS = (
    "id",
    "type_of_violence",
    "side_a",
    "side_b",
    "source_headline",
    "where_prec",
    "where_coordinates",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "low",
    "best",
    "high",
)

PLACE = {
    "1": PlacePrecision.LOCALITY,
    "2": PlacePrecision.SURROUNDINGS,
    "3": PlacePrecision.DISTRICT,
    "4": PlacePrecision.GOVERNORATE,
    "5": PlacePrecision.LINE,
    "6": PlacePrecision.COUNTRY,
    "7": PlacePrecision.OUTSIDE,
}
TIME = {
    "1": TimePrecision.DAY,
    "2": TimePrecision.DAYS_2_6,
    "3": TimePrecision.WEEK,
    "4": TimePrecision.MONTH,
    "5": TimePrecision.LONGER,
}
# How many days the dates of an event of each precision are apart at most.
DAYS_AT_MOST = {"1": 1, "2": 7, "3": 8, "4": 31, "5": 366}
STATE_BASED, NON_STATE, ONE_SIDED = "1", "2", "3"

_WHOLE = re.compile(r"(-?[0-9]{1,18})(?:\.0*)?", re.ASCII)
MOST = 99_999_999  # dead or injured of one event: four such counts together are still an integer of the database
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]+)?", re.ASCII)
_DAY = re.compile(r"((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2})(?:[ T]00:00:00(?:\.0+)?)?", re.ASCII)


def read(path: Path, occasion: Occasion) -> Iterator[Row | Event]:
    """Yield each line as the event that it tells, or, where it cannot be taken, as the row with what it refuses.

    Raises FaultyFile where the file is no table, lacks a column or has it twice, or is not of the agreement's kind.
    """
    names = table.heading(path)
    faults = {
        _("these columns of UCDP GED are missing: %(columns)s"): [name for name in COLUMNS if name not in names],
        _("these columns stand here twice: %(columns)s"): [name for name in COLUMNS if names.count(name) > 1],
    }
    if any(faults.values()):
        place = _("%(file)s, line 1") % {"file": path.name}
        told = [Fault(place, message % {"columns": ", ".join(which)}) for message, which in faults.items() if which]
        raise FaultyFile(path.name, told)
    for row in occasion.of_its_kind(table.rows(path, keep_broken=True)):
        event = None if row.torn else _event(row, occasion)
        yield event or row


def _event(row: Row, occasion: Occasion) -> Event | None:
    number = _whole(row, "id", least=1, most=None)
    rejects.require_not_anothers(row, "id", str(number))
    kind = _one_of(row, "type_of_violence", (STATE_BASED, NON_STATE, ONE_SIDED))
    place = _one_of(row, "where_prec", tuple(PLACE))
    time = _one_of(row, "date_prec", tuple(TIME))
    latitude, longitude = _degrees(row, "latitude", 90), _degrees(row, "longitude", 180)
    first, last = _day(row, "date_start"), _day(row, "date_end")
    occasion.require_happened(row, "date_start", first)
    if first and last and last < first:
        row.refuse("date_end", _("the event ends before it begins, on %(first)s") % {"first": first})
    parts = {name: _whole(row, name) for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")}
    bounds = {name: _whole(row, name) for name in ("low", "best", "high")}
    parties = _parties(row, kind)
    if row.refused or first is None or last is None:
        return None
    headline = row.text("source_headline")
    event = Event(
        line=row.line,
        external_id=str(number),
        first_day=first.isoformat(),
        after_last_day=(last + timedelta(days=1)).isoformat(),
        time_precision=TIME[time].value,
        longitude=longitude,
        latitude=latitude,
        place_precision=PLACE[place].value,
        place_as_written=", ".join(filter(None, map(row.text, ("where_coordinates", "adm_2", "adm_1")))),
        area_as_written=row.text("adm_1"),
        act=Act.FORCE_UNDETERMINED.value,
        means=Means.OPEN_SOURCE.value,
        casualties=_killed(*parts.values(), *bounds.values()),
        narrative=headline,
        narrative_language="en" if headline else "",
        parties=_as_json(tuple(parties)),
        noticed=_noticed(time, first, last, parts, bounds),
    )
    return event.hashed()


def _noticed(
    time: str, first: date, last: date, parts: dict[str, int | None], bounds: dict[str, int | None]
) -> list[str]:
    days = (last - first).days + 1
    low, best, high = (bounds[name] or 0 for name in ("low", "best", "high"))
    found = {
        Noticed.BOUNDS_OUT_OF_ORDER: not low <= best <= high,
        Noticed.PARTS_DIFFER: sum(part or 0 for part in parts.values()) != best,
        Noticed.WIDER_THAN_STATED: days > DAYS_AT_MOST[time],
        Noticed.LONGER_THAN_A_MONTH: days > DAYS_AT_MOST["4"],
    }
    return [what.value for what, is_so in found.items() if is_so]


# Few differ: most events of a set name the same parties, and tell of few dead.
@lru_cache(maxsize=4096)
def _killed(
    of_a: int | None,
    of_b: int | None,
    civilians: int | None,
    unknown: int | None,
    low: int | None,
    best: int | None,
    high: int | None,
) -> str:
    """As JSON: the dead by whom as far as they are told apart, and the bounds, which the source gives for all."""
    combatants = [count for count in (of_a, of_b) if count is not None]
    by_whom = {"civilian": civilians, "combatant": sum(combatants) if combatants else None, "unknown": unknown}
    killed = {whom: {"best": count} for whom, count in by_whom.items() if count is not None}
    together = {name: count for name, count in (("low", low), ("best", best), ("high", high)) if count is not None}
    if together:
        killed["all"] = together
    return canonical.dumps({"killed": killed} if killed else {})


@lru_cache(maxsize=4096)
def _as_json(parties: tuple[tuple[str, str, str], ...]) -> str:
    return canonical.dumps(parties)


def _parties(row: Row, kind: str) -> list[tuple[str, str, str]]:
    """[role, name, the whole name where several stand as one] of each party. Civilians are no party."""
    sides = ("side_a",) if kind == ONE_SIDED else ("side_a", "side_b")
    role = Role.ALLEGED.value if kind == ONE_SIDED else Role.INVOLVED.value
    named = []
    for side in sides:
        whole = row.text(side)
        names = [name for name in whole.split(", ") if name]
        if not names:
            row.refuse(side, _("this is empty; nobody is named"))
        if any(len(name) > table.LONGEST_NAME for name in names):
            row.refuse(side, _("a name is longer than %(longest)d characters") % {"longest": table.LONGEST_NAME})
        named += [(role, name, whole if len(names) > 1 else "") for name in names]
    return named


def _whole(row: Row, column: str, *, least: int = 0, most: int | None = MOST) -> int | None:
    """Return the whole number in a cell, which may be printed as 12.0; None where it is empty and that is no fault."""
    text = row.text(column)
    if not text and column != "id":
        return None
    match = _WHOLE.fullmatch(text)
    if match is None or int(match[1]) < least:
        message = _("'%(text)s' is no whole number of %(least)d or more")
        row.refuse(column, message % {"text": text, "least": least})
        return None
    number = int(match[1])
    if most is not None and number > most:
        row.refuse(column, _("%(number)d is more than %(most)d") % {"number": number, "most": most})
        return None
    return number


def _one_of(row: Row, column: str, known: tuple[str, ...]) -> str:
    text = row.text(column)
    code = text[:-2] if text.endswith(".0") else text
    if code not in known:
        message = _("'%(text)s' is not known; known are %(known)s")
        row.refuse(column, message % {"text": text, "known": ", ".join(known)})
        return known[0]
    return code


def _degrees(row: Row, column: str, most: int) -> str:
    text = row.text(column)
    if not _DEGREES.fullmatch(text) or abs(float(text)) > most:
        row.refuse(
            column,
            _("'%(text)s' gives no place; write degrees of -%(most)d to %(most)d") % {"text": text, "most": most},
        )
    return text


def _day(row: Row, column: str) -> date | None:
    text = row.text(column)
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        return date.fromisoformat(match[1])
    except ValueError:
        row.refuse(column, _("'%(text)s' is not a date of 1900 to 2099; write it as 2017-01-22") % {"text": text})
        return None
