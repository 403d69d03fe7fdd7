"""Section 9: what changed since the last closing of the period: every changed figure, old and new, and what came since.

A figure is named by the codes that lead to it, as incidents/by_act/direct_fire/columns/pending. The charts are a view
of other sections and are not listed again; nor is a p-value, which stands in its own section alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from monitoring import canonical
from reports.figures import steps
from reports.figures.comparison import compared_with
from reports.figures.known import Known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.models import Closing

Figure = int | str | bool | None

# What tells the rows of a list apart: the first of these whose first code a row has. Nothing else of them is a name.
IDENTIFIED_BY = (
    ("choice",),
    ("side", "forces"),
    ("side", "team_kind"),
    ("party", "role"),
    ("party", "instrument", "reading", "from"),
    ("settlement",),
    ("measure",),
    ("party",),
    ("instrument", "provision"),
    ("date",),
    ("teller", "variant"),
    ("area", "as_written"),
    ("level",),
    ("guarantor", "addressee"),
    ("guarantor", "beside"),
    ("guarantor",),
    ("act",),
    ("object",),
    ("weapon",),
    ("area",),
    ("zone",),
    ("attribution",),
    ("of",),
    ("reason",),
    ("reading",),
    ("team_kind",),
    ("outlet", "url"),
    ("kind", "code"),
    ("kind",),
    ("observed",),
    ("from", "to"),
    ("code",),
    ("forces",),
    ("group",),
    ("figure",),
    ("dated",),
    ("as_written",),
    ("addressee",),
    ("from",),
)
VIEWS = frozenset({"charts"})
# Of a figure of a third party, what can be said to have changed; the rest words it.
TOLD_BY_OTHERS = ("number", "contested")
UNTOLD = frozenset({"p"})


def changes(known: Known, sections: dict[str, Any], previous: Closing | None) -> dict[str, Any]:
    """Return what differs between `sections` and those of the closing `previous`; nothing where there is none."""
    if previous is None:
        return {"previous": None, "figures": [], "sections_added": [], "sections_dropped": [], "because": []}
    before = json.loads(previous.content() or "")["sections"]
    return {
        "previous": {
            "closing": str(previous.public_id),
            "number": previous.number,
            "cutoff_at": canonical.instant(previous.cutoff_at),
            "content_sha256": previous.content_sha256,
        },
        "figures": [
            figure
            for code in sections
            if code in before and code not in VIEWS
            for figure in changed(code, before[code], sections[code])
        ],
        "sections_added": sorted(set(sections) - set(before)),
        "sections_dropped": sorted(set(before) - set(sections)),
        "because": steps.taken(
            known,
            after=previous.cutoff_at,
            before=known.once(compared_with) if "comparison" in sections else None,
        ),
    }


def changed(section: str, before: Any, now: Any) -> Iterator[dict[str, Any]]:
    """Yield each figure of `section` that is not what it was, by path. Of a new row only figures that are not 0."""
    old, new = dict(figures(before, section)), dict(figures(now, section))
    for path in sorted(old.keys() | new.keys()):
        was, becomes = old.get(path), new.get(path)
        if was != becomes and (was or becomes or (path in old and path in new)):
            yield {"section": section, "path": path, "old": was, "new": becomes}


def figures(value: Any, path: str) -> Iterator[tuple[str, Figure]]:
    """Yield every figure under `path` with the codes that lead to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in UNTOLD:
                yield from figures(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for index, row in enumerate(value):
            names = _identified_by(row)
            name = row_name(row) if isinstance(row, dict) else str(index)
            rest = {key: inner for key, inner in row.items() if _tells(key, names)} if isinstance(row, dict) else row
            yield from figures(rest, f"{path}/{name}")
    else:
        yield path, value


def row_name(row: dict[str, Any]) -> str:
    """Return what stands in a path for a row of a list: the codes by which it is told apart, or that it has none."""
    names = _identified_by(row)
    return "+".join(str(row[key]) for key in names) if names else "none"


def _tells(key: str, names: tuple[str, ...]) -> bool:
    if names == ("choice",):
        return key == "words"
    return key in TOLD_BY_OTHERS if names == ("figure",) else key not in names


def _identified_by(row: Any) -> tuple[str, ...]:
    """The names of the codes by which a row is told apart; none for a plain value or a row without a code."""
    if not isinstance(row, dict):
        return ()
    return next((names for names in IDENTIFIED_BY if set(names) <= row.keys() and row[names[0]] is not None), ())
