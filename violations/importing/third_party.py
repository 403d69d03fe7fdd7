"""Importing figures of third parties: lines that cannot be taken go to a table beside, the rest is recorded at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from monitoring import canonical
from monitoring.models import Agreement, User
from violations.importing import occasion, snhr
from violations.importing.occasion import Occasion
from violations.importing.rejects import refuse_as_anothers, rejecting, require_not_anothers
from violations.importing.table import Row
from violations.third_party import Figure, Outcome, record_figures


class Reader(Protocol):
    """What reads one kind of table."""

    def read(self, path: Path, occasion: Occasion) -> Iterator[tuple[Row, Figure | None]]:
        """Yield each line with the figure it tells, or None where it refuses something."""


FORMATS: dict[str, Reader] = {"snhr": snhr}
KEY_DIGITS = 12  # of the hash of a figure's place, by which a line is known again in a table of rejects


@dataclass
class Imported:
    """What an import came to, in lines: read is refused, repeated (an earlier line once more) and the outcomes."""

    read: int = 0
    refused: int = 0
    repeated: int = 0
    contested: int = 0
    rejects: Path | None = None  # where the lines refused stand
    outcomes: Counter[Outcome] = field(default_factory=Counter)


def import_third_party(
    agreement: Agreement,
    path: Path,
    *,
    reader: Reader,
    by: User | None,
    rejects: Path | None = None,
    strict: bool = False,
    dry_run: bool = False,
) -> Imported:
    """Record the figures in the file `path` in one transaction; lines that cannot be taken go to the table `rejects`.

    `strict` refuses the file whole where one line cannot be taken; `dry_run` records nothing and answers the same.
    Raises FaultyFile (no table, a column missing, the agreement simulated, strict, `rejects` not to be written).
    """
    imported = Imported()
    figures: dict[tuple[Any, ...], tuple[int, Figure]] = {}
    with rejecting(path, None if strict else rejects) as refused, transaction.atomic():
        for row, figure in reader.read(path, occasion.of(agreement)):
            imported.read += 1
            if figure is not None:
                _take(row, figure, figures, imported)
            if row.refused:
                refused.add(row)
        if strict:
            refused.refuse_whole()
        imported.refused = refused.lines
        imported.contested = sum(figure.contested for _line, figure in figures.values())
        imported.outcomes = record_figures(agreement, [figure for _line, figure in figures.values()], by=by)
        transaction.set_rollback(dry_run)
    imported.rejects = refused.table
    return imported


def _take(row: Row, figure: Figure, figures: dict[tuple[Any, ...], tuple[int, Figure]], imported: Imported) -> None:
    """Take the figure; of those at one place in the file the first stands, and another number there is refused."""
    key = canonical.sha256(figure.place)[:KEY_DIGITS]
    require_not_anothers(row, "value", key)
    if row.refused:
        return
    line, first = figures.setdefault(figure.place, (row.line, figure))
    if line == row.line:
        return
    if first == figure:
        imported.repeated += 1
        return
    message = _(
        "line %(line)d tells the same of this address and span, with other content; mend the address or the span if "
        "this is another figure, for as it stands it is refused again"
    )
    refuse_as_anothers(row, "value", key, message % {"line": line})
