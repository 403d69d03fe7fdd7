"""A day's registrations as lines: every row, the page's shortened ones too."""

from __future__ import annotations

from collections.abc import Iterator

from reports.renderers import values
from reports.renderers.reading import Reading, filer, word
from reports.renderers.tidy.line import Line, row_of


def registrations(reading: Reading) -> Iterator[Line]:
    """The total; by who filed, act, area and hour."""
    section = reading.sections["registrations"]
    yield _registered("total", section["total"])
    for item in section["by_filer"]:
        who = {"row_by": "team_kind", "row_code": item["team_kind"], "row": values.plain(filer(reading, item))}
        side = {"within_by": "side", "within_code": item["side"] or ""} if item["side"] else {}
        yield _registered("by_filer", item["count"], **who, **side)
    yield Line("registrations", "by_filer", "joint", section["by_filer_joint"], unit="incident")
    for item in section["by_act"]:
        yield _registered("by_act", item["count"], row_by="act", row_code=item["act"], row=word("act", item["act"]))
    yield from _by_area(reading)
    yield from _by_hour(reading)


def _by_area(reading: Reading) -> Iterator[Line]:
    areas = reading.sections["registrations"]["by_area"]
    if areas is None:
        return
    level = {"within_by": "level", "within_code": areas["level"], "within": reading.level(areas["level"])}
    for item in areas["rows"]:
        yield _registered("by_area", item["count"], **row_of(reading, "area", item["area"] or ""), **level)
    yield Line("registrations", "by_area", "joint", areas["joint"], unit="incident", **level)


def _by_hour(reading: Reading) -> Iterator[Line]:
    hours = reading.sections["registrations"]["by_hour"]
    if hours is None:
        return
    for item in hours["rows"]:
        at = values.plain(values.clock(item["from"], reading.zone))
        yield _registered("by_hour", item["count"], row_by="hour", row_code=item["from"], row=at)
    for code, key in (("not_dated_to_the_hour", "not_dated"), ("withheld_recent", "withheld_recent")):
        yield Line("registrations", "by_hour", code, hours[key], unit="incident")


def _registered(table: str, count: int, **place: str) -> Line:
    return Line("registrations", table, "registered", count, unit="incident", **place)
