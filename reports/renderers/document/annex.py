"""Section 10: the incidents at the reader's tier, and what concerns the reader's state alone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, Cell, cell, column, heading, paragraph, row, table
from reports.renderers.document.first_page import nothing_filed
from reports.renderers.document.tallies import tally_table
from reports.renderers.reading import Reading, place_in_columns, word


def annex(reading: Reading) -> list[Block]:
    """Every incident at the reader's tier: place and time no finer than the truce's rule, no narrative, no source."""
    section = reading.content["beside"]["annex"]
    blocks = [heading(_("10. Annex: the incidents"), new_page=bool(section["incidents"]))]
    if section["withheld_recent"]:
        blocks.append(
            paragraph(
                ngettext(
                    "%(count)s incident younger than the truce's delay is in the totals and not listed here.",
                    "%(count)s incidents younger than the truce's delay are in the totals and not listed here.",
                    section["withheld_recent"],
                )
                % {"count": values.count(section["withheld_recent"])},
                tone="note",
            )
        )
    if not section["incidents"]:
        why = (
            nothing_filed(reading)
            if not reading.registered
            else _("Every incident of the period is younger than the truce's delay.")
        )
        return [*blocks, paragraph(why)]
    return [*blocks, incident_table(reading, "annex", _("Incidents by time and place"), section["incidents"])]


def incident_table(reading: Reading, anchor: str, caption: str, incidents: list[dict[str, Any]]) -> Block:
    """A line for each incident."""
    parties = not reading.content["beside"]["annex"]["parties_withheld"]
    hours = reading.content["beside"]["annex"]["time_step"] == "hour"
    head: list[Cell] = [
        _("Reference"),
        _("When"),
        _("Where"),
        _("What"),
        _("Stands as"),
        cell(_("Killed")),
        cell(_("Injured")),
    ]
    columns = [
        column("23mm"),
        column("27mm"),
        column("46mm"),
        column("1.15fr"),
        column("46mm"),
        column("15mm", end=True),
        column("15mm", end=True),
    ]
    if parties:
        head.insert(4, _("Parties"))
        columns.insert(4, column("1fr"))
    return table(
        anchor,
        caption,
        columns=columns,
        head=[head],
        rows=[_incident(reading, incident, parties=parties, hours=hours) for incident in incidents],
        note=_(
            "Times in %(zone)s, to the %(step)s. Places no finer than %(level)s. Parties: “alleged” as reported, "
            "“attributed” as an agreed finding has it. Killed and injured: verified, or in brackets the range "
            "reported; a dash: unknown."
        )
        % {
            "zone": values.zone_of(reading.period),
            "step": _("hour") if hours else _("day"),
            "level": reading.level(reading.content["beside"]["annex"]["place_level"]),
        },
    )


def _incident(reading: Reading, incident: dict[str, Any], *, parties: bool, hours: bool) -> dict[str, Any]:
    cells: list[Cell] = [
        cell(values.code(incident["reference"]), code=True),
        _when(reading, incident, hours=hours),
        _place_of(reading, incident),
        _what(incident),
        _stands(incident),
        _casualties(incident["killed"]),
        _casualties(incident["injured"]),
    ]
    if parties:
        cells.insert(4, _parties(reading, incident))
    return row(*cells)


def _when(reading: Reading, incident: dict[str, Any], *, hours: bool) -> str:
    if incident["time_precision"] in {"minute", "hour"}:
        return values.short_instant(incident["occurred_from"], reading.zone, hours=hours)
    if incident["date"]:
        return values.short_day(incident["date"])
    return _("%(first)s to %(last)s") % {
        "first": values.short_instant(incident["occurred_from"], reading.zone, hours=False),
        "last": values.short_instant(incident["occurred_until"], reading.zone, hours=False),
    }


def _place_of(reading: Reading, incident: dict[str, Any]) -> str:
    zones = [reading.name("zone", zone) for zone in reading.sorted("zone", incident["zones"])]
    return values.listed([reading.area(incident["area"]), *zones])


def _what(incident: dict[str, Any]) -> str:
    parts = [word("act", incident["act"])]
    if incident["weapon"] and incident["weapon"] != "undetermined":
        parts.append(word("weapon", incident["weapon"]))
    if incident["objects_hit"]:
        parts.append(
            _("hit: %(objects)s") % {"objects": ", ".join(word("object", code) for code in incident["objects_hit"])}
        )
    return values.listed(parts)


def _parties(reading: Reading, incident: dict[str, Any]) -> str:
    named = [
        (incident["attributed"], _("attributed: %(parties)s")),
        ([] if incident["attributed"] else incident["alleged"], _("alleged: %(parties)s")),
        (incident["target"], _("against: %(parties)s")),
        (incident["involved"], _("involved: %(parties)s")),
    ]
    parts = [
        pattern % {"parties": ", ".join(reading.name("party", code) for code in reading.sorted("party", codes))}
        for codes, pattern in named
        if codes
    ]
    return values.listed(parts) if parts else _("none named")


def _stands(incident: dict[str, Any]) -> str:
    name = place_in_columns(incident["column"])
    if incident["dissents"]:
        name += ngettext("; %(count)s dissent", "; %(count)s dissents", incident["dissents"]) % {
            "count": values.count(incident["dissents"])
        }
    return name


def _casualties(numbers: dict[str, int | None]) -> dict[str, Any]:
    if numbers["verified"] is not None:
        return cell(values.count(numbers["verified"]), strong=numbers["verified"] > 0)
    low, high = numbers["reported_low"], numbers["reported_high"]
    if low is None and high is None:
        return cell("–", faint=True)
    text = values.count(high) if low == high else f"{values.count(low)}–{values.count(high)}"
    return cell(f"({text})")


def concerns(reading: Reading, edition: dict[str, Any]) -> list[Block]:
    """What concerns the reader's state alone: its own forces, those it has undertaken for, requests open to it."""
    section = edition["concerns"]
    blocks = [
        heading(_("For %(guarantor)s alone") % {"guarantor": reading.guarantor}, new_page=bool(reading.registered))
    ]
    if not edition["requests"]["recorded"]:
        blocks.append(
            paragraph(_("Requests for information open to this state: not yet recorded by this service."), tone="note")
        )
    if section["parties_withheld"]:
        return [*blocks, paragraph(_("This truce does not publish attribution: no incident is listed by party."))]
    if not reading.registered:
        return [
            *blocks,
            paragraph(_("No incident report was filed, so none concerns it.")),
            *_answers_for(reading, section),
        ]
    return [
        *blocks,
        *_concerned(
            reading,
            "own-forces",
            _("Incidents that name its own forces"),
            section["own_forces"],
            _("The mechanism file lists no forces of its own."),
        ),
        *_concerned(
            reading,
            "undertaken",
            _("Incidents that name parties it has undertaken for, while it had"),
            section["undertaken"],
            _("In this period it has undertaken for no party, so none is listed."),
        ),
        *_listed(reading, section),
    ]


