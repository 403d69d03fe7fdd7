"""Which incidents of the annex a figure counts: a pure function of the stored content, so that it tells nothing new.

A reader sees of an incident what the annex shows, and a list is the annex, narrowed by what stands there. What a figure
counts and the annex does not show to belong there is not listed; how many these are, and why, is said. A zone or an
area is asked of what the annex names, never of where an incident was: so no list tells a place more finely than it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reports.figures.annex import WHOEVER_FIRED
from reports.figures.classification import NAMED, NOT_NAMED, OWN_FORCES
from reports.figures.columns import OUT_OF_SCOPE, VIOLATIONS
from reports.figures.paths import Counted, Found
from violations.codebook import Attribution, Scope, Standing, Verification

Row = dict[str, Any]
Key = tuple[str | None, str | None]

CHECKED = (Verification.VERIFIED, Verification.PROBABLE)


class Why(StrEnum):
    """Why incidents that a figure counts are not listed."""

    RECENT = "recent"
    BINDING_WITHHELD = "binding_withheld"
    ZONES = "zones"
    AREAS = "areas"
    READINGS = "readings"
    NO_ANNEX = "no_annex"


@dataclass(frozen=True)
class Listed:
    """The incidents of the annex that a figure counts, in its order, each with the number that it adds."""

    figure: int
    incidents: tuple[tuple[int, Row], ...]
    why: tuple[Why, ...]

    @property
    def listed(self) -> int:
        """How much of the figure the incidents listed make up."""
        return sum(number for number, _incident in self.incidents)

    @property
    def unlisted(self) -> int:
        """How much of it is not listed, for the reasons `why`."""
        return self.figure - self.listed


@dataclass(frozen=True)
class Annex:
    """The annex of a content, with what of the header its rows are read by: sides, and what is whose own forces."""

    content: dict[str, Any]

    @property
    def told(self) -> dict[str, Any] | None:
        """The annex; None beside a day, which has none."""
        annex: dict[str, Any] | None = self.content["beside"].get("annex")
        return annex

    @property
    def until(self) -> str:
        """The first instant after the period."""
        until: str = self.content["head"]["period"]["until"]
        return until

    def parties(self) -> dict[str, Key]:
        """The row of section 3 by side that each party counts in."""
        return {
            row["party"]: (row["side"], str(OWN_FORCES) if row["kind"] == OWN_FORCES else "parties")
            for row in self.content["beside"]["header"]["parties"]
        }

    def levels(self) -> list[str]:
        """The levels of area of the content, coarse to fine."""
        return [row["level"] for row in self.content["sections"]["incidents"]["by_area"]]


def listed(content: dict[str, Any], asked: Found) -> Listed:
    """Return the incidents that the annex shows to be counted by the figure `asked`, which counts incidents."""
    assert isinstance(asked.counts, Counted)  # noqa: S101 - the caller has seen to it
    assert isinstance(asked.figure, int)  # noqa: S101
    annex, counts = Annex(content), asked.counts
    if annex.told is None:
        return Listed(asked.figure, (), (Why.NO_ANNEX,) if asked.figure else ())
    number = _number(annex, counts)
    rows = ((number(incident), incident) for incident in annex.told["incidents"])
    told = Listed(asked.figure, tuple(row for row in rows if row[0]), ())
    return Listed(told.figure, told.incidents, tuple(_why(annex, counts))) if told.unlisted else told


def _why(annex: Annex, counts: Counted) -> list[Why]:
    """What can keep an incident that `counts` from the list."""
    assert annex.told is not None  # noqa: S101 - else nothing is listed
    binds = counts.part in {"provision", "reason", "into_scope"} or _asks_of_binding(counts)
    given = {
        Why.RECENT: bool(annex.told["withheld_recent"]),
        Why.BINDING_WITHHELD: bool(annex.told.get("binding_withheld")) and binds,
        Why.ZONES: counts.part == "zone",
        Why.AREAS: counts.part == "area" and _several_areas(annex, str(counts.first)),
        Why.READINGS: counts.part == "reading",
    }
    return [why for why, holds in given.items() if holds]


def _several_areas(annex: Annex, level: str) -> bool:
    """Whether the annex may name another area than that of a row: a finer one, or one of several of the level."""
    by_area = annex.content["sections"]["incidents"]["by_area"]
    joint = any(row["joint"] for row in by_area if row["level"] == level)
    return joint or level != by_area[-1]["level"]


def _asks_of_binding(counts: Counted) -> bool:
    """Whether it asks for a column that is told only where the texts' binding is."""
    columns = VIOLATIONS if counts.first == "violations" and counts.part == "harm" else counts.columns
    return columns is not None and not set(columns) <= set(WHOEVER_FIRED)


def _number(annex: Annex, counts: Counted) -> Callable[[Row], int]:
    """What an incident adds to the figure, by what the annex shows of it; 0: it is not shown to be counted."""
    if counts.part == "harm":
        return lambda incident: _harm(annex, counts, incident)
    if counts.part in TOLD_ALONE:
        alone = TOLD_ALONE[counts.part]
        return lambda incident: int(alone(counts, incident))
    keys = _keys(annex, counts)
    if counts.measure == "joint":
        return lambda incident: int(len(keys(incident)) > 1)
    return lambda incident: _stands(counts, keys(incident), incident) and MEASURES[counts.measure](incident)


