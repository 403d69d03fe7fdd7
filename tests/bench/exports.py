"""Taking a month of incidents away through its door: against psql's COPY TO, Django's iterator, and ST_AsGeoJSON.

What is held against a limit is the way: the same rows, by the same rule, through psql into a file. What the rule itself
costs, the rows without a limit tell: there psql copies what is stored, which nobody may be given.
"""

from __future__ import annotations

import csv
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from monitoring import accreditation, canonical
from monitoring.models import User
from reports import periods
from reports.exports import full, sending, tier
from reports.exports.behind import Behind, behind
from reports.exports.copying import AS_CSV, AS_THEY_ARE, Part
from reports.figures import assemble, geometry, labels
from reports.figures.known import Known
from reports.models import Closing, PeriodKind
from reports.renderers import tables
from tests.bench import databases, record
from tests.bench.measuring import MEGABYTE, Row, Timed, compared, interleaved, step
from tests.bench.sizes import Sizes
from tests.everybody import client_of
from tests.second_factors import with_second_factor
from violations.models import Assessment

FULL = "bench_exports"
MOST_RUNS = 3  # of ways that take half a minute each
A_FIRST_BYTE, GROWN = 0.5, 32
A_TABLE_HAS = settings.EXPORT_SECONDS
PERIOD = """from violations_assessment where agreement_id = %(agreement)s
and occurred_from >= %(from)s and occurred_from < %(until)s and superseded_at is null"""
STORED = (
    *("id", "incident_id", "occurred_from", "occurred_until", "time_precision", "place_precision", "areas", "zones"),
    *("act", "objects_hit", "weapon_family", "alleged", "target", "involved", "scope"),
    *("killed_low", "killed_high", "injured_low", "injured_high"),
)
# The clock is the measurement's own; the test client calls the service so.
MEASURED = {"EXPORT_SECONDS": 24 * 3600, "ALLOWED_HOSTS": ["testserver"]}
# Of a closing of so large a month, only what a table asks of its content is made: its annex would fill the memory.
RELEASED = """
with closing as (
    insert into reports_closing (recorded_at, public_id, agreement_id, kind, period, number, period_from, period_until,
        requested_how, cutoff_at, cutoff_chosen, state, attempts, failure, version_id, content_sha256, computed_at,
        released_at)
    values (%(at)s, gen_random_uuid(), %(agreement)s, 'month', %(month)s, 1, %(from)s, %(until)s, 'hand', %(at)s, true,
        'released', 1, '', %(version)s, repeat('0', 64), %(at)s, %(at)s)
    returning id
), told as (
    insert into reports_commoncontent (closing_id, recorded_at, content) select id, %(at)s, %(content)s from closing
)
insert into reports_edition (recorded_at, public_id, closing_id, agreement_id, guarantor_id, content, content_sha256,
    released_at)
select %(at)s, gen_random_uuid(), closing.id, %(agreement)s, guarantor.id, '{}', repeat('0', 64), %(at)s
from closing
join monitoring_guarantorstate guarantor on guarantor.code = 'alder' and guarantor.agreement_id = %(agreement)s
"""


class Ours:
    """A table taken through its door into a file: how long until its first lines, how much the process grew."""

    def __init__(self, client: Client, address: str, file: Path) -> None:
        self.client, self.address, self.file = client, address, file
        self.first: list[float] = []
        self.grown: list[float] = []

    def way(self) -> Callable[[], None]:
        """Take it."""
        databases.connect(FULL)

        def work() -> None:
            before, began = _resident(), time.perf_counter()
            answer = self.client.get(self.address)
            assert answer.status_code == 200, answer.status_code
            self.first.append(time.perf_counter() - began)
            most = before
            with self.file.open("wb") as file:
                for number, block in enumerate(answer.streaming_content):
                    file.write(block)
                    most = max(most, _resident()) if number % 100 == 0 else most
            self.grown.append(max(most, _resident()) - before)

        return work


