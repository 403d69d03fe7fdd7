"""The demo's last word: what the closings say, and where the files are."""

from __future__ import annotations

import json
from pathlib import Path

from reports.figures.columns import VIOLATIONS
from reports.models import Closing
from reports.renderers.reading import violations_of_registered
from reports.renderers.words import COLUMNS, OUT_OF_SCOPE


def summary(out: Path) -> str:
    """Return the newest closing of every month: the exercise's columns, the ledgers of the joint commission, hashes."""
    newest = (
        Closing.objects.filter(kind="month", released_at__isnull=False)
        .order_by("agreement__code", "period", "-number")
        .distinct("agreement__code", "period")
        .select_related("agreement", "common")
    )
    lines = [""]
    for closing in newest:
        content = json.loads(closing.content() or "")
        simulated = " (SIMULATED)" if closing.agreement.simulated else ""
        lines.append(
            f"{closing.agreement.code} {closing.period}{simulated}, closing {closing.number}, "
            f"content {(closing.content_sha256 or '')[:12]}"
        )
        lines += _columns(content) if closing.agreement.simulated else []
        lines += _ledgers(content)
    lines += ["", f"The reports, a file for each guarantor and format, are in {out}/", ""]
    return "\n".join(lines)


def _columns(content: dict) -> list[str]:
    total = content["sections"]["incidents"]["total"]
    told = [f"    {named(code):<42}{total['columns'][code]:>5}" for code in COLUMNS]
    return [f"    {violations_of_registered(total)}:", *told, f"    {'Registered':<42}{total['registered']:>5}"]


def named(column: str) -> str:
    """The column as reports name it; of a reason why the truce does not apply, and of violations, that it is one."""
    kind = "Out of scope: " if column in OUT_OF_SCOPE else "Violations: " if column in VIOLATIONS else ""
    return f"{kind}{COLUMNS[column]}"


def _ledgers(content: dict) -> list[str]:
    return [
        f"    ledger of {ledger['guarantor']:<8} {ledger['announced']['days_held']:>3} of "
        f"{ledger['announced']['days_due']:>3} days due held"
        for ledger in content["sections"]["ledgers"]["ledgers"]
    ]
