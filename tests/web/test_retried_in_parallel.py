"""The same filing many times at once to the real web server: recorded once, and every answer is the same.

PARALLEL_FILINGS says how many filings are each sent twenty times in parallel; `./run test
tests/web/test_retried_in_parallel.py -s` tells how they were answered and how long it took.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.persistent_devices import Answer, Device, outbox, require_recorded_once
from tests.violations.documents import REPORTS
from tests.web.at_once import TIMES, at_once, device_of, the_one

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]

FILINGS = int(os.environ.get("PARALLEL_FILINGS", "20"))


def test_each_of_many_filings_sent_twenty_times_in_parallel_is_recorded_once(exercise, people, web, capsys):
    """Reports and corrections, in any order, of two accounts, of one of them from two sides at once."""
    chance = random.Random(11)
    chains = [outbox(number, chance) for number in range(FILINGS)]
    accounts = [people.monitor_north, people.monitor_north, people.monitor_south]
    held = [device_of(web, user, f"phone {number}") for number, user in enumerate(accounts)]
    wanted, work = FILINGS, [[] for _device in held]
    for number, bodies in enumerate(chains):
        work[number % len(held)] += bodies[:wanted]
        wanted -= len(bodies[:wanted])
    began = time.monotonic()

    def empty(device: Device, bodies: list[dict]) -> dict[str, list[Answer]]:
        chance.shuffle(bodies)
        return {body["client_id"]: at_once(device, [(REPORTS, body)] * TIMES) for body in bodies}

    with ThreadPoolExecutor(len(held)) as pool:
        answered = [part for part in pool.map(empty, held, work) for part in part.items()]
    took = time.monotonic() - began
    statuses = Counter(answer.status for _name, answers in answered for answer in answers)
    recorded = sum(not answer.replayed for _name, answers in answered for answer in answers)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(answered)} filings x {TIMES}: {dict(sorted(statuses.items()))} by status, {recorded} recorded,"
            f" the others replays; {took:.0f} s, {sum(statuses.values()) / took:.0f} requests a second\n"
        )
    assert len(answered) == FILINGS
    for _name, answers in answered:
        the_one(answers, status=answers[0].status)
    assert set(statuses) == {201, 202}
    require_recorded_once([body for bodies in work for body in bodies])
