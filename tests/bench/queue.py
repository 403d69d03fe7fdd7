"""The moderators' queue over a large record, its views and its pages; and filing a report into it over the API."""

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
from violations.models import Finding

QUEUE, LITTLE = "bench_queue", "bench_little_queue"
HOST = "127.0.0.1"
# What each page is called in the table, by how many incidents there are.
CALLED = {view: f"The queue at {{incidents}} incidents, “{called}”" for view, called in VIEWS.items()} | {
    "incident": "An incident that was found a breach, at {incidents} incidents",
    "report": "The report that it is assessed by, at {incidents} incidents",
}


def measure(sizes: Sizes) -> list[Row]:
    """Open each view, an incident and a report as a moderator who has most to do in it, and file."""
    clients = {name: _moderator(name, incidents, sizes) for name, incidents in _records(sizes).items()}
    pages = {name: _pages(name) for name in clients}

    def opened(name: str, page: str) -> Callable[[], None]:
        databases.connect(name)
        connection.ensure_connection()
        address, asked = pages[name][page]
        return lambda: _answered(clients[name].get(address, asked).status_code, 200)

    timed = interleaved(
        f"The queue and its pages at {sizes.queue:,} and at {sizes.little_queue:,} incidents",
        {
            f"{page} of {name}": lambda name=name, page=page: opened(name, page)  # type: ignore[misc]
            for page in pages[QUEUE]
            for name in clients
        },
        runs=sizes.runs,
    )
    rows = []
    for page in pages[QUEUE]:
        what = CALLED[page].format(incidents=f"{sizes.queue:,}")
        took, little = (timed[f"{page} of {name}"] for name in (QUEUE, LITTLE))
        spread = (min(took.seconds), max(took.seconds))
        rows.append(Row(f"{what}: a page", "", "", took.median, "s", spread, most=1.0, memory=took.memory))
        rows.append(compared(f"{what}, against at {sizes.little_queue:,}: a page", took, little, most=1.5))
        few, _noted = _queries(opened(LITTLE, page))
        asked, noted = _queries(opened(QUEUE, page))
        beside = f"{noted} of them by which the audit is told that somebody looked"
        against = f"at {sizes.little_queue:,}: {few + _noted}"
        rows.append(Row(f"{what}: queries of a page", beside, against, asked + noted, "queries", most=15))
    databases.connect(QUEUE)
    rows.append(_filed(sizes))
    for name in clients:
        databases.drop(name)
    return rows


def _pages(name: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Where each page is, and with what it is asked for, in the record `name`.

    The incident is the first that was found a breach of those that the records were copied from, so it is the same one
    in each; the report is the one that it is assessed by.
    """
    databases.connect(name)
    queue = reverse("admin:violations_incident_changelist")
    found = Finding.objects.open().agreed().filter(conduct="breach").order_by("incident").first()
    assert found is not None
    led_by = found.incident.assessments.get(superseded_at=None).lead_report
    return {view: (queue, {"view": view}) for view in VIEWS} | {
        "incident": (reverse("admin:violations_incident_change", args=[found.incident.public_id]), {}),
        "report": (reverse("admin:violations_incidentreport_change", args=[led_by.public_id]), {}),
    }


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
