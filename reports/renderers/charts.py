"""The charts of a report, as data that the template draws: one ink and patterns, zero baselines, direct labels.

A chart is a figure block: its headline says what it shows, its subtitle gives measure and unit, its source how many,
and it names its table.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, figure
from reports.renderers.reading import Reading, out_of_scope, violations_of_registered, word
from reports.renderers.words import COLUMNS

# Which mark stands for what. Only the shape differs, never the colour: it must survive a grey printer.
LOWEST_TOP = 4  # of a scale, so that a single incident is no tower
STATE_PATTERNS = {"missing": "cross", "not_held": "hatch", "none_known": "dots", "not_due": "blank"}
CONTRADICTED = "light"  # with its own sign; it is there, so it looks like none of those that are not


def ledgers_by_day(reading: Reading) -> Block:
    """A panel for each ledger: what was announced on each day, and which days are not there."""
    data = reading.sorted("guarantor", reading.sections["charts"]["ledgers"], lambda row: row["guarantor"])
    highest: dict[str | None, int] = {}
    for row in data:
        known = [number for number in row["announced"] if number is not None]
        highest[row["unit"]] = max([highest.get(row["unit"], 0), *known])
    panels = [_ledger_panel(reading, row, highest[row["unit"]]) for row in data]
    units = {row["unit"] for row in data if row["unit"]}
    return figure(
        "ledgers-chart",
        _ledgers_headline(reading),
        subtitle=_("Announced by day of the bulletin, in %(units)s; panels of one unit share one scale from zero")
        % {"units": values.listed([word("unit", unit) for unit in sorted(units)]) or reading.unit},
        source=_("Source: daily returns, announced and not filed; %(count)s ledger days.")
        % {"count": values.count(sum(len(row["states"]) for row in data))},
        table_anchor="ledger-days",
        drawing={
            "kind": "panels",
            "panels": panels,
            "days": _day_labels(reading),
            "tall": 14,
            "key": _ledgers_key(data),
        },
        alt=_ledgers_headline(reading),
    )


def _ledgers_key(data: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the patterns of the days stand for, of those that are met."""
    states = {state for row in data for state in row["states"]}
    key = [
        {"pattern": pattern, "text": word("ledger_day", state)}
        for state, pattern in STATE_PATTERNS.items()
        if state in states
    ]
    if any(any(row["contradicted"]) for row in data):
        key.append({"pattern": CONTRADICTED, "text": _("≠ returns contradict each other")})
    return key


def _ledgers_headline(reading: Reading) -> str:
    return values.listed(
        [
            _("%(name)s: %(held)s of %(due)s days held")
            % {
                "name": reading.name("guarantor", row["guarantor"]),
                "held": values.count(row["announced"]["days_held"]),
                "due": values.count(row["announced"]["days_due"]),
            }
            for row in reading.ledgers
        ]
    )


def _ledger_panel(reading: Reading, row: dict[str, Any], highest: int) -> dict[str, Any]:
    bars = []
    for number, state, contradicted in zip(row["announced"], row["states"], row["contradicted"], strict=True):
        if contradicted:
            bars.append({"value": 0, "text": "≠", "pattern": CONTRADICTED})
        elif number is None:
            bars.append({"value": 0, "text": "", "pattern": STATE_PATTERNS.get(state, "")})
        else:
            bars.append({"value": number, "text": values.count(number), "pattern": ""})
    return {"title": reading.name("guarantor", row["guarantor"]), "bars": bars, "highest": max(highest, LOWEST_TOP)}


def _day_labels(reading: Reading) -> list[str]:
    return [values.count(int(day[-2:])) for day in reading.sections["charts"]["dates"]]


def filed_by_day(reading: Reading) -> Block | None:
    """Small panels, one scale: reports filed by each guarantor's own teams by day. None where nothing was filed."""
    data = reading.sorted("guarantor", reading.sections["charts"]["ledgers"], lambda row: row["guarantor"])
    total = sum(sum(row["filed"]) for row in data)
    if not total or reading.period["kind"] == "day":
        return None
    highest = max(max(row["filed"]) for row in data)
    return figure(
        "filed-chart",
        values.listed(
            [
                _("%(name)s: %(count)s filed")
                % {"name": reading.name("guarantor", row["guarantor"]), "count": values.count(sum(row["filed"]))}
                for row in data
            ]
        ),
        subtitle=_("Incident reports filed by the guarantors' own teams, by day of the incident; one scale from zero"),
        source=_("Source: incident reports; n = %(count)s, dated to the day.") % {"count": values.count(total)},
        table_anchor="ledger-days",
        drawing={
            "kind": "panels",
            "panels": [
                {
                    "title": reading.name("guarantor", row["guarantor"]),
                    "bars": [{"value": n, "text": values.count(n) if n else "", "pattern": ""} for n in row["filed"]],
                    "highest": max(highest, LOWEST_TOP),
                }
                for row in data
            ],
            "days": _day_labels(reading),
            "tall": 10,
            "key": [],
        },
        alt=_("Incident reports filed by day and guarantor; the figures are in the table."),
    )