def _stands(counts: Counted, keys: set[Key], incident: Row) -> bool:
    """Whether it stands in the row and in one of the columns."""
    if counts.columns is not None and incident["column"] not in counts.columns:
        return False
    if counts.part == "attribution" and counts.second is None:  # however sure those found are
        return any(first == counts.first for first, _second in keys)
    return (counts.first, counts.second) in keys


MEASURES: dict[str, Callable[[Row], int]] = {
    "incidents": lambda _incident: 1,
    "attributed": lambda incident: int(incident["attribution"] in NAMED and bool(incident["attributed"])),
    "killed": lambda incident: incident["killed"]["verified"] or 0,
    "injured": lambda incident: incident["injured"]["verified"] or 0,
}


def _keys(annex: Annex, counts: Counted) -> Callable[[Row], set[Key]]:
    """The rows of a breakdown in which the annex shows an incident to stand."""
    parties, levels, part, until = annex.parties(), annex.levels(), counts.part, annex.until

    def side(incident: Row) -> set[Key]:
        concerned, naming = _concerned(incident)
        return {parties.get(party, (None, "parties")) for party in concerned} or {(None, naming)}

    def party(incident: Row) -> set[Key]:
        concerned, naming = _concerned(incident)
        return {(code, "party") for code in concerned} or {(None, naming)}

    def area(incident: Row) -> set[Key]:
        """The area of its own level; of finer levels, that it is not placed there."""
        at = levels.index(incident["level"]) if incident["level"] in levels else -1
        own = {(incident["level"], incident["area"])} if at >= 0 and counts.measure != "joint" else set()
        return own | {(level, None) for level in levels[at + 1 :] if counts.measure != "joint"}

    def day(incident: Row) -> set[Key]:
        if incident["date"] is not None:
            return {(incident["date"], "day")}
        return {(None, "across_the_edge" if _beyond(incident, until) else "not_dated_to_the_day")}

    told: dict[str, Callable[[Row], set[Key]]] = {"side": side, "party": party, "area": area, "day": day}
    return {**KEYS, **told}[part]


# What is told of the incident alone. A zone is told where all of the area shown lies in it; that none is told says
# nothing.
KEYS: dict[str, Callable[[Row], set[Key]]] = {
    "total": lambda _incident: {(None, None)},
    "party_named": lambda incident: {
        (party, role) for role in ("alleged", "target", "involved") for party in incident[role]
    },
    "provision": lambda incident: (
        set()
        if incident["provisions"] is None
        else {(row["instrument"], row["provision"]) for row in incident["provisions"]} or {(None, None)}
    ),
    "act": lambda incident: {(incident["act"], None)},
    "object": lambda incident: {(code, None) for code in incident["objects_hit"]} or {(None, None)},
    "weapon": lambda incident: {(incident["weapon"], None)},
    "zone": lambda incident: {(zone, None) for zone in incident["zones"]},
    "attribution": lambda incident: {
        (incident["attribution"] or str(Attribution.NOT_ASSESSED), incident["confidence"] or "none")
    },
}


def _concerned(incident: Row) -> tuple[list[str], str]:
    """The parties under whom it counts, or why under nobody: as the classification has it."""
    if incident["attribution"] in NOT_NAMED:
        return [], incident["attribution"]
    attributed = incident["attributed"] if incident["attribution"] in NAMED else []
    return attributed or incident["alleged"], "involved" if incident["involved"] else "not_named"


def _beyond(incident: Row, until: str) -> bool:
    """Whether it reaches beyond the period; the annex's time is raised to a step, and the period ends at one.

    Instants of a content are all written alike, so that their texts are in order.
    """
    later: bool = incident["occurred_until"] > until
    return later


def _checked(incident: Row) -> bool:
    return incident["verification"] in CHECKED and incident["standing"] != Standing.DATA_SET


def _reason(counts: Counted, incident: Row) -> bool:
    """Section 5 by reason: in that column, and what of these; or in another column, where the reason applies too."""
    if counts.measure == "also_applies":
        return incident["column"] not in {counts.first, None} and counts.first in (incident["reasons"] or ())
    narrowed = {"incidents": True, "verified": _checked(incident), "overruled": bool(incident["scope_overruled"])}
    return incident["column"] == counts.first and narrowed[counts.measure]


def _into_scope(_counts: Counted, incident: Row) -> bool:
    """Assessed as out of scope, by the first reason that applies, and held to be in scope by a finding."""
    overruled = incident["scope_overruled"] and incident["scope"] == Scope.IN_SCOPE
    return bool(overruled) and not set(OUT_OF_SCOPE).isdisjoint(incident["reasons"])


TOLD_ALONE: dict[str, Callable[[Counted, Row], bool]] = {
    "reason": _reason,
    "into_scope": _into_scope,
    "reading": lambda _counts, _incident: False,  # which incidents name whom a reading is of, the annex does not tell
}


def _harm(annex: Annex, counts: Counted, incident: Row) -> int:
    """What it adds to a number of persons, or of incidents of which one is known."""
    populations = {
        "not_discounted": incident["column"] != "discounted",
        "across_the_edge": incident["column"] != "discounted" and _beyond(incident, annex.until),
        "violations": incident["column"] in VIOLATIONS,
    }
    if not populations[str(counts.first)]:
        return 0
    told = incident[str(counts.second)]
    verified = told["verified"] if _checked(incident) else None
    unknown = told["reported_high"] is None and verified is None
    numbers = {
        "verified_minimum": verified or 0,
        "verified_incidents": int(verified is not None),
        "reported_maximum": max(told["reported_high"] or 0, verified or 0),
        "incidents_unknown": int(unknown),
    }
    return numbers[counts.measure]
