"""What must hold of the incidents behind the figures of any content, whoever made it."""

from __future__ import annotations

from typing import Any

from reports.figures import paths, rows
from reports.figures.changes import figures
from reports.figures.rows import Why


def require_rows_behind(content: dict[str, Any]) -> None:
    """At every path: listed and unlisted are the figure; what is not listed has a reason, and no more than one gives.

    Nothing is told of an incident but its row of the annex, as it stands there.
    """
    annex = content["beside"].get("annex")
    shown = {row["reference"]: row for row in annex["incidents"]} if annex else {}
    told = {path: figure for code, part in content["sections"].items() for path, figure in figures(part, code)}
    for path, counts in paths.counted(content).items():
        found = paths.Found(path, told[path], counts)
        if not isinstance(found.figure, int):
            continue
        behind = rows.listed(content, found)
        assert behind.listed + behind.unlisted == found.figure
        assert 0 <= behind.listed <= found.figure, path
        assert all(shown[row["reference"]] is row for _number, row in behind.incidents), path
        assert len({row["reference"] for _number, row in behind.incidents}) == len(behind.incidents), path
        assert bool(behind.why) == bool(behind.unlisted), path
        if behind.why == (Why.RECENT,) and counts.measure in {"incidents", "attributed", "joint"}:
            assert behind.unlisted <= annex["withheld_recent"], path
        if path == "incidents/total/registered":
            assert behind.unlisted == annex["withheld_recent"]
