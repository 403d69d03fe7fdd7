"""Two closings beside one another: every figure that differs, old and new, and the incidents listed otherwise.

A pure function of two stored contents, whichever somebody names: of one period it is what changed between two readings
of the record; of two periods it is two counts beside one another, and no change of either, and what is told of single
days or hours of one has nothing beside it in the other. What the two do not both tell, or tell by other rules, is said
and not compared. Figures stand in the order of the print, those of all incidents first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reports.figures.changes import VIEWS, changed
from reports.renderers.document.changed import whole
from reports.renderers.print_order import printed_at

Row = dict[str, Any]

OF_A_DAY = re.compile(r"/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/")


class Hindrance(StrEnum):
    """Why nothing, or no incident, of the two can be compared; or by what else they differ than by the record."""

    OTHER_KIND = "other_kind"
    OTHER_UNIT = "other_unit"
    OTHER_PERIOD = "other_period"
    NO_ANNEX = "no_annex"
    OTHER_TIER = "other_tier"


@dataclass(frozen=True)
class Differing:
    """An incident that both list, and what of it they tell otherwise: field, old, new."""

    reference: str
    fields: tuple[tuple[str, Any, Any], ...]
    before: Row
    now: Row


@dataclass(frozen=True)
class Incidents:
    """The incidents that came into the list, that went from it, and that differ; in the order of their references.

    One that came may have been filed, or be old enough by now; one that went may have been withdrawn, gathered with
    another, or dated to another period.
    """

    came: tuple[Row, ...]
    went: tuple[Row, ...]
    differing: tuple[Differing, ...]


@dataclass(frozen=True)
class Compared:
    """What came of it. `why_not` says why nothing is compared, `why_no_incidents` why no incident is.

    `days_apart`: single days or hours of two periods are told and not compared.
    """

    why_not: Hindrance | None
    figures: tuple[Row, ...] = ()
    only_before: tuple[str, ...] = ()
    only_now: tuple[str, ...] = ()
    told_otherwise: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    other_codebook: bool = False
    days_apart: bool = False
    why_no_incidents: Hindrance | None = None
    incidents: Incidents | None = None

    @property
    def nothing_differs(self) -> bool:
        """Whether all that can be compared is the same."""
        found = self.incidents
        listed = found is None or not (found.came or found.went or found.differing)
        return self.why_not is None and not (self.figures or self.only_before or self.only_now) and listed


def compare(before: dict[str, Any], now: dict[str, Any]) -> Compared:
    """Return what differs between two contents of one truce, the later second."""
    hindered = _hindered(before["head"], now["head"])
    if hindered is not None:
        return Compared(hindered)
    old, new = before["sections"], now["sections"]
    versions = [{row["code"]: row["version"] for row in content["head"]["sections"]} for content in (before, now)]
    both = [code for code in versions[1] if code in versions[0]]  # in the order of the report
    why_no_incidents = _no_incidents(before, now)
    figures = [
        figure for code in both if code not in VIEWS for figure in _in_order(changed(code, old[code], new[code]))
    ]
    compared = [row for row in figures if same_period(before, now) or not OF_A_DAY.search(row["path"])]
    return Compared(
        None,
        figures=tuple(sorted(compared, key=lambda row: not whole(row))),
        days_apart=len(compared) < len(figures),
        only_before=tuple(code for code in versions[0] if code not in versions[1]),
        only_now=tuple(code for code in versions[1] if code not in versions[0]),
        told_otherwise=tuple(code for code in both if versions[0][code] != versions[1][code]),
        views=tuple(code for code in both if code in VIEWS),
        other_codebook=before["head"]["codebook"] != now["head"]["codebook"],
        why_no_incidents=why_no_incidents,
        incidents=None if why_no_incidents else _incidents(before, now),
    )


def same_period(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether both are of one period: only then is a figure that differs one that changed."""
    return bool(before["head"]["period"] == now["head"]["period"])


def _in_order(figures: Iterator[Row]) -> list[Row]:
    """The figures of a section as they are printed."""
    return sorted(figures, key=lambda row: printed_at(row["path"]))


def _hindered(old: dict[str, Any], new: dict[str, Any]) -> Hindrance | None:
    """Why no figure of the two stands beside one of the other."""
    if old["agreement"] != new["agreement"]:
        raise ValueError("Closings of two truces are not compared.")
    if old["period"]["kind"] != new["period"]["kind"]:
        return Hindrance.OTHER_KIND
    return Hindrance.OTHER_UNIT if old["unit"] != new["unit"] else None


def _no_incidents(before: dict[str, Any], now: dict[str, Any]) -> Hindrance | None:
    """Why no incident of the two is compared."""
    annexes = [content["beside"].get("annex") for content in (before, now)]
    if not same_period(before, now):
        return Hindrance.OTHER_PERIOD
    if None in annexes:
        return Hindrance.NO_ANNEX
    # Shown more coarsely, or without its parties, every incident would differ, and none would have changed.
    tiers = [
        [annex.get(rule) for rule in ("place_level", "time_step", "parties_withheld", "binding_withheld")]
        for annex in annexes
    ]
    return Hindrance.OTHER_TIER if tiers[0] != tiers[1] else None


def _incidents(before: dict[str, Any], now: dict[str, Any]) -> Incidents:
    old, new = ({row["reference"]: row for row in content["beside"]["annex"]["incidents"]} for content in (before, now))
    return Incidents(
        came=tuple(new[reference] for reference in sorted(new.keys() - old.keys())),
        went=tuple(old[reference] for reference in sorted(old.keys() - new.keys())),
        differing=tuple(_differing(old, new)),
    )


def _differing(old: dict[str, Row], new: dict[str, Row]) -> Iterator[Differing]:
    for reference in sorted(old.keys() & new.keys()):
        was, becomes = old[reference], new[reference]
        if was != becomes:
            names = [name for name in was if was.get(name) != becomes.get(name)]
            names += [name for name in becomes if name not in was]
            yield Differing(reference, tuple((name, was.get(name), becomes.get(name)) for name in names), was, becomes)
