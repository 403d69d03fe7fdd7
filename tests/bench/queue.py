"""The moderators' queue over a large record, each of its views; and filing a report into it over the API."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from unittest.mock import patch

from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import looking
from tests.bench import databases, record
from tests.bench.measuring import Row, Timed, compared, interleaved, one_run, seconds, step
from tests.bench.sizes import Sizes
from tests.violations.documents import REPORTS, device_of, document
from violations.admin.queue_filter import VIEWS

QUEUE, LITTLE = "bench_queue", "bench_little_queue"
HOST = "127.0.0.1"


def measure(sizes: Sizes) -> list[Row]:
    """Open each view as a moderator who has most to do in it, and file."""
    clients = {name: _moderator(name, incidents, sizes) for name, incidents in _records(sizes).items()}
    address = reverse("admin:violations_incident_changelist")

    def opened(name: str, view: str) -> Callable[[], None]:
        databases.connect(name)
        connection.ensure_connection()
        return lambda: _answered(clients[name].get(address, {"view": view}).status_code, 200)

    timed = interleaved(
        f"The queue at {sizes.queue:,} and at {sizes.little_queue:,} incidents",
        {
            f"{view} of {name}": lambda name=name, view=view: opened(name, view)  # type: ignore[misc]
            for view in VIEWS
            for name in clients
        },
        runs=sizes.runs,
    )
    rows = []
    for view, called in VIEWS.items():
        what = f"The queue at {sizes.queue:,} incidents, “{called}”"
        took, little = (timed[f"{view} of {name}"] for name in (QUEUE, LITTLE))
        spread = (min(took.seconds), max(took.seconds))
        rows.append(Row(f"{what}: a page", "", "", took.median, "s", spread, most=1.0, memory=took.memory))
        rows.append(compared(f"{what}, against at {sizes.little_queue:,}: a page", took, little, most=1.5))
        few, _noted = _queries(opened(LITTLE, view))
        asked, noted = _queries(opened(QUEUE, view))
        beside = f"{noted} of them by which the audit is told that somebody looked"
        against = f"at {sizes.little_queue:,}: {few + _noted}"
        rows.append(Row(f"{what}: queries of a page", beside, against, asked + noted, "queries", most=15))
    databases.connect(QUEUE)
    rows.append(_filed(sizes))
    for name in clients:
        databases.drop(name)
    return rows


def _records(sizes: Sizes) -> dict[str, int]:
    return {LITTLE: sizes.little_queue, QUEUE: sizes.queue}


def _moderator(name: str, incidents: int, sizes: Sizes) -> Client:
    """Make the record, and a moderator's session in it that looked once."""
    with step(f"A record of {incidents:,} incidents for the queue"):
        record.make(name, incidents=sizes.pattern, history=incidents - sizes.pattern, pattern=sizes.pattern)
    databases.connect(name)
    client = Client(SERVER_NAME=HOST)
    client.force_login(databases.person("moderator-south"))
    client.get(reverse("admin:violations_incident_changelist"))
    return client


def _queries(act: Callable[[], None]) -> tuple[int, int]:
    """How many queries a page takes, and how many more to write into the audit that it was looked at."""
    noted: list[int] = []
    look = looking.looked

    def looked(request: HttpRequest) -> None:
        before = len(connection.queries_log)
        look(request)
        noted.append(len(connection.queries_log) - before)

    with CaptureQueriesContext(connection) as queries, patch.object(looking, "looked", looked):
        act()
    return len(queries) - sum(noted), sum(noted)


def _filed(sizes: Sizes) -> Row:
    device = device_of(databases.person("monitor"))
    timed = Timed("filing")
    with step(f"Filing {sizes.filings} reports over the API"):
        for _number in range(sizes.filings):
            told = document(client_id=str(uuid.uuid4()))
            one_run(
                timed,
                lambda told=told: (
                    lambda: _answered(  # type: ignore[misc]
                        device.post(REPORTS, told, format="json", SERVER_NAME=HOST).status_code, 201
                    )
                ),
            )
    return Row(
        f"Filing a report over the API at {sizes.queue:,} incidents, one after another",
        f"the slowest: {seconds(max(timed.seconds))}",
        "",
        timed.median,
        "s",
        (min(timed.seconds), max(timed.seconds)),
        memory=timed.memory,
    )


def _answered(status: int, expected: int) -> None:
    if status != expected:
        raise ValueError(f"The answer was {status}, not {expected}.")
