"""Section 8, on: figures that third parties published, beside what is counted here and in no total."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document import data_sets
from reports.renderers.document.blocks import Block, cell, column, heading, paragraph, row, table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, word
from reports.renderers.sentences import OTHER_DEFINITIONS


def figures(reading: Reading) -> list[Block]:
    """What each publisher counts, then its numbers as told, publication by publication; or why there is none."""
    blocks = [heading(_("Third-party figures"), level=2)]
    rows = reading.sections["reservations"]["third_party_figures"]["figures"]
    if not rows:
        return [
            *blocks,
            paragraph(
                _("None is recorded that bears a date of this period. That says nothing of what others have counted.")
            ),
        ]
    blocks.append(paragraph(str(OTHER_DEFINITIONS)))
    publishers = sorted({(item["publisher"], item["definition"]) for item in rows})
    for number, (publisher, definition) in enumerate(publishers, start=1):
        own = [item for item in rows if (item["publisher"], item["definition"]) == (publisher, definition)]
        blocks.append(
            paragraph(
                " ".join(
                    filter(
                        None,
                        [
                            _("%(publisher)s counts, as this service understands it: %(definition)s")
                            % {"publisher": values.name(publisher), "definition": values.name(definition)},
                            data_sets.of_publisher(reading, publisher),
                        ],
                    )
                )
            )
        )
        blocks.append(_published(reading, f"third-party-{number}", publisher, own))
    return blocks


def _published(reading: Reading, anchor: str, publisher: str, items: list[dict[str, Any]]) -> Block:
    rows = []
    for _key, publication in groupby(items, key=lambda item: (item["until"], item["from"], item["url"], item["span"])):
        told = list(publication)
        rows.append(row(cell(_publication(told[0]), colspan=5), look="group"))
        rows += [_row(item) for item in told]
    return table(
        anchor,
        _("Published by %(publisher)s: not counted here, in no total") % {"publisher": values.name(publisher)},
        columns=[column("24mm"), column("40mm"), column("42mm"), column("22mm", end=True), column("1fr")],
        head=[[_("Of what"), _("By what, as written"), _("Row, as written"), _("Number"), _("Noted with it")]],
        rows=rows,
        note=_(
            "The wording is that of the publication, not of this report. Numbers of one publication are parts or other "
            "views of each other and are not added up. Contested: another number stands elsewhere for the same; both "
            "are kept, and which is right is not said here."
        ),
        whole=False,
        **measure(reading, "third-party"),
    )


def _publication(item: dict[str, Any]) -> str:
    named = {
        "until": values.day(item["until"]),
        "from": values.day(item["from"]),
        "span": values.name(item["span"]),
        "basis": word("span_basis", item["span_basis"]),
        "precision": word("time_precision", item["span_precision"]),
        "url": values.code(item["url"]),
    }
    if item["cumulative"]:
        said = _("As of %(until)s, counted on from %(from)s (“%(span)s”; days %(basis)s, known to the %(precision)s):")
    else:
        said = _("Of %(from)s to %(until)s (“%(span)s”; days %(basis)s, known to the %(precision)s):")
    return f"{said % named} {named['url']}"


def _row(item: dict[str, Any]) -> dict[str, Any]:
    noted = [_("contested")] if item["contested"] else []
    if item["note"]:
        noted.append(values.name(item["note"]))
    return row(
        word("counted", item["counted"]),
        values.name(item["breakdown"]),
        values.name(item["category"]),
        values.count(item["number"]),
        values.listed(noted) or "–",
    )