def measure(sizes: Sizes) -> list[Row]:
    """Take a month of incidents as CSV at a guarantor's tier, and as GeoJSON in full."""
    with step(f"A record of {sizes.full_month:,} incidents in a month, released"):
        record.make(FULL, incidents=sizes.full_month, pattern=sizes.pattern)
        told = _released()
    guarantor, moderator = client_of(_guarantor()), client_of(databases.person("moderator-north"))
    with databases.superuser(FULL) as postgres:
        (edition,) = postgres.execute("select public_id from reports_edition").fetchone()
    runs = min(sizes.runs, MOST_RUNS)
    with tempfile.TemporaryDirectory() as folder, override_settings(**MEASURED):
        at = Path(folder)
        table = Ours(guarantor, reverse("edition-incidents-csv", args=[edition]), at / "ours.csv")
        map_of = reverse("admin:reports_closing_incidents_geojson", args=[told.closing.public_id])
        features = Ours(moderator, map_of, at / "ours.geojson")
        rows = [*_as_csv(told, table, at, runs, sizes), *_as_geojson(told, features, at, runs, sizes)]
    databases.drop(FULL)
    return rows


def _as_csv(told: Behind, ours: Ours, at: Path, runs: int, sizes: Sizes) -> list[Row]:
    what = f"{sizes.full_month:,} incidents taken as CSV by a guarantor"
    timed = interleaved(
        what,
        {
            "the door": ours.way,
            "psql, the same rows": lambda: _psql(sending.as_csv(told, "incidents").parts(), AS_CSV, at / "psql.csv"),
            "psql, what is stored": lambda: _psql([_stored(told)], AS_CSV, at / "stored.csv"),
            "Django's iterator": lambda: lambda: _iterated(told, at / "iterator.csv"),
        },
        runs=runs,
    )
    _require_equal(ours.file, at / "psql.csv", sending.head(tables.INCIDENTS, hxl=False))
    door, same, stored, iterator = timed.values()
    return [
        compared(f"{what}: how fast against psql's COPY TO of the same rows", door, same, least=0.7),
        _beside(f"{what}: how fast against psql's COPY TO of what is stored, with no rule applied", door, stored),
        _beside("The same stored rows by Django's iterator: how fast against psql's COPY TO", iterator, stored),
        *_limits(what, door, ours),
    ]


def _as_geojson(told: Behind, ours: Ours, at: Path, runs: int, sizes: Sizes) -> list[Row]:
    what = f"{sizes.full_month:,} incidents taken as GeoJSON by a moderator, with points"
    timed = interleaved(
        what,
        {
            "the door": ours.way,
            "psql, ST_AsGeoJSON of the same rows": lambda: _psql(_features(told), AS_THEY_ARE, at / "psql.geojson"),
            "psql, ST_AsGeoJSON of what is stored": lambda: _psql(
                [_stored(told, "st_asgeojson(stored.*)", "point")], AS_THEY_ARE, at / "stored.geojson"
            ),
        },
        runs=runs,
    )
    door, same, stored = timed.values()
    return [
        compared(f"{what}: how fast against COPY of ST_AsGeoJSON of the same rows", door, same, least=0.4),
        _beside(f"{what}: how fast against COPY of ST_AsGeoJSON of what is stored", door, stored),
        *_limits(what, door, ours),
    ]


def _beside(what: str, ours: Timed, theirs: Timed) -> Row:
    """How many times as fast, without a limit."""
    return replace(compared(what, ours, theirs, least=0), least=None)


def _limits(what: str, door: Timed, ours: Ours) -> list[Row]:
    return [
        Row(f"{what}: until the first lines", "", "", statistics.median(ours.first), "s",
            (min(ours.first), max(ours.first)), most=A_FIRST_BYTE),
        Row(f"{what}: what the process grew by", "", "", max(ours.grown), "MB", most=GROWN),
        Row(f"{what}: all of it, in the time that a table has", door.told(), "", door.median, "s",
            (min(door.seconds), max(door.seconds)), most=A_TABLE_HAS, memory=door.memory),
    ]  # fmt: skip


