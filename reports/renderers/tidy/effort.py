"""Section 5, on, as lines: effort, quiet days, restrictions of movement, what watch logs hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.renderers.reading import Reading, word
from reports.renderers.tidy.line import Line, row_of


def effort(reading: Reading) -> Iterator[Line]:
    """Every figure of effort; nothing in a closing computed before there was such a section."""
    section = reading.effort
    if section is None:
        return
    yield from _hours(section)
    for item in section["by_area"]:
        for code, unit in AREA.items():
            measure = "registered_when_watched" if code == "registered" else code
            area = row_of(reading, "area", item["area"] or "")
            yield Line("effort", "by_area", measure, item[code], unit=unit, **area)
    for item in section["by_day"]:
        yield Line("effort", "by_day", "minutes", item["minutes"], date=item["date"], unit="minute")
    for item in section["logged"]:
        row = {"row_by": "observed", "row_code": item["observed"], "row": word("observed", item["observed"])}
        for code in ("lines", "counted", "not_exact", "uncountable"):
            yield Line("effort", "logged", code, item[code], unit="observation", **row)
    yield from _restrictions(reading, section["restrictions"])


def _hours(section: dict[str, Any]) -> Iterator[Line]:
    for code, unit in (("filed", "patrol"), ("minutes", "minute")):
        yield Line("effort", "total", code, section["total"][code], unit=unit)
        for table, key, kind in (("by_kind", "kind", "patrol_kind"), ("by_team", "team_kind", "effort_team")):
            for item in section[table]:
                row = {"row_by": key, "row_code": item[key], "row": word(kind, item[key])}
                yield Line("effort", table, code, item[code], unit=unit, **row)
    for code in ("days_watched", "quiet_days"):
        yield Line("effort", "total", code, section[code], unit="day")


def _restrictions(reading: Reading, told: dict[str, Any]) -> Iterator[Line]:
    yield Line("effort", "restrictions", "total", told["total"], unit="restriction")
    for item in told["by_kind"]:
        row = {"row_by": "kind", "row_code": item["kind"], "row": word("restriction_kind", item["kind"])}
        yield Line("effort", "restrictions", "count", item["count"], unit="restriction", **row)
    for item in told["by_area"]:
        area = row_of(reading, "area", item["area"] or "")
        yield Line("effort", "restrictions", "count", item["count"], unit="restriction", **area)


AREA = {
    "minutes": "minute",
    "days_watched": "day",
    "quiet_days": "day",
    "registered": "incident",
    "per_100_hours": "incident",
}
