"""The data dictionary of an edition: every column of every file, and every code that may stand in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import tables
from reports.renderers.tables import KINDS, Table
from reports.renderers.words import COLUMNS, MEANINGS, OUT_OF_SCOPE, WORDS
from violations.codebook_definitions import LISTS

Line = list[str]

# The tables of an edition by the files and sheets that hold them; the zip is these and the PDF and the JSON.
FILES: Mapping[str, Table] = {
    "edition.csv": tables.FIGURES,
    "edition.xlsx, About": tables.ABOUT,
    "edition.xlsx, Figures": tables.FIGURES,
    "edition.xlsx, Incidents": tables.INCIDENTS,
    "edition.xlsx, Columns": tables.COLUMNS,
    "edition.xlsx, Codes": tables.CODES_TOLD,
    **{f"{table.name}.csv": table for table in tables.AT_THE_TIER.values()},
    "incidents.geojson": tables.INCIDENTS,
    "columns.csv": tables.COLUMNS,
    "codes.csv": tables.CODES_TOLD,
}
# Codes that are of no list of the codebook.
OTHERS: Mapping[str, Mapping[str, Any]] = {
    "level": WORDS["level"],
    "standing": WORDS["standing"],
    "ledger_day": WORDS["ledger_day"],
    "breakdown": WORDS["breakdown"],
}


def columns(files: Iterable[str] = tuple(FILES)) -> Iterator[Line]:
    """The head of the dictionary, then a line for each column of each of `files`."""
    yield tables.COLUMNS.names
    for file in files:
        for column in FILES[file].columns:
            yield [
                file, column.name, column.kind, str(KINDS[column.kind]), column.hxl, column.of, str(column.told)
            ]  # fmt: skip
    if "incidents.geojson" in files:
        shown = _("What the geometry is: a point, the outline of the area, or nothing and why.")
        yield ["incidents.geojson", "geometry_shows", tables.TEXT, str(KINDS[tables.TEXT]), "", "", shown]


def codes(names: Mapping[str, Mapping[str, Mapping[str, str]]], language: str) -> Iterator[Line]:
    """The head, then a line for each code of each list; `names`: what identities of the truce are called, by kind."""
    yield tables.CODES_TOLD.names
    used = sorted({column.of for table in FILES.values() for column in table.columns if column.of})
    for kind in used:
        for code, name, told in _of(kind, names, language):
            yield [kind, code, name, told]


def _of(
    kind: str, names: Mapping[str, Mapping[str, Mapping[str, str]]], language: str
) -> Iterator[tuple[str, str, str]]:
    if kind in LISTS:
        found = LISTS[kind]
        yield from ((code, str(name), str(found.definitions[code])) for code, name in found.codes.choices)
    elif kind == "column":
        yield from ((code, str(name), str(MEANINGS.get(_row_of_meanings(code), ""))) for code, name in COLUMNS.items())
    elif kind == "withheld":
        yield "parties", _("parties"), _("Who is named in any role, and to whom it is attributed.")
        yield "binding", _("binding"), _("What hangs on how the texts bind those concerned, and would name one.")
    elif kind in OTHERS:
        yield from ((code, str(name), "") for code, name in OTHERS[kind].items())
    else:
        told = sorted(names.get(kind, {}).items())
        yield from ((code, called.get(language) or called.get("en") or code, "") for code, called in told)


def _row_of_meanings(code: str) -> str:
    if code in OUT_OF_SCOPE:
        return "out_of_scope"
    return "violations" if code.startswith("violations_") else code
