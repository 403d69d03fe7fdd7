"""Killed and injured: the minimum that findings verified, the maximum reported, and how many incidents say nothing.

Unknown is not zero; a best guess is never summed. An incident belongs to the period in which it began: what those that
reach beyond its end tell of is counted here, and said apart. What a data set brings is verified by nobody here. Where
more was verified than any report told of, the maximum is what was verified.
"""

from __future__ import annotations

from typing import Any

from reports.figures.columns import VIOLATIONS
from reports.figures.counting import counted
from reports.figures.known import Known

FIELDS = ("verified_minimum", "verified_incidents", "reported_maximum", "incidents_unknown")


def casualties(known: Known) -> list[dict[str, Any]]:
    """Return the casualties of all registered incidents but the discounted, of those of them that reach beyond the
    period, and of the violations.
    """
    rows = known.once(counted).get("harm", [])
    populations = {
        "not_discounted": rows,
        "across_the_edge": [row for row in rows if row.first == "across_the_edge"],
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
