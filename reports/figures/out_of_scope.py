"""Section 5: out of scope, by reason and reading. An answer of its own, never a filter.

Where texts, adherences or lines are read in rival ways, the section says for each holder of a reading how many
incidents would stand in another column if that reading were taken instead. Where the truce does not publish who fired,
it does not say over whose adherence readings differ: the numbers beside it are of incidents that name that party.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from reports.figures.breakdowns import count
from reports.figures.columns import COLUMNS, OUT_OF_SCOPE
from reports.figures.counting import counted, holders, named
from reports.figures.known import Known

FIELDS = ("incidents", "verified", "overruled", "also_applies")


def section(known: Known) -> dict[str, Any]:
    """Return section 5; of an adherence the code is null where parties are withheld, and it stands there once."""
    told = section_1(known)
    if named(known):
        return told
    return {**told, "by_reading": [{**row, "on": _withheld(row["on"])} for row in told["by_reading"]]}


def section_1(known: Known) -> dict[str, Any]:
    """Return section 5 as it was before the parties of adherences were withheld."""
    parts = known.once(counted)
    columns = count(known)[0]["total"].row()["columns"]
    given = {row.first: dict(zip(FIELDS, row.numbers, strict=True)) for row in parts.get("reason", ())}
    return {
        "total": sum(columns[reason] for reason in OUT_OF_SCOPE),
        "by_reason": [{"reason": reason, **given.get(reason, dict.fromkeys(FIELDS, 0))} for reason in OUT_OF_SCOPE],
        "overruled_into_scope": parts["into_scope"][0].numbers[0],
        "disputed": columns["scope_disputed"],
        "by_reading": [
            {"reading": reading, "on": on, **_changes(known, reading, sum(columns.values()))}
            for reading, on in known.once(holders).items()
        ],
    }


def _withheld(on: list[dict[str, str]]) -> list[dict[str, str | None]]:
    told: list[dict[str, str | None]] = []
    for row in on:
        without = {**row, "code": None if row["kind"] == "adherence" else row["code"]}
        if without not in told:
            told.append(without)
    return told


def _changes(known: Known, reading: str, registered: int) -> dict[str, Any]:
    """How many incidents would stand in which other column in this reading."""
    moves = Counter(
        {
            (row.stands_in, str(row.second)): row.numbers[0]
            for row in known.once(counted).get("move", ())
            if row.first == reading and row.stands_in != row.second
        }
    )
    changes = sorted(moves, key=lambda move: list(map(COLUMNS.index, move)))
    return {
        "same": registered - sum(moves.values()),
        "changed": sum(moves.values()),
        "changes": [{"from": was, "to": becomes, "incidents": moves[was, becomes]} for was, becomes in changes],
    }
