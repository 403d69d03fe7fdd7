"""What a report is made of: headings, paragraphs, lists, tables and figures, as plain data for the template.

A table or figure may be pointed at before it has its number: `place(anchor)` stands in the text until `numbered` puts
'Table 3' there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import measured

Block = dict[str, Any]
Cell = str | dict[str, Any]

SHORT = 12
HOLDERS = frozenset({"abreast", "together"})  # blocks that hold others

_PLACE = re.compile("\ue000([a-z0-9-]+)\ue001")


def place(anchor: str) -> str:
    """Stand in a text for the number of the table or figure `anchor`."""
    return f"\ue000{anchor}\ue001"


def heading(text: str, *, level: int = 1, new_page: bool = False) -> Block:
    """A heading; it becomes a bookmark."""
    return {"kind": "heading", "text": text, "level": level, "new_page": new_page}


def paragraph(text: str, *, tone: str = "body") -> Block:
    """A paragraph; its tone is body, lead or note."""
    return {"kind": "paragraph", "text": text, "tone": tone}


def points(texts: list[str]) -> Block:
    """A list of points."""
    return {"kind": "points", "texts": texts}


def spring() -> Block:
    """Free space: what follows stands at the foot of the page."""
    return {"kind": "spring"}


def abreast(*columns: list[Block]) -> Block:
    """Blocks side by side, in columns of equal width; empty columns are left out."""
    return {"kind": "abreast", "columns": [blocks for blocks in columns if blocks]}


def together(*blocks: Block) -> Block:
    """Blocks that are kept on one page."""
    return {"kind": "together", "columns": [list(blocks)]}


def facts(pairs: list[tuple[str, str]]) -> Block:
    """Terms and what stands for them, in two columns."""
    return {"kind": "facts", "pairs": [list(pair) for pair in pairs]}


def column(width: str = "auto", *, end: bool = False) -> dict[str, Any]:
    """A column of a table: its width ('1fr', '7mm', 'auto') and whether it is aligned at its end, as numbers are."""
    return {"width": width, "end": end}


def cell(text: str, **look: Any) -> dict[str, Any]:
    """A cell that spans, is turned, or is strong."""
    return {"text": text, **look}


def row(*cells: Cell, look: str = "") -> dict[str, Any]:
    """A row; its look is '', 'total' or 'group'."""
    return {"cells": list(cells), "look": look}


def table(
    anchor: str,
    caption: str,
    *,
    columns: list[dict[str, Any]],
    head: list[list[Cell]],
    rows: list[dict[str, Any]],
    unit: str,
    of: str,
    missing: str,
    note: str = "",
    whole: bool | None = None,
) -> Block:
    """A table with its caption above and its note below; a `whole` one, by default a short one, is kept on one page.

    It says in a line what it is in (`unit`), out of what it counts (`of`), and what is not in it (`missing`).
    """
    return {
        "kind": "table",
        "anchor": anchor,
        "caption": caption,
        "measure": measured.line(unit, of, missing),
        "columns": columns,
        "head": [[item if isinstance(item, dict) else cell(item) for item in line] for line in head],
        "rows": rows,
        "note": note,
        "scale": 1,
        "whole": len(rows) <= SHORT if whole is None else whole,
    }


def figure(
    anchor: str, headline: str, *, subtitle: str, source: str, table_anchor: str, drawing: dict[str, Any], alt: str
) -> Block:
    """A chart or map: a headline that says what it shows, measure and unit, source with n, and where its table is.

    Only a map without any count has no table.
    """
    return {
        "kind": "figure",
        "anchor": anchor,
        "headline": headline,
        "subtitle": subtitle,
        "source": source,
        "see": _("Figures: %(table)s.") % {"table": place(table_anchor)} if table_anchor else "",
        "to": table_anchor,
        "drawing": drawing,
        "alt": alt,
    }


def numbered(blocks: list[Block]) -> list[Block]:
    """Number tables and figures in their order and put the numbers where the texts point at them."""
    numbers: dict[str, str] = {}
    tables = figures = 0
    for block in _singly(blocks):
        if block["kind"] == "table":
            tables += 1
            numbers[block["anchor"]] = _("Table\u00a0%(number)s") % {"number": tables}
        elif block["kind"] == "figure":
            figures += 1
            numbers[block["anchor"]] = _("Figure\u00a0%(number)s") % {"number": figures}
    return [_with_number(block, numbers) for block in blocks]


def _singly(blocks: list[Block]) -> Iterator[Block]:
    for block in blocks:
        if block["kind"] in HOLDERS:
            for inner in block["columns"]:
                yield from _singly(inner)
        else:
            yield block


def _with_number(block: Block, numbers: dict[str, str]) -> Block:
    if block["kind"] in HOLDERS:
        columns = [[_with_number(inner, numbers) for inner in blocks] for blocks in block["columns"]]
        return {**block, "columns": columns}
    return _filled({**block, "number": numbers.get(block.get("anchor", ""), "")}, numbers)


def texts(value: Any) -> Iterator[str]:
    """Every text within a block, for tests and word lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def _filled(value: Any, numbers: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _PLACE.sub(lambda match: numbers[match[1]], value)
    if isinstance(value, dict):
        return {key: _filled(inner, numbers) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, numbers) for inner in value]
    return value
