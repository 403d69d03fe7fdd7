"""The lines of an import that were not taken, as a table beside: each once, with all that is wrong, and as it stood.

The table can be mended and handed in again: what stands before the cells is passed over, and so is the apostrophe that
keeps a spreadsheet from calculating what somebody wrote. It appears whole when the
import is recorded, or not at all; one of an earlier run gives way, anything else in its place is left alone.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from monitoring import spreadsheets
from monitoring.faults import Fault, FaultyFile
from violations.importing.table import REFUSED_BEFORE, Row

MOST_TOLD = 20


class Rejects:
    """The lines refused so far; with no `writer`, they are only counted and the first of them told."""

    def __init__(self, name: str, writer: Any = None) -> None:
        self.name, self.lines, self.faults = name, 0, 0
        self.first: list[Fault] = []
        self._writer = writer

    def add(self, row: Row) -> None:
        """Take in a line that is refused, for each of its reasons."""
        if not self.lines:
            self._write([*REFUSED_BEFORE, *row.cells])
        self.lines += 1
        self.faults += len(row.refused)
        self.first += row.faults[: MOST_TOLD - len(self.first)]
        self._write([str(row.line), *_told(row), *row.cells.values()])

    def _write(self, cells: Iterable[str]) -> None:
        if self._writer is not None:
            self._writer.writerow(map(spreadsheets.guarded, cells))

    def refuse_whole(self) -> None:
        """Raise FaultyFile with the first faults, where there is any."""
        if self.first:
            more = self.faults - len(self.first)
            rest = [Fault(self.name, _("and %(count)d more") % {"count": more})] if more else []
            raise FaultyFile(self.name, [*self.first, *rest])


def _told(row: Row) -> tuple[str, str]:
    """Return the columns at fault and the reasons; several reasons say which column each is of."""
    if len(row.refused) == 1:
        return row.refused[0]
    columns = dict.fromkeys(column for column, _reason in row.refused)
    return "; ".join(columns), " | ".join(f"{column}: {reason}" for column, reason in row.refused)


@contextmanager
def rejecting(path: Path, table: Path | None) -> Iterator[Rejects]:
    """Gather the lines of `path` that are refused; when the block ends well, they stand in `table`.

    Where the block fails, `table` is as it was. Raises FaultyFile where it cannot be written or holds something else.
    """
    if table is None:
        yield Rejects(path.name)
        return
    try:
        _may_replace(table)
        number, made = tempfile.mkstemp(prefix=f".{table.name}.", suffix=".part", dir=table.parent)
    except OSError as error:
        raise FaultyFile(path.name, [Fault(str(table), error.strerror or str(error))]) from None
    part = Path(made)
    try:
        with open(number, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            rejects = Rejects(path.name, csv.writer(file))
            yield rejects
        if rejects.lines:
            part.replace(table)
        else:
            table.unlink(missing_ok=True)
    finally:
        part.unlink(missing_ok=True)


def _may_replace(table: Path) -> None:
    """Refuse to write over what is no table of rejects."""
    if not table.exists():
        return
    with table.open("rb") as file:
        if file.readline().startswith(",".join(REFUSED_BEFORE).encode() + b","):
            return
    message = _("this is there already and no table of rejects; name another with --rejects")
    raise FaultyFile(table.name, [Fault(str(table), message)])


def refused_again(rows: Iterable[Row], lines: Iterator[tuple[int, int]]) -> Iterator[Row]:
    """Yield those of `rows` that stand in `lines`, each refused for the earlier line of its id, which tells otherwise.

    Both are in the order of the file.
    """
    rows = iter(rows)
    for line, earlier in lines:
        row = next(row for row in rows if row.line == line)
        message = _("this id stands in line %(line)d already, with other content")
        row.refuse("id", message % {"line": earlier})
        yield row
