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
from tests.bench.measuring import Row, Timed, interleaved, one_run, seconds, step
from tests.bench.sizes import Sizes
from tests.violations.documents import REPORTS, device_of, document
from violations.admin.queue_filter import VIEWS

QUEUE = "bench_queue"
HOST = "127.0.0.1"


def measure(sizes: Sizes) -> list[Row]:
    """Open each view as a moderator who has most to do in it, and file."""
    with step(f"A record of {sizes.queue:,} incidents for the queue"):
        record.make(QUEUE, incidents=sizes.pattern, history=sizes.queue - sizes.pattern, pattern=sizes.pattern)
    databases.connect(QUEUE)
    client = Client(SERVER_NAME=HOST)
    client.force_login(databases.person("moderator-south"))
    address = reverse("admin:violations_incident_changelist")

    def opened(view: str) -> Callable[[], None]:
        return lambda: _answered(client.get(address, {"view": view}).status_code, 200)

    timed = interleaved(
        f"The queue at {sizes.queue:,} incidents",
        {view: lambda view=view: opened(view) for view in VIEWS},  # type: ignore[misc]
        runs=sizes.runs,
    )
    rows = []
    for view, name in VIEWS.items():
        asked, noted = _queries(opened(view))
        what = f"The queue at {sizes.queue:,} incidents, “{name}”"
        took = timed[view]
        spread = (min(took.seconds), max(took.seconds))
        rows.append(Row(f"{what}: a page", "", "", took.median, "s", spread, most=1.0, memory=took.memory))
        beside = f"beside {noted} by which the audit is told that somebody looked"
        rows.append(Row(f"{what}: queries of a page", beside, "", asked, "queries", most=15))
    rows.append(_filed(sizes))
    databases.drop(QUEUE)
    return rows


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
