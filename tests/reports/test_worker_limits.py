"""What makes reports is held to a memory limit of its own, so that one report cannot take the machine from the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings

from tests.reports.test_worker_killed import until, worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def most_address_space(pid: int) -> str:
    limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return next(line.split()[3] for line in limits if line.startswith("Max address space"))


def test_every_process_that_makes_reports_is_held_to_the_limit(tmp_path):
    folder = tmp_path / "worker"
    with worker(folder, tmp_path / "files") as process:
        at_most = str(settings.CELERY_WORKER_ADDRESS_SPACE)
        until(lambda: at_most in map(most_address_space, children(process.pid)), folder)
        assert most_address_space(process.pid) == most_address_space(os.getpid()) != at_most
