"""In what order a reader expects the figures of a content: its tables and their columns as the print has them.

A content is canonical, so that its keys stand by the alphabet. Rows of a list stand in the order of the content.
"""

from __future__ import annotations

from typing import Any

from reports.renderers.document.tallies import columns_in_order
from reports.renderers.words import WORDS

# The codes of a content that have a place in the print: whatever stands on one level, in this order, the others after.
ORDER = (
    *("ledgers", "filed_by_others", "case_lists"),
    *("current", "previous", "standing", "measures"),
    *("restrictions", "all", "announced", "state", "filed", "minutes", "days_watched", "quiet_days", "total"),
    *("days_in_period", "days_due", "days_held", "contradicted_days", "states"),
    *WORDS["ledger_day"],
    *("not_dated", "returns", "by_kind", "by_team", "incidents"),
    *("registered", "columns", "subtotals"),
    *columns_in_order(brief=False, casualties=True),
    *("attributed", "confidence"),
    *("by_filer", "by_filer_joint", "by_side", "by_side_joint", "by_party", "by_party_joint", "by_party_named"),
    *("by_act", "by_object_hit", "by_object_hit_joint", "by_weapon", "by_provision", "by_provision_joint"),
    *("by_area_joint", "by_area", "by_zone", "by_zone_joint", "by_day", "by_hour", "attribution", "casualties"),
    *("not_discounted", "across_the_edge", "killed", "injured"),
    *("verified_minimum", "verified_incidents", "reported_maximum", "incidents_unknown"),
    *("overruled_into_scope", "disputed", "by_reason", "by_reading", "overruled", "also_applies"),
    *("same", "changed", "changes"),
    *("told", "requests", "statements", "measures_agreed", "by_addressee", "by_guarantor", "by_whom"),
    *("asked", "in_time", "late", "outstanding", "open", "withdrawn"),
    *("agreed", "stand", "earlier_seen", "earlier_stand"),
    *("rows", "joint"),
)
RANK = {code: rank for rank, code in reversed(list(enumerate(ORDER)))}  # the first place counts


def as_printed(value: Any) -> Any:
    """Return a section, or what is in one, with its keys in the order of the print."""
    if isinstance(value, dict):
        return {key: as_printed(value[key]) for key in sorted(value, key=_rank)}
    return [as_printed(row) for row in value] if isinstance(value, list) else value


def printed_at(path: str) -> list[tuple[int, str]]:
    """Return what paths are sorted by, to stand in the order of the print; rows of a list stand by their codes."""
    return [(_rank(code), code) for code in path.split("/")]


def _rank(code: str) -> int:
    return RANK.get(code, len(ORDER))
