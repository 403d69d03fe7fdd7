"""docs/benchmarks.md: what a run measured, on what machine, with which limits; written by the run alone."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from tests.bench.measuring import Row, seconds
from tests.bench.record import OPEN_AT_MOST, OPEN_IN_A_HUNDRED
from tests.bench.sizes import Sizes

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"

HEAD = """# What the service costs

Written by `./run bench`; nothing here is typed in by hand. Every content is invented, in a simulated truce; candidates
alone are asked of real events. Two ways are run in turn, A B A B, {runs} times; times are medians, a ratio is the
median of the ratios within a run, with the least and the greatest of them. A ratio is of time to time where it has an
upper limit (at most), of speed to speed where it has a lower one (at least). Memory is the most that was held at a
moment: by the Python process in all, by PostgreSQL's backends beside the memory that all of them share. Of the
incidents before the month about {open} in a hundred, and {at_most:,} at most, are cases still open; the others are
decided, or nobody took them up.

| | |
|---|---|
{machine}
"""

COLUMNS = ("what", "the service", "against", "result", "least to greatest", "limit", "held", "memory")


def machine() -> dict[str, str]:
    """What the run is on: nothing that names it."""
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        postgresql: str = cursor.fetchone()[0]
        cursor.execute("select postgis_lib_version()")
        postgis: str = cursor.fetchone()[0]
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "processor": f"{os.cpu_count()} cores, {_line('/proc/cpuinfo', 'model name')}",
        "memory": f"{int(_line('/proc/meminfo', 'MemTotal').split()[0]) / 1024**2:.1f} GB",
        "kernel": f"{platform.system()} {platform.release()}",
        "PostgreSQL, PostGIS": f"{postgresql.split()[0]}, {postgis}; settings as `./run serve` has them",
        "Python": platform.python_version(),
        "load when it began": f"{os.getloadavg()[0]:.1f} (processes that wanted to run, over the last minute)",
    }


def table(rows: Sequence[Row]) -> str:
    """The rows as a table."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in rows]
    return "\n".join(lines)


def write(rows: Sequence[Row], *, on: dict[str, str], sizes: Sizes, took: float) -> Path:
    """Write the page anew and return where it is."""
    on = on | {"the run took": f"{took / 60:.0f} minutes"}
    described = "\n".join(f"| {name} | {value} |" for name, value in on.items())
    head = HEAD.format(runs=sizes.runs, open=OPEN_IN_A_HUNDRED, at_most=OPEN_AT_MOST, machine=described)
    PAGE.write_text(f"{head}\n{table(rows)}\n")
    return PAGE


def mend(page: str, rows: Sequence[Row], *, names: Sequence[str], on: dict[str, str], new: bool = False) -> str:
    """Return `page` with these rows in the place of those of the same subject, and when and under what load they were
    measured anew. What is measured for the first time follows the row before it. Raises LookupError where the first
    has no row: the page is of other sizes; but where they may be `new` they come last.
    """
    lines = page.splitlines()
    last = len(lines) - 1 if new else 0
    for row in rows:
        at = [number for number, line in enumerate(lines) if line.startswith(f"| {row.what} |")]
        if not at and not last:
            raise LookupError(f"The page has no row “{row.what}”: measure everything.")
        told = "| " + " | ".join(_cells(row)) + " |"
        last = at[0] if at else last + 1
        lines[last : last + len(at)] = [told]
    again = f"| measured again: {', '.join(names)} |"
    lines = [line for line in lines if not line.startswith(again)]
    last = next(number for number, line in enumerate(lines) if line.startswith("| the run took |"))
    lines.insert(last + 1, f"{again} {on['date']}, load {on['load when it began']} |")
    return "\n".join(lines) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    spread = "" if row.spread is None else f"{_figure(row, row.spread[0])} to {_figure(row, row.spread[1])}"
    limits = [f"at least {_figure(row, row.least)}" if row.least is not None else ""]
    limits += [f"at most {_figure(row, row.most)}" if row.most is not None else ""]
    held = {None: "", True: "yes", False: "**no**"}[row.held]
    return (row.what, row.ours, row.against, _figure(row, row.figure), spread, "".join(limits), held, row.memory)


def _figure(row: Row, number: float) -> str:
    return {
        "s": seconds,
        "queries": "{:.0f}".format,
        "ms": _milliseconds,
        "ratio": "{:.2f}".format,
        "share": "{:.2%}".format,
        "MB": "{:.0f} MB".format,
    }[row.unit](number)


def _milliseconds(number: float) -> str:
    """Of what takes less than one: `seconds` would tell nothing of it."""
    return f"{number * 1000:.2f} ms"


def _line(path: str, name: str) -> str:
    lines = Path(path).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "not told")
