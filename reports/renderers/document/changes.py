"""Section 9, first part: what changed since the last closing. Many changed figures are counted table by table."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, cell, column, facts, heading, paragraph, row, table
from reports.renderers.document.changed import in_order, table_of, where, where_table, whole, written
from reports.renderers.document.record import steps_table
from reports.renderers.measured import measure
from reports.renderers.reading import Reading
from reports.renderers.uncounted import Uncounted, no_number, of_changes

# Lines that the table of changed figures has at most, where every column of the count and every table has changed.
A_PAGE = 47


def changes(reading: Reading) -> list[Block]:
    """Section 9: what changed since the last closing, with old, new and why."""
    section = reading.content["beside"]["changes"]
    blocks = [
        heading(_("9. What changed, how this came about, how to verify it")),
        heading(_("What changed since the last closing"), level=2),
    ]
    previous = section["previous"]
    if previous is None:
        return [*blocks, paragraph(_("This is the first closing of the period: there is nothing to compare it with."))]
    blocks.append(
        facts(
            [
                (_("Compared with"), _("closing %(number)s") % {"number": values.count(previous["number"])}),
                (_("Its cut-off"), reading.instant(previous["cutoff_at"])),
                (_("Its content hash"), values.code(previous["content_sha256"])),
            ]
        )
    )
    blocks += _figures(reading, section["figures"])
    for codes, pattern in (
        (section["sections_added"], _("Sections added: %(sections)s.")),
        (section["sections_dropped"], _("Sections dropped: %(sections)s.")),
    ):
        if codes:
            blocks.append(paragraph(pattern % {"sections": values.listed([values.code(code) for code in codes])}))
    return [*blocks, *_because(reading, section["because"])]


def _figures(reading: Reading, figures: list[dict[str, Any]]) -> list[Block]:
    """Every changed figure; of more than a few those of all incidents, and of each other table how many."""
    if not figures:
        return [paragraph(_("No figure differs."))]
    nothing = of_changes(reading)
    if len(figures) <= A_PAGE:
        rows = [_line(reading, item, nothing) for item in in_order(figures)]
        return [_table(reading, _("Every figure that differs"), rows, note=absent())]
    said = _(
        "%(count)s figures differ, more than a page has room for. Listed here are those of all incidents, and those "
        "of the tables in which the fewest differ; of each other table, how many. The CSV and JSON files of every "
        "edition list all of them, each with the codes that lead to it, old and new."
    ) % {"count": values.count(len(figures))}
    return [
        paragraph(said),
        _table(reading, _("Figures that differ, by table"), _by_table(reading, figures, nothing), note=absent()),
    ]


def absent() -> str:
    """What stands where there was no figure."""
    return _("A dash: the row was not there. No figure: nobody had filed or watched, so that it was no count.")


def _by_table(reading: Reading, figures: list[dict[str, Any]], nothing: dict[str, Uncounted]) -> list[dict[str, Any]]:
    rows = [_line(reading, item, nothing) for item in figures if whole(item)]
    others = sorted((item for item in figures if not whole(item)), key=table_of)
    tables = [list(items) for _of, items in groupby(others, key=table_of)]
    room = A_PAGE - len(rows) - len(tables)
    listed = set()
    for items in sorted(tables, key=len):
        room -= len(items) - 1  # it has a line already
        if room >= 0:
            listed.add(table_of(items[0]))
    for items in tables:
        if table_of(items[0]) in listed:
            rows += [_line(reading, item, nothing) for item in items]
            continue
        number = ngettext("%(count)s figure differs", "%(count)s figures differ", len(items)) % {
            "count": values.count(len(items))
        }
        rows.append(row(where_table(reading, items[0]), cell(number, colspan=2)))
    return rows


def _line(reading: Reading, item: dict[str, Any], nothing: dict[str, Uncounted]) -> dict[str, Any]:
    was, now = (
        no_number() if nothing[which].why_at(item["path"], item[which]) else written(reading, item, which)
        for which in ("old", "new")
    )
    return row(where(reading, item), was, cell(now, strong=True))


def _table(reading: Reading, caption: str, rows: list[dict[str, Any]], *, note: str) -> Block:
    return table(
        "changes",
        caption,
        columns=[column("1fr"), column("26mm", end=True), column("26mm", end=True)],
        head=[[_("Figure"), _("Was"), _("Is")]],
        rows=rows,
        note=note,
        **measure(reading, "changes"),
    )


def _because(reading: Reading, steps: list[dict[str, Any]]) -> list[Block]:
    if not steps:
        return [paragraph(_("Nothing that bears on the period was recorded between the two cut-offs."))]
    return [steps_table(reading, "because", _("Recorded between the two cut-offs and bearing on the period"), steps)]
