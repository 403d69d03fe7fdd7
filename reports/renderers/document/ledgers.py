"""Section 2: the ledgers side by side, day by day and area by area."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.document import case_lists, data_sets
from reports.renderers.document.blocks import Block, Cell, cell, column, heading, paragraph, place, row, table
from reports.renderers.document.first_page import no_ledger, total_announced
from reports.renderers.measured import measure
from reports.renderers.reading import Reading, word
from reports.renderers.sentences import NO_TOTAL


def ledgers(reading: Reading) -> list[Block]:
    """What each guarantor announced, what its teams filed, and what each says of the other's cases."""
    section = reading.sections["ledgers"]
    filed = [_filed(reading, section)] if reading.anything_filed else []
    if not reading.ledgers:
        return [heading(_("2. The ledgers side by side"), new_page=True), no_ledger(), *filed]
    return [
        heading(_("2. The ledgers side by side"), new_page=True),
        paragraph(
            _(
                "A ledger is what one guarantor announces that it registered. It is shown as told and by whom; where a "
                "returned total and its lines differ, both stand. No line is added up to make a total, and no total is "
                "shared out over lines."
            )
        ),
        _by_day(reading),
        *_tellings(reading),
        *filed,
        case_lists.matrix(section, reading),
    ]


def _by_day(reading: Reading) -> Block:
    ledgers, filed = reading.ledgers, reading.anything_filed
    upper: list[Cell] = [cell(_("Day"), rowspan=2 if filed else 1)]
    lower: list[Cell] = []
    totals: list[Cell] = [_("Period")]
    for ledger in ledgers:
        upper.append(cell(reading.name("guarantor", ledger["guarantor"]), colspan=2 if filed else 1))
        lower += [_("Announced"), _("Filed")]
        totals.append(total_announced(ledger["announced"]))
        if filed:
            totals.append(values.count(ledger["filed"]["total"]))
    rows = []
    for index, day in enumerate(ledgers[0]["days"] if ledgers else []):
        cells: list[Cell] = [values.short_day(day["date"])]
        for ledger in ledgers:
            entry = ledger["days"][index]
            cells.append(_announced(entry))
            if filed:
                cells.append(cell(values.count(entry["filed"]), faint=entry["filed"] == 0))
        rows.append(row(*cells))
    widths = [column("1fr", end=True), column("14mm", end=True)] if filed else [column("1fr", end=True)]
    return table(
        "ledger-days",
        _("Announced and filed, by ledger and day") if filed else _("Announced, by ledger and day"),
        columns=[column("16mm"), *(widths * len(ledgers))],
        head=[upper, lower] if filed else [upper],
        rows=[*rows, row(*totals, look="total")],
        note=_days_note(reading, filed=filed),
        **measure(reading, "ledger-days"),
    )


def no_report_filed() -> str:
    """Why there are no figures of reports filed."""
    return _("No team filed an incident report for this period.")


def _announced(entry: dict[str, Any]) -> dict[str, Any]:
    returns = entry["returns"]
    if not returns:
        return cell(word("ledger_day", entry["state"]).partition(":")[0], faint=True)
    text = values.listed([values.count(told["total"]) for told in returns])
    if entry["state"] == "nil":
        text = _("%(count)s (nil return)") % {"count": text}
    if entry["contradicted"]:
        text = _("%(counts)s (contradicting)") % {"counts": text}
    return cell(text)


def _days_note(reading: Reading, *, filed: bool) -> str:
    units = {ledger["announced"]["unit"] for ledger in reading.ledgers if ledger["announced"]["unit"]}
    announced = values.listed([word("unit", unit) for unit in sorted(units)])
    notes = [
        _("Announced: %(units)s, on the date that the return bears; its window is in the next tables.")
        % {"units": announced}
        if announced
        else _("No return is held for this period."),
        _("Filed: incident reports of the guarantor's own teams, on the day of the incident. The two are never added.")
        if filed
        else no_report_filed(),
    ]
    for ledger in reading.ledgers:
        reason = ledger["announced"]["no_total"]
        if reason:
            notes.append(f"{reading.name('guarantor', ledger['guarantor'])}: {NO_TOTAL[reason]}")
        if ledger["filed"]["not_dated"]:
            notes.append(
                _("%(name)s: %(count)s of the reports filed are not dated to a day of the period.")
                % {
                    "name": reading.name("guarantor", ledger["guarantor"]),
                    "count": values.count(ledger["filed"]["not_dated"]),
                }
            )
    return " ".join(notes)


