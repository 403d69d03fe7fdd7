"""Section 2 as lines: what was announced, by whom it is told, and what was filed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers.reading import Reading, word
from reports.renderers.sentences import NO_TOTAL
from reports.renderers.tidy.line import Line, row_of, within_area
from reports.renderers.words import CASE_FIELDS, IN_LISTS


def ledgers(reading: Reading) -> Iterator[Line]:
    """Each ledger: days held of days due, each return as told, reports filed."""
    for ledger in reading.ledgers:
        whose = row_of(reading, "guarantor", ledger["guarantor"])
        announced, filed = ledger["announced"], ledger["filed"]
        for code in ("days_in_period", "days_due", "days_held", "contradicted_days"):
            yield Line("ledgers", "announced", code, announced[code], unit="day", **whose)
        for state, count in announced["states"].items():
            yield Line(
                "ledgers", "announced", f"days_{state}", count, measure=word("ledger_day", state), unit="day", **whose
            )
        yield Line(
            "ledgers",
            "announced",
            "total",
            announced["total"],
            unit=announced["unit"] or "",
            note=str(NO_TOTAL.get(announced["no_total"], "")),
            **whose,
        )
        yield Line("ledgers", "filed", "total", filed["total"], unit="incident_report", **whose)
        yield Line("ledgers", "filed", "not_dated", filed["not_dated"], unit="incident_report", **whose)
        yield Line("ledgers", "filed_by_area", "joint", filed["by_area_joint"], unit="incident_report", **whose)
        for item in filed["by_area"]:
            yield Line(
                "ledgers",
                "filed_by_area",
                "total",
                item["count"],
                unit="incident_report",
                **whose,
                **within_area(reading, item["area"]),
            )
        for day in ledger["days"]:
            yield from _ledger_day(reading, whose, day)
    for item in reading.sections["ledgers"]["filed_by_others"]:
        team = {"row_by": "team_kind", "row_code": item["team_kind"], "row": word("team_kind", item["team_kind"])}
        yield Line("ledgers", "filed", "total", item["total"], unit="incident_report", **team)
    for pair in reading.sections["ledgers"]["case_lists"] or ():
        yield from _lists_of_cases(reading, pair)


def _lists_of_cases(reading: Reading, pair: dict[str, Any]) -> Iterator[Line]:
    """Two told lists beside one another: what they share, then each list's own figures."""
    for whose, beside, own in (("guarantor", "beside", "of_guarantor"), ("beside", "guarantor", "of_beside")):
        keys = row_of(reading, "guarantor", pair[whose]) | {
            "within_by": "beside",
            "within_code": pair[beside],
            "within": reading.label("guarantor", pair[beside]),
        }
        yield Line("ledgers", "case_lists", "days", pair["days"], unit="day", **keys)
        for code, count in (
            ("cases", pair[own]["cases"]),
            ("agreed", pair["agreed"]),
            ("differing", pair["differing"]),
            ("undecided", pair[own]["undecided"]),
            ("only_there", pair[own]["only_there"]),
        ):
            yield Line("ledgers", "case_lists", code, count, measure=str(IN_LISTS[code]), unit="case", **keys)
        for name, count in pair["differing_in"].items():
            field = _("differing in: %(field)s") % {"field": CASE_FIELDS[name]}
            yield Line("ledgers", "case_lists", f"differing_{name}", count, measure=field, unit="case", **keys)


def _ledger_day(reading: Reading, whose: dict[str, str], day: dict[str, Any]) -> Iterator[Line]:
    at = {**whose, "date": day["date"]}
    yield Line("ledgers", "days", "state", day["state"], note=word("ledger_day", day["state"]), **at)
    yield Line("ledgers", "days", "filed", day["filed"], unit="incident_report", **at)
    for told in day["returns"]:
        by = {
            "within_by": "teller",
            "within_code": told["teller"],
            "within": reading.label("guarantor", told["teller"]),
            "unit": told["unit"],
        }
        note = _("contradicts another return") if told["variant"] > 1 else ""
        for code in ("total", "headline_total", "confirmed", "not_confirmed", "attributed_elsewhere"):
            if told[code] is not None:
                yield Line("ledgers", "returns", code, told[code], note=note, **at, **by)
        for code in ("window_from", "window_until", "window_basis", "breakdown", "note"):
            if told[code]:
                yield Line("ledgers", "returns", code, told[code], **at, **{**by, "unit": ""})
        for source in told["sources"]:
            read_in = {**at, **by, "unit": "", "note": source["outlet"]}
            yield Line("ledgers", "returns", "source", source["url"], **read_in)
            if source["note"]:
                yield Line("ledgers", "returns", "source_note", source["note"], **read_in)
        for line in told["lines"]:
            yield Line(
                "ledgers",
                "return_lines",
                "total",
                line["count"],
                unit=told["unit"],
                note=_("as written: %(text)s; as told by %(teller)s")
                % {"text": line["as_written"], "teller": reading.label("guarantor", told["teller"])},
                **at,
                **within_area(reading, line["area"]),
            )
