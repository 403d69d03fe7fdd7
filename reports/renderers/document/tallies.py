"""The table that every breakdown of incidents is printed as: what was registered, and in which column each stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, cell, column, row, table
from reports.renderers.reading import out_of_scope
from reports.renderers.words import COLUMNS, OUT_OF_SCOPE, SUBTOTALS

UNDECIDED = ("scope_disputed", "one_sided", "pending", "probable_data_set")
STANDING = ("scope_not_assessed", "conduct_undetermined", "no_breach", "no_provision")
VIOLATIONS = ("violations_determined", "violations_preliminary")

# A digit, and the air on both sides of a number, in millimetres at the size of these tables.
DIGIT, AIR, NARROWEST, WIDER = 1.5, 2.2, 6.4, 7.2
WHOLE = 24  # rows that are kept on one page
ROOM = 134.0  # millimetres for the columns of numbers, beside the names


def tally_table(
    anchor: str,
    caption: str,
    first: str,
    rows: Iterable[tuple[str, dict[str, Any], str]],
    *,
    unit: str,
    of: str,
    missing: str,
    note: str = "",
    brief: bool = False,
    casualties: bool = False,
) -> Block:
    """Return a table of tallies. `rows`: name, tally (None: a heading within the table), look.

    `brief` prints the four reasons of out of scope as one column, as page 1 does; `casualties` adds what findings
    verified of killed and injured.
    """
    rows = list(rows)
    order = columns_in_order(brief=brief, casualties=casualties)
    lines = [_line(name, tally, look, order) for name, tally, look in rows]
    widths = _widths(lines, len(order), least=WIDER if brief else NARROWEST)
    scale = min(1.0, ROOM / sum(widths))
    return table(
        anchor,
        caption,
        columns=[column("1fr"), *(column(f"{width * scale:.2f}mm", end=True) for width in widths)],
        head=_head(first, brief=brief, casualties=casualties),
        rows=lines,
        unit=unit,
        of=of,
        missing=missing,
        note=note,
        whole=len(lines) <= WHOLE,
    ) | {"scale": round(scale, 3)}


def columns_in_order(*, brief: bool, casualties: bool) -> list[str]:
    """The codes of the columns of numbers, as they are printed."""
    reasons = ["out_of_scope"] if brief else list(OUT_OF_SCOPE)
    order = ["registered", "discounted", *reasons, *UNDECIDED, *STANDING, *VIOLATIONS, *SUBTOTALS]
    return [*order, "killed_verified", "injured_verified"] if casualties else order


def _head(first: str, *, brief: bool, casualties: bool) -> list[list[Any]]:
    turned = {code: cell(str(text), turned=True) for code, text in COLUMNS.items()}
    reasons = [cell(_("Out of scope"), turned=True, rowspan=2)] if brief else [cell(_("Out of scope"), colspan=4)]
    upper = [
        cell(first, rowspan=2),
        cell(_("Registered"), turned=True, rowspan=2, strong=True),
        {**turned["discounted"], "rowspan": 2},
        *reasons,
        *({**turned[code], "rowspan": 2} for code in (*UNDECIDED, *STANDING)),
        cell(_("Violations"), colspan=2),
        cell(_("Subtotals"), colspan=3),
    ]
    lower = [] if brief else [turned[code] for code in OUT_OF_SCOPE]
    lower += [turned[code] for code in VIOLATIONS]
    lower += [
        cell(str(SUBTOTALS["verified"]), turned=True),
        cell(str(SUBTOTALS["in_scope"]), turned=True),
        cell(_("Violations, all"), turned=True, strong=True),
    ]
    if casualties:
        upper.append(cell(_("Casualties"), colspan=2))
        lower += [cell(_("Killed"), turned=True), cell(_("Injured"), turned=True)]
    return [upper, lower]


def _line(name: str, tally: dict[str, Any] | None, look: str, order: list[str]) -> dict[str, Any]:
    if tally is None:
        return row(cell(name, colspan=len(order) + 1), look="group")
    return row(name, *(_figure(tally, code) for code in order), look=look)


def _figure(tally: dict[str, Any], code: str) -> dict[str, Any]:
    number = _number(tally, code)
    return cell(values.count(number), faint=number == 0, strong=code in {"registered", "violations"})


def _number(tally: dict[str, Any], code: str) -> int | None:
    if code == "out_of_scope":
        return out_of_scope(tally)
    if code in tally["columns"]:
        return tally["columns"][code]
    if code in tally["subtotals"]:
        return tally["subtotals"][code]
    return tally.get(code)


def _widths(lines: list[dict[str, Any]], number: int, *, least: float) -> list[float]:
    """How wide each column of numbers is; large numbers take more, and the whole is made smaller if need be."""
    counted = [line["cells"][1:] for line in lines if len(line["cells"]) > 1]
    longest = [max((len(cells[at]["text"]) for cells in counted), default=1) for at in range(number)]
    return [max(least, length * DIGIT + AIR) for length in longest]


def joint_note(joint: int) -> str:
    """That an incident may stand in several rows of a table, where any does."""
    if not joint:
        return ""
    return ngettext(
        "%(count)s incident belongs in several rows: it counts in each and once in the whole.",
        "%(count)s incidents belong in several rows: they count in each and once in the whole.",
        joint,
    ) % {"count": values.count(joint)}
