"""An edition as CSV: one long tidy table, for a spreadsheet or a statistician.

Every line carries the truce, whether it is simulated, and the period: files can be laid together without mixing.
UTF-8 with a byte order mark, as spreadsheets want it; numbers are numbers, and no text can be taken for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from monitoring.plain_text import guarded
from reports.renderers.reading import Reading
from reports.renderers.tidy import ORDER, lines
from reports.renderers.tidy.measures import MEASURES

FIXED = ("agreement", "simulated", "period", "guarantor", "closing")
DRAFT = "draft"  # a column of drafts alone, on every line


def render(reading: Reading) -> bytes:
    """Return the table with its head; lines end as RFC 4180 says."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for number, row in enumerate(rows(reading)):
        writer.writerow([guarded(value) for value in row] if number else row)
    return text.getvalue().encode("utf-8-sig")


def rows(reading: Reading) -> Iterator[list[int | str | None]]:
    """The head of the table, then its lines, as they are."""
    fixed = [
        reading.head["agreement"],
        "yes" if reading.simulated else "no",
        reading.period["code"],
        reading.edition["guarantor"] if reading.edition else "",
        reading.header["number"],
    ]
    names = [*FIXED, *([DRAFT] if reading.draft else [])]
    fixed += ["yes"] if reading.draft else []
    yield [*names, *ORDER]
    for line in lines(reading):
        cells = {name: getattr(line, name) for name in ORDER}
        cells["measure"] = cells["measure"] or str(MEASURES.get(line.measure_code, line.measure_code))
        yield [*fixed, *cells.values()]
