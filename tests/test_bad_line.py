"""Devices on bad lines send until they are answered: each filing is recorded once, corrections in their chains.

BAD_LINE_REPORTS says how many reports are sent; a third of them are corrected, half of these twice. They are sent by
several devices of several monitors at once, over a proxy that loses, delays and doubles one in five requests and
answers; `./run test tests/test_bad_line.py -s` tells what befell them.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitoring import devices
from tests.bad_line import LONGEST_DELAY, BadLine, bad_line
from tests.violations.documents import REPORTS, document
from violations import sealing
from violations.models import Assessment, Incident, IncidentReport, ReportLink, SealedSource

REPORTS_SENT = int(os.environ.get("BAD_LINE_REPORTS", "90"))
DEVICES = 6
ACTS = ("indirect_fire", "air_strike", "device")


class Device:
    """Sends what it has, in any order, until each is answered."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.answers: dict[str, set[tuple[int, bytes]]] = defaultdict(set)
        self.tries = 0

    def send(self, body: dict) -> None:
        """Send one filing until it is answered; a bad line may take a while."""
        for _attempt in range(200):
            self.tries += 1
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20 * LONGEST_DELAY)
            headers = {
                "Authorization": f"Token {self.token}",
                "Content-Type": "application/json",
                "Connection": "close",
            }
            try:
                line.request("POST", REPORTS, json.dumps(body), headers)
                answer = line.getresponse()
                self.answers[body["client_id"]].add((answer.status, answer.read()))
            except (OSError, http.client.HTTPException):
                continue
            finally:
                line.close()
            return
        raise AssertionError("Never answered.")


def outbox(number: int, chance: random.Random) -> list[dict]:
    """A report and its corrections, by their client ids."""
    length = 1 + (number % 3 == 0) + (number % 6 == 0)
    names = [f"report-{number}-{revision}" for revision in range(length)]
    minute = f"2025-03-{1 + number % 28:02}T{chance.randrange(24):02}:{chance.randrange(60):02}:00Z"
    return [
        document(
            client_id=name,
            act=act,
            occurred={"from": minute, "precision": "minute"},
            **({"corrects": before} if before else {}),
        )
        for name, before, act in zip(names, ["", *names], ACTS, strict=False)
    ]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.django_db(transaction=True)
def test_over_a_bad_line_every_filing_is_recorded_once_and_in_its_chain(exercise, people, live_server):
    chance = random.Random(7)
    monitors = [people.monitor_north, people.monitor_south, people.monitor_independent]
    host = (live_server.thread.host, live_server.thread.port)
    began = time.monotonic()
    with bad_line(host, seed=7) as line:
        held = [
            Device(line.port, devices.issue(monitors[number % len(monitors)], name=f"phone {number}", by=None))
            for number in range(DEVICES)
        ]
        work: list[list[dict]] = [[] for _device in held]
        for number in range(REPORTS_SENT):
            work[number % DEVICES] += outbox(number, chance)
        for bodies in work:
            chance.shuffle(bodies)  # what an app sends first is its own affair

        def empty(device: Device, bodies: list[dict]) -> None:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(device.send, bodies))
                list(pool.map(device.send, bodies[::7]))  # and some once more, for want of an answer it kept

        with ThreadPoolExecutor(DEVICES) as pool:
            list(pool.map(empty, held, work))
        settle(line)
    filings = [body for bodies in work for body in bodies]
    require_recorded_once(filings)
    for device in held:
        for name, answers in device.answers.items():
            assert len(answers) == 1, f"{name} was answered in {len(answers)} ways"
    told = f"{REPORTS_SENT} reports, {len(filings)} filings, {sum(device.tries for device in held)} tries"
    print(f"\n{told}: {dict(sorted(line.befell.items()))}; {time.monotonic() - began:.0f} s")  # noqa: T201


def settle(line: BadLine) -> None:
    """Wait for requests that were doubled and still run."""
    deadline = time.monotonic() + 60
    while line.under_way and time.monotonic() < deadline:
        time.sleep(0.1)


def require_recorded_once(filings: list[dict]) -> None:
    """Each filing is a revision, each chain in order and in one incident; nothing else is there and nothing waits."""
    with sealing.counting():
        named = dict(SealedSource.objects.values_list("client_id", "report"))
    assert Counter(named.keys()) == Counter(body["client_id"] for body in filings)
    reports = IncidentReport.objects.in_bulk(named.values())
    for body in filings:
        report = reports[named[body["client_id"]]]
        assert report.act == body["act"]
        if "corrects" in body:
            before = reports[named[body["corrects"]]]
            assert (report.chain, report.revision) == (before.chain, before.revision + 1)
        else:
            assert report.revision == 1
    chains = len({report.chain for report in reports.values()})
    assert chains == REPORTS_SENT == Incident.objects.count() == ReportLink.objects.open().count()
    assert Assessment.objects.open().count() == REPORTS_SENT
