"""Reading a list of cases as a guarantor hands it in: CSV with a head, or JSON, every fault with its row and column.

One row is one case. `date` and `act` are required of each, the rest is told where it is known. A time is by the truce's
clocks; a date alone is the calendar's day.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.days import is_known
from monitoring.errors import Malformed
from monitoring.local_time import LocalTimeError, first_instant, instant_of
from monitoring.plain_text import plain
from violations.codebook import Act, PlacePrecision, TimePrecision
from violations.models import CaseListRow

COLUMNS = (
    *("reference", "their_reference", "date", "time", "place", "area", "longitude", "latitude", "precision"),
    *("act", "alleged", "killed", "injured"),
)
REQUIRED = ("date", "act")
LONGEST = {"reference": 120, "their_reference": 120, "place": 500, "area": 120, "alleged": 200}
LONGEST_OTHER = 40
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # NUL and half characters
MOST_ROWS = 5000
MOST_HARMED = 100_000
MOST_FAULTS = 50
WITH_A_POINT = (PlacePrecision.EXACT, PlacePrecision.VICINITY, PlacePrecision.LOCALITY, PlacePrecision.SURROUNDINGS)

Cells = dict[str, str]


@dataclass
class Faults:
    """What is wrong, by JSON pointer: row from 0, column."""

    fields: dict[str, list[str]] = field(default_factory=dict)

    def add(self, row: int, column: str, message: str) -> None:
        """Note a fault of one cell; row 0 is the first case."""
        self.fields.setdefault(f"/cases/{row}/{column}", []).append(message)

    def refuse(self) -> None:
        """Raise Malformed where there is any."""
        if self.fields:
            first = dict(list(self.fields.items())[:MOST_FAULTS])
            message = ngettext(
                "Nothing was recorded: %(count)d cell of the list cannot be taken; see the error.",
                "Nothing was recorded: %(count)d cells of the list cannot be taken; see each error.",
                len(self.fields),
            )
            raise Malformed(message % {"count": len(self.fields)}, code="malformed_list", fields=first)


def rows_of(text: str, form: str, zone: ZoneInfo) -> list[CaseListRow]:
    """Return the cases of the list, unsaved and without area and party. Raises Malformed (`malformed_list`)."""
    cells = list(_csv(text) if form == "csv" else _json(text))
    if len(cells) > MOST_ROWS:
        raise Malformed(_("A list holds at most %(most)d cases.") % {"most": MOST_ROWS}, code="malformed_list")
    faults = Faults()
    rows = [_row(number, one, zone, faults) for number, one in enumerate(cells)]
    faults.refuse()
    return [row for row in rows if row is not None]


def _csv(text: str) -> Iterator[Cells]:
    head = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        _require_columns(names)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                message = _("Line %(line)d has %(found)d cells, the head has %(wanted)d.")
                told = {"line": reader.line_num, "found": len(cells), "wanted": len(names)}
                raise Malformed(message % told, code="malformed_list")
            yield {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    except csv.Error:
        message = _("Line %(line)d is not CSV: a quotation mark is missing, or one too many.")
        raise Malformed(message % {"line": reader.line_num}, code="malformed_list") from None


def _json(text: str) -> Iterator[Cells]:
    try:
        told = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise Malformed(_("The text is not JSON."), code="malformed_list") from None
    cases = told.get("cases") if isinstance(told, Mapping) else told
    if not isinstance(cases, list) or not all(isinstance(case, Mapping) for case in cases):
        raise Malformed(_("Give a list of cases, each an object."), code="malformed_list")
    for number, case in enumerate(cases):
        _require_columns([*case, *REQUIRED], number)
        yield {name: "" if cell is None else _plain(cell) for name, cell in case.items()}


def _plain(cell: Any) -> str:
    """A cell of JSON as the same cell of CSV would say it; what is neither text nor number is no cell."""
    if isinstance(cell, str):
        return cell.strip()
    return repr(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else "\0"


def _require_columns(names: list[str], number: int | None = None) -> None:
    for name in names:
        if name not in COLUMNS:
            place = f"/cases/{number}" if number is not None else "/cases"
            message = _("There is no column '%(name)s' here; known are %(known)s.")
            told = {"name": plain(str(name)[:40]), "known": ", ".join(COLUMNS)}
            raise Malformed(message % told, code="malformed_list", fields={place: [message % told]})
    for name in REQUIRED:
        if name not in names:
            raise Malformed(_("The column '%(name)s' is missing.") % {"name": name}, code="malformed_list")
    if len(set(names)) < len(names) and number is None:
        raise Malformed(_("A column stands twice in the head."), code="malformed_list")


def _row(number: int, cells: Cells, zone: ZoneInfo, faults: Faults) -> CaseListRow | None:
    before = len(faults.fields)
    for column, cell in cells.items():
        if NO_TEXT.search(cell) or len(cell) > LONGEST.get(column, LONGEST_OTHER):
            message = _("Give text of at most %(most)d characters.") % {"most": LONGEST.get(column, LONGEST_OTHER)}
            faults.add(number, column, message)
    when = _when(number, cells, zone, faults)
    point, precision = _where(number, cells, faults)
    if cells.get("act") not in Act.values:
        faults.add(number, "act", _("Give the code of an act, as indirect_fire."))
    harmed = {column: _harmed(number, column, cells, faults) for column in ("killed", "injured")}
    if when is None or len(faults.fields) > before:
        return None
    return CaseListRow(
        number=number + 1,
        reference=cells.get("reference", ""),
        their_reference=cells.get("their_reference", ""),
        occurred_from=when[0],
        occurred_until=when[1],
        time_precision=when[2],
        place_as_written=cells.get("place", ""),
        point=point,
        place_precision=precision,
        area_as_written=cells.get("area", ""),
        act=cells["act"],
        alleged_as_written=cells.get("alleged", ""),
        **harmed,
    )


def _when(number: int, cells: Cells, zone: ZoneInfo, faults: Faults) -> tuple[datetime, datetime, str] | None:
    try:
        on = date.fromisoformat(cells.get("date", ""))
        if not is_known(on):
            raise ValueError
        after = on + timedelta(days=1)
    except ValueError:
        faults.add(number, "date", _("Give a date as 2025-03-05."))
        return None
    if not cells.get("time"):
        return first_instant(on, zone), first_instant(after, zone), TimePrecision.DAY
    try:
        at = time.fromisoformat(cells["time"])
        if at.tzinfo is not None:
            raise ValueError
        begins = instant_of(datetime.combine(on, at.replace(second=0, microsecond=0)), zone)
    except LocalTimeError as error:
        faults.add(number, "time", str(error))
        return None
    except ValueError:
        faults.add(number, "time", _("Give a time by the truce's clocks as 14:20, or none."))
        return None
    return begins, begins + timedelta(minutes=1), TimePrecision.MINUTE


def _where(number: int, cells: Cells, faults: Faults) -> tuple[Point | None, str]:
    precision = cells.get("precision", "")
    given = [name for name in ("longitude", "latitude") if cells.get(name)]
    if not given:
        if precision:
            faults.add(number, "precision", _("A precision goes with a longitude and a latitude."))
        return None, ""
    degrees = []
    for name, most in (("longitude", 180), ("latitude", 90)):
        try:
            value = float(cells.get(name, ""))
            if not -most <= value <= most:
                raise ValueError
            degrees.append(round(value, 7))
        except ValueError:
            faults.add(number, name, _("Give degrees from -%(most)d to %(most)d.") % {"most": most})
    if precision and precision not in WITH_A_POINT:
        known = ", ".join(WITH_A_POINT)
        faults.add(number, "precision", _("A point is known as finely as one of: %(known)s.") % {"known": known})
    return (
        Point(degrees[0], degrees[1], srid=4326) if len(degrees) == 2 else None
    ), precision or PlacePrecision.LOCALITY


def _harmed(number: int, column: str, cells: Cells, faults: Faults) -> int | None:
    cell = cells.get(column, "")
    if not cell:
        return None
    if cell.isascii() and cell.isdecimal() and len(cell) <= LONGEST_OTHER and int(cell) <= MOST_HARMED:
        return int(cell)
    faults.add(number, column, _("Give a whole number, or leave it empty where it is not known."))
    return None
