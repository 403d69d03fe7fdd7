"""The sheet of a reconciliation: a line for each pair and each row alone, as CSV for a spreadsheet and as JSON."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports import telling_order
from reports.reconciliation import Sheet
from reports.renderers.csv import guarded
from violations.cases_compared import Line, Verdict

FIXED = ("agreement", "simulated", "list", "against", "from", "until", "told")
LINE = ("verdict", "verdict_name", "paired_by", "differing", "said_by_one", "candidates")
ROW = (
    *("number", "reference", "occurred_from", "occurred_until", "area", "place"),
    *("act", "alleged", "killed", "injured"),
)
NAMES = {
    Verdict.AGREED: _("agreed"),
    Verdict.DIFFERING: _("differing"),
    Verdict.ONLY_OURS: _("only ours"),
    Verdict.ONLY_THEIRS: _("only theirs"),
    Verdict.UNDECIDED: _("undecided: several may be the same"),
}


def document(sheet: Sheet) -> dict[str, Any]:
    """Return the sheet as JSON tells it."""
    mine = sheet.case_list
    return {
        "agreement": mine.agreement.code,
        "simulated": mine.agreement.simulated,
        "case_list": str(mine.public_id),
        "against": sheet.against,
        "from": mine.from_date.isoformat(),
        "until": mine.until_date.isoformat(),
        "tellings": telling_order.document(sheet.order),
        "closings": sheet.closings,
        "counts": sheet.counts,
        "lines": [
            {
                "verdict": line.verdict.value,
                "paired_by": line.by.value if line.by else None,
                "differing": list(line.differing),
                "said_by_one": list(line.said_by_one),
                "ours": sheet.ours[line.ours.key] if line.ours else None,
                "theirs": sheet.theirs[line.theirs.key] if line.theirs else None,
                "candidates": candidates(sheet, line),
            }
            for line in sheet.lines
        ],
    }


def told_in_order(sheet: Sheet) -> list[str]:
    """Return in words when each list was told and what its owner could read by then."""
    names = {state.code: state.name for state in sheet.case_list.agreement.guarantors.all()}
    return telling_order.sentences(sheet.order, names)


def candidates(sheet: Sheet, line: Line) -> list[dict[str, Any]]:
    """What else of the other list a row may be, or lies near it."""
    other = sheet.theirs if line.ours else sheet.ours
    return [{"number": other[key]["number"], "reference": other[key]["reference"]} for key in line.candidates]


def table(sheet: Sheet) -> bytes:
    """Return the sheet as CSV: every line carries the truce, whether it is simulated, and what it was compared with.

    So it does when each list was told: whoever is handed one line of it reads that too.
    """
    mine = sheet.case_list
    fixed = [
        mine.agreement.code,
        "yes" if mine.agreement.simulated else "no",
        str(mine.public_id),
        sheet.against,
        mine.from_date.isoformat(),
        mine.until_date.isoformat(),
        " ".join(told_in_order(sheet)),
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*FIXED, *LINE, *(f"{whose}_{name}" for whose in ("ours", "theirs") for name in ROW)])
    for line in sheet.lines:
        near = "; ".join(str(one["reference"] or one["number"]) for one in candidates(sheet, line))
        told: list[int | str | None] = [
            line.verdict.value,
            str(NAMES[line.verdict]),
            line.by.value if line.by else "",
            "; ".join(line.differing),
            "; ".join(line.said_by_one),
            near,
        ]
        for case, rows in ((line.ours, sheet.ours), (line.theirs, sheet.theirs)):
            told += [rows[case.key][name] if case else None for name in ROW]
        writer.writerow([guarded(cell) for cell in (*fixed, *told)])
    return text.getvalue().encode("utf-8-sig")


def file_name(sheet: Sheet) -> str:
    """The name under which a reader saves it; SIMULATED first, where so."""
    mine = sheet.case_list
    named = f"{mine.agreement.code}_{mine.from_date}_{mine.until_date}_{mine.owner.code}_{sheet.against}.csv"
    return f"SIMULATED_{named}" if mine.agreement.simulated else named
