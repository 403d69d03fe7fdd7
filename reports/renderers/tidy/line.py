"""A line of the long table: one figure, its row and measure by code and by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.renderers import values
from reports.renderers.reading import Reading, word
from reports.renderers.words import COLUMNS

MEASURES = {
    "total": gettext_lazy("Total"),
    "state": gettext_lazy("State of the day"),
    "filed": gettext_lazy("Incident reports filed"),
    "not_dated": gettext_lazy("Not dated to a day of the period"),
    "days_in_period": gettext_lazy("Days in the period"),
    "days_due": gettext_lazy("Days due"),
    "days_held": gettext_lazy("Days held"),
    "contradicted_days": gettext_lazy("Days with contradicting returns"),
    "headline_total": gettext_lazy("Total in the headline"),
    "confirmed": gettext_lazy("Of these, confirmed by the teller"),
    "not_confirmed": gettext_lazy("Of these, not confirmed by the teller"),
    "attributed_elsewhere": gettext_lazy("Of these, ascribed by the teller to a designated group"),
    "registered": gettext_lazy("Registered"),
    "not_dated_to_the_hour": gettext_lazy("Not dated to the hour"),
    "withheld_recent": gettext_lazy("Too recent for their hour to be told"),
    "joint": gettext_lazy("Incidents that count in several rows"),
    "killed_verified": gettext_lazy("Killed, verified minimum"),
    "injured_verified": gettext_lazy("Injured, verified minimum"),
    "verified_minimum": gettext_lazy("Verified minimum"),
    "verified_incidents": gettext_lazy("Incidents with a verified number"),
    "reported_maximum": gettext_lazy("Reported maximum"),
    "incidents_unknown": gettext_lazy("Incidents of which nothing is known"),
    "record_began_at": gettext_lazy("The record of the truce begins"),
    "recorded": gettext_lazy("How much of the period lies after that"),
    "determined": gettext_lazy("Earlier incidents determined in the period"),
    "accepted_from_data_set": gettext_lazy("Accepted from a data set, in no total"),
    "not_taken_up": gettext_lazy("Incidents of the period that nobody had taken up"),
    "opened": gettext_lazy("Opened in the period"),
    "closed": gettext_lazy("Closed in the period"),
    "pending": gettext_lazy("Pending at the cut-off"),
    **{
        f"{move}_{age}": name
        for move, name in (
            ("closed", gettext_lazy("Closed in the period, having been open so long")),
            ("pending", gettext_lazy("Pending at the cut-off, having been open so long")),
        )
        for age in ("days_0_7", "days_8_30", "days_31_90", "days_91_more")
    },
    "days": gettext_lazy("Days of this period"),
    "days_previous": gettext_lazy("Days of the previous period"),
    "current": gettext_lazy("This period"),
    "previous": gettext_lazy("Previous period"),
    "ratio": gettext_lazy("Ratio of the rates a day"),
    "lower": gettext_lazy("Lower limit of its 95 % interval"),
    "upper": gettext_lazy("Upper limit of its 95 % interval"),
    "dispersion": gettext_lazy("Dispersion of the days"),
    "days_held_current": gettext_lazy("Days held of this period"),
    "days_held_previous": gettext_lazy("Days held of the previous period"),
    "content_sha256": gettext_lazy("Content hash"),
    "cutoff_at": gettext_lazy("Cut-off"),
    "cutoff_chosen": gettext_lazy("Cut-off chosen by hand"),
    "requested_how": gettext_lazy("How it was asked for"),
    "told": gettext_lazy("What the source tells"),
    "minutes": gettext_lazy("Minutes of teams"),
    "days_watched": gettext_lazy("Days on which teams were at work for an hour or longer"),
    "quiet_days": gettext_lazy("Of these, without a registered incident dated to the day"),
    "registered_when_watched": gettext_lazy("Incidents dated to days watched"),
    "per_100_hours": gettext_lazy("Incidents dated to days watched, per 100 team hours"),
    "lines": gettext_lazy("Lines of watch logs"),
    "counted": gettext_lazy("Counted in them"),
    "not_exact": gettext_lazy("Lines whose count is not exact"),
    "uncountable": gettext_lazy("Lines without a count"),
    "publisher": gettext_lazy("Publisher"),
    "read_by": gettext_lazy("Codebook that it is read by"),
    "licence": gettext_lazy("Licence"),
    "citation": gettext_lazy("To be cited as"),
}


@dataclass(frozen=True)
class Line:
    """One figure: where it stands, of what, which measure, how much, in which unit."""

    section: str
    table: str
    measure_code: str
    value: int | str | None
    row_by: str = ""
    row_code: str = ""
    row: str = ""
    within_by: str = ""
    within_code: str = ""
    within: str = ""
    date: str = ""
    measure: str = ""
    unit: str = ""
    note: str = ""


ORDER = (
    "section",
    "table",
    "row_by",
    "row_code",
    "row",
    "within_by",
    "within_code",
    "within",
    "date",
    "measure_code",
    "measure",
    "value",
    "unit",
    "note",
)


def row_of(reading: Reading, kind: str, code: str) -> dict[str, str]:
    """The key of a row that a label of the content names."""
    return {"row_by": kind, "row_code": code, "row": reading.label(kind, code) if code else ""}


def within_area(reading: Reading, area: str | None) -> dict[str, str]:
    """The area within which a figure stands, or that it is not placed."""
    return {"within_by": "area", "within_code": area or "", "within": values.plain(reading.area(area))}


def keys_of(
    reading: Reading, item: dict[str, Any], row: tuple[str, str], within: tuple[str, str] | None
) -> dict[str, str]:
    """The keys of a row: one that a label of the content names, or a code of a list; and the one within it."""
    key, kind = row
    code = item[key] or ""
    named = kind in {"side", "party", "zone"}
    name = (reading.label(kind, code) if named else word(kind, code)) if code else ""
    keys = {"row_by": key, "row_code": code, "row": name}
    if within:
        inner, inner_kind = within
        keys |= {"within_by": inner, "within_code": item[inner], "within": word(inner_kind, item[inner])}
    return keys


def tally_lines(section: str, table: str, tally: dict[str, Any], **place: str) -> Iterator[Line]:
    """A row of tallies as lines: the registered, every column, the running subtotals, casualties where there are."""
    yield Line(section, table, "registered", tally["registered"], unit="incident", **place)
    for code, name in COLUMNS.items():
        yield Line(section, table, code, tally["columns"][code], measure=str(name), unit="incident", **place)
    for code, count in tally["subtotals"].items():
        subtotal = _("%(subtotal)s (subtotal)") % {"subtotal": word("subtotal", code)}
        yield Line(section, table, f"subtotal_{code}", count, measure=subtotal, unit="incident", **place)
    for code in ("killed_verified", "injured_verified"):
        if code in tally:
            yield Line(section, table, code, tally[code], unit="person", **place)
