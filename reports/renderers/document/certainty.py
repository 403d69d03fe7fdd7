"""Section 3, end: how sure the attribution is, and how many were killed and injured."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document.blocks import Block, cell, column, row, table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, initial, word


def attribution(reading: Reading, section: dict[str, Any]) -> list[Block]:
    """Whether a party could be named, and how sure; nothing where the truce makes no attribution."""
    if reading.withheld_parties:
        return []
    rows = []
    for item in section["attribution"]:
        sure = item["confidence"]
        rows.append(
            row(
                initial(word("attribution", item["attribution"])),
                cell(values.count(item["registered"]), strong=True),
                *(
                    cell(values.count(sure[grade]), faint=sure[grade] == 0)
                    for grade in ("high", "moderate", "low", "none")
                ),
                cell(values.count(item["subtotals"]["violations"]), strong=True),
            )
        )
    return [
        table(
            "attribution",
            _("Attribution by agreed finding, and its confidence"),
            columns=[column("1fr"), *(column("22mm", end=True) for _ in range(6))],
            head=[
                [
                    cell(_("Attribution"), rowspan=2),
                    cell(_("Registered"), rowspan=2),
                    cell(_("Confidence"), colspan=4),
                    cell(_("Violations"), rowspan=2),
                ],
                [_("high"), _("moderate"), _("low"), _("not stated")],
            ],
            rows=rows,
            note=_("Not assessed: there is no agreed finding, or it says nothing of who acted."),
            whole=True,
            **measure(reading, "attribution"),
        )
    ]


def nothing_known(reading: Reading, item: dict[str, Any], harm: str) -> bool:
    """Whether no source says anything of the killed or injured of these incidents: then none is no number."""
    section = reading.sections["incidents"]
    tally = section["total"]
    if item["of"] == "across_the_edge":
        tally = next(row for row in section["by_day"] if row["dated"] == "across_the_edge")
    if item["of"] == "violations":
        number = tally["subtotals"]["violations"]
    else:
        number = tally["registered"] - tally["columns"]["discounted"]
    return 0 < number == item[harm]["incidents_unknown"]


def casualties(reading: Reading, section: dict[str, Any]) -> Block:
    """Verified minimum and reported maximum, never a best estimate."""
    names = {
        "violations": _("In the violations"),
        "not_discounted": _("In all incidents but the discounted"),
        "across_the_edge": _("Of these, in incidents across the edge of the period"),
    }
    rows = [
        row(
            _("%(which)s: %(what)s") % {"which": names[item["of"]], "what": what},
            *(
                "–"
                if key == "reported_maximum" and nothing_known(reading, item, kind)
                else values.count(item[kind][key])
                for key in ("verified_minimum", "verified_incidents", "reported_maximum", "incidents_unknown")
            ),
        )
        for item in section["casualties"]
        for kind, what in (("killed", _("killed")), ("injured", _("injured")))
    ]
    return table(
        "casualties",
        _("Killed and injured: verified minimum and reported maximum"),
        columns=[column("1fr"), *(column("25mm", end=True) for _ in range(4))],
        head=[
            [
                _("Casualties"),
                _("Verified minimum"),
                _("Incidents with a verified number"),
                _("Reported maximum"),
                _("Incidents of which nothing is known"),
            ]
        ],
        rows=rows,
        note=_("Unknown is not zero: a dash, where no source says anything. A best estimate is never summed."),
        whole=True,
        **measure(reading, "casualties"),
    )
