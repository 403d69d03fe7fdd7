"""Out of what each figure of the long table counts, and what is not in it: as below the table of the print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reports.renderers.measured import Told, measure
from reports.renderers.reading import Reading
from reports.renderers.tidy.line import Line

# By section and table; by the section alone where its tables are all alike.
KINDS = {
    ("ledgers", "announced"): "ledger-days",
    ("ledgers", "days"): "ledger-days",
    ("ledgers", "returns"): "tellings",
    ("ledgers", "return_lines"): "tellings",
    ("ledgers", "case_lists"): "case-lists",
    ("ledgers", ""): "filed",
    ("registrations", "by_hour"): "day-by-hour",
    ("registrations", ""): "day",
    ("incidents", "by_party_named"): "by-party-named",
    ("incidents", "attribution"): "attribution",
    ("incidents", "casualties"): "casualties",
    ("incidents", ""): "incidents",
    ("cases", "all"): "cases",
    ("cases", "by_side"): "cases",
    ("cases", ""): "determined",
    ("out_of_scope", "by_reading"): "readings",
    ("out_of_scope", ""): "out-of-scope",
    ("effort", "by_area"): "effort-areas",
    ("effort", "logged"): "watch-logs",
    ("effort", "restrictions"): "restrictions",
    ("effort", ""): "effort",
    ("comparison", "change_announced"): "announced-change",
    ("comparison", "change_registered"): "change",
    ("comparison", "change_violations"): "change",
    ("comparison", ""): "both-periods",
    ("replies", "requests"): "requests",
    ("replies", "statements"): "statements",
    ("replies", "measures"): "measures-agreed",
    ("reservations", "third_party_figures"): "third-party",
    ("choices", ""): "choices",
    ("changes", ""): "changes",
    ("corrigenda", ""): "corrigenda",
    ("comments", ""): "comments",
    ("annex", ""): "annex",
    ("edition", ""): "concerns",
}


def with_denominators(reading: Reading, lines: Iterator[Line]) -> Iterator[Line]:
    """Yield `lines`, those in a unit with their denominator and what is missing from them."""
    told: dict[str, Told] = {}
    for line in lines:
        if not line.unit:
            yield line
            continue
        kind = KINDS.get((line.section, line.table)) or KINDS[line.section, ""]
        if kind not in told:
            told[kind] = measure(reading, kind)
        yield replace(line, of=told[kind]["of"], missing=told[kind]["missing"])
