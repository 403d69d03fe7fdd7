"""For whom guarantors answer, on whose word and by which source; which observers there are."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.blocks import Block, column, heading, paragraph, row, table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, word


def undertakings(reading: Reading) -> list[Block]:
    """Every undertaking of the period with its source; nothing in a closing made before sources were told."""
    rows = told(reading)
    if rows is None:
        return []
    title = heading(_("Undertakings"), level=2)
    if not rows:
        return [
            title,
            paragraph(_("The mechanism file holds no undertaking of any State for any party in this period.")),
        ]
    return [
        title,
        table(
            "undertakings",
            _("Parties that guarantors answer for, on whose word, by which source"),
            columns=[column("34mm"), column("24mm"), column("36mm"), column("44mm"), column("1fr")],
            head=[[_("Party"), _("Guarantor"), _("On whose word"), _("From and until"), _("Source")]],
            rows=[
                row(
                    reading.name("party", item["party"]),
                    reading.name("guarantor", item["guarantor"]),
                    word("undertaking", item["basis"]),
                    span(reading, item),
                    values.name(item["source"]) or "–",
                )
                for item in rows
            ],
            note=_(
                "Guarantors' own forces stand apart and need no undertaking. Of a party without a line nobody has "
                "undertaken to answer for it."
            ),
            whole=False,
            **measure(reading, "undertakings"),
        ),
    ]


def told(reading: Reading) -> list[dict[str, Any]] | None:
    """The undertakings of the header by party and guarantor; None where it does not tell their sources."""
    rows = [
        {"party": party["party"], **item}
        for party in reading.sorted("party", reading.header["parties"], lambda party: party["party"])
        for item in reading.sorted("guarantor", party["undertakings"], lambda item: item["guarantor"])
    ]
    return rows if reading.corrigenda is not None and all("source" in item for item in rows) else None


def observers(reading: Reading) -> list[Block]:
    """Which States and bodies observe, what they may read and by whose consent."""
    rows = reading.sorted("observer", reading.header["observers"], lambda item: item["observer"])
    title = heading(_("Observers"), level=2)
    if not rows:
        return [title, paragraph(_("No State or body observes this truce in this period, by the mechanism file."))]
    return [
        title,
        table(
            "observers",
            _("States and bodies that observe"),
            columns=[column("44mm"), column("30mm"), column("40mm"), column("1fr"), column("44mm")],
            head=[[_("Observer"), _("May read"), _("By consent of"), _("Contested by"), _("From and until")]],
            rows=[
                row(
                    reading.name("observer", item["observer"]),
                    values.name(item["tier"]),
                    values.listed([values.name(whose) for whose in item["consent_of"]]) or "–",
                    values.listed([values.name(whose) for whose in item["contested_by"]]) or "–",
                    span(reading, item),
                )
                for item in rows
            ],
            **measure(reading, "observers"),
        ),
    ]


def span(reading: Reading, item: dict[str, Any]) -> str:
    """From when to when something holds; an end that is not told is open."""
    ends = [reading.instant(item[end]) if item[end] else _("open") for end in ("from", "until")]
    return _("%(from)s to %(until)s") % {"from": ends[0], "until": ends[1]}
