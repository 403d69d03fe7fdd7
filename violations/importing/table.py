"""Reading a CSV table whose every cell may be wrong: its lines, and each fault with file, line and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from monitoring import spreadsheets
from monitoring.faults import Fault, FaultyFile
from monitoring.readable import require_table

# What stands before the cells in a table of lines that were refused; `rejects` writes it.
REFUSED_BEFORE = ("line", "column", "reason")
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_DATE = re.compile(r"(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)
LONGEST_NAME = 200  # of a party, as models.ReportParty holds it
UNREAD = date(1900, 1, 1)  # stands for a date that was refused; nothing of such a file is recorded
# A NUL, which PostgreSQL holds in no text; a byte that is no UTF-8; the sign that an editor leaves in the place of one.
_NO_TEXT = re.compile("[\\x00\\ud800-\\udfff\\ufffd]")
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")


@dataclass
class Row:
    """One line of a table; what is wrong with it is gathered in `refused`, by column.

    Where it is `torn`, its cells are not those that the heading names, and what else is wrong cannot be told. In a
    table of rejects it `was_refused` for what is said there.
    """

    file: str
    line: int
    cells: dict[str, str]
    refused: list[tuple[str, str]] = field(default_factory=list)
    torn: bool = False
    was_refused: str = ""

    @property
    def faults(self) -> list[Fault]:
        """What is wrong with the line, each with its place."""
        return [Fault(self.place(column), message) for column, message in self.refused]

    def place(self, column: str) -> str:
        """Return where a cell stands, as `totals.csv, line 4, column total`."""
        return _("%(file)s, line %(line)d, column %(column)s") % {
            "file": self.file,
            "line": self.line,
            "column": column,
        }

    def refuse(self, column: str, message: str) -> None:
        """Note that the cell in `column` is wrong, and what to do about it."""
        self.refused.append((column, message))

    def text(self, column: str) -> str:
        """Return the cell without white space around it."""
        return self.cells[column].strip()

    def required(self, column: str, *, longest: int) -> str:
        """Return the cell; an empty or too long one is refused."""
        text = self.text(column)
        if not text:
            self.refuse(column, _("this is empty"))
        elif len(text) > longest:
            self.refuse(column, _("this is longer than %(longest)d characters") % {"longest": longest})
        return text

    def one_of(self, column: str, known: dict[str, str]) -> str:
        """Return what the cell stands for; one that is not `known` is refused."""
        text = self.text(column)
        if text not in known:
            message = _("'%(text)s' is not known; known are %(known)s")
            self.refuse(column, message % {"text": text, "known": ", ".join(known)})
        return known.get(text, "")

    def number(self, column: str) -> int:
        """Return the count in the cell; an empty one is refused: zero is written 0."""
        count = self.number_if_given(column)
        if count is None and not self.text(column):
            self.refuse(column, _("this is empty; an explicit nil is written 0"))
        return count or 0

    def number_if_given(self, column: str) -> int | None:
        """Return the count in the cell, or None where it is empty: unknown, not zero."""
        text = self.text(column)
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            self.refuse(column, _("'%(text)s' is not a count; write digits only") % {"text": text})
            return None
        return int(text)

    def date(self, column: str) -> date:
        """Return the date in the cell."""
        text = self.text(column)
        try:
            if not _DATE.fullmatch(text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(column, _("'%(text)s' is not a date of 1900 to 2099; write it as 2017-01-22") % {"text": text})
            return UNREAD

    def address(self, column: str) -> str:
        """Return the address (http or https) in the cell."""
        text = self.text(column)
        if not _ADDRESS.fullmatch(text):
            self.refuse(
                column, _("'%(text)s' is no address; write where it can be read, with https://") % {"text": text}
            )
        return text


def heading(path: Path) -> list[str]:
    """Return the names of the columns. Raises FaultyFile where the file cannot be read as a table."""
    require_table(path)
    try:
        with _opened(path) as file:
            names = next(csv.reader(file, strict=True), [])
    except csv.Error as error:
        raise FaultyFile(path.name, [Fault(path.name, _not_a_table(error))]) from None
    if any(map(_unreadable, names)):
        raise FaultyFile(path.name, [Fault(path.name, _not_a_table(_("the heading is not such text")))])
    return _as_it_stood(names, names)


def rows(path: Path, *, keep_broken: bool = False) -> Iterator[Row]:
    """Yield the lines below the heading; empty ones are passed over, and what a table of rejects says of a line.

    A cell that is no text is refused. Where lines are no table at all (a quote that nothing closes), FaultyFile is
    raised; with `keep_broken` they are yielded as one row that is refused, without cells, and reading goes on.
    """
    with _opened(path) as file:
        reader = csv.reader(file, strict=True)
        written = next(reader)
        names = _as_it_stood(written, written)
        line = reader.line_num
        while True:
            first = line + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                line = reader.line_num
                if not keep_broken:
                    place = _("%(file)s, line %(line)d") % {"file": path.name, "line": first}
                    raise FaultyFile(path.name, [Fault(place, _not_a_table(error))]) from None
                yield _broken(path, names, first, line, error)
                continue
            if cells is None:
                return
            line = reader.line_num
            if any(cell.strip() for cell in cells):
                row = _row(path, names, first, _as_it_stood(cells, written))
                row.was_refused = _why_refused(cells, written)
                yield row


def _are_rejects(heading: list[str]) -> bool:
    return tuple(heading[: len(REFUSED_BEFORE)]) == REFUSED_BEFORE


def _as_it_stood(cells: list[str], heading: list[str]) -> list[str]:
    """Return `cells` as they stood in the table that was refused, where `heading` is that of a table of rejects."""
    if not _are_rejects(heading):
        return cells
    return [spreadsheets.unguarded(cell) for cell in cells[len(REFUSED_BEFORE) :]]


def _why_refused(cells: list[str], heading: list[str]) -> str:
    at = REFUSED_BEFORE.index("reason")
    return spreadsheets.unguarded(cells[at]) if _are_rejects(heading) and len(cells) > at else ""


def _row(path: Path, names: list[str], line: int, cells: list[str]) -> Row:
    row = Row(path.name, line, dict(zip(names, [*cells, *[""] * len(names)], strict=False)))
    if len(cells) != len(names):
        message = _("this line has %(cells)d cells, the heading %(names)d")
        row.refuse(names[0], message % {"cells": len(cells), "names": len(names)})
        row.torn = True
    if _unreadable("".join(cells)):
        for name, cell in row.cells.items():
            if _unreadable(cell):
                row.refuse(name, _("this holds bytes that are no text in UTF-8"))
    return row


def _broken(path: Path, names: list[str], first: int, last: int, error: csv.Error) -> Row:
    row = Row(path.name, first, dict.fromkeys(names, ""), torn=True)
    row.refuse(
        names[0],
        _not_a_table(error)
        if first >= last
        else _("lines %(first)d to %(last)d: %(why)s") % {"first": first, "last": last, "why": _not_a_table(error)},
    )
    return row


def _opened(path: Path) -> TextIO:
    """Open a table so that bytes that are no UTF-8 can be told by their place, and written back as they stand."""
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _unreadable(cell: str) -> bool:
    return _NO_TEXT.search(cell) is not None


def _not_a_table(error: object) -> str:
    return _("this is not a table of comma-separated values in UTF-8: %(error)s") % {"error": error}
