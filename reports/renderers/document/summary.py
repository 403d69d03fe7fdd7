"""The summary: at most three pages after the first, in charts, a map and a few sentences."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import charts, maps, values
from reports.renderers.document.blocks import Block, heading, paragraph, place
from reports.renderers.document.first_page import no_ledger, nothing_filed
from reports.renderers.reading import Reading


def summary(reading: Reading) -> list[Block]:
    """What the tables show, drawn."""
    return [
        block
        for block in (
            heading(_("Summary"), new_page=True),
            paragraph(how_to_read(), tone="lead"),
            heading(_("What changed since the last closing"), level=2),
            paragraph(what_changed(reading)),
            *_what_concerns(reading),
            heading(_("What the guarantors announced") if reading.ledgers else _("Daily returns"), level=2),
            *([charts.ledgers_by_day(reading), charts.filed_by_day(reading)] if reading.ledgers else [no_ledger()]),
            heading(_("What was registered and what was found"), level=2),
            *_incidents(reading),
        )
        if block
    ]


def _what_concerns(reading: Reading) -> list[Block]:
    if reading.edition is None:
        return []
    return [
        heading(_("What concerns %(guarantor)s alone") % {"guarantor": reading.guarantor}, level=2),
        paragraph(what_concerns(reading, reading.edition["concerns"])),
    ]


def how_to_read() -> str:
    """The three things that are never mixed."""
    return _(
        "Announced figures are what guarantors told of their own ledgers. Filed figures are what monitors reported, "
        "each incident once. A violation is only what stands after people of different sides agreed on it. The three "
        "are never added to one another."
    )


def _incidents(reading: Reading) -> list[Block | None]:
    drawn = maps.incidents_on_map(reading, table_anchor=_area_table(reading))
    if not reading.registered:
        return [paragraph(nothing_filed(reading)), drawn or paragraph(no_map(reading))]
    return [
        charts.where_they_stand(reading),
        charts.incidents_by_day(reading),
        drawn or paragraph(no_map(reading)),
    ]


def _area_table(reading: Reading) -> str:
    levels = reading.sections["incidents"]["by_area"]
    if not reading.registered:
        return ""
    return f"by-area-{levels[-1]['level']}" if levels else "by-day"


def no_map(reading: Reading) -> str:
    """Why there is no map."""
    if reading.sections["incidents"]["by_area"]:
        return _("No map is drawn: the shapes of the areas are not loaded. The areas are listed by name in the tables.")
    return _("No map is drawn: this truce lists no areas.")


def what_changed(reading: Reading) -> str:
    """How many figures differ from the last closing of the period."""
    changes = reading.content["beside"]["changes"]
    if changes["previous"] is None:
        return _("This is the first closing of the period: there is nothing to compare it with.")
    number = len(changes["figures"])
    if not number:
        return _("No figure differs from closing %(number)s.") % {"number": values.count(changes["previous"]["number"])}
    return ngettext(
        "%(count)s figure differs from closing %(number)s: see %(table)s.",
        "%(count)s figures differ from closing %(number)s: see %(table)s.",
        number,
    ) % {
        "count": values.count(number),
        "number": values.count(changes["previous"]["number"]),
        "table": place("changes"),
    }


def what_concerns(reading: Reading, concerns: dict[str, Any]) -> str:
    """How many incidents concern the reader's own forces and those it answers for, party by party: never summed."""
    if concerns["parties_withheld"]:
        return _("This truce does not publish attribution: no incident is listed by party.")
    if not reading.registered:
        return _("No incident report was filed, so there is none to list for it.")
    own, undertaken = (_by_party(reading, concerns[kind]) for kind in ("own_forces", "undertaken"))
    involved = _by_party(reading, [*concerns["own_forces"], *concerns["undertaken"]], role="involved")
    sentences = [
        _("Registered incidents with its own forces as the party concerned: %(parties)s.") % {"parties": own}
        if own
        else _("No forces of its own are listed in the mechanism file."),
        _("With parties that it has undertaken for, or is said to answer for: %(parties)s.") % {"parties": undertaken}
        if undertaken
        else _("In this period it has undertaken for no party."),
    ]
    if involved:
        sentences.append(_("With one of these as involved, no direction known: %(parties)s.") % {"parties": involved})
    if any(row["incidents"] for rows in (concerns["own_forces"], concerns["undertaken"]) for row in rows):
        sentences.append(_("The incidents are listed at the end of this report."))
    return " ".join(sentences)


def _by_party(reading: Reading, concerns: list[dict[str, Any]], *, role: str = "concerned") -> str:
    concerned = [row for row in concerns if row["role"] == role]
    return values.listed(
        [
            f"{reading.name('party', row['party'])} {values.count(row['registered'])}"
            for row in reading.sorted("party", concerned, lambda row: row["party"])
        ]
    )
