"""The lines of an imported file that could not be taken, as a table to mend and hand in again."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from monitoring.faults import Fault, FaultyFile

MOST_TOLD = 20


class Rejects:
    """The lines that were not taken, each with its column and the reason, as a table to mend and hand in again."""

    def __init__(self, path: Path, table: Path | None, *, strict: bool) -> None:
        self.name, self.table, self.strict = path.name, table, strict
        self.first: list[Fault] = []
        self.lines = 0
        self._file: Any = None
        self._writer: Any = None

    def add(self, line: int, refused: Iterable[tuple[str, str]], cells: dict[str, str]) -> None:
        """Note what a line refuses, by column."""
        self.lines += 1
        for column, reason in refused:
            if len(self.first) < MOST_TOLD:
                place = _("%(file)s, line %(line)d, column %(column)s")
                self.first.append(Fault(place % {"file": self.name, "line": line, "column": column}, reason))
            if self.table is not None and not self.strict:
                self._write(line, column, reason, cells)

    def _write(self, line: int, column: str, reason: str, cells: dict[str, str]) -> None:
        if self._writer is None:
            assert self.table is not None  # noqa: S101 - asked before
            self._file = self.table.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(["line", "column", "reason", *cells])
        self._writer.writerow([line, column, reason, *cells.values()])

    def close(self) -> None:
        """End the table. Raises FaultyFile with the first faults where the import is strict and there are any."""
        if self._file is not None:
            self._file.close()
        if self.strict and self.first:
            raise FaultyFile(self.name, self.first)
