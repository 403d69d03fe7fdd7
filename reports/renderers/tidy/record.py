"""The other sections as lines: header, out of scope, reservations, changes, annex, and what concerns one state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document import answering
from reports.renderers.document.changed import where
from reports.renderers.document.first_page import not_recorded
from reports.renderers.reading import Reading, word
from reports.renderers.sentences import OTHER_DEFINITIONS, WITHHELD
from reports.renderers.tidy.line import Line, keys_of, tally_lines
from reports.renderers.uncounted import of_changes

# What is null of an incident where it would name a party that is withheld.
BINDING = ("column", "scope", "reasons", "scope_overruled", "provisions")
# What a third party's number says of itself, the number first.
THIRD_PARTY = (
    *("number", "contested", "note", "cumulative", "from", "until", "span", "span_basis", "span_precision"),
    *("language", "url", "definition"),
)


def header(reading: Reading) -> Iterator[Line]:
    """Section 1: what this file is, and what the report does not tell."""
    header, period = reading.header, reading.period
    facts: dict[str, int | str | None] = {
        "agreement": reading.label("agreement", reading.head["agreement"]),
        "guarantor": reading.label("guarantor", reading.edition["guarantor"]) if reading.edition else "",
        "marking": header["marking"],
        "period_from": period["from"],
        "period_until": period["until"],
        "time_zone": period["time_zone"],
        "cutoff_at": header["cutoff_at"],
        "cutoff_chosen": _plain_value(header["cutoff_chosen"]),
        "requested_how": header["requested_how"],
        "closing": header["closing"],
        "closing_number": header["number"],
        "content_sha256": reading.content_sha256,
        "codebook": reading.head["codebook"],
        "mechanism_version": header["mechanism_version"]["number"],
        "mechanism_file_sha256": header["mechanism_version"]["file_sha256"],
        "unit_of_count": reading.head["unit"],
    }
    for code, value in facts.items():
        yield Line("header", "edition", code, value)
    for item in header.get("data_sets", []):
        source = {"row_by": "source", "row_code": item["code"], "row": item["name"]}
        for code in ("told", "publisher", "read_by", "licence", "citation"):
            yield Line("header", "data_sets", code, item[code], **source)
    yield from _who_answers(reading)
    for code in header["not_recorded"]:
        yield Line(
            "header",
            "not_recorded",
            "not_recorded",
            code,
            note=not_recorded(reading, code),
        )


def _who_answers(reading: Reading) -> Iterator[Line]:
    """For whom guarantors answer, by which source; which observers there are."""
    for item in answering.told(reading) or ():
        party, whose = (reading.label(kind, item[kind]) for kind in ("party", "guarantor"))
        of = {"row_by": "party", "row_code": item["party"], "row": party}
        by = {"within_by": "guarantor", "within_code": item["guarantor"], "within": whose}
        for code, value in (("undertaken_on", item["basis"]), ("source", item["source"])):
            yield Line("header", "undertakings", code, value, **of, **by)
    for item in reading.header["observers"] if reading.corrigenda is not None else ():
        which = {"row_by": "observer", "row_code": item["observer"], "row": reading.label("observer", item["observer"])}
        yield Line("header", "observers", "tier", item["tier"], **which)
        for code in ("consent_of", "contested_by"):
            for whom in item[code]:
                yield Line("header", "observers", code, whom, **which)


def accessions(reading: Reading) -> Iterator[Line]:
    """Section 6, at last: who joined, how, from when, by which source."""
    told = reading.accessions or {"groups": [], "settlements": []}
    for kind, rows, codes in (
        ("party", told["groups"], ("kind", "from", "through", "before", "reading", "source")),
        ("settlement", told["settlements"], ("area", "from", "source")),
    ):
        for item in rows:
            of = {"row_by": kind, "row_code": item[kind], "row": reading.label(kind, item[kind])}
            text = {"within_by": "instrument", "within_code": item["instrument"]}
            text["within"] = reading.label("instrument", item["instrument"])
            for code in codes:
                if item[code]:
                    yield Line("accessions", kind, f"joined_{code}", item[code], **of, **text)


def corrigenda(reading: Reading) -> Iterator[Line]:
    """Section 9, on: revisions of earlier periods, how many figures each changed."""
    for item in (reading.corrigenda or {"revised": []})["revised"]:
        which = {"row_by": "period", "row_code": item["period"], "within_by": "closing"}
        which["within_code"] = str(item["number"])
        yield Line("corrigenda", "revised", "figures_changed", item["figures"], unit="figure", **which)
        for one in item["sections"]:
            table = f"revised_{one['section']}"
            yield Line("corrigenda", table, "figures_changed", one["figures"], unit="figure", **which)

    for item in (reading.corrigenda or {"supplements": []})["supplements"]:
        which = {"row_by": "period", "row_code": item["period"], "within_by": "closing"}
        which["within_code"] = str(item["number"])
        sheet = f"{item['sheet']}-{item['sheet_number']}"
        yield Line("corrigenda", "supplements", "released_at", item["released_at"], **which, row=sheet)


def out_of_scope(reading: Reading) -> Iterator[Line]:
    """Section 5: by reason and by reading."""
    section = reading.sections["out_of_scope"]
    for code in ("total", "overruled_into_scope", "disputed"):
        yield Line("out_of_scope", "total", code, section[code], unit="incident")
    for item in section["by_reason"]:
        reason = {"row_by": "reason", "row_code": item["reason"], "row": word("column", item["reason"])}
        for code in ("incidents", "verified", "overruled", "also_applies"):
            yield Line("out_of_scope", "by_reason", code, item[code], unit="incident", **reason)
    for item in section["by_reading"]:
        held = {"row_by": "reading", "row_code": "", "row": item["reading"]}
        for on in item["on"]:
            note = str(WITHHELD["whose_adherence"]) if on["code"] is None else ""
            yield Line(
                "out_of_scope",
                "by_reading",
                "on",
                on["code"],
                within_by="on",
                within_code=on["kind"],
                note=note,
                **held,
            )
        for code in ("same", "changed"):
            yield Line("out_of_scope", "by_reading", code, item[code], unit="incident", **held)
        for change in item["changes"]:
            move = f"{change['from']} > {change['to']}"
            yield Line(
                "out_of_scope",
                "by_reading",
                "moves",
                change["incidents"],
                within_by="change",
                within_code=move,
                unit="incident",
                **held,
            )


def reservations(reading: Reading) -> Iterator[Line]:
    """Section 8: who reserves what."""
    for item in reading.sections["reservations"]["reservations"]:
        row = {"row_by": "reservation", "row_code": item["code"], "row": item["holder"]}
        on = {"within_by": item["on_kind"], "within_code": item["on_code"]}
        yield Line("reservations", "reservations", "text", reading.told(item["text"]), **row, **on)


def third_party(reading: Reading) -> Iterator[Line]:
    """Section 8, on: each number as a third party published it, a line for it and for what it says of itself."""
    told = reading.sections["reservations"]["third_party_figures"]["figures"]
    if not told and "third_party_figures" not in reading.header["not_recorded"]:
        none = _("None is recorded that bears a date of this period. That says nothing of what others have counted.")
        yield Line("reservations", "third_party_figures", "number", None, note=none)
    for item in told:
        row = {"row_by": "figure", "row_code": item["figure"], "row": item["publisher"], "date": item["until"]}
        within = {"within_by": item["breakdown"], "within": item["category"]}
        for code in THIRD_PARTY:
            is_number = code == "number"
            yield Line(
                "reservations",
                "third_party_figures",
                code,
                _plain_value(item[code]),
                unit=item["counted"] if is_number else "",
                note=str(OTHER_DEFINITIONS) if is_number else "",
                **row,
                **within,
            )


def changes(reading: Reading) -> Iterator[Line]:
    """Section 9: every changed figure, old and new."""
    nothing = of_changes(reading)
    for item in reading.content["beside"]["changes"]["figures"]:
        path = {"row_by": "path", "row_code": item["path"], "row": values.plain(where(reading, item))}
        for code in ("old", "new"):
            why = nothing[code].why_at(item["path"], item[code])
            value = None if why else _plain_value(item[code])
            yield Line("changes", "figures", code, value, unit="figure", note=why, **path)


def annex(reading: Reading) -> Iterator[Line]:
    """Section 10: each incident at the reader's tier, a line for each of its facts, one that is withheld included."""
    for incident in reading.content["beside"]["annex"]["incidents"]:
        which = {"row_by": "incident", "row_code": incident["reference"], "date": incident["date"] or ""}
        for code, value in incident.items():
            if code in {"killed", "injured"}:
                for known, count in value.items():
                    yield Line("annex", "incidents", f"{code}_{known}", count, unit="person", **which)
            elif code not in {"reference", "date"}:
                note = str(WITHHELD["binding"]) if value is None and code in BINDING else ""
                for item in value if isinstance(value, list) else [value]:
                    told = f"{item['instrument']}/{item['provision']}" if code == "provisions" and item else item
                    unit = "dissent" if code == "dissents" else ""
                    yield Line("annex", "incidents", code, _plain_value(told), unit=unit, note=note, **which)


def concerns(reading: Reading) -> Iterator[Line]:
    """What concerns one state alone; nothing where the content is arranged for none."""
    if reading.edition is None:
        return
    for item in reading.requests or ():
        which = {"row_by": "request", "row_code": item["request"]}
        for code in ("asked_at", "due_at", "reply", "party", "incident", "question"):
            if item[code]:
                yield Line("edition", "requests", f"request_{code}", item[code], **which)
    for table in ("own_forces", "undertaken"):
        for item in reading.edition["concerns"][table]:
            keys = keys_of(reading, item, ("party", "party"), ("role", "role_in_incident"))
            yield from tally_lines("edition", table, item, **keys)
            for reference in item["incidents"]:
                yield Line("edition", table, "incident", reference, **keys)


def _plain_value(value: Any) -> int | str | None:
    return str(value).lower() if isinstance(value, bool) else value
