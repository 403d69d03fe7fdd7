"""Section 2, where guarantors told lists of cases: each two beside one another, of each list its own cases."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.blocks import Block, cell, column, paragraph, row, table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading
from reports.renderers.words import CASE_FIELDS


def matrix(section: dict[str, Any], reading: Reading) -> Block:
    """Told lists of cases beside one another: of each list its own cases, and what became of them."""
    if not section["case_lists"]:
        return paragraph(
            _(
                "No matrix of cases is printed: the ledgers give numbers, not lists of cases, and numbers cannot be "
                "matched."
            ),
            tone="note",
        )
    rows = []
    for pair in section["case_lists"]:
        names = [reading.name("guarantor", pair[whose]) for whose in ("guarantor", "beside")]
        title = _("Lists of %(one)s and %(other)s, over the %(days)s days that both cover") % {
            "one": names[0],
            "other": names[1],
            "days": values.count(pair["days"]),
        }
        rows.append(row(cell(title, colspan=6), look="group"))
        rows += [
            row(
                name,
                cell(values.count(own["cases"]), strong=True),
                *(values.count(number) for number in (pair["agreed"], pair["differing"])),
                *(values.count(own[code]) for code in ("undecided", "only_there")),
            )
            for name, own in zip(names, (pair["of_guarantor"], pair["of_beside"]), strict=True)
        ]
    return table(
        "case-lists",
        _("Lists of cases beside one another"),
        columns=[column("1fr"), *[column("22mm", end=True)] * 5],
        head=[[_("List of"), _("Cases"), _("Agreed"), _("Differing"), _("Undecided"), _("Only there")]],
        rows=rows,
        note=_note(section),
        **measure(reading, "case-lists"),
    )


def _note(section: dict[str, Any]) -> str:
    differing = Counter[str]()
    for pair in section["case_lists"]:
        differing.update(pair["differing_in"])
    notes = [
        _(
            "Each list is its guarantor's own and stands as told. A case is paired by reference, or by time, place and "
            "act where it can be one case of the other list and no more. Agreed: nothing that both state differs. "
            "Undecided: it may be several. Only there: the other list has none that it could be. "
            "Listed cases are counted in no other table."
        )
    ]
    fields = [
        _("%(field)s %(count)s") % {"field": CASE_FIELDS[name], "count": values.count(differing[name])}
        for name in CASE_FIELDS
        if differing[name]
    ]
    if fields:
        notes.append(_("Differing in: %(fields)s.") % {"fields": values.listed(fields)})
    return " ".join(notes)
