"""Devices on bad lines send until they are answered: each filing is recorded once, corrections in their chains.

BAD_LINE_REPORTS says how many reports are sent; a third of them are corrected, half of these twice. They are sent by
several devices of several monitors at once, over a proxy that loses, delays and doubles one in five requests and
answers; `./run test tests/test_bad_line.py -s` tells what befell them.
"""

from __future__ import annotations

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitoring import devices
from tests.bad_line import LONGEST_DELAY, BadLine, bad_line
from tests.persistent_devices import Device, outbox, require_recorded_once

REPORTS_SENT = int(os.environ.get("BAD_LINE_REPORTS", "90"))
DEVICES = 6


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
            Device(
                line.port,
                devices.issue(monitors[number % len(monitors)], name=f"phone {number}", by=None),
                patience=20 * LONGEST_DELAY,
            )
            for number in range(DEVICES)
        ]
        work: list[list[dict]] = [[] for _device in held]
        for number in range(REPORTS_SENT):
            work[number % DEVICES] += outbox(number, chance)
        for bodies in work:
            chance.shuffle(bodies)  # what an app sends first is its own affair

        def empty(device: Device, bodies: list[dict]) -> None:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(device.file, bodies))
                list(pool.map(device.file, bodies[::7]))  # and some once more, for want of an answer it kept

        with ThreadPoolExecutor(DEVICES) as pool:
            list(pool.map(empty, held, work))
        settle(line)
    filings = [body for bodies in work for body in bodies]
    require_recorded_once(filings)
    for device in held:
        for name, answers in device.answers.items():
            assert len(answers) == 1, f"{name} was answered in {len(answers)} ways"
    told = f"{REPORTS_SENT} reports, {len(filings)} filings, {sum(len(device.tries) for device in held)} tries"
    print(f"\n{told}: {dict(sorted(line.befell.items()))}; {time.monotonic() - began:.0f} s")  # noqa: T201


def settle(line: BadLine) -> None:
    """Wait for requests that were doubled and still run."""
    deadline = time.monotonic() + 60
    while line.under_way and time.monotonic() < deadline:
        time.sleep(0.1)
