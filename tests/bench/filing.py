"""Filing a report in full over HTTP, against the smallest views of the same server that do one INSERT."""

from __future__ import annotations

import json
import statistics
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.handlers.base import BaseHandler
from django.test import override_settings
from rest_framework.renderers import JSONRenderer

from config.authentication import DeviceTokenAuthentication
from monitoring import devices
from monitoring.parsing import BoundedJSONParser
from tests.bench import databases, record, server
from tests.bench.measuring import Row, Timed, step
from tests.bench.sizes import Sizes
from tests.bench.smallest.models import CREATE
from tests.bench.stages import Stage, watched
from tests.violations.documents import REPORTS, device_of, document
from violations import filing, first_filing, report_document
from violations.api.monitors import MonitorsView
from violations.api.report_input import FilingInput

FILING = "bench_filing"
SETTINGS = "tests.bench.smallest.settings"
# Devices that send at the same time, for each web process: while one is answered, the next one waits.
DEVICES = 2
WARM = 40  # requests before each run, outside the clock

# All that the door takes of what a monitor observed from a post.
SEEN = {
    "count": 3,
    "qualifier": "at_least",
    "unit": "explosion",
    "what": "explosion",
    "phase": "incoming",
    "observer": {
        "longitude": -123.52,
        "latitude": -48.81,
        "as_written": "post 4",
        "controlled_by": "Army of the North",
    },
    "bearings": [{"unit": "compass", "point": "NE"}, {"unit": "degrees", "value": 47}],
    "range_km": {"low": 1, "high": 3},
}

# Which of the two a limit is held against.
WHY = "the limit is held against this, for every door of the service asks who it is and counts them"
WHY_NOT = "no limit, for no door of the service is open to anybody"
STAGES = (
    (BaseHandler, "get_response", "Django, its middleware and the framework's view"),
    (DeviceTokenAuthentication, "authenticate", "who it is, and what they are admitted to"),
    (BoundedJSONParser, "parse", "reading what was sent"),
    (FilingInput, "read", "reading what was sent"),
    (report_document, "read", "reading what was sent"),
    (filing, "file_report", "what is remembered of mechanism, teams and area"),
    (first_filing, "write", "checking the rules of filing, the hash of the content, naming the parties"),
    (
        first_filing,
        "_write",
        "sealing; holding ledger and mechanism, asking again; report, incident and assessment, all of it on disk",
    ),
    (MonitorsView, "_answer", "the answer"),
    (JSONRenderer, "render", "the answer"),
)


@dataclass
class Load(Timed):
    """What came of one way: besides the seconds of each run, what nineteen of twenty were answered within."""

    within: list[float] = field(default_factory=list)


def measure(sizes: Sizes) -> list[Row]:
    """File into a record, and let the smallest views keep the same documents, in turn."""
    with step(f"A record of {sizes.pattern + sizes.little_history:,} incidents to file into"):
        record.make(FILING, incidents=sizes.pattern, history=sizes.little_history, pattern=sizes.pattern)
    databases.connect(FILING)
    token = devices.issue(databases.person("monitor"), name="bench", by=None)
    with databases.superuser(FILING) as postgres:
        postgres.execute(CREATE)
    ours, entered, nobody = Load("filing"), Load("smallest view"), Load("smallest view, open to anybody")
    ways: list[tuple[Load, Callable[[], bytes], int]] = [
        (ours, lambda: server.request(REPORTS, _report(), token=token), sizes.posts),
        (entered, lambda: server.request("/bench/entered/", _report(), token=token), 2 * sizes.posts),
        (nobody, lambda: server.request("/bench/open/", _report()), 2 * sizes.posts),
    ]
    at_once = DEVICES * server.processes()
    with server.serving(FILING, settings=SETTINGS) as port:
        for run in range(1, sizes.runs + 1):
            for load, make, number in ways:
                with step(f"Filing beside the smallest view, run {run} of {sizes.runs}: {load.name}"):
                    server.sent(port, [make() for _warm in range(WARM)], at_once=at_once)
                    seconds, took = server.sent(port, [make() for _post in range(number)], at_once=at_once)
                    load.seconds.append(seconds / number)
                    load.within.append(statistics.quantiles(took, n=20)[-1])
    rows = _rows(ours, entered, nobody)
    rows += _where_it_goes(sizes)
    databases.drop(FILING)
    return rows


def _report() -> bytes:
    told: dict[str, Any] = document(client_id=str(uuid.uuid4()), observation=SEEN)
    return json.dumps(told).encode()


def _rows(ours: Load, entered: Load, nobody: Load) -> list[Row]:
    what = f"Filing a report in full over HTTP, {DEVICES} devices at once for each web process"
    by = f"by {server.processes()} web processes"
    rows = []
    for peer, name, least, most in (
        (entered, f"the smallest view that does one INSERT for a device's token; {WHY}", 0.4, 2.5),
        (nobody, f"the same view open to anybody; {WHY_NOT}", None, None),
    ):
        speeds = [theirs / mine for mine, theirs in zip(ours.seconds, peer.seconds, strict=True)]
        waits = [mine / theirs for mine, theirs in zip(ours.within, peer.within, strict=True)]
        rows += [
            Row(
                f"{what}: requests a second against {name}",
                f"{1 / ours.median:.0f} a second {by}",
                f"{1 / peer.median:.0f} a second",
                statistics.median(speeds),
                spread=(min(speeds), max(speeds)),
                least=least,
            ),
            Row(
                f"{what}: time within which 95 in 100 are answered against {name}",
                f"{statistics.median(ours.within) * 1000:.1f} ms",
                f"{statistics.median(peer.within) * 1000:.1f} ms",
                statistics.median(waits),
                spread=(min(waits), max(waits)),
                most=most,
            ),
        ]
    return rows


def _where_it_goes(sizes: Sizes) -> list[Row]:
    """One filing after another in this process, stage by stage; the medians of each, and of all together."""
    databases.connect(FILING)
    device = device_of(databases.person("monitor"))

    def file() -> None:
        answer = device.generic("POST", REPORTS, _report(), "application/json", SERVER_NAME=server.HOST)
        if answer.status_code != 201:
            raise ValueError(f"The answer was {answer.status_code}.")

    unlimited = override_settings(API_REQUESTS_PER_MINUTE=server.ANY_NUMBER)
    with unlimited, step(f"Filing, stage by stage, {sizes.posts} times"):
        for _warm in range(WARM):
            file()
        found = [{stage.name: stage for stage in watched(file, STAGES)} for _post in range(sizes.posts)]
    rows = []
    for name in found[-1]:
        took = [passed[name] for passed in found]
        rows.append(_stage(name, took))
    whole = [_sum(list(passed.values())) for passed in found]
    return [_stage("in all", whole), *rows]


def _stage(name: str, took: list[Stage]) -> Row:
    sent = statistics.median(stage.messages for stage in took)
    in_database = statistics.median(stage.in_database for stage in took)
    python = statistics.median(stage.seconds - stage.in_database for stage in took)
    tenths = statistics.quantiles([stage.seconds for stage in took], n=10)
    return Row(
        f"Filing a report in full, where its time goes: {name}",
        f"{sent:.0f} messages to PostgreSQL {in_database * 1000:.2f} ms, Python {python * 1000:.2f} ms",
        "",
        statistics.median(stage.seconds for stage in took),
        "ms",
        (tenths[0], tenths[-1]),
    )


def _sum(stages: list[Stage]) -> Stage:
    return Stage(
        "in all",
        sum(stage.seconds for stage in stages),
        sum(stage.in_database for stage in stages),
        sum(stage.messages for stage in stages),
    )
