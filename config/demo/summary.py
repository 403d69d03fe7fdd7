"""The demo's last word: what the closings say, and where the files are."""

from __future__ import annotations

import json
from pathlib import Path

from reports.models import Closing

COLUMNS = (
    ("outside_period", "out of scope: before or after the truce"),
    ("outside_area", "out of scope: outside its area"),
    ("excluded_designated", "out of scope: designated group"),
    ("excluded_non_signatory", "out of scope: non-signatory"),
    ("scope_disputed", "scope disputed"),
    ("discounted", "discounted"),
    ("one_sided", "one-sided"),
    ("pending", "pending"),
    ("scope_not_assessed", "scope not assessed"),
    ("conduct_undetermined", "conduct undetermined"),
    ("no_breach", "no breach"),
    ("no_provision", "no provision forbids it"),
    ("violations_preliminary", "violations, preliminary"),
)


def summary(out: Path) -> str:
    """Return the newest closing of every month: the exercise's columns, the ledgers of the joint commission, hashes."""
    newest = (
        Closing.objects.filter(kind="month", released_at__isnull=False)
        .order_by("agreement__code", "period", "-number")
        .distinct("agreement__code", "period")
        .select_related("agreement")
    )
    lines = [""]
    for closing in newest:
        content = json.loads(closing.content or "{}")
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
    told = [f"    {label:<42}{total['columns'][code]:>5}" for code, label in COLUMNS]
    return [*told, f"    {'registered':<42}{total['registered']:>5}"]


def _ledgers(content: dict) -> list[str]:
    return [
        f"    ledger of {ledger['guarantor']:<8} {ledger['announced']['days_held']:>3} of "
        f"{ledger['announced']['days_due']:>3} days due held"
        for ledger in content["sections"]["ledgers"]["ledgers"]
    ]
