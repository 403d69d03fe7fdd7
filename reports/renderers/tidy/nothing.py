"""Where nothing was filed, there is nothing to count: the table has no zero there, but an empty value and why.

That is what the report says in its place; the content holds 0, which the hash covers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from reports.renderers.document.comparison import none_of_both
from reports.renderers.document.first_page import nothing_filed
from reports.renderers.document.ledgers import no_report_filed
from reports.renderers.reading import Reading
from reports.renderers.tidy.line import Line

OF_INCIDENTS = ("incidents", "registrations", "out_of_scope", "edition")
COUNTED = ("registered", "violations")


def no_claims(reading: Reading, lines: Iterator[Line]) -> Iterator[Line]:
    """Yield `lines`, those that would count what nobody filed without their zero."""
    reasons = list(_reasons(reading))
    for line in lines:
        why = next((why for holds, why in reasons if line.value == 0 and holds(line)), None)
        yield line if why is None else replace(line, value=None, note=why)


def _reasons(reading: Reading) -> Iterator[tuple[Callable[[Line], bool], str]]:
    """Which lines are no count, and why."""
    if not reading.registered:
        yield _of_incidents, nothing_filed(reading)
    if not reading.anything_filed:
        yield _of_reports, no_report_filed()
    if reading.comparison and not reading.comparison["why_none"] and not reading.registered_in_either:
        yield _of_both_periods, none_of_both()


def _of_incidents(line: Line) -> bool:
    return line.section in OF_INCIDENTS or (line.section, line.measure_code) == ("cases", "not_taken_up")


def _of_reports(line: Line) -> bool:
    return line.section == "ledgers" and (
        line.table in {"filed", "filed_by_area"} or (line.table, line.measure_code) == ("days", "filed")
    )


def _of_both_periods(line: Line) -> bool:
    tables = {"standing_current", "standing_previous", *(f"change_{measure}" for measure in COUNTED)}
    return line.section == "comparison" and line.table in tables
