"""A line of the long table: one figure, its row and measure by code and by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.reading import Reading, word
from reports.renderers.words import COLUMNS


@dataclass(frozen=True)
class Line:
    """One figure: where it stands, of what, which measure, how much, in which unit."""

    section: str
    table: str
    measure_code: str
    value: int | str | None
    row_by: str = ""
    row_code: str = ""
    row: str = ""
    within_by: str = ""
    within_code: str = ""
    within: str = ""
    date: str = ""
    measure: str = ""
    unit: str = ""
    note: str = ""
    of: str = ""
    missing: str = ""


ORDER = (
    "section",
    "table",
    "row_by",
    "row_code",
    "row",
    "within_by",
    "within_code",
    "within",
    "date",
    "measure_code",
    "measure",
    "value",
    "unit",
    "note",
    "of",
    "missing",
)


def row_of(reading: Reading, kind: str, code: str) -> dict[str, str]:
    """The key of a row that a label of the content names."""
    return {"row_by": kind, "row_code": code, "row": reading.label(kind, code) if code else ""}


def within_area(reading: Reading, area: str | None) -> dict[str, str]:
    """The area within which a figure stands, or that it is not placed."""
    return {"within_by": "area", "within_code": area or "", "within": values.plain(reading.area(area))}


def keys_of(
    reading: Reading, item: dict[str, Any], row: tuple[str, str], within: tuple[str, str] | None
) -> dict[str, str]:
    """The keys of a row: one that a label of the content names, or a code of a list; and the one within it."""
    key, kind = row
    code = item[key] or ""
    named = kind in {"side", "party", "zone"}
    name = (reading.label(kind, code) if named else word(kind, code)) if code else ""
    keys = {"row_by": key, "row_code": code, "row": name}
    if within:
        inner, inner_kind = within
        keys |= {"within_by": inner, "within_code": item[inner], "within": word(inner_kind, item[inner])}
    return keys


def tally_lines(section: str, table: str, tally: dict[str, Any], **place: str) -> Iterator[Line]:
    """A row of tallies as lines: the registered, every column, the running subtotals, casualties where there are."""
    yield Line(section, table, "registered", tally["registered"], unit="incident", **place)
    for code, name in COLUMNS.items():
        yield Line(section, table, code, tally["columns"][code], measure=str(name), unit="incident", **place)
    for code, count in tally["subtotals"].items():
        subtotal = _("%(subtotal)s (subtotal)") % {"subtotal": word("subtotal", code)}
        yield Line(section, table, f"subtotal_{code}", count, measure=subtotal, unit="incident", **place)
    for code in ("killed_verified", "injured_verified"):
        if code in tally:
            yield Line(section, table, code, tally[code], unit="person", **place)
