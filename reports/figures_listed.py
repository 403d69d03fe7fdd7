"""The list of every figure of a report: its tables, what their rows are of, the numbers in the order of print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from monitoring.errors import NotFound
from reports import behind
from reports.figures.columns import OUT_OF_SCOPE
from reports.figures_shown import called
from reports.renderers import values
from reports.renderers.document.changed import within
from reports.renderers.reading import Reading, initial, place_in_columns
from reports.renderers.uncounted import no_number, uncounted

Figures = list[tuple[str, int]]
Row = tuple[tuple[str, ...], dict[str, Any]]  # what it is of, and it

# The print sums the four reasons for which an incident is out of scope; that figure stands in a section of its own.
WHOLE, SUMMED = "incidents/total", "out_of_scope/total"

DAY_OF_A_LEDGER = re.compile("ledgers/ledgers/[^/]+/days/")  # a line or two each, so that no day is a group


def tables(reading: Reading) -> list[dict[str, Any]]:
    """The tables of a content that hold numbers, in the order of the report, each with its paths and numbers."""
    found: dict[str, Figures] = {}
    for _section, path, number in behind.numbers(reading.content):
        found.setdefault(table_of(path), []).append((path, number))
    if WHOLE in found:
        found[WHOLE] = list(_with_the_sum(found[WHOLE], reading))
    return [{"code": code, "name": called(reading, code), "figures": told} for code, told in found.items()]


def _with_the_sum(figures: Figures, reading: Reading) -> Iterator[tuple[str, int]]:
    """The figures of all incidents, and before those out of scope for one reason, how many are for any."""
    for path, number in figures:
        if path == f"{WHOLE}/columns/{OUT_OF_SCOPE[0]}":
            yield SUMMED, reading.sections["out_of_scope"]["total"]
        yield path, number


def table_at(told: list[dict[str, Any]], code: str) -> dict[str, Any]:
    """The table of `tables` named `code`; where none is named, of all incidents. Raises NotFound."""
    wanted = [code] if code else [WHOLE, "registrations", told[0]["code"]]
    found = next((table for name in wanted for table in told if table["code"] == name), None)
    if found is None:
        raise NotFound(_("This report has no such table. Choose one from its list of figures."), code="no_table")
    return found


def table_of(path: str) -> str:
    """The table in which a figure is listed: the first codes of its path; of one that stands alone, its section.

    How many belong in several rows of a table is listed with it.
    """
    codes = path.removesuffix("_joint").split("/")
    long = 3 if codes[:2] in (["ledgers", "ledgers"], ["comparison", "measures"]) else 2
    joint = path.endswith("_joint") and len(codes) == long
    return "/".join(codes[:long] if joint or len(codes) > long else codes[:1])


def grouped(reading: Reading, table: dict[str, Any], figures: Figures) -> list[dict[str, Any]]:
    """The numbers of a part of a table by what they are of; where one is no count, `note` says why.

    A group that is of no row bears the name of the table where another stands before it, else none.
    """
    nothing = uncounted(reading)
    rows: list[Row] = []
    for number, (path, figure) in enumerate(figures, start=1):
        note = nothing.why_at(path, figure)
        of, name = _named(reading, path, table["code"])
        row = {"path": path, "name": name, "number": no_number() if note else values.count(figure), "note": note}
        rows.append((of, row | {"id": number}))
    groups: list[dict[str, Any]] = []
    for of, several in groupby(_in_groups(rows), key=lambda row: row[0]):
        name = initial(" › ".join(of)) or (table["name"] if groups else "")
        shown = [row | {"name": initial(row["name"])} for _of, row in several]
        groups.append({"id": len(groups) + 1, "name": name, "figures": shown})
    return groups


def notes(groups: list[dict[str, Any]]) -> list[str]:
    """Why there is no number in some of the rows of `grouped`, each reason once."""
    return list(dict.fromkeys(row["note"] for group in groups for row in group["figures"] if row["note"]))


def _named(reading: Reading, path: str, table: str) -> tuple[tuple[str, ...], str]:
    """What a figure of a table is of, and what it is called there."""
    last = path.rpartition("/")[2]
    if (path, table) == (SUMMED, WHOLE):
        return (), _("Out of scope, for any of the reasons that follow")
    *of, name = within(reading, path, table) or [called(reading, path)]
    if last in OUT_OF_SCOPE:
        name = place_in_columns(last)
    if last == "count" and of:
        *of, name = of
    if of and DAY_OF_A_LEDGER.match(path):
        of, name = of[:1], " › ".join([*of[1:], name])
    return tuple(of), name


def _in_groups(rows: list[Row]) -> Iterator[Row]:
    """The rows; of neighbours that are each alone in a group, each bears the name of its own, in the wider."""
    runs = [list(several) for _of, several in groupby(rows, key=lambda row: row[0])]
    wider = [run[0][0][:-1] if len(run) == 1 and run[0][0] else None for run in runs]
    for number, run in enumerate(runs):
        beside = [*wider[max(0, number - 1) : number], *wider[number + 1 : number + 2]]
        of, row = run[0]
        if wider[number] is not None and wider[number] in beside:
            yield of[:-1], row | {"name": f"{of[-1]} › {row['name']}"}
        else:
            yield from run
