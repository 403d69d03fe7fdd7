"""Section 6: change against the previous period, with interval and dispersion.

A count is given no interval: both periods stand side by side in their columns. No p-value is printed.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, Cell, cell, column, heading, paragraph, row, table
from reports.renderers.document.tallies import tally_table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, side_name, sides, word
from reports.renderers.sentences import NO_COMPARISON, NOT_COMPARED


def change(reading: Reading) -> list[Block]:
    """Section 6: its heading and change; replies, statements and measures follow in `replies`."""
    told = reading.comparison
    return [heading(_("6. Change, replies, statements, measures")), *(_change(reading, told) if told else [])]


def _change(reading: Reading, told: dict[str, Any]) -> list[Block]:
    if told["why_none"]:
        return [paragraph(str(NO_COMPARISON[told["why_none"]]))]
    return [paragraph(_exposure(reading, told)), *_incidents(reading, told), *_announced(reading, told)]


def _exposure(reading: Reading, told: dict[str, Any]) -> str:
    """What is compared with what, and what a day is no measure of."""
    return _(
        "This period, %(days)s days, is compared with %(former)s, %(former_days)s days, which was counted anew as "
        "known at this cut-off and under the rules known then. Rates are for a day of the period and not for the "
        "hours of observation: where more is filed, more may have been observed."
    ) % {
        "days": values.count(told["days"]),
        "former": reading.former_period_name,
        "former_days": values.count(told["previous"]["days"]),
    }


def _incidents(reading: Reading, told: dict[str, Any]) -> list[Block]:
    current, previous = (told["standing"][which] for which in ("current", "previous"))
    if not reading.registered_in_either:
        return [paragraph(none_of_both())]
    return [
        tally_table(
            "both-periods",
            _("Incidents filed in this period and in the one before, as they stand at this cut-off"),
            _("Period"),
            [(reading.period_name, current, ""), (reading.former_period_name, previous, "")],
            **measure(reading, "both-periods"),
        ),
        table(
            "change",
            _("Change against %(former)s: incidents a day") % {"former": reading.former_period_name},
            columns=_columns(),
            head=[_head(reading, _("Incidents"))],
            rows=[line for measure in told["measures"] for line in _measure(reading, measure)],
            note=" ".join(filter(None, [how_compared(), _joint(reading)])),
            whole=True,
            **measure(reading, "change"),
        ),
    ]


def none_of_both() -> str:
    """Why nothing is compared where neither period has an incident."""
    return _(
        "No incident report of either period had been filed when the record was read: there is nothing to compare. "
        "This is not a count of zero."
    )


def how_compared() -> str:
    """What the ratio, its interval and the dispersion are."""
    return _(
        "Ratio: what was counted a day in this period, divided by the same of the period before, with the exact "
        "central 95 % interval for two Poisson rates; where 1 lies within it, chance alone can give such a change. "
        "Dispersion: how unevenly the days are spread, 1 where by chance alone; where it is above 1, both counts are "
        "divided by it before the interval is taken. Counts of fewer than 5 in both periods together are shown and "
        "not compared. Rounded to the nearest, a tie to the even digit."
    )


def _joint(reading: Reading) -> str:
    if reading.withheld_parties:
        return _("This truce does not publish attribution: figures by side are not made.")
    return _("An incident that concerns several sides counts in each row and once in the whole.")


def _columns() -> list[dict[str, Any]]:
    return [
        column("1fr"),
        *(column(width, end=True) for width in ("21mm", "21mm", "20mm", "34mm", "20mm")),
    ]


def _head(reading: Reading, first: str) -> list[Cell]:
    return [first, reading.period_name, reading.former_period_name, _("Ratio"), _("95 % interval"), _("Dispersion")]


def _measure(reading: Reading, measure: dict[str, Any]) -> list[dict[str, Any]]:
    """The measure's name, its row of each side, its row of all."""
    name = word("measure", measure["measure"])
    if measure["why_not"]:
        name = _("%(measure)s, %(why)s") % {"measure": name, "why": NOT_COMPARED[measure["why_not"]]}
    lines = [
        row(side_name(reading, item), *_figures(item))
        for item in sides(reading, measure["by_side"])
        if item["side"] or item["current"] or item["previous"]
    ]
    return [
        row(cell(name, colspan=6), look="group"),
        *lines,
        row(_("All incidents"), *_figures(measure["all"]), look="total"),
    ]


def _figures(item: dict[str, Any], why_not: str = "") -> list[Cell]:
    """Both counts, the ratio with its interval, the dispersion; or in their place why there are none."""
    counts = [
        cell(values.count(item[which]), faint=item[which] == 0, strong=which == "current")
        for which in ("current", "previous")
    ]
    if item["outcome"] != "compared":
        why = str(NOT_COMPARED.get(why_not or item["outcome"], "–"))
        return [*counts, cell(why, colspan=3)]
    interval = _("%(lower)s to %(upper)s") % {"lower": _decimal(item["lower"]), "upper": _decimal(item["upper"])}
    dispersion = _decimal(item["dispersion"]) if item["dispersion"] else _("not known")
    return [*counts, cell(_decimal(item["ratio"]), strong=True), interval, dispersion]


def _decimal(text: str) -> str:
    return _("infinite") if text == "infinite" else values.decimal(text)


def _announced(reading: Reading, told: dict[str, Any]) -> list[Block]:
    rows = reading.sorted("guarantor", told["announced"], lambda item: item["guarantor"])
    if not rows:
        return []
    held = all(item["outcome"] == "compared" for item in rows)
    return [
        table(
            "announced-change",
            _("Change against %(former)s: announced by the guarantors, a day held")
            % {"former": reading.former_period_name},
            columns=_columns(),
            head=[_head(reading, _("Ledger of"))],
            rows=[row(_ledger(reading, item), *_figures(item, item["why_not"])) for item in rows],
            note="" if held else _("Announced totals are compared only where every day due of both periods is held."),
            whole=True,
            **measure(reading, "announced-change"),
        )
    ]


def _ledger(reading: Reading, item: dict[str, Any]) -> str:
    name = reading.name("guarantor", item["guarantor"])
    held = item["days_held"]
    days = ngettext(
        "%(current)s and %(previous)s day held", "%(current)s and %(previous)s days held", max(held.values())
    )
    told = days % {which: values.count(number) for which, number in held.items()}
    if item["unit"]:
        return _("%(name)s, %(unit)s (%(days)s)") % {"name": name, "unit": word("unit", item["unit"]), "days": told}
    return _("%(name)s (%(days)s)") % {"name": name, "days": told}
