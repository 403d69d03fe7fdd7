"""Section 3 as lines: every breakdown with the whole vector of columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.renderers.reading import Reading, word
from reports.renderers.tidy.line import Line, keys_of, row_of, tally_lines

# Table of section 3 -> the key of its row with its kind of name, and a second key within it.
BREAKDOWNS: dict[str, tuple[tuple[str, str], tuple[str, str] | None]] = {
    "by_side": (("side", "side"), ("forces", "forces")),
    "by_party": (("party", "party"), ("group", "group")),
    "by_party_named": (("party", "party"), ("role", "role_in_incident")),
    "by_act": (("act", "act"), None),
    "by_object_hit": (("object", "object"), None),
    "by_weapon": (("weapon", "weapon"), None),
    "by_zone": (("zone", "zone"), None),
    "attribution": (("attribution", "attribution"), None),
}


def incidents(reading: Reading) -> Iterator[Line]:
    """The total and every breakdown; casualties."""
    section = reading.sections["incidents"]
    yield from tally_lines("incidents", "total", section["total"])
    for table, (row, within) in BREAKDOWNS.items():
        for item in section.get(table, []):
            keys = keys_of(reading, item, row, within)
            yield from tally_lines("incidents", table, item, **keys)
            yield from _sureness(table, item, keys)
        if f"{table}_joint" in section:
            yield Line("incidents", table, "joint", section[f"{table}_joint"], unit="incident")
    yield from _by_place_and_day(reading, section)
    for item in section["casualties"]:
        for kind in ("killed", "injured"):
            which = {"row_by": "of", "row_code": item["of"], "within_by": "casualty", "within_code": kind}
            for code, count in item[kind].items():
                unit = "incident" if "incidents" in code else "person"
                yield Line("incidents", "casualties", code, count, unit=unit, **which)


def _sureness(table: str, item: dict[str, Any], keys: dict[str, str]) -> Iterator[Line]:
    """How much of a row rests on agreed attribution, and how sure that is."""
    for code, count in item.get("attributed", {}).items():
        yield Line("incidents", table, f"attributed_{code}", count, unit="incident", **keys)
    for grade, count in item.get("confidence", {}).items():
        yield Line("incidents", table, f"confidence_{grade}", count, unit="incident", **keys)


def _by_place_and_day(reading: Reading, section: dict[str, Any]) -> Iterator[Line]:
    for item in section["by_provision"]:
        code = f"{item['instrument']}/{item['provision']}" if item["provision"] else ""
        yield from tally_lines("incidents", "by_provision", item, **row_of(reading, "provision", code))
    for level in section["by_area"]:
        for item in level["rows"]:
            place = {"within_by": "level", "within_code": level["level"], "within": reading.level(level["level"])}
            yield from tally_lines("incidents", "by_area", item, **row_of(reading, "area", item["area"] or ""), **place)
    for item in section["by_day"]:
        dated = {"row_by": "dated", "row_code": item["dated"], "row": word("dated", item["dated"])}
        yield from tally_lines("incidents", "by_day", item, date=item["date"] or "", **dated)
