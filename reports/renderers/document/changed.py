"""Where a changed figure stands, in words: the codes of its path, each by the name it has in the table it stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from reports.renderers import values
from reports.renderers.path_words import CODED, CODES, LABELS, PARTS, ROWS, SILENT
from reports.renderers.reading import Reading, filer, word
from reports.renderers.words import WORDS

DATE = re.compile(r"\d{4}-\d\d-\d\d")
ONE_TABLE = ("effort", "replies", "accessions", "choices")
CHOSEN, REFERENCE = ("events_of_concern", "improvements"), re.compile("[0-9a-f]{10}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def where(reading: Reading, change: dict[str, Any]) -> str:
    """Return incidents/by_act/direct_fire/columns/pending as 'Incidents › by act › direct fire › Pending'."""
    return _told(reading, _parts(change))


def table_of(change: dict[str, Any]) -> tuple[str, ...]:
    """The codes of the table in which a changed figure stands: those of a ledger have one for each owner.

    What monitors did to see is one table, and so are replies, accessions and what was chosen: no count of incidents.
    """
    parts = _parts(change)
    if parts[0] in ONE_TABLE:
        return (parts[0],)
    return tuple(parts[:3] if parts[:2] == ["ledgers", "ledgers"] else parts[:2])


def where_table(reading: Reading, change: dict[str, Any]) -> str:
    """The same, in words: 'Incidents › by act'."""
    return _told(reading, table_of(change))


def within(reading: Reading, path: str, table: str) -> list[str]:
    """The names of the codes that lead from a table, a path too, to one of its figures: ['direct fire', 'Pending']."""
    parts, of = (_parts({"section": at.partition("/")[0], "path": at}) for at in (path, table))
    shared = next((n for n, (one, other) in enumerate(zip(parts, of, strict=False)) if one != other), len(of))
    return [_part(reading, part, before) for before, part in pairwise(parts[shared - 1 :])]


def written(reading: Reading, change: dict[str, Any], which: str) -> str:
    """A figure, `old` or `new`, whatever it is; a dash where the row was not there, or nothing is said."""
    value = change[which]
    if isinstance(value, bool):
        return word("yes", value)
    if value is None or isinstance(value, int):
        return values.count(value)
    last = change["path"].rpartition("/")[2]
    if INSTANT.fullmatch(value):
        return reading.instant(value)
    if last in LABELS and value:
        return reading.name(last, value)
    said = CODED.get(last, {}).get(value)
    return values.name(value if said is None else str(said)) or "–"


def in_order(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Changed figures in the order of the content, what concerns all incidents first."""
    return sorted(changes, key=lambda change: not whole(change))


def whole(change: dict[str, Any]) -> bool:
    """Whether a change is in a total of the period, and not in a breakdown or in what was told of a day."""
    parts = _parts(change)
    return parts[0] != "effort" and "total" in parts and not any(DATE.fullmatch(part) for part in parts)


def _parts(change: dict[str, Any]) -> list[str]:
    parts = [part for part in change["path"].split("/") if part not in SILENT]
    parts = parts if parts[0] == change["section"] else [change["section"], *parts]
    if parts[0] == "effort" and parts[-1] == "lines":
        parts[-1] = "log_lines"
    if "sources" in parts:  # of a return: an outlet and an address, which holds strokes of its own
        first = parts.index("sources") + 1
        parts[first:-1] = ["/".join(parts[first:-1])]
    return parts


def _told(reading: Reading, parts: Sequence[str]) -> str:
    if list(parts[:2]) == ["ledgers", "ledgers"]:
        parts = parts[1:]
    return " › ".join(_part(reading, part, before) for before, part in pairwise(["", *parts]))


def _part(reading: Reading, part: str, before: str) -> str:
    """The name of a code of a path; `before`, the code that it follows, says which of several lists it is of."""
    if before == "by_filer":
        side, _plus, kind = part.rpartition("+")
        return filer(reading, {"team_kind": kind, "side": side or None})
    provision = part.replace("+", "/")
    if provision in reading.content["beside"]["labels"].get("provision", {}):
        return reading.name("provision", provision)
    if "+" in part:  # a row of two keys
        return values.listed([_part(reading, key, before) for key in part.split("+")])
    if INSTANT.fullmatch(part):
        return reading.instant(part)
    if DATE.fullmatch(part):
        return values.day(part)
    if before in ROWS and part in WORDS[ROWS[before]]:
        return word(ROWS[before], part)
    if part in PARTS:
        return str(PARTS[part])
    if before in CHOSEN and REFERENCE.fullmatch(part):
        return _("the one quoted as %(reference)s") % {"reference": values.code(part)}
    return _named(reading, part) or _of_section_8(reading, part, before) or values.code(part)


def _named(reading: Reading, part: str) -> str:
    """The name that the content has for a code, or a list of codes; '' where none has."""
    names = reading.content["beside"]["labels"]
    for kind in LABELS:
        if part in names.get(kind, {}):
            return reading.name(kind, part)
    return next((word(kind, part) for kind in CODES if part in WORDS[kind]), "")


def _of_section_8(reading: Reading, part: str, before: str) -> str:
    """A reservation by its holder; a third party's figure by what it is of. '' where it is neither, or gone by now."""
    section = reading.sections.get("reservations", {})
    if before == "reservations":
        holders = (item["holder"] for item in section.get("reservations", []) if item["code"] == part)
        return values.name(next(holders, ""))
    if before != "figures":
        return ""
    for item in section.get("third_party_figures", {}).get("figures", []):
        if item["figure"] == part:
            told = [item["publisher"], item["span"], item["breakdown"], item["category"]]
            return ", ".join([*(values.name(text) for text in told), word("counted", item["counted"])])
    return ""
