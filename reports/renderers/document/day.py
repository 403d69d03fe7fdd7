"""A day's report: one page, registrations only. What has no room there stands in the CSV and the JSON, in full."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import (
    Block,
    abreast,
    cell,
    column,
    heading,
    paragraph,
    points,
    row,
    spring,
    table,
)
from reports.renderers.document.first_page import no_ledger, not_recorded, nothing_filed, without_prejudice
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, counted, filer, word
from reports.renderers.sentences import NOT_SHOWN

MOST_LEDGERS, MOST_TELLINGS = 6, 2
MOST_FILERS, MOST_ACTS, MOST_AREAS = 8, 6, 16
HOURS_IN_A_DAY = 24
FEW_DIGITS = 3


def day_page(reading: Reading) -> list[Block]:
    """What was announced, what was registered, what this does not show."""
    header = reading.header
    return [
        heading(_("Announced by the guarantors") if reading.ledgers else _("Daily returns"), level=2),
        _ledgers(reading) if reading.ledgers else no_ledger(),
        paragraph(not_recorded(reading, *header["not_recorded"]), tone="note"),
        heading(_("Incidents registered"), level=2),
        *_registrations(reading),
        heading(_("What this report does not show"), level=2),
        points([str(NOT_SHOWN[code]) for code in header["not_shown"] if code in NOT_SHOWN]),
        spring(),
        paragraph(
            _("Content hash in full (SHA-256): %(sha256)s. All rows, the shortened ones too, are in the CSV and JSON.")
            % {"sha256": values.code(reading.content_sha256)},
            tone="note",
        ),
        paragraph(without_prejudice(), tone="note"),
    ]


def _ledgers(reading: Reading) -> Block:
    ledgers = reading.ledgers
    rows = [_ledger_line(reading, ledger) for ledger in ledgers[:MOST_LEDGERS]]
    if len(ledgers) > MOST_LEDGERS:
        rows.append(row(_others(len(ledgers) - MOST_LEDGERS), "", "", ""))
    others = [
        f"{word('team_kind', item['team_kind'])} {values.count(item['total'])}"
        for item in reading.sections["ledgers"]["filed_by_others"]
    ]
    return table(
        "day-ledgers",
        _("What was announced of this day, and how many incident reports were filed"),
        columns=[column("1fr"), column("1.2fr"), column("1.6fr"), column("34mm", end=True)],
        head=[[_("Ledger of"), _("Day"), _("Announced, as told by"), _("Reports filed by its teams")]],
        rows=rows,
        note=_(
            "Announced figures and reports filed are different things and are never added. Reports filed by others: "
            "%(others)s. Several reports may tell of one incident."
        )
        % {"others": values.listed(others)},
        whole=True,
        **measure(reading, "day-ledgers"),
    )


def _ledger_line(reading: Reading, ledger: dict[str, Any]) -> dict[str, Any]:
    (day,) = ledger["days"]
    told = [_telling(reading, telling) for telling in day["returns"][:MOST_TELLINGS]]
    if len(day["returns"]) > MOST_TELLINGS:
        told.append(_others(len(day["returns"]) - MOST_TELLINGS))
    state = word("ledger_day", day["state"])
    if day["contradicted"]:
        state = _("%(state)s; returns contradict each other") % {"state": state}
    filed = ledger["filed"]["total"]
    return row(
        reading.name("guarantor", ledger["guarantor"]),
        state,
        values.listed(told) if told else "–",
        cell(values.count(filed), faint=filed == 0),
    )


def _telling(reading: Reading, telling: dict[str, Any]) -> str:
    return _("%(announced)s, %(teller)s") % {
        "announced": counted(telling["total"], telling["unit"]),
        "teller": reading.name("guarantor", telling["teller"]),
    }


def _registrations(reading: Reading) -> list[Block]:
    section = reading.sections["registrations"]
    if not section["total"]:
        return [paragraph(nothing_filed(reading))]
    return [
        paragraph(
            ngettext(
                "%(count)s incident of this day was registered when the record was read. Registered says that it was "
                "reported, not that it was examined.",
                "%(count)s incidents of this day were registered when the record was read. Registered says that they "
                "were reported, not that they were examined.",
                section["total"],
            )
            % {"count": values.count(section["total"])}
        ),
        abreast(
            [_by_filer(reading, section), _by_act(reading, section)],
            [_by_area(reading, section)] if section["by_area"] else [],
        ),
        *_by_hour(reading, section),
    ]


def _by_filer(reading: Reading, section: dict[str, Any]) -> Block:
    return _counted(
        reading,
        "day-by-filer",
        _("By who filed"),
        _("Filed by"),
        [(filer(reading, item), item["count"]) for item in section["by_filer"]],
        most=MOST_FILERS,
        total=section["total"],
        joint=section["by_filer_joint"],
    )


def _by_act(reading: Reading, section: dict[str, Any]) -> Block:
    return _counted(
        reading,
        "day-by-act",
        _("By act"),
        _("Act reported"),
        _largest_first([(word("act", item["act"]), item["count"]) for item in section["by_act"]]),
        most=MOST_ACTS,
        total=section["total"],
    )


def _by_area(reading: Reading, section: dict[str, Any]) -> Block:
    areas = section["by_area"]
    level = areas["level"]
    listed = reading.sorted("area", [item for item in areas["rows"] if item["area"]], lambda item: item["area"])
    return _counted(
        reading,
        "day-by-area",
        _("By %(level)s") % {"level": reading.level(level)},
        _("Area"),
        _largest_first([(reading.area(item["area"]), item["count"]) for item in listed]),
        most=MOST_AREAS,
        total=section["total"],
        joint=areas["joint"],
        last=[
            (reading.area(None, level), item["count"])
            for item in areas["rows"]
            if item["area"] is None and item["count"]
        ],
    )


def _counted(
    reading: Reading,
    anchor: str,
    caption: str,
    first: str,
    rows: list[tuple[str, int]],
    *,
    most: int,
    total: int,
    joint: int = 0,
    last: list[tuple[str, int]] | None = None,
) -> Block:
    """A table of counts, then in one line what has no room, then `last`, then the whole."""
    shown, others = (rows, []) if len(rows) <= most else (rows[: most - 1], rows[most - 1 :])
    lines = [row(name, cell(values.count(count), faint=count == 0)) for name, count in shown]
    if others:
        lines.append(row(_others(len(others)), values.count(sum(count for _name, count in others))))
    lines += [row(name, values.count(count)) for name, count in last or []]
    note = (
        ngettext(
            "%(count)s incident stands in several rows, once in the total.",
            "%(count)s incidents stand in several rows, once in the total.",
            joint,
        )
        % {"count": values.count(joint)}
        if joint
        else ""
    )
    return table(
        anchor,
        caption,
        columns=[column("1fr"), column("18mm", end=True)],
        head=[[first, _("Incidents")]],
        rows=[*lines, row(_("Total"), values.count(total), look="total")],
        note=note,
        whole=True,
        **measure(reading, "day"),
    )


def _largest_first(rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(rows, key=lambda item: -item[1])


def _by_hour(reading: Reading, section: dict[str, Any]) -> list[Block]:
    hours = section["by_hour"]
    if hours is None:
        return [paragraph(_("This truce lets out no time finer than the day."), tone="note")]
    rows = hours["rows"]
    at = [values.clock(item["from"], reading.zone) for item in rows]
    notes = [
        _("Hours of the local clock in which incidents began (%(zone)s).") % {"zone": values.zone_of(reading.period)},
        _("Not dated to the hour: %(count)s.") % {"count": values.count(hours["not_dated"])},
    ]
    if hours["withheld_recent"]:
        notes.append(
            _("Too recent for their hour to be told: %(count)s.") % {"count": values.count(hours["withheld_recent"])}
        )
    if len(rows) != HOURS_IN_A_DAY:
        notes.append(_("The clock was moved on this day: it has %(count)s hours.") % {"count": values.count(len(rows))})
    return [
        table(
            "day-by-hour",
            _("By hour"),
            columns=[column("1fr", end=True) for _hour in rows],
            head=[[cell(hour, turned=True) for hour in at]],
            rows=[row(*(cell(values.count(item["count"]), faint=item["count"] == 0) for item in rows))],
            note=" ".join(notes),
            whole=True,
            **measure(reading, "day-by-hour"),
        )
        | {"scale": _hours_scale(rows)}
    ]


def _hours_scale(rows: list[dict[str, Any]]) -> float:
    """How much smaller the hours are set where their numbers have more than three digits."""
    digits = max(len(str(item["count"])) for item in rows)
    return 1 if digits <= FEW_DIGITS else round(FEW_DIGITS / digits, 3)


def _others(number: int) -> str:
    return ngettext("%(count)s other", "%(count)s others", number) % {"count": values.count(number)}
