"""Where a changed figure stands, in words: the codes of its path, each by the name it has."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.renderers import values
from reports.renderers.reading import Reading, word
from reports.renderers.sentences import NO_COMPARISON, NO_TOTAL_SHORT, NOT_COMPARED
from reports.renderers.words import WORDS

PARTS = {
    "incidents": _("Incidents"),
    "ledgers": _("Ledgers"),
    "out_of_scope": _("Out of scope"),
    "charts": _("Charts"),
    "comparison": _("Change against the previous period"),
    "all": _("all"),
    "standing": _("in their columns"),
    "current": _("this period"),
    "previous": _("previous period"),
    "ratio": _("ratio of rates"),
    "lower": _("lower limit"),
    "upper": _("upper limit"),
    "dispersion": _("dispersion"),
    "outcome": _("whether compared"),
    "why_not": _("why not compared"),
    "why_none": _("why no comparable period"),
    "reservations": _("Reservations"),
    "total": _("all"),
    "registered": _("registered"),
    "violations": _("violations"),
    "violations_determined": _("violations, determined"),
    "violations_preliminary": _("violations, preliminary"),
    "verified": _("verified (subtotal)"),
    "in_scope": _("in scope (subtotal)"),
    "by_side": _("by side"),
    "by_party": _("by party"),
    "by_party_named": _("by party named and role"),
    "by_provision": _("by provision"),
    "by_act": _("by act"),
    "by_object_hit": _("by object hit"),
    "by_weapon": _("by weapon"),
    "by_area": _("by area"),
    "by_zone": _("by zone"),
    "by_day": _("by day"),
    "by_reason": _("by reason"),
    "by_reading": _("by reading"),
    "attribution": _("attribution"),
    "casualties": _("casualties"),
    "announced": _("announced"),
    "filed": _("filed"),
    "days": _("days"),
    "days_held": _("days held"),
    "days_due": _("days due"),
    "returns": _("returns"),
    "states": _("states of days"),
    "killed": _("killed"),
    "injured": _("injured"),
    "killed_verified": _("killed, verified"),
    "injured_verified": _("injured, verified"),
    "verified_minimum": _("verified minimum"),
    "verified_incidents": _("incidents with a verified number"),
    "reported_maximum": _("reported maximum"),
    "incidents_unknown": _("incidents of which nothing is known"),
    "none": pgettext_lazy("a row without this", "none stated"),
    "parties": _("armed actors of the side"),
    "not_discounted": _("all but the discounted"),
    "across_the_edge": _("across the edge of the period"),
}
# Figures that are told by a code of a list, by the last part of their path.
CODED: dict[str, dict[Any, Any]] = {
    "state": WORDS["ledger_day"],
    "outcome": {"compared": _("compared"), "not_compared": _("not compared"), **NOT_COMPARED},
    "why_not": NOT_COMPARED,
    "why_none": NO_COMPARISON,
    "no_total": NO_TOTAL_SHORT,
}
DATE = re.compile(r"\d{4}-\d\d-\d\d")
SILENT = frozenset({"columns", "subtotals", "rows", "measures"})
LABELS = ("side", "party", "area", "zone", "instrument", "provision", "guarantor")
CODES = (
    "column",
    "subtotal",
    "act",
    "object",
    "weapon",
    "forces",
    "group",
    "level",
    "ledger_day",
    "attribution",
    "dated",
    "scope",
    "role_in_incident",
)


def where(reading: Reading, change: dict[str, Any]) -> str:
    """Return incidents/by_act/direct_fire/columns/pending as 'Incidents › by act › direct fire › Pending'."""
    parts = [part for part in change["path"].split("/") if part not in SILENT]
    if parts[:1] != [change["section"]]:
        parts.insert(0, change["section"])
    return " › ".join(_part(reading, part) for part in parts)


def written(change: dict[str, Any], which: str) -> str:
    """A figure, `old` or `new`, whatever it is; a dash where the row was not there, or nothing is said."""
    value = change[which]
    if isinstance(value, bool):
        return word("yes", value)
    if value is None or isinstance(value, int):
        return values.count(value)
    said = CODED.get(change["path"].rpartition("/")[2], {}).get(value)
    return values.name(value if said is None else str(said)) or "–"


def in_order(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Changed figures in the order of the content, what concerns all incidents first."""
    return sorted(changes, key=lambda change: not whole(change))


def whole(change: dict[str, Any]) -> bool:
    """Whether a change is in the total, and not in one of its breakdowns."""
    return "/total/" in f"/{change['path']}/"


def _part(reading: Reading, part: str) -> str:
    provision = part.replace("+", "/")
    if provision in reading.content["beside"]["labels"].get("provision", {}):
        return reading.name("provision", provision)
    if "+" in part:  # a row of two keys
        return values.listed([_part(reading, key) for key in part.split("+")])
    if DATE.fullmatch(part):
        return values.day(part)
    if part in PARTS:
        return str(PARTS[part])
    names = reading.content["beside"]["labels"]
    for kind in LABELS:
        if part in names.get(kind, {}):
            return reading.name(kind, part)
    for kind in CODES:
        if part in WORDS[kind]:
            return str(WORDS[kind][part])
    return values.code(part)
