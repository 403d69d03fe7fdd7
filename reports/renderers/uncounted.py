"""Where a 0 of a content is no count: nobody filed, or nobody was known to watch. One rule for table, page and API.

The content holds 0, which the hash covers. The report says in its place that nothing is known, and so does whoever
shows one figure: no number, and why. A figure is named by where it stands in the long table, or by its path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from reports.renderers.document.comparison import none_of_both
from reports.renderers.document.first_page import nothing_filed
from reports.renderers.document.ledgers import no_report_filed
from reports.renderers.reading import Reading

OF_INCIDENTS = ("incidents", "registrations", "out_of_scope", "edition")
COUNTED = ("registered", "violations")
OF_EFFORT = ("total", "by_kind", "by_team", "by_day")


class Place(NamedTuple):
    """Where a figure stands in the long table: the codes of its section, its table and its measure."""

    section: str
    table: str
    measure: str


Holds = Callable[[Place], bool]


class Uncounted(NamedTuple):
    """The reasons for which a 0 of a content is no count, each with the places of which it holds."""

    reasons: tuple[tuple[Holds, str], ...]

    def why(self, place: Place, figure: Any) -> str:
        """Why the 0 that stands at a place is no count; '' where the figure is one."""
        if isinstance(figure, bool) or figure != 0:
            return ""
        return next((why for holds, why in self.reasons if holds(place)), "")

    def why_at(self, path: str, figure: Any) -> str:
        """The same of the figure at a path of the content."""
        return self.why(place_of(path), figure)


def uncounted(reading: Reading) -> Uncounted:
    """Return what of a content is no count, and why."""
    reasons: list[tuple[Holds, str]] = []
    if not reading.registered:
        reasons.append((_of_incidents, nothing_filed(reading)))
    if not reading.anything_filed:
        reasons.append((_of_reports, no_report_filed()))
    if reading.comparison and not reading.comparison["why_none"] and not reading.registered_in_either:
        reasons.append((_of_both_periods, none_of_both()))
    if reading.effort and not reading.effort["known"]:
        reasons.append((_of_effort, no_hours_filed()))
    return Uncounted(tuple(reasons))


def uncounted_before(reading: Reading) -> Uncounted:
    """The same of the closing that this one came after, as far as what changed since tells of it."""
    changed = {change["path"]: change["old"] for change in reading.content["beside"]["changes"]["figures"]}
    reasons: list[tuple[Holds, str]] = []
    if not changed.get(registered_at(reading), reading.registered):
        reasons.append((_of_incidents, _("No incident report of this period had been filed by then.")))
    if reading.effort and not changed.get("effort/known", reading.effort["known"]):
        reasons.append((_of_effort, _("No hours had been filed by then.")))
    return Uncounted(tuple(reasons))


def of_changes(reading: Reading) -> dict[str, Uncounted]:
    """What is no count of what a figure was, and of what it is."""
    return {"old": uncounted_before(reading), "new": uncounted(reading)}


def registered_at(reading: Reading) -> str:
    """The path of how many incidents were registered."""
    return "registrations/total" if reading.registrations_only else "incidents/total/registered"


def no_number() -> str:
    """What stands where a report has no number."""
    return _("no figure")


def no_hours_filed() -> str:
    """Why there are no figures of what was observed."""
    return _("No hours were filed: what was observed is not known. This is not zero.")


def place_of(path: str) -> Place:
    """Where the figure at a path of the content stands in the long table."""
    section, *codes = path.split("/")
    measure = codes[-1] if codes else ""
    return Place(section, TABLE_OF.get(section, _table)(codes), measure)


def _table(codes: list[str]) -> str:
    return codes[0] if len(codes) > 1 else "total"


def _table_of_ledgers(codes: list[str]) -> str:
    """Of an owner's ledger, reports filed have a table of their own by area; of each day it is one of its rows."""
    if codes[0] != "ledgers":
        return "filed" if codes[0] == "filed_by_others" else codes[0]
    of, measure = codes[2], codes[-1]
    if of == "days":
        return "returns" if "returns" in codes else "days"
    return "filed_by_area" if of == "filed" and {"by_area", "by_area_joint"} & {codes[3], measure} else of


def _table_of_comparison(codes: list[str]) -> str:
    if codes[0] == "standing":
        return f"standing_{codes[1]}"
    return f"change_{codes[1]}" if codes[0] == "measures" else codes[0]


TABLE_OF: dict[str, Callable[[list[str]], str]] = {"ledgers": _table_of_ledgers, "comparison": _table_of_comparison}


def _of_incidents(at: Place) -> bool:
    return at.section in OF_INCIDENTS or (at.section, at.measure) == ("cases", "not_taken_up")


def _of_reports(at: Place) -> bool:
    return at.section == "ledgers" and (
        at.table in {"filed", "filed_by_area"} or (at.table, at.measure) == ("days", "filed")
    )


def _of_both_periods(at: Place) -> bool:
    tables = {"standing_current", "standing_previous", *(f"change_{measure}" for measure in COUNTED)}
    return at.section == "comparison" and at.table in tables


def _of_effort(at: Place) -> bool:
    return at.section == "effort" and at.table in OF_EFFORT and at.measure not in {"days", "least_minutes"}
