"""Section 10: the incidents at the reader's tier, one by one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, Cell, cell, column, heading, paragraph, row, table
from reports.renderers.document.first_page import nothing_filed
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, place_in_columns, word
from reports.renderers.sentences import WITHHELD

LONG = 40  # incidents: so long a table says once what is the same in all its lines; no edition tells them again


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
    if section["incidents"] and section.get("binding_withheld"):
        blocks.append(paragraph(str(WITHHELD["binding"]), tone="note"))
    if not section["incidents"]:
        why = (
            nothing_filed(reading)
            if not reading.registered
            else _("Every incident of the period is younger than the truce's delay.")
        )
        return [*blocks, paragraph(why)]
    return [*blocks, incident_table(reading, "annex", _("Incidents by time and place"), section["incidents"])]


def incident_table(reading: Reading, anchor: str, caption: str, incidents: list[dict[str, Any]]) -> Block:
    """A line for each incident. What is the same in all of many is said once, above, and leaves room for the rest."""
    section = reading.content["beside"]["annex"]
    hours = section["time_step"] == "hour"
    long = len(incidents) >= LONG
    alike = {_what(incident) for incident in incidents} if long else set()
    undirected = long and 2 * sum(_only_involved(incident) for incident in incidents) > len(incidents)
    zones = any(incident["zones"] for incident in incidents)
    left_out = {name for name, out in (("what", len(alike) == 1), ("parties", section["parties_withheld"])) if out}
    shown = [name for name in ("reference", "when", "where", "what", "parties", "stands") if name not in left_out]
    heads, widths = _columns(zones=zones, undirected=undirected)
    note = _(
        "Times in %(zone)s, to the %(step)s. Places no finer than %(level)s. Parties: “alleged” as reported, "
        "“attributed” as an agreed finding has it. Killed and injured: verified, or in brackets the range "
        "reported; a dash: unknown."
    ) % {
        "zone": values.zone_of(reading.period),
        "step": _("hour") if hours else _("day"),
        "level": reading.level(section["place_level"]),
    }
    if "what" in left_out:
        caption = _("%(caption)s; in each, %(what)s") % {"caption": caption, "what": alike.pop()}
    return table(
        anchor,
        caption,
        columns=[*(column(widths[name]) for name in shown), column("15mm", end=True), column("13mm", end=True)],
        head=[[*(heads[name] for name in shown), cell(_("Killed")), cell(_("Injured"))]],
        rows=[_incident(reading, incident, shown, hours=hours, undirected=undirected) for incident in incidents],
        note=note,
        **measure(reading, anchor),
    )


def _columns(*, zones: bool, undirected: bool) -> tuple[dict[str, str], dict[str, str]]:
    """The heading and the width of each column. Parties have the longest names, so theirs has the most room."""
    heads = {
        "reference": _("Reference"),
        "when": _("When"),
        "where": _("Where"),
        "what": _("What"),
        "parties": _("Parties; where no word stands before them: involved, no direction known")
        if undirected
        else _("Parties"),
        "stands": _("Stands as"),
    }
    widths = {
        "reference": "20mm",
        "when": "24mm",
        "where": "46mm" if zones else "26mm",
        "what": "1fr",
        "parties": "2fr",
        "stands": "44mm",
    }
    return heads, widths


def _incident(
    reading: Reading, incident: dict[str, Any], shown: list[str], *, hours: bool, undirected: bool
) -> dict[str, Any]:
    told: dict[str, Cell] = {
        "reference": cell(values.code(incident["reference"]), code=True),
        "when": _when(reading, incident, hours=hours),
        "where": _place_of(reading, incident),
        "what": _what(incident),
        "parties": _parties(reading, incident, undirected=undirected),
        "stands": _stands(incident),
    }
    return row(*(told[name] for name in shown), _casualties(incident["killed"]), _casualties(incident["injured"]))


def _when(reading: Reading, incident: dict[str, Any], *, hours: bool) -> str:
    if incident["time_precision"] in {"minute", "hour"}:
        return values.short_instant(incident["occurred_from"], reading.zone, hours=hours)
    if incident["date"]:
        return values.short_day(incident["date"])
    first = values.short_instant(incident["occurred_from"], reading.zone, hours=False)
    last = values.short_last_day(incident["occurred_until"], reading.zone)
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}


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


def _only_involved(incident: dict[str, Any]) -> bool:
    """Whether an incident names parties and says of none that it acted or was acted against."""
    return bool(incident["involved"]) and not any(incident[role] for role in ("attributed", "alleged", "target"))


def _parties(reading: Reading, incident: dict[str, Any], *, undirected: bool) -> str:
    """Who is named, in which role; where most have no direction, those stand without a word before them."""
    named = [
        (incident["attributed"], _("attributed: %(parties)s")),
        ([] if incident["attributed"] else incident["alleged"], _("alleged: %(parties)s")),
        (incident["target"], _("against: %(parties)s")),
        (
            incident["involved"],
            "%(parties)s" if undirected and _only_involved(incident) else _("involved: %(parties)s"),
        ),
    ]
    parts = [
        pattern % {"parties": ", ".join(reading.name("party", code) for code in reading.sorted("party", codes))}
        for codes, pattern in named
        if codes
    ]
    return values.listed(parts) if parts else _("none named")


def _stands(incident: dict[str, Any]) -> str:
    stands_in = incident["column"]
    name = str(WITHHELD["of_an_incident"]) if stands_in is None else place_in_columns(stands_in)
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


def in_words(reading: Reading, incident: dict[str, Any]) -> dict[str, str]:
    """What the line of an incident says, for a page: no more than the annex does."""
    hours = reading.content["beside"]["annex"]["time_step"] == "hour"
    return {
        "reference": incident["reference"],
        "when": _when(reading, incident, hours=hours),
        "where": _place_of(reading, incident),
        "what": _what(incident),
        "parties": _parties(reading, incident, undirected=False),
        "stands": _stands(incident),
    }
