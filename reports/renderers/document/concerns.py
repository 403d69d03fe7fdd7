"""What concerns the reader's state alone: its own forces, those it has undertaken for, requests open to it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.annex import LONG, incident_table
from reports.renderers.document.blocks import Block, cell, column, heading, paragraph, place, row, table
from reports.renderers.document.first_page import open_to_it
from reports.renderers.document.tallies import tally_table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, word


def concerns(reading: Reading, edition: dict[str, Any]) -> list[Block]:
    """What concerns the reader's state alone: its own forces, those it has undertaken for, requests open to it."""
    section = edition["concerns"]
    blocks = [heading(_("For %(guarantor)s alone") % {"guarantor": reading.guarantor})]
    if not edition["requests"]["recorded"]:
        blocks.append(
            paragraph(
                _("Requests for information open to this state: not recorded when this report was made."),
                tone="note",
            )
        )
    blocks += _requests(reading)
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


def _requests(reading: Reading) -> list[Block]:
    """The requests open to it, in the words in which it was asked; nothing where the edition does not tell them."""
    rows = reading.requests
    if not rows:
        return [] if rows is None else [paragraph(open_to_it(reading, rows))]
    return [
        table(
            "requests-open",
            _("Requests for information open to %(guarantor)s at the cut-off, of whatever period")
            % {"guarantor": reading.guarantor},
            columns=[column("40mm"), column("24mm"), column("40mm"), column("34mm"), column("1fr")],
            head=[[_("Due"), _("State"), _("Asked of"), _("Incident"), _("Question")]],
            rows=[
                row(
                    reading.instant(item["due_at"]),
                    word("reply", item["reply"]),
                    reading.name("party", item["party"]) if item["party"] else reading.guarantor,
                    values.code(item["incident"]) if item["incident"] else _("none"),
                    values.name(item["question"]),
                )
                for item in rows
            ],
            note=_(
                "Each may be answered in the portal or on paper. An incident may be younger than the delay of the "
                "annex, or lie in another period: then it is not listed there."
            ),
            whole=False,
            **measure(reading, "requests-open"),
        )
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
            **measure(reading, "concerns"),
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
            **measure(reading, "answers-for"),
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
    annex = reading.content["beside"]["annex"]["incidents"]
    incidents = [row for row in annex if row["reference"] in wanted]
    if not incidents:
        return [paragraph(_("No incident of the annex names one of these parties."))]
    if len(annex) < LONG:
        return [incident_table(reading, "own-annex", _("These incidents, from the annex"), incidents)]
    said = _(
        "The annex lists %(count)s incidents. Where it lists %(long)s or more, no edition tells those that concern its "
        "State a second time, be they few or many: each edition gives their references here, by party, role and day. "
        "What is told of each stands in %(table)s, and in the CSV and JSON files of every edition."
    ) % {"count": values.count(len(annex)), "long": values.count(LONG), "table": place("annex")}
    return [paragraph(said), _references(reading, section, {incident["reference"]: incident for incident in incidents})]


def _references(reading: Reading, section: dict[str, Any], incidents: dict[str, dict[str, Any]]) -> Block:
    """Which incidents they are and where: by party and role, by the day on which they began."""
    rows = []
    concerned = [item for item in (*section["own_forces"], *section["undertaken"]) if item["incidents"]]
    for item in reading.sorted("party", concerned, lambda item: item["party"]):
        days: dict[str, list[str]] = {}
        named = set(item["incidents"])
        for incident in (one for reference, one in incidents.items() if reference in named):
            day = values.short_instant(incident["occurred_from"], reading.zone, hours=False)
            days.setdefault(day, []).append(_reference(reading, incident))
        if days:
            rows.append(row(cell(_concern_name(reading, item), colspan=2), look="group"))
        rows += [row(day, "   ".join(references)) for day, references in days.items()]
    return table(
        "own-annex",
        _("These incidents, by the day on which they began"),
        columns=[column("22mm"), column("1fr")],
        head=[[_("From"), _("References, with the place")]],
        rows=rows,
        note=_("Each is told in %(table)s, in the order of time.") % {"table": place("annex")},
        **measure(reading, "own-annex"),
    )


def _reference(reading: Reading, incident: dict[str, Any]) -> str:
    """A reference and its place, which no line's end takes apart."""
    return f"{values.code(incident['reference'])} {reading.area(incident['area'])}".replace(" ", "\u00a0")
