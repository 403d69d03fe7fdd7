"""Section 5: what the truce does not apply to, by reason, and what each contested reading would change."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.blocks import Block, cell, column, heading, paragraph, row, table
from reports.renderers.document.first_page import not_recorded
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, place_in_columns, word
from reports.renderers.sentences import WITHHELD
from reports.renderers.words import COLUMNS


def scope(reading: Reading) -> list[Block]:
    """Out of scope by reason and reading; restrictions and effort as far as they are recorded."""
    section = reading.sections["out_of_scope"]
    return [
        heading(_("5. Out of scope, by reason and reading")),
        *(
            _tables(reading, section)
            if reading.registered
            else [paragraph(_("No incident report had been filed: there is none to sort by scope, which is no zero."))]
        ),
        paragraph(not_recorded(reading, "restrictions_of_movement", "effort"), tone="note"),
    ]


def _tables(reading: Reading, section: dict[str, Any]) -> list[Block]:
    return [
        table(
            "out-of-scope",
            _("Incidents out of scope, by reason"),
            columns=[column("1fr"), *(column("30mm", end=True) for _ in range(4))],
            head=[
                [
                    _("Reason"),
                    _("Incidents"),
                    _("of these found verified or probable by people"),
                    _("of these by a finding against the assessment"),
                    _("In other columns, where the reason applies too"),
                ]
            ],
            rows=[
                *(
                    row(
                        str(COLUMNS[item["reason"]]),
                        *(_count(item[key]) for key in ("incidents", "verified", "overruled", "also_applies")),
                    )
                    for item in section["by_reason"]
                ),
                row(
                    _("All reasons"),
                    values.count(section["total"]),
                    *(
                        values.count(sum(item[key] for item in section["by_reason"]))
                        for key in ("verified", "overruled")
                    ),
                    "",
                    look="total",
                ),
            ],
            note=_(
                "An incident stands under its first reason and counts once. In the column “scope disputed”: "
                "%(disputed)s. Assessed as out of scope and held in scope by a finding: %(overruled)s."
            )
            % {
                "disputed": values.count(section["disputed"]),
                "overruled": values.count(section["overruled_into_scope"]),
            },
            whole=True,
            **measure(reading, "out-of-scope"),
        ),
        *_readings(reading, section["by_reading"]),
    ]


def _readings(reading: Reading, rows: list[dict[str, Any]]) -> list[Block]:
    if not rows:
        return [
            paragraph(
                _("No text or line of this truce has a rival reading that would change the class of an incident.")
            )
        ]
    return [
        table(
            "readings",
            _("Incidents that change class if another reading is taken"),
            columns=[column("40mm"), column("1fr"), column("1fr"), column("22mm", end=True), column("22mm", end=True)],
            head=[[_("Reading of"), _("What is read otherwise"), _("Change of class"), _("Change"), _("Stay")]],
            rows=[
                row(
                    values.name(item["reading"]) or _("the text in common"),
                    values.listed([_on(reading, on) for on in item["on"]]),
                    values.listed([_change(change) for change in item["changes"]]) or _("none"),
                    values.count(item["changed"]),
                    values.count(item["same"]),
                )
                for item in rows
            ],
            **measure(reading, "readings"),
        )
    ]


def _on(reading: Reading, on: dict[str, str | None]) -> str:
    if on["code"] is None:
        return str(WITHHELD["whose_adherence"])
    kind = {"zone": "zone", "provision": "provision", "adherence": "party"}[str(on["kind"])]
    return _("%(kind)s %(name)s") % {"kind": word("on_kind", str(on["kind"])), "name": reading.name(kind, on["code"])}


def _change(change: dict[str, Any]) -> str:
    return _("%(count)s from “%(first)s” to “%(last)s”") % {
        "count": values.count(change["incidents"]),
        "first": place_in_columns(change["from"]),
        "last": place_in_columns(change["to"]),
    }


def _count(number: int) -> dict[str, Any]:
    return cell(values.count(number), faint=number == 0)
