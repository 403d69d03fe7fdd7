"""Importing a set of events, against the least that PostgreSQL can take for its rows, and against Django's own way."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import sql

from monitoring import ledger
from tests.bench import databases
from tests.bench.measuring import Row, Timed, compared, interleaved, one_run, step
from tests.bench.sizes import Sizes
from violations.importing.events import FORMATS, import_events
from violations.importing.ucdp import COLUMNS
from violations.models import Incident

BATCH = 1_000  # rows an INSERT of bulk_create
RUN = "bench_run"
# The tables that an import writes, each after those that it points at.
MODELS = ("IncidentReport", "ReportParty", "ReviewStep", "Incident", "ReportLink", "Assessment")

SIDES = ("North Army", "South Guard", "Harbour Brigade", "Black Gull", "Hill Clans", "Coast Watch", "River Company")
PLACES = ("the mill", "the ferry", "the old quarry", "the lighthouse road", "the upper bridge")


def measure(sizes: Sizes) -> list[Row]:
    """Import, COPY and bulk_create the same rows into the same tables, each in a new copy of the truce."""
    lines, many = sizes.lines, sizes.many_lines
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events.csv"
        alone = {count: _alone(events, count) for count in filter(None, (many, lines))}
        kept = _rows()
        timed = interleaved(
            f"Import of {lines:,} events",
            {
                "import_events": lambda: _import(events),
                "COPY": lambda: _copy(kept),
                "bulk_create": lambda: _bulk_create(kept),
            },
            runs=sizes.runs,
        )
    ours, what = timed["import_events"], f"Import of {lines:,} events: how fast against"
    rows = [
        compared(f"{what} COPY of the same rows into the same tables", ours, timed["COPY"], least=0.4),
        compared(f"{what} bulk_create of the same rows", ours, timed["bulk_create"], least=5),
    ]
    rows = [replace(row, memory=alone[lines].memory) for row in rows]  # this process holds the rows for the others
    if many:
        much, little = alone[many], alone[lines]
        per_line = (much.median / many) / (little.median / lines)
        what = f"Import of {many:,} events against one of {lines:,}: time a line"
        rows.append(Row(what, much.told(), little.told(), per_line, memory=much.memory))
    databases.drop(RUN)
    return rows


def _alone(events: Path, lines: int) -> Timed:
    """An import of so many lines before this process holds anything else; the database is left as it is then."""
    write_events(events, lines=lines)
    timed = Timed(f"{lines:,} events")
    with step(f"Import of {lines:,} events alone, for its memory"):
        one_run(timed, lambda: _import(events))
    return timed


def write_events(path: Path, *, lines: int) -> None:
    """Write a table in the layout of UCDP GED with invented events on the exercise's island, the same each time."""
    draw = random.Random(lines)
    first = date(2025, 1, 1)
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, (*COLUMNS, "simulated"))
        table.writeheader()
        for number in range(1, lines + 1):
            day = first + timedelta(days=draw.randrange(120))
            best = draw.choice((0, 0, 1, 1, 2, 5))
            kind, time = draw.choices("123", (80, 12, 8))[0], draw.choices("12", (85, 15))[0]
            side_a, side_b = draw.sample(SIDES, 2)
            table.writerow(
                {
                    "id": number,
                    "type_of_violence": kind,
                    "side_a": side_a,
                    "side_b": "Civilians" if kind == "3" else side_b,
                    "source_headline": f"Invented: an exchange near {draw.choice(PLACES)} was told of by two posts",
                    "where_prec": draw.choices("1236", (70, 15, 10, 5))[0],
                    "where_coordinates": f"{draw.choice(PLACES)} {draw.randrange(400)}",
                    "adm_1": "",
                    "adm_2": draw.choice(("High Moor", "Northcape", "Old Harbour")),
                    "latitude": f"{draw.uniform(-49.55, -48.45):.6f}",
                    "longitude": f"{draw.uniform(-124.05, -122.45):.6f}",
                    "date_prec": time,
                    "date_start": day,
                    "date_end": day if time == "1" else day + timedelta(days=3),
                    "deaths_a": best,
                    "deaths_b": 0,
                    "deaths_civilians": 0,
                    "deaths_unknown": 0,
                    "low": best,
                    "best": best,
                    "high": best + draw.choice((0, 0, 2)),
                    "simulated": "yes",
                }
            )


def _import(events: Path) -> Callable[[], None]:
    _in_a_new_database()
    agreement = databases.truce()
    return lambda: _came_in(import_events(agreement, events, reader=FORMATS["ucdp-ged"], by=None, anyway=True).refused)


def _came_in(refused: int) -> None:
    if refused:
        raise ValueError(f"{refused} lines of the bench's own table were refused.")


@dataclass(frozen=True)
class _Kept:
    """What an import left: each table's rows as COPY gives them and as Django takes them, and the stamp they bear."""

    copied: dict[Any, bytes]
    values: dict[Any, list[dict[str, Any]]]
    stamp: bytes


def _rows() -> _Kept:
    """The rows of the database that is connected to."""
    copied, values = {}, {}
    for name in MODELS:
        model = apps.get_model("violations", name)
        with connection.cursor() as cursor, cursor.copy(_statement(model, "copy {} ({}) to stdout")) as rows:
            copied[model] = b"".join(bytes(row) for row in rows)
        values[model] = list(model._base_manager.values(*(field.attname for field in model._meta.concrete_fields)))
    return _Kept(copied, values, _written(Incident.objects.values_list("recorded_at", flat=True)[0]))


def _statement(model: Any, text: str) -> sql.Composed:
    columns = sql.SQL(", ").join(sql.Identifier(field.column) for field in model._meta.concrete_fields)
    return sql.SQL(text).format(sql.Identifier(model._meta.db_table), columns)


def _written(at: datetime) -> bytes:
    """An instant as COPY writes it."""
    with connection.cursor() as cursor:
        cursor.execute("select %s::timestamptz::text", [at])
        written: str = cursor.fetchone()[0]
    return written.encode()


def _in_a_new_database() -> None:
    databases.create(RUN)
    databases.connect(RUN)


def _copy(kept: _Kept) -> Callable[[], None]:
    """COPY under the guards, keys and indexes of the tables, which want the stamp of the entry that writes."""
    _in_a_new_database()

    def work() -> None:
        with ledger.writing() as entry, connection.cursor() as cursor:
            stamp = _written(entry.stamp())
            for model, rows in kept.copied.items():
                with cursor.copy(_statement(model, "copy {} ({}) from stdin")) as copy:
                    copy.write(rows.replace(kept.stamp, stamp))

    return work


def _bulk_create(kept: _Kept) -> Callable[[], None]:
    _in_a_new_database()

    def work() -> None:
        with ledger.writing() as entry:
            for model, rows in kept.values.items():
                stamped = {"recorded_at": entry.stamp()} if "recorded_at" in rows[0] else {}
                model._base_manager.bulk_create((model(**(row | stamped)) for row in rows), batch_size=BATCH)

    return work
