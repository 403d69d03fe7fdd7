"""Section 6, on, as lines: requests by addressee, statements told by code, measures agreed by state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.renderers.document.replies import REPLIES, addressee
from reports.renderers.reading import Reading, word
from reports.renderers.tidy.line import Line, row_of


def replies(reading: Reading) -> Iterator[Line]:
    """Every figure of it; nothing in a closing computed before there was such a section."""
    told = reading.replies
    if told is None:
        return
    for item in (told["requests"]["all"], *told["requests"]["by_addressee"]):
        for code in REPLIES:
            which = _of(reading, item)
            yield Line("replies", "requests", code, item[code], measure=word("reply", code), unit="request", **which)
    for item in (told["statements"]["all"], *told["statements"]["by_guarantor"]):
        whose = row_of(reading, "guarantor", item["guarantor"]) if "guarantor" in item else {}
        yield Line("replies", "statements", "told_to_all", item["told"], unit="statement", **whose)
        for code, count in item["statements"].items():
            said = {"within_by": "statement", "within_code": code, "within": word("statement", code)}
            yield Line("replies", "statements", "told_to_all", count, unit="statement", **whose, **said)
    for item in (told["measures_agreed"]["all"], *told["measures_agreed"]["by_whom"]):
        yield from _measures(item, _of(reading, item))


def _measures(item: dict[str, Any], whose: dict[str, str]) -> Iterator[Line]:
    for code, states in (("agreed", "stand"), ("earlier_seen", "earlier_stand")):
        measure = f"measures_{code}"
        yield Line("replies", "measures", measure, item[code], unit="measure", **whose)
        for state, count in item[states].items():
            stands = {"within_by": "state", "within_code": state, "within": word("measure_state", state)}
            yield Line("replies", "measures", measure, count, unit="measure", **whose, **stands)


def _of(reading: Reading, item: dict[str, Any]) -> dict[str, str]:
    """Whom a row is of; nothing of the row of all."""
    if "addressee" not in item:
        return {}
    code = "/".join(filter(None, [item["guarantor"], item["addressee"]]))
    return {"row_by": "addressee", "row_code": code, "row": addressee(reading, item)}