def where_they_stand(reading: Reading) -> Block:
    """A bar for each column: where the registered incidents stand."""
    tally = reading.sections["incidents"]["total"]
    columns = tally["columns"]
    bars = [
        ("discounted", columns["discounted"], "blank"),
        ("", out_of_scope(tally), "hatch"),
        *((code, columns[code], "light") for code in ("scope_disputed", "one_sided", "pending")),
        ("probable_data_set", columns["probable_data_set"], "dots"),
        *(
            (code, columns[code], "mid")
            for code in ("scope_not_assessed", "conduct_undetermined", "no_breach", "no_provision")
        ),
    ]
    rows = [
        {
            "label": str(COLUMNS[code]) if code else _("Out of scope"),
            "value": n,
            "text": values.count(n),
            "pattern": pattern,
        }
        for code, n, pattern in bars
    ]
    rows += [
        {"label": label, "value": columns[code], "text": values.count(columns[code]), "pattern": "ink"}
        for code, label in (
            ("violations_determined", _("Violations, determined")),
            ("violations_preliminary", _("Violations, preliminary")),
        )
    ]
    headline = violations_of_registered(tally)
    return figure(
        "columns-chart",
        headline,
        subtitle=_("Number of registered incidents by the column in which each stands, once"),
        source=_("Source: incidents and findings as known at the cut-off; n = %(count)s.")
        % {"count": values.count(tally["registered"])},
        table_anchor="by-act" if reading.withheld_parties else "by-side",
        drawing={"kind": "bars", "rows": rows, "highest": max([row["value"] for row in rows] + [1])},
        alt=_("%(headline)s. The figures are in the table.") % {"headline": headline},
    )


def incidents_by_day(reading: Reading) -> Block | None:
    """A bar for each day: registered incidents, the violations within them solid. None for a single day."""
    data = reading.sections["charts"]["incidents"]
    if reading.period["kind"] == "day":
        return None
    dated = sum(data["registered"])
    return figure(
        "days-chart",
        _days_headline(reading, data["registered"]),
        subtitle=_("Number of registered incidents by day of their earliest instant; the solid part are violations"),
        source=_(
            "Source: incidents as known at the cut-off; n = %(count)s. Not drawn: %(undated)s not dated to the day, "
            "%(edge)s across the edge of the period."
        )
        % {
            "count": values.count(dated),
            "undated": values.count(data["not_dated"]),
            "edge": values.count(data["across_the_edge"]),
        },
        table_anchor="by-day",
        drawing={
            "kind": "days",
            "days": _day_labels(reading),
            "highest": max([*data["registered"], 1]),
            "tall": max(12, min(27, 7 * max(data["registered"]))),
            "bars": [
                {"value": all_, "part": part, "text": values.count(all_)}
                for all_, part in zip(data["registered"], data["violations"], strict=True)
            ],
            "key": [
                {"pattern": "ink", "text": _("violations")},
                {"pattern": "light", "text": _("other registered incidents")},
            ],
        },
        alt=_("Incidents by day; the figures are in the table."),
    )


def _days_headline(reading: Reading, registered: list[int]) -> str:
    most = max(registered)
    if not most:
        return _("No incident of this period is dated to a day")
    days = [day for day, n in zip(reading.sections["charts"]["dates"], registered, strict=True) if n == most]
    incidents = ngettext("%(count)s incident", "%(count)s incidents", most) % {"count": values.count(most)}
    if len(days) == 1:
        return _("Most were registered on %(day)s: %(incidents)s") % {
            "day": values.day(days[0]),
            "incidents": incidents,
        }
    return _("The highest number, %(incidents)s, was registered on %(days)s days") % {
        "incidents": incidents,
        "days": values.count(len(days)),
    }
