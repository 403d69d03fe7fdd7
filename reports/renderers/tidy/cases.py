"""Section 4 as lines: determinations on earlier incidents, cases by side and age."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers.reading import Reading, word
from reports.renderers.tidy.line import Line, keys_of, row_of, tally_lines


def cases(reading: Reading) -> Iterator[Line]:
    """Every figure of the section; what could not be recorded in the period is empty and says so."""
    told = reading.cases
    if told is None:
        return
    yield Line("cases", "record", "record_began_at", told["record_began_at"])
    yield Line("cases", "record", "recorded", told["recorded"])
    if told["determinations"] is None:
        yield Line("cases", "determinations", "determined", None, unit="incident", note=_not_in_it())
    else:
        yield from _determinations(reading, told["determinations"])
    yield from _moves("all", told["cases"]["all"])
    for item in told["cases"]["by_side"]:
        yield from _moves("by_side", item, **keys_of(reading, item, ("side", "side"), ("forces", "forces")))
    yield Line("cases", "by_side", "joint", told["cases"]["by_side_joint"], unit="incident")
    yield Line("cases", "all", "not_taken_up", told["cases"]["not_taken_up"], unit="incident")


def _determinations(reading: Reading, determined: dict[str, Any]) -> Iterator[Line]:
    yield from tally_lines("cases", "determinations", determined["all"])
    for standing, count in determined["standings"].items():
        which = {"row_by": "standing", "row_code": standing, "row": word("standing", standing)}
        yield Line("cases", "determinations_by_standing", "registered", count, unit="incident", **which)
    for item in determined["by_month"]:
        yield from tally_lines(
            "cases", "determinations_by_month", item, **row_of(reading, "period", item["period"] or "")
        )
    for item in determined["by_side"]:
        yield from tally_lines(
            "cases", "determinations_by_side", item, **keys_of(reading, item, ("side", "side"), ("forces", "forces"))
        )
    yield Line("cases", "determinations_by_side", "joint", determined["by_side_joint"], unit="incident")
    yield Line("cases", "determinations", "accepted_from_data_set", determined["data_set"], unit="incident")


def _moves(table: str, item: dict[str, Any], **which: str) -> Iterator[Line]:
    """What was opened and closed in the period, and is pending at the cut-off; by age."""
    if item["opened"] is None:
        for move in ("opened", "closed"):
            yield Line("cases", table, move, None, unit="case", note=_not_in_it(), **which)
    else:
        yield Line("cases", table, "opened", item["opened"], unit="case", **which)
    for move in ("closed", "pending"):
        for age, count in (item[move] or {}).items():
            code = move if age == "all" else f"{move}_{age}"
            note = "" if age == "all" else word("age", age)
            yield Line("cases", table, code, count, unit="case", note=note, **which)


def _not_in_it() -> str:
    return _("the record of this truce begins after the period: nothing could be recorded in it")
