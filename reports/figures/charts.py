"""The figures of section 7, as they are drawn: a view of sections 2 and 3, day by day and area by area."""

from __future__ import annotations

from typing import Any

from reports.figures import incidents, ledgers
from reports.figures.known import Known


def section(known: Known) -> dict[str, Any]:
    """Return the series that charts and the map's symbols show."""
    return _drawn(known.once(ledgers.section), known.once(incidents.section))


def _drawn(told: dict[str, Any], counted: dict[str, Any]) -> dict[str, Any]:
    days = [row for row in counted["by_day"] if row["dated"] == "day"]
    undated = {row["dated"]: row["registered"] for row in counted["by_day"] if row["dated"] != "day"}
    return {
        "dates": [row["date"] for row in days],
        "incidents": {
            "registered": [row["registered"] for row in days],
            "violations": [row["subtotals"]["violations"] for row in days],
            "not_dated": undated["not_dated_to_the_day"],
            "across_the_edge": undated["across_the_edge"],
        },
        "ledgers": [
            {
                "guarantor": ledger["guarantor"],
                "unit": ledger["announced"]["unit"],
                "announced": [_announced(day) for day in ledger["days"]],
                "states": [day["state"] for day in ledger["days"]],
                "contradicted": [day["contradicted"] for day in ledger["days"]],
                "filed": [day["filed"] for day in ledger["days"]],
            }
            for ledger in told["ledgers"]
        ],
        "areas": [
            {
                "level": breakdown["level"],
                "area": row["area"],
                "registered": row["registered"],
                "violations": row["subtotals"]["violations"],
            }
            for breakdown in counted["by_area"]
            for row in breakdown["rows"]
            if row["area"] is not None
        ],
    }


def _announced(day: dict[str, Any]) -> int | None:
    """What was announced of a day; none where nothing is held or tellings contradict each other."""
    if not day["returns"] or day["contradicted"]:
        return None
    total: int = day["returns"][0]["total"]
    return total
