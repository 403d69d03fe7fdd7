"""Section 4: what was determined in this period on earlier incidents; cases opened, closed and pending."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, cell, column, heading, paragraph, row, table
from reports.renderers.document.first_page import not_recorded, on_earlier
from reports.renderers.document.tallies import joint_note, tally_table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, side_name, sides, word

AGES = ("all", "days_0_7", "days_8_30", "days_31_90", "days_91_more")


def cases(reading: Reading) -> list[Block]:
    """Determinations on earlier incidents, by month and side; how old cases are."""
    told = reading.cases
    title = heading(_("4. Determinations on earlier incidents; cases"))
    if told is None:
        return [title, paragraph(not_recorded(reading, "determinations_on_earlier", "ageing"))]
    return [
        title,
        paragraph(on_earlier(reading)),
        paragraph(_part(reading, told), tone="note"),
        *_determinations(reading, told["determinations"]),
        paragraph(what_a_case_is()),
        *_cases(reading, told["cases"]),
    ]


def what_a_case_is() -> str:
    """When an incident becomes a case, and when that is closed."""
    return _(
        "A case is an incident that people took up: a report of it came under review, or a finding was proposed. An "
        "agreed finding that it stands, or that it did not happen so, closes the case. Accepting a data set as a whole "
        "takes no incident of it up singly: it neither opens nor closes a case."
    )


def _part(reading: Reading, told: dict[str, Any]) -> str:
    """That the record began within the period."""
    if told["recorded"] != "part":
        return ""
    return _(
        "The record of this truce begins within the period, on %(instant)s: nothing could be recorded in it before."
    ) % {"instant": reading.instant(told["record_began_at"])}


def _determinations(reading: Reading, determined: dict[str, Any] | None) -> list[Block]:
    if determined is None:
        return []
    accepted = determined["data_set"]
    blocks: list[Block] = []
    if determined["all"]["registered"]:
        whole = (_("All earlier incidents determined"), determined["all"], "total")
        by_side = [
            (side_name(reading, item), item, "")
            for item in sides(reading, determined["by_side"])
            if item["side"] or item["registered"]
        ]
        blocks = [
            tally_table(
                "determined-by-month",
                _("Earlier incidents determined in this period, by the month in which they happened"),
                _("Month"),
                [*((_month(item["period"]), item, "") for item in determined["by_month"]), whole],
                note=_("Each stands in the column in which it stands at the cut-off of this report."),
                **measure(reading, "determined"),
            ),
            *(
                [
                    tally_table(
                        "determined-by-side",
                        _("Earlier incidents determined in this period, by side of the party concerned"),
                        _("Side"),
                        [*by_side, whole],
                        note=joint_note(determined["by_side_joint"]),
                        **measure(reading, "determined"),
                    )
                ]
                if by_side
                else []
            ),
        ]
    if accepted:
        blocks.append(
            paragraph(
                ngettext(
                    "From a data set, %(count)s earlier incident was accepted in this period; it is in no total here.",
                    "From a data set, %(count)s earlier incidents were accepted in this period; they are in no total "
                    "here.",
                    accepted,
                )
                % {"count": values.count(accepted)}
            )
        )
    return blocks


def _month(code: str | None) -> str:
    return values.month(code) if code else _("Before the truce")


def _cases(reading: Reading, told: dict[str, Any]) -> list[Block]:
    rows = [item for item in sides(reading, told["by_side"]) if item["side"] or _counted(item)]
    if not _counted(told["all"]):
        none = (
            _("No case was pending at the cut-off.")
            if told["all"]["opened"] is None
            else _("No case was opened or closed in this period, and none was pending at the cut-off.")
        )
        return [paragraph(none), paragraph(_not_taken_up(reading, told))]
    moves = [move for move in ("opened", "closed", "pending") if told["all"][move] is not None]
    names = {
        "opened": _("Opened in the period"),
        "closed": _("Closed in the period, having been open"),
        "pending": _("Pending at the cut-off, having been open"),
    }
    return [
        table(
            "cases",
            _("Cases, by side of the party concerned and by age")
            if rows
            else _("Cases by age: this truce publishes no attribution"),
            columns=[
                column("1fr"),
                *(column("13mm" if move == "opened" else "10.4mm", end=True) for move in moves for _age in _ages(move)),
            ],
            head=[
                [
                    cell(_("Side") if rows else _("Cases"), rowspan=2),
                    *(
                        cell(names[move], rowspan=2) if move == "opened" else cell(names[move], colspan=len(AGES))
                        for move in moves
                    ),
                ],
                [cell(word("age", age)) for move in moves if move != "opened" for age in AGES],
            ],
            rows=[
                *(row(side_name(reading, item), *_figures(item, moves)) for item in rows),
                row(_("All cases"), *_figures(told["all"], moves), look="total"),
            ],
            note=" ".join(filter(None, [_not_taken_up(reading, told), joint_note(told["by_side_joint"])])),
            whole=True,
            **measure(reading, "cases"),
        )
    ]


def _not_taken_up(reading: Reading, told: dict[str, Any]) -> str:
    """That incidents of the period are no cases yet, where any are, be their data set accepted or not."""
    number = told["not_taken_up"]
    if not number:
        return ""
    said = ngettext(
        "%(count)s incident of this period had been taken up singly by nobody at the cut-off: it is no case yet.",
        "%(count)s incidents of this period had been taken up singly by nobody at the cut-off: they are no cases yet.",
        number,
    ) % {"count": values.count(number)}
    if not reading.set_accepted:
        return said
    return f"{said} {_('That two people accepted the whole of a data set takes none of its incidents up singly.')}"


def _ages(move: str) -> tuple[str, ...]:
    return ("all",) if move == "opened" else AGES


def _figures(item: dict[str, Any], moves: list[str]) -> list[dict[str, Any]]:
    numbers = [
        (item[move] if move == "opened" else item[move][age], age == "all") for move in moves for age in _ages(move)
    ]
    return [cell(values.count(number), faint=number == 0, strong=strong) for number, strong in numbers]


def _counted(item: dict[str, Any]) -> bool:
    closed = item["closed"]["all"] if item["closed"] else 0
    return bool((item["opened"] or 0) + closed + item["pending"]["all"])
