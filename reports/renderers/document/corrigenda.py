"""Section 9, on: what reports of earlier periods were revised in since the last closing, and supplements to them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.blocks import Block, column, heading, paragraph, row, table
from reports.renderers.measured import measure
from reports.renderers.path_words import PARTS
from reports.renderers.reading import Reading


def corrigenda(reading: Reading) -> list[Block]:
    """A line for each revision; nothing where the content has no such part."""
    told = reading.corrigenda
    if told is None:
        return []
    title = heading(_("Reports of earlier periods revised since"), level=2)
    supplements = supplements_to_them(reading, told)
    if not told["revised"]:
        return [title, paragraph(f"{none_revised(reading, told)} {supplements}")]
    return [
        title,
        table(
            "corrigenda",
            _("Revisions of earlier periods released since the last closing"),
            columns=[column("34mm"), column("20mm", end=True), column("48mm"), column("22mm", end=True), column("1fr")],
            head=[[_("Period"), _("Closing"), _("Released"), _("Figures changed"), _("In which sections")]],
            rows=[
                row(
                    values.period(item["period"]),
                    values.count(item["number"]),
                    reading.instant(item["released_at"]),
                    values.count(item["figures"]),
                    sections(item),
                )
                for item in told["revised"]
            ],
            note=_("Every changed figure, old and new, stands in section 9 of the revision itself."),
            **measure(reading, "corrigenda"),
        ),
        paragraph(supplements),
    ]


def called(kind: str, number: int | None) -> str:
    """How a sheet is cited: Corr. 1, Add. 2."""
    told = {"number": values.count(number)}
    return (_("Corr. %(number)s") if kind == "corr" else _("Add. %(number)s")) % told


def supplements_to_them(reading: Reading, told: dict[str, Any]) -> str:
    """The sheets issued to earlier reports, each with the report that it is to; or that there is none."""
    sheets = [
        _("%(sheet)s to closing %(number)s of %(period)s, released %(instant)s")
        % {
            "sheet": called(item["sheet"], item["sheet_number"]),
            "number": values.count(item["number"]),
            "period": values.period(item["period"]),
            "instant": reading.instant(item["released_at"]),
        }
        for item in told["supplements"]
    ]
    listed = "; ".join(sheets) or _("none")
    return _("Supplements to earlier reports (corrigenda, addenda): %(listed)s.") % {"listed": listed}


def none_revised(reading: Reading, told: dict[str, Any]) -> str:
    """That no report of an earlier period was revised, since when."""
    if told["since"] is None:
        return _("No report of an earlier period had been revised.")
    return _("No report of an earlier period was revised since the last closing, with the cut-off %(instant)s.") % {
        "instant": reading.instant(told["since"])
    }


def sections(item: dict[str, Any]) -> str:
    """In which sections figures changed, and how many in each: 'Incidents 12'."""
    return values.listed(
        [f"{PARTS.get(one['section'], one['section'])} {values.count(one['figures'])}" for one in item["sections"]]
    )