def _tellings(reading: Reading) -> list[Block]:
    """Each return held: whose telling, its window, its lines by area, what the teller says, where it was read."""
    rows = []
    for ledger in reading.ledgers:
        told = [(day["date"], telling) for day in ledger["days"] for telling in day["returns"]]
        for teller in reading.sorted("guarantor", {telling["teller"] for _date, telling in told}):
            name = _("Ledger of %(owner)s, as told by %(teller)s") % {
                "owner": reading.name("guarantor", ledger["guarantor"]),
                "teller": reading.name("guarantor", teller),
            }
            rows.append(row(cell(name, colspan=6), look="group"))
            rows += [
                _telling_line(reading, date, telling, own=teller == ledger["guarantor"])
                for date, telling in told
                if telling["teller"] == teller
            ]
    if not rows:
        return [paragraph(_("No return is held: there is nothing to say of tellers, windows and areas."), tone="note")]
    return [
        table(
            "tellings",
            _("Each return: its window, its lines by area, what the teller says of it, where it was read"),
            columns=[
                column("13mm"),
                column("11mm", end=True),
                column("45mm"),
                column("1.3fr"),
                column("1fr"),
                column("26mm"),
            ],
            head=[
                [
                    _("Bears date"),
                    _("Total"),
                    _("Window"),
                    _("By area, as written"),
                    _("What the teller says"),
                    _("Read in"),
                ],
            ],
            rows=rows,
            note=_(
                "Windows in %(zone)s. Several sources with equal numbers are one return. A partial breakdown does "
                "not make up the total, which stands as announced."
            )
            % {"zone": values.zone_of(reading.period)},
            **measure(reading, "tellings"),
        )
    ]


def _telling_line(reading: Reading, date: str, telling: dict[str, Any], *, own: bool) -> dict[str, Any]:
    window = _("%(first)s to %(last)s") % {
        "first": values.short_instant(telling["window_from"], reading.zone, hours=True),
        "last": values.short_instant(telling["window_until"], reading.zone, hours=True),
    }
    sources = [values.name(source["outlet"]) for source in telling["sources"]]
    return row(
        values.short_day(date),
        cell(values.count(telling["total"]), strong=True),
        window,
        _areas(reading, telling),
        _said(telling, own=own),
        values.listed(sources) if sources else _("handed in"),
    )


def _areas(reading: Reading, telling: dict[str, Any]) -> str:
    if not telling["lines"]:
        return "–" if telling["total"] == 0 else _("no breakdown")
    lines = values.listed(
        [f"{_area_as_written(reading, line)} {values.count(line['count'])}" for line in telling["lines"]]
    )
    return _("partial: %(lines)s") % {"lines": lines} if telling["breakdown"] == "partial" else lines


def _area_as_written(reading: Reading, line: dict[str, Any]) -> str:
    written = values.name(line["as_written"])
    if line["area"] is None:
        return _("%(written)s (not an area of this truce)") % {"written": written}
    name = reading.name("area", line["area"])
    return written if written == name else f"{written} ({name})"


def _said(telling: dict[str, Any], *, own: bool) -> str:
    parts = [_("contradicts another return")] if telling["variant"] > 1 else []
    for key, pattern in (
        ("confirmed", _("confirms %(count)s")),
        ("not_confirmed", _("does not confirm %(count)s")),
        ("attributed_elsewhere", _("ascribes %(count)s to a designated group")),
        ("headline_total", _("the headline gives %(count)s")),
    ):
        if telling[key] is not None:
            parts.append(pattern % {"count": values.count(telling[key])})
    if telling["acknowledged"] and not own:
        parts.append(_("acknowledged by the owner of the ledger"))
    parts += [values.name(note) for note in (telling["note"], *(one["note"] for one in telling["sources"])) if note]
    return values.listed(parts) if parts else "–"


def _filed(reading: Reading, section: dict[str, Any]) -> Block:
    rows = [
        row(
            _("Teams of %(name)s") % {"name": reading.name("guarantor", ledger["guarantor"])},
            values.count(ledger["filed"]["total"]),
            _filed_areas(reading, ledger),
        )
        for ledger in reading.ledgers
    ]
    rows += [
        row(word("team_kind", item["team_kind"]), values.count(item["total"]), "–")
        for item in section["filed_by_others"]
    ]
    return table(
        "filed",
        _("Incident reports filed, by whose team"),
        columns=[column("52mm"), column("20mm", end=True), column("1fr")],
        head=[[_("Filed by"), _("Reports"), _("By area")]],
        rows=rows,
        note=_filed_note(reading),
        **measure(reading, "filed"),
    )


def _filed_note(reading: Reading) -> str:
    note = _("Several reports may tell of one incident; in the next section each incident counts once.")
    names = data_sets.names(reading)
    if names:
        note += " " + _("Imported from: %(names)s; its terms stand under %(table)s.") % {
            "names": names,
            "table": place("column-key"),
        }
    joint = sum(ledger["filed"]["by_area_joint"] for ledger in reading.ledgers)
    if not joint:
        return note
    on_a_border = _("On a border, and so in each of the areas beside it: %(count)s.") % {"count": values.count(joint)}
    return f"{note} {on_a_border}"


def _filed_areas(reading: Reading, ledger: dict[str, Any]) -> str:
    rows = ledger["filed"]["by_area"]
    if not rows:
        return _("no area to list")
    placed = reading.sorted("area", [row for row in rows if row["area"]], lambda row: row["area"])
    return values.listed(
        [
            f"{reading.area(row['area'])} {values.count(row['count'])}"
            for row in [*placed, *(row for row in rows if not row["area"])]
        ]
    )
