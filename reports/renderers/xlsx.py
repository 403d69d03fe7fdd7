"""An edition as a spreadsheet: what it is, every figure, the incidents of its annex, what each column and code means.

Numbers are numbers; everything else is text, so there is no formula and no link. Equal content gives equal bytes: the
file bears the instant of the cut-off and no other.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from monitoring.plain_text import guarded
from reports.renderers import csv, dictionary, listed, tables
from reports.renderers.reading import Reading

# Text is text, whatever it looks like; rows are written as they come and not held.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST = 32_767  # signs that a cell may hold
CUT = " [...]"
MOST_ROWS = 1_048_576

Cells = Sequence[int | str | None]


def render(reading: Reading) -> bytes:
    """Return the workbook."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    head = reading.header
    book.set_properties(
        {
            "title": f"{reading.head['agreement']} {reading.period['code']}, {head['number']}",
            "author": "",
            "created": datetime.fromisoformat(head["cutoff_at"]).replace(tzinfo=None),
        }
    )
    bold = book.add_format({"bold": True})
    for name, rows in (
        (_("About"), _about(reading)),
        (_("Figures"), csv.rows(reading)),
        (_("Incidents"), _incidents(reading)),
        (_("Columns"), dictionary.columns([file for file in dictionary.FILES if file.startswith("edition.xlsx")])),
        (_("Codes"), dictionary.codes(reading.content["beside"]["labels"], reading.language)),
    ):
        _write(book.add_worksheet(name), rows, bold, reading)
    book.close()
    return file.getvalue()


def _write(sheet: Any, rows: Iterable[Cells], bold: Any, reading: Reading) -> None:
    sheet.freeze_panes(1, 0)
    if reading.simulated:
        sheet.set_header("&C" + _("SIMULATED: an exercise. No real incident is described."))
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise ValueError(_("More rows than a sheet holds."))
        for place, value in enumerate(row):
            _cell(sheet, number, place, value, bold if number == 0 else None)


def _cell(sheet: Any, row: int, place: int, value: int | str | None, form: Any) -> None:
    told = guarded(value)
    if isinstance(told, int):
        sheet.write_number(row, place, told, form)
    elif told:
        cut = told if len(told) <= LONGEST else told[: LONGEST - len(CUT)] + CUT
        sheet.write_string(row, place, cut, form)


def _about(reading: Reading) -> Iterator[Cells]:
    header = reading.header
    yield tables.ABOUT.names
    if reading.simulated:
        yield ("simulated", _("SIMULATED: an exercise. No real incident is described."))
    yield ("agreement", reading.label("agreement", reading.head["agreement"]))
    yield ("period", reading.period["code"])
    yield ("closing", header["number"])
    yield ("guarantor", reading.label("guarantor", reading.edition["guarantor"]) if reading.edition else None)
    yield ("marking", header["marking"])
    yield ("cutoff_at", header["cutoff_at"])
    yield ("time_zone", header["time_zone"])
    yield ("authentic_language", header["authentic_language"])
    yield ("content_sha256", reading.content_sha256)


def _incidents(reading: Reading) -> Iterator[Cells]:
    names = tables.INCIDENTS.names
    yield names
    for row in listed.incidents(reading):
        yield [row[name] for name in names]
