"""Section 6 as lines: both periods' counts, the ratio with its interval, the dispersion. A p-value is not told here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.renderers.reading import Reading
from reports.renderers.sentences import NO_COMPARISON, NOT_COMPARED
from reports.renderers.tidy.line import Line, keys_of, row_of, tally_lines

ESTIMATES = ("ratio", "lower", "upper", "dispersion")


def comparison(reading: Reading) -> Iterator[Line]:
    """Change against the previous period, or why there is none."""
    told = reading.comparison
    if told is None:
        return
    if told["why_none"]:
        yield Line("comparison", "periods", "previous", None, note=str(NO_COMPARISON[told["why_none"]]))
        return
    yield Line("comparison", "periods", "previous", told["previous"]["period"])
    yield Line("comparison", "periods", "days", told["days"], unit="day")
    yield Line("comparison", "periods", "days_previous", told["previous"]["days"], unit="day")
    for which in ("current", "previous"):
        yield from tally_lines("comparison", f"standing_{which}", told["standing"][which])
    for item in told["measures"]:
        table, why = f"change_{item['measure']}", item["why_not"]
        yield from _compared(table, item["all"], "incident", why)
        for row in item["by_side"]:
            which_side = keys_of(reading, row, ("side", "side"), ("forces", "forces"))
            yield from _compared(table, row, "incident", why, **which_side)
    for item in told["announced"]:
        whose = row_of(reading, "guarantor", item["guarantor"])
        yield from _compared("change_announced", item, item["unit"] or "", item["why_not"], **whose)
        for which, days in item["days_held"].items():
            yield Line("comparison", "change_announced", f"days_held_{which}", days, unit="day", **whose)


def _compared(table: str, item: dict[str, Any], unit: str, why_not: str, **which: str) -> Iterator[Line]:
    note = str(NOT_COMPARED.get(why_not or item["outcome"], ""))
    for code in ("current", "previous"):
        absent = note if item[code] is None else ""
        yield Line("comparison", table, code, item[code], unit=unit, note=absent, **which)
    for code in ESTIMATES:
        yield Line("comparison", table, code, item[code], note=note, **which)
