"""The lines of an import that were not taken, as a table beside: each once, with all that is wrong, and as it stood.

The table can be mended and handed in again: what stands before the cells is passed over, and so is the apostrophe that
keeps a spreadsheet from calculating what somebody wrote. It appears whole when the import is recorded, or not at all;
by which name, `rejects_place` says.

A line whose id stands in an earlier line that tells something else is refused. Mended nothing, and handed in alone, it
would be taken for a later word on that id, and the file it came from would take that back, for ever in turn. So its
reason begins with the id, in brackets, and as long as it bears that id such a table does not bring it in.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from monitoring import spreadsheets
from monitoring.faults import Fault, FaultyFile, UnreadableFile
from violations.importing import rejects_place
from violations.importing.table import REFUSED_BEFORE, Row

MOST_TOLD = 20
_BORN_BY_ANOTHER = re.compile(r"\[([^\[\]]+)\] ")


class Rejects:
    """The lines refused so far; with no `writer`, they are only counted and the first of them told.

    When all is recorded, they stand in `table`.
    """

    def __init__(self, name: str, writer: Any = None) -> None:
        self.name, self.lines, self.faults = name, 0, 0
        self.first: list[Fault] = []
        self.table: Path | None = None
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
    """Gather the lines of `path` that are refused; when the block ends well, they stand in `table` or beside it.

    Where the block fails, nothing is written. Raises FaultyFile where `table` cannot be written or is something else.
    """
    if table is None:
        yield Rejects(path.name)
        return
    try:
        rejects_place.require_rejects(table)
        number, made = tempfile.mkstemp(prefix=f".{table.name}.", suffix=".part", dir=table.parent)
    except OSError as error:
        message = _("what is refused cannot be written here: %(error)s; name another place with --rejects")
        raise UnreadableFile(table, message % {"error": error.strerror or error}) from None
    part = Path(made)
    try:
        with open(number, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            rejects = Rejects(path.name, csv.writer(file))
            yield rejects
        if rejects.lines:
            rejects.table = rejects_place.lay(part, table)
    finally:
        part.unlink(missing_ok=True)


def refused_again(rows: Iterable[Row], lines: Iterator[tuple[int, int, str]]) -> Iterator[Row]:
    """Yield those of `rows` that stand in `lines`, each refused for the earlier line of its id, which tells otherwise.

    Both are in the order of the file.
    """
    rows = iter(rows)
    for line, earlier, number in lines:
        row = next(row for row in rows if row.line == line)
        message = _(
            "this id stands in line %(line)d already, with other content; give this event an id of its own, "
            "for with this one it is refused again"
        )
        refuse_as_anothers(row, "id", number, message % {"line": earlier})
        yield row


def refuse_as_anothers(row: Row, column: str, key: str, message: str) -> None:
    """Refuse a line by whose `key` an earlier one told something else: as long as it bears that key."""
    row.refuse(column, f"[{key}] {message}")


def require_not_anothers(row: Row, column: str, key: str) -> None:
    """Refuse a line of a table of rejects once more where it bears the key still for which it was refused."""
    before = _BORN_BY_ANOTHER.match(row.was_refused)
    if before is not None and before[1] == key:
        row.refuse(column, row.was_refused)