def _released() -> Behind:
    databases.connect(FULL)
    agreement = databases.truce()
    version = agreement.terms
    period = periods.bounds(version, PeriodKind.MONTH, record.MONTH)
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (now,) = cursor.fetchone()
    known = Known(agreement, version, period, now)
    current = assemble.CURRENT[PeriodKind.MONTH]
    content = {
        "head": {"sections": [{"code": code, "version": number} for code, number in current]},
        "beside": {"labels": labels.labels(known), "map": geometry.geometry(known)},
    }
    asked = {
        "at": now,
        "agreement": agreement.pk,
        "version": version.pk,
        "month": record.MONTH,
        "from": period.starts_at,
        "until": period.ends_at,
        "content": canonical.dumps(content),
    }
    with databases.superuser(FULL) as postgres:
        postgres.execute(RELEASED, asked)
    return behind(Closing.objects.select_related("agreement").get(), language="en")


def _guarantor() -> User:
    user = with_second_factor(User.objects.create(username="guarantor-alder"))
    agreement = databases.truce()
    accreditation.accredit(
        user,
        agreement,
        accreditation.Role.GUARANTOR,
        by=None,
        team=None,
        guarantor=agreement.guarantors.get(code="alder"),
    )
    return user


def _features(told: Behind) -> Iterator[Part]:
    """The rows in full, of each day, each a feature as PostGIS makes one."""
    listed = ", ".join(f'told."{name}"' for name in tables.INCIDENTS_IN_FULL.names)
    statement = f"""select st_asgeojson(property.*) from (
        select {listed}, st_point(told.longitude, told.latitude, 4326) as point
        from ({full.rows()}) told order by {tier.ORDER}) property"""
    for part in sending.as_csv(told, "incidents", in_full=True).parts():
        yield Part(statement, part.parameters)


def _stored(told: Behind, wanted: str = "stored.*", *more: str) -> Part:
    listed = ", ".join([*STORED, *more])
    return Part(
        f"select {wanted} from (select {listed} {PERIOD} order by occurred_from) stored", told.known.parameters()
    )


def _psql(parts: Any, written: str, file: Path) -> Callable[[], None]:
    """Prepare a run of psql that copies the parts, one after another, into a file."""
    script = file.with_suffix(".sql")
    databases.connect(FULL)
    with connection.cursor() as cursor, script.open("w") as lines:
        lines.write("begin isolation level repeatable read read only;\n")
        for part in parts:
            lines.write(cursor.mogrify(f"copy ({part.statement}) to stdout ({written})", part.parameters) + ";\n")
        lines.write("commit;\n")
    held = connection.settings_dict
    command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", held["HOST"], "-U", held["USER"], "-d", FULL]
    environment = {**os.environ, "PGOPTIONS": held["OPTIONS"]["options"]}

    def work() -> None:
        with file.open("wb") as out:
            subprocess.run([*command, "-f", str(script)], stdout=out, env=environment, check=True)

    return work


def _iterated(told: Behind, file: Path) -> None:
    databases.connect(FULL)
    known = told.known
    rows = Assessment.objects.open().filter(
        agreement=known.agreement, occurred_from__gte=known.period.starts_at, occurred_from__lt=known.period.ends_at
    )
    with file.open("w", newline="") as lines:
        writer = csv.writer(lines)
        for row in rows.order_by("occurred_from").iterator(chunk_size=2000):
            writer.writerow([getattr(row, name) for name in STORED])


def _require_equal(ours: Path, theirs: Path, head: bytes) -> None:
    """What came by the door is what psql wrote, its head before it."""
    with ours.open("rb") as one, theirs.open("rb") as other:
        assert one.read(len(head)) == head
        while block := one.read(1 << 20):
            assert block == other.read(len(block))
        assert not other.read(1)


def _resident() -> float:
    """What the process holds of memory, in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / MEGABYTE
