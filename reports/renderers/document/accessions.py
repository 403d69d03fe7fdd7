"""Section 6, at last: groups and settlements that joined."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.blocks import Block, column, heading, paragraph, row, table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, word


def accessions(reading: Reading) -> list[Block]:
    """Who joined within the period, each with its source; nothing where the content has no such section."""
    told = reading.accessions
    if told is None:
        return []
    return [
        heading(_("Accessions"), level=2),
        *_groups(reading, told["groups"]),
        *_settlements(reading, told["settlements"]),
    ]


def _groups(reading: Reading, rows: list[dict[str, Any]]) -> list[Block]:
    if not rows:
        return [
            paragraph(_("No group began to be bound by a text of the truce in this period, by the mechanism file."))
        ]
    return [
        table(
            "accessions-groups",
            _("Groups that began to be bound, or to be bound otherwise, in this period"),
            columns=[column("34mm"), column("30mm"), column("38mm"), column("27mm"), column("1fr")],
            head=[[_("Group"), _("Text"), _("How it is bound"), _("From"), _("Source")]],
            rows=[
                row(
                    reading.name("party", item["party"]),
                    reading.name("instrument", item["instrument"]),
                    _bound(reading, item),
                    reading.instant(item["from"]),
                    values.name(item["source"]) or "–",
                )
                for item in rows
            ],
            note=_(
                "By its own adherence; those below it in the tree of parties are bound with it. What binds a party by "
                "one reading of the texts alone is told with the holder of that reading."
            ),
            whole=False,
            **measure(reading, "accessions"),
        )
    ]


def _bound(reading: Reading, item: dict[str, Any]) -> str:
    said = word("adherence", item["kind"])
    if item["through"]:
        said = _("%(how)s: %(party)s") % {"how": said, "party": reading.name("party", item["through"])}
    if item["before"]:
        said = _("%(how)s; before: %(before)s") % {"how": said, "before": word("adherence", item["before"])}
    if item["reading"]:
        said = _("%(how)s; in the reading of %(holder)s") % {"how": said, "holder": values.name(item["reading"])}
    return said


def _settlements(reading: Reading, rows: list[dict[str, Any]]) -> list[Block]:
    if not rows:
        return [paragraph(_("No settlement joined in this period, by the mechanism file."))]
    return [
        table(
            "accessions-settlements",
            _("Settlements that joined in this period"),
            columns=[column("34mm"), column("34mm"), column("34mm"), column("27mm"), column("1fr")],
            head=[[_("Settlement"), _("Area"), _("Text"), _("From"), _("Source")]],
            rows=[
                row(
                    reading.name("settlement", item["settlement"]),
                    reading.name("area", item["area"]) if item["area"] else _("not told"),
                    reading.name("instrument", item["instrument"]),
                    reading.instant(item["from"]),
                    values.name(item["source"]),
                )
                for item in rows
            ],
            whole=False,
            **measure(reading, "accessions"),
        )
    ]
