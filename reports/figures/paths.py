"""What the figure at a path of a content counts: the incidents of a row and a column, or nothing that is an incident.

A path is made of the codes that lead to a figure (`reports.figures.changes`). What stands there is told in the terms of
the statement that counts it (`reports.figures.counting`), so that whoever lists the incidents asks what was counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from reports.figures.casualties import FIELDS as HARM_FIELDS
from reports.figures.changes import VIEWS, Figure, figures, row_name
from reports.figures.columns import COLUMNS, IN_SCOPE, OUT_OF_SCOPE, VIOLATIONS
from reports.figures.out_of_scope import FIELDS as REASON_FIELDS

VERIFIED = ("scope_not_assessed", *IN_SCOPE, *VIOLATIONS)
SUBTOTALS = {"verified": VERIFIED, "in_scope": (*IN_SCOPE, *VIOLATIONS), "violations": VIOLATIONS}
MEASURED = {"registered": None, "violations": VIOLATIONS}


@dataclass(frozen=True)
class Counted:
    """The incidents of the row (`first`, `second`) of a breakdown `part` in `columns`, None: in whichever they stand.

    `measure` is what is counted of each: `incidents` counts one, a number of persons is a sum, `joint` counts those
    that stand in several rows of the part.
    """

    part: str
    first: str | None = None
    second: str | None = None
    columns: tuple[str, ...] | None = None
    measure: str = "incidents"


class Elsewhere(StrEnum):
    """What a figure is made of that is no incident, or none of this period."""

    RETURNS = "returns"
    REPORTS = "reports"
    CASES_LISTED = "cases_listed"
    EFFORT = "effort"
    PREVIOUS_PERIOD = "previous_period"
    COMPUTED = "computed"
    TOLD_BY_OTHERS = "told_by_others"
    CHOICES = "choices"
    NO_NUMBER = "no_number"


@dataclass(frozen=True)
class Found:
    """The figure at a path, and what it counts."""

    path: str
    figure: Figure
    counts: Counted | Elsewhere


Rows = Iterator[tuple[str, Counted]]


def found(content: dict[str, Any], path: str) -> Found | None:
    """Return the figure at `path` of a content; None where it has none. Charts are a view of others and have none."""
    section = path.partition("/")[0]
    if section in VIEWS or section not in content["sections"]:
        return None
    told = dict(figures(content["sections"][section], section))
    if path not in told:
        return None
    return Found(path, told[path], _counts(content, section, path, told[path]))


def _counts(content: dict[str, Any], section: str, path: str, figure: Figure) -> Counted | Elsewhere:
    if figure is None or isinstance(figure, bool | str):
        return Elsewhere.COMPUTED if section == "comparison" else Elsewhere.NO_NUMBER
    counted = dict(COUNTED[section](content["sections"][section])) if section in COUNTED else {}
    return counted.get(path) or _elsewhere(section, path.split("/"))


def counted(content: dict[str, Any]) -> dict[str, Counted]:
    """Return every figure of a content that counts incidents of its period, by path, and what it counts."""
    return {
        path: what
        for section, told in content["sections"].items()
        if section in COUNTED
        for path, what in COUNTED[section](told)
    }


def _elsewhere(section: str, codes: list[str]) -> Elsewhere:
    """Of what else a number is made."""
    if section == "ledgers":
        if "case_lists" in codes:
            return Elsewhere.CASES_LISTED
        return Elsewhere.REPORTS if {"filed", "filed_by_others"} & set(codes) else Elsewhere.RETURNS
    if section == "comparison":
        if "announced" in codes:
            return Elsewhere.RETURNS
        return Elsewhere.PREVIOUS_PERIOD if "previous" in codes else Elsewhere.COMPUTED
    others = {
        "effort": Elsewhere.EFFORT,
        "reservations": Elsewhere.TOLD_BY_OTHERS,
        "choices": Elsewhere.CHOICES,
    }
    return others.get(section, Elsewhere.COMPUTED)


def _tally(path: str, row: Counted) -> Rows:
    """The figures of a row in columns: the registered, each column, the running subtotals."""
    yield f"{path}/registered", row
    for column in COLUMNS:
        yield f"{path}/columns/{column}", replace(row, columns=(column,))
    for subtotal, columns in SUBTOTALS.items():
        yield f"{path}/subtotals/{subtotal}", replace(row, columns=columns)


# Of each table of section 3: its part in the statement, and the two keys of a row.
TABLES: dict[str, tuple[str, Callable[[dict[str, Any]], tuple[str | None, str | None]]]] = {
    "by_side": ("side", lambda row: (row["side"], row["forces"])),
    "by_party": ("party", lambda row: (row["party"], "party" if row["party"] else row["group"])),
    "by_party_named": ("party_named", lambda row: (row["party"], row["role"])),
    "by_provision": ("provision", lambda row: (row["instrument"], row["provision"])),
    "by_act": ("act", lambda row: (row["act"], None)),
    "by_object_hit": ("object", lambda row: (row["object"], None)),
    "by_weapon": ("weapon", lambda row: (row["weapon"], None)),
    "by_zone": ("zone", lambda row: (row["zone"], None)),
    "by_day": ("day", lambda row: (row["date"], row["dated"])),
    "attribution": ("attribution", lambda row: (row["attribution"], None)),
}


def _incidents(section: dict[str, Any]) -> Rows:
    yield from _tally("incidents/total", Counted("total"))
    for table, (part, keys) in TABLES.items():
        for row in section[table]:
            counts = Counted(part, *keys(row))
            yield from _row(f"incidents/{table}/{row_name(row)}", counts, row)
        if f"{table}_joint" in section:
            yield f"incidents/{table}_joint", Counted(part, measure="joint")
    for level in section["by_area"]:
        path = f"incidents/by_area/{row_name(level)}"
        yield f"{path}/joint", Counted("area", level["level"], measure="joint")
        for row in level["rows"]:
            yield from _tally(f"{path}/rows/{row_name(row)}", Counted("area", level["level"], row["area"]))
    for row in section["casualties"]:
        for harm in ("killed", "injured"):
            for field in HARM_FIELDS:
                counts = Counted("harm", row["of"], harm, measure=field)
                yield f"incidents/casualties/{row_name(row)}/{harm}/{field}", counts


def _row(path: str, counts: Counted, row: dict[str, Any]) -> Rows:
    """The figures of a row of a table, and what it tells beside its columns."""
    yield from _tally(path, counts)
    for harm in ("killed", "injured"):
        if f"{harm}_verified" in row:
            yield f"{path}/{harm}_verified", replace(counts, columns=VIOLATIONS, measure=harm)
    for of, columns in MEASURED.items() if "attributed" in row else ():
        yield f"{path}/attributed/{of}", replace(counts, columns=columns, measure="attributed")
    for confidence in row.get("confidence", ()):
        yield f"{path}/confidence/{confidence}", replace(counts, second=confidence)


def _out_of_scope(section: dict[str, Any]) -> Rows:
    yield "out_of_scope/total", Counted("total", columns=OUT_OF_SCOPE)
    yield "out_of_scope/disputed", Counted("total", columns=("scope_disputed",))
    yield "out_of_scope/overruled_into_scope", Counted("into_scope")
    for row in section["by_reason"]:
        for field in REASON_FIELDS:
            yield f"out_of_scope/by_reason/{row_name(row)}/{field}", Counted("reason", row["reason"], measure=field)
    for row in section["by_reading"]:
        path, reading = f"out_of_scope/by_reading/{row_name(row)}", row["reading"]
        yield f"{path}/same", Counted("reading", reading, measure="same")
        yield f"{path}/changed", Counted("reading", reading)
        for move in row["changes"]:
            counts = Counted("reading", reading, move["to"], columns=(move["from"],))
            yield f"{path}/changes/{row_name(move)}/incidents", counts


def _comparison(section: dict[str, Any]) -> Rows:
    """Of this period: the same incidents as section 3 counts."""
    if section["standing"] is None:
        return
    yield from _tally("comparison/standing/current", Counted("total"))
    for measure in section["measures"]:
        path, columns = f"comparison/measures/{row_name(measure)}", MEASURED[measure["measure"]]
        yield f"{path}/all/current", Counted("total", columns=columns)
        for row in measure["by_side"]:
            yield (
                f"{path}/by_side/{row_name(row)}/current",
                Counted("side", row["side"], row["forces"], columns=columns),
            )


def _registrations(section: dict[str, Any]) -> Rows:
    """Of a day: by the breakdowns of its own statement."""
    yield "registrations/total", Counted("registered_total")
    for row in section["by_filer"]:
        counts = Counted("registered_filer", row["team_kind"], row["side"])
        yield f"registrations/by_filer/{row_name(row)}/count", counts
    yield "registrations/by_filer_joint", Counted("registered_filer", measure="joint")
    for row in section["by_act"]:
        yield f"registrations/by_act/{row_name(row)}/count", Counted("registered_act", row["act"])
    if section["by_area"] is not None:
        yield "registrations/by_area/joint", Counted("registered_area", measure="joint")
        for row in section["by_area"]["rows"]:
            yield f"registrations/by_area/rows/{row_name(row)}/count", Counted("registered_area", row["area"])
    if section["by_hour"] is not None:
        yield from _hours(section["by_hour"])


def _hours(section: dict[str, Any]) -> Rows:
    for number, row in enumerate(section["rows"], start=1):
        yield f"registrations/by_hour/rows/{row_name(row)}/count", Counted("registered_hour", "hour", str(number))
    for other in ("not_dated", "withheld_recent"):
        yield f"registrations/by_hour/{other}", Counted("registered_hour", other)


COUNTED: dict[str, Callable[[dict[str, Any]], Iterable[tuple[str, Counted]]]] = {
    "incidents": _incidents,
    "out_of_scope": _out_of_scope,
    "comparison": _comparison,
    "registrations": _registrations,
}
