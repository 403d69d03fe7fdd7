"""Cumulative counts of breaches that the Syrian Network for Human Rights published, as a table transcribed by hand.

Each line is one number of one publication. The table gives the first day and the date as of which was counted; both
are derived from the publication's wording (“first 48 hours”, “two weeks”), so they are known no finer than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from monitoring.faults import Fault, FaultyFile
from violations.codebook import Counted, TimePrecision
from violations.importing import table
from violations.importing.occasion import Occasion
from violations.importing.table import Row
from violations.models import ThirdPartyFigure
from violations.outside_sources import SNHR
from violations.third_party import Figure

SOURCE, PUBLISHER = SNHR.code, SNHR.publisher
DEFINITION = (
    "Breaches of the ceasefire that the network itself documented, as combat operations and as arrests, and persons "
    "killed; each publication counts on from the first day of the ceasefire."
)
COLUMNS = ("as_of_date", "period_start", "report", "scope", "category", "value", "url", "note")
LANGUAGE = "language"  # of the text that was read; the table may leave the column out
KILLED = "killed"
# What the wording of a span is fine to.
WORDING = {
    "hour": TimePrecision.DAY,
    "day": TimePrecision.DAY,
    "week": TimePrecision.WEEK,
    "month": TimePrecision.MONTH,
}
_UNIT = re.compile(r"\b(hour|day|week|month)s?\b")
# How the transcriber notes that another number stands elsewhere for the same.
_TOLD_OTHERWISE = re.compile(r"\b(prints|misprints|copy says)\b")
_CODE = re.compile(r"[a-z]{2,3}")


def read(path: Path, occasion: Occasion) -> Iterator[tuple[Row, Figure | None]]:
    """Yield each line with the figure that it tells, or None where the line refuses something.

    Raises FaultyFile where the file is no table or lacks a column, and where the agreement is simulated.
    """
    names = table.heading(path)
    occasion.require_real(path.name)
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        message = _("these columns are missing: %(columns)s") % {"columns": ", ".join(missing)}
        raise FaultyFile(path.name, [Fault(f"{path.name}, line 1", message)])
    for row in occasion.of_its_kind(table.rows(path)):
        figure = None if row.torn else _figure(row, occasion)
        yield row, None if row.refused else figure


def _figure(row: Row, occasion: Occasion) -> Figure:
    first, as_of = row.date("period_start"), row.date("as_of_date")
    occasion.require_happened(row, "as_of_date", as_of)
    if not row.refused and as_of <= first:
        row.refuse("as_of_date", _("the figure is of %(first)s or before, its first day") % {"first": first})
    breakdown, note = row.required("scope", longest=60), row.text("note")
    span = row.required("report", longest=80)
    return Figure(
        source=SOURCE,
        publisher=PUBLISHER,
        definition=DEFINITION,
        counted=(Counted.KILLED if breakdown == KILLED else Counted.BREACHES).value,
        breakdown=breakdown,
        category=row.required("category", longest=120),
        cumulative=True,
        counts_from=first,
        counts_until=as_of,
        span_precision=_precision(row, span),
        span_as_written=span,
        span_basis=ThirdPartyFigure.SpanBasis.DERIVED.value,
        number=row.number("value"),
        language=_language(row),
        url=row.address("url"),
        note=note,
        contested=bool(_TOLD_OTHERWISE.search(note)),
    )


def _precision(row: Row, span: str) -> str:
    unit = _UNIT.search(span)
    if unit is None:
        message = _("'%(text)s' names no span in hours, days, weeks or months")
        row.refuse("report", message % {"text": span})
        return ""
    return WORDING[unit[1]].value


def _language(row: Row) -> str:
    code = row.text(LANGUAGE) if LANGUAGE in row.cells else ""
    if code and not _CODE.fullmatch(code):
        row.refuse(LANGUAGE, _("'%(text)s' is no code of a language; write it as ar") % {"text": code})
    return code