def _concerned(reading: Reading, anchor: str, caption: str, rows: list[dict[str, Any]], empty: str) -> list[Block]:
    if not rows:
        return [paragraph(empty)]
    lines = [
        (_concern_name(reading, item), item, "") for item in reading.sorted("party", rows, lambda item: item["party"])
    ]
    return [
        tally_table(
            anchor,
            caption,
            _("Party and role"),
            lines,
            note=_("An incident that names several of these parties counts in each row; the rows are not added."),
        )
    ]


def _answers_for(reading: Reading, section: dict[str, Any]) -> list[Block]:
    """Without incidents: for whom the state answers, and on whose word; no figures."""
    rows = {item["party"]: item for item in section["undertaken"]}
    if not rows:
        return [paragraph(_("In this period it has undertaken for no party."))]
    return [
        table(
            "answers-for",
            _("Parties that it has undertaken for, or is said to answer for"),
            columns=[column("90mm"), column("1fr")],
            head=[[_("Party"), _("On whose word")]],
            rows=[
                row(reading.name("party", code), values.listed([word("undertaking", basis) for basis in item["basis"]]))
                for code, item in ((code, rows[code]) for code in reading.sorted("party", rows))
            ],
        )
    ]


def _concern_name(reading: Reading, concern: dict[str, Any]) -> str:
    name = _("%(party)s, %(role)s") % {
        "party": reading.name("party", concern["party"]),
        "role": word("role_in_incident", concern["role"]),
    }
    basis = [word("undertaking", code) for code in concern.get("basis", [])]
    return f"{name} ({values.listed(basis)})" if basis else name


def _listed(reading: Reading, section: dict[str, Any]) -> list[Block]:
    wanted = {
        reference
        for rows in (section["own_forces"], section["undertaken"])
        for row in rows
        for reference in row["incidents"]
    }
    incidents = [row for row in reading.content["beside"]["annex"]["incidents"] if row["reference"] in wanted]
    if not incidents:
        return [paragraph(_("No incident of the annex names one of these parties."))]
    return [incident_table(reading, "own-annex", _("These incidents, from the annex"), incidents)]
