"""Two lists of the same days at once: each is recorded and told to whoever handed it in, and one stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from django.db import connection

from tests.conftest import superuser_connection
from tests.violations.documents import device_of
from tests.violations.test_case_lists import FULL, HEAD
from violations import case_lists
from violations.models import CaseList

CASE_LISTS = "/api/v1/case-lists/"
PATIENCE = 30.0  # seconds


@contextmanager
def withheld(table: str) -> Iterator[psycopg.Connection]:
    """Nobody reads or writes the table until the block ends: who would, waits. Raises where somebody does just now."""
    with superuser_connection(connection.settings_dict["NAME"]) as other, other.transaction():
        other.execute(f"lock table {table} in access exclusive mode nowait")
        yield other


def until_waiting(other: psycopg.Connection, count: int) -> None:
    """Wait until so many wait for a lock."""
    ends = time.monotonic() + PATIENCE
    while other.execute("select count(distinct pid) from pg_locks where not granted").fetchone() != (count,):
        assert time.monotonic() < ends, "They do not wait."
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(120)
def test_a_list_is_told_as_recorded_though_another_takes_its_place_at_once(exercise, people):
    """They meet where it hurts: both are handed in before either is told of."""
    devices = [device_of(people.guarantor_alder) for _device in range(2)]

    def hand_in(device, text):
        document = {"agreement": "exercise", "from": "2025-03-01", "until": "2025-04-01", "form": "csv", "text": text}
        try:
            return device.post(CASE_LISTS, document)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool, ExitStack() as told:
        with withheld("violations_caselist") as other:
            running = [pool.submit(hand_in, *each) for each in zip(devices, (FULL, HEAD), strict=True)]
            until_waiting(other, 2)
            try:
                between = told.enter_context(withheld("monitoring_accreditation"))
            except psycopg.errors.LockNotAvailable:
                between = None  # read in the transaction that records and tells: nobody can come between
        if between is not None:
            until_waiting(between, 2)
        told.close()
        answers = [one.result() for one in running]
    assert [(answer.status_code, len(answer.json()["cases"])) for answer in answers] == [(201, 1), (201, 0)]
    with case_lists.reading_own(exercise.guarantors.get(code="alder")):
        assert CaseList.objects.count() == 2
        assert str(CaseList.objects.open().get().public_id) in {answer.json()["id"] for answer in answers}
