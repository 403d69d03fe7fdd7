"""An edition as CSV: one long tidy table, for a spreadsheet or a statistician.

Every line carries the truce, whether it is simulated, and the period: files can be laid together without mixing.
UTF-8 with a byte order mark, as spreadsheets want it; numbers are numbers, and no text can be taken for a formula.
"""

from __future__ import annotations

import csv
import io

from monitoring import spreadsheets
from reports.renderers import values
from reports.renderers.reading import Reading
from reports.renderers.tidy import ORDER, lines
from reports.renderers.tidy.measures import MEASURES

FIXED = ("agreement", "simulated", "period", "guarantor", "closing")


def render(reading: Reading) -> bytes:
    """Return the table with its head; lines end as RFC 4180 says."""
    fixed = [
        reading.head["agreement"],
        "yes" if reading.simulated else "no",
        reading.period["code"],
        reading.edition["guarantor"] if reading.edition else "",
        reading.header["number"],
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*FIXED, *ORDER])
    for line in lines(reading):
        cells = {name: getattr(line, name) for name in ORDER}
        cells["measure"] = cells["measure"] or str(MEASURES.get(line.measure_code, line.measure_code))
        writer.writerow([guarded(value) for value in (*fixed, *cells.values())])
    return text.getvalue().encode("utf-8-sig")


def guarded(value: int | str | None) -> int | str:
    """Return `value` so that a spreadsheet reads it as what it is: a number, or a text that is no formula."""
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    text = values.plain(value)
    formula = value.startswith(spreadsheets.FORMULA_STARTS) or text.startswith(spreadsheets.FORMULA_STARTS)
    return f"'{text}" if formula else text
