"""The rows of section 3: how many incidents stand in which row of which breakdown, by column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from reports.figures.classification import OWN_FORCES
from reports.figures.columns import VIOLATIONS, tally
from reports.figures.counting import CountedRow, counted, named
from reports.figures.known import Known

__all__ = ["OWN_FORCES", "Counts", "Key", "count", "named"]

BREAKDOWNS = (
    "total", "side", "party", "party_named", "provision", "act", "object", "weapon", "area", "zone", "day",
    "attribution",
)  # fmt: skip

Key = tuple[str | None, str | None]


class Counts:
    """The counts of one breakdown: by row and column."""

    def __init__(self) -> None:
        self.columns: dict[Key, dict[str, int]] = defaultdict(dict)
        self.attributed: dict[Key, dict[str, int]] = defaultdict(dict)
        self.harm: dict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0))

    def add(self, row: CountedRow) -> None:
        """Take in one row of the statement."""
        key = (row.first, row.second)
        incidents, attributed, killed, injured = row.numbers
        for counts, number in ((self.columns, incidents), (self.attributed, attributed)):
            counts[key][row.stands_in] = counts[key].get(row.stands_in, 0) + number
        if row.stands_in in VIOLATIONS:
            before = self.harm[key]
            self.harm[key] = (before[0] + killed, before[1] + injured)

    def row(self, first: str | None = None, second: str | None = None) -> dict[str, Any]:
        """The row of these keys; zeros where no incident stands in it."""
        return tally(self.columns.get((first, second), {}))

    def keys(self) -> list[Key]:
        """The keys of the rows that hold incidents, by code, those without one last."""
        return in_order(self.columns)


def in_order(keys: Iterable[Key]) -> list[Key]:
    """The keys of rows by code, those without one last."""
    return sorted(keys, key=lambda key: [(part is None, part or "") for part in key])


def count(known: Known) -> tuple[dict[str, Counts], dict[tuple[str, str | None], int]]:
    """Return the counts by breakdown, and by breakdown (and level of area) how many stand in more than one row."""
    parts = known.once(counted)
    counts: dict[str, Counts] = defaultdict(Counts)
    for breakdown in BREAKDOWNS:
        for row in parts.get(breakdown, ()):
            counts[breakdown].add(row)
    joint: dict[tuple[str, str | None], int] = defaultdict(int)
    for row in parts.get("joint", ()):
        joint[str(row.first), row.second] = row.numbers[0]
    return counts, joint
