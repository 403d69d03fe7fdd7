"""The columns of a report, in order: each live incident stands in the first that fits. Together, the registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OUT_OF_SCOPE = ("outside_period", "outside_area", "excluded_designated", "excluded_non_signatory")
VIOLATIONS = ("violations_determined", "violations_preliminary")
COLUMNS = (
    "discounted",
    *OUT_OF_SCOPE,
    "scope_disputed",
    "one_sided",
    "pending",
    "probable_data_set",
    "scope_not_assessed",
    "conduct_undetermined",
    "no_breach",
    "no_provision",
    *VIOLATIONS,
)
# What has been verified and lies in scope, violations apart; one-sided and data set stand beside and enter no subtotal:
# so they come before every column that does.
IN_SCOPE = ("conduct_undetermined", "no_breach", "no_provision")

Tally = dict[str, Any]


def tally(counts: Mapping[str, int]) -> Tally:
    """Return the row of a breakdown: the registered, every column, and the running subtotals."""
    columns = {column: counts.get(column, 0) for column in COLUMNS}
    violations = sum(columns[column] for column in VIOLATIONS)
    in_scope = violations + sum(columns[column] for column in IN_SCOPE)
    return {
        "registered": sum(columns.values()),
        "columns": columns,
        "subtotals": {
            "verified": columns["scope_not_assessed"] + in_scope,
            "in_scope": in_scope,
            "violations": violations,
        },
    }
