"""Killed and injured: the minimum that findings verified, the maximum reported, and how many incidents say nothing.

Unknown is not zero; a best guess is never summed. What a data set brings is verified by nobody here.
"""

from __future__ import annotations

from typing import Any

from reports.figures.columns import VIOLATIONS
from reports.figures.counting import counted
from reports.figures.known import Known

FIELDS = ("verified_minimum", "verified_incidents", "reported_maximum", "incidents_unknown")


def casualties(known: Known) -> list[dict[str, Any]]:
    """Return the casualties of all registered incidents but the discounted, and of the violations."""
    rows = known.once(counted).get("harm", [])
    populations = {
        "not_discounted": rows,
        "violations": [row for row in rows if row.stands_in in VIOLATIONS],
    }
    return [
        {
            "of": population,
            **{
                harm: {field: sum(row.numbers[first + index] for row in these) for index, field in enumerate(FIELDS)}
                for harm, first in (("killed", 0), ("injured", len(FIELDS)))
            },
        }
        for population, these in populations.items()
    ]
