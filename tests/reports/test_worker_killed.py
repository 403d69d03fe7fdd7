"""A worker killed with -9 at each step of a closing, and Redis emptied meanwhile: nothing is lost or done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

from reports import approvals, closings, comments
from reports.closings.preparing import preparing
from reports.closings.verifying import Outcome
from reports.models import Closing, Edition, Rendition
from reports.querysets import database_clock
from reports.tasks import advance_closing
from tests.reports.agreed import agreed, seen, time_is_over
from tests.reports.worker import AGREED_STEPS, FORMATS, STEPS
from tests.violations import occasions

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]
PATIENCE = 90


@contextmanager
def worker(folder: Path, files: Path, *step: str):
    """A worker of its own process group on the test's database, files and Redis; killed with -9 in the end."""
    folder.mkdir()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_NAME": connection.settings_dict["NAME"],
        "DATABASE_USER": connection.settings_dict["USER"],
        "FILES_ROOT": str(files),
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.reports.worker", str(folder), *step],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(condition, folder: Path):
    """Wait for `condition`; where it does not come, what the worker said is the message."""
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, (folder / "log").read_text()[-4000:]
        time.sleep(0.1)


def lose_redis() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        server.flushall()


def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(exercise, people, tmp_path, files):
    occasions.filed(exercise, people.monitor_north)
    requested: dict[str, Closing] = {}
    computed: dict[str, tuple] = {}
    for number, step in enumerate(STEPS, start=10):
        requested[step] = closings.request(exercise, "day", f"2025-03-{number}")
        folder = tmp_path / f"killed-{number}"
        with worker(folder, files, step):
            advance_closing.delay(closing_id=requested[step].pk)
            until((folder / "halted").exists, folder)
        lose_redis()
        closing = Closing.objects.get(pk=requested[step].pk)
        assert closing.released_at is None, step
        computed[step] = (closing.content_sha256, closing.computed_at)
        assert (closing.computed_at is None) == (step in NOT_COMPUTED), step
        assert not Edition.objects.filter(closing=closing, released_at__isnull=False).exists(), step
    # The leases of the dead run out.
    Closing.objects.filter(lease_holder__isnull=False).update(lease_until=database_clock() - timedelta(seconds=1))
    folder = tmp_path / "sweeping"
    with worker(folder, files):
        until(lambda: Closing.objects.released().count() == len(STEPS), folder)
    for step, closing in requested.items():
        closing.refresh_from_db()
        assert (closing.state, closing.number, closing.attempts, closing.failure) == ("released", 1, 2, ""), step
        if computed[step][0] is not None:
            assert (closing.content_sha256, closing.computed_at) == computed[step], f"{step}: computed once"
        editions = Edition.objects.filter(closing=closing)
        assert editions.count() == 3
        assert {edition.released_at for edition in editions} == {closing.released_at}
        stored = Rendition.objects.filter(edition__in=editions)
        assert stored.count() == 3 * len(FORMATS), step
        assert closings.verify(closing).outcome == Outcome.SAME
    kept = sorted(str(path.relative_to(files)) for path in (files / "renditions").rglob("*") if path.is_file())
    assert kept == sorted(Rendition.objects.values_list("path", flat=True)), "no file stored twice, none left over"


NOT_COMPUTED = {"claimed", "figures computed, not written", "content written, not committed"}


def test_two_workers_given_the_same_closing_do_it_once(exercise, people, tmp_path, files):
    occasions.filed(exercise, people.monitor_north)
    closing = closings.request(exercise, "day", "2025-03-10")
    for _time in range(4):
        advance_closing.delay(closing_id=closing.pk)
    with worker(tmp_path / "one", files) as _one, worker(tmp_path / "two", files) as _two:
        until(Closing.objects.released().exists, tmp_path / "one")
    closing.refresh_from_db()
    assert (closing.attempts, Rendition.objects.count()) == (1, 3 * len(FORMATS))


@pytest.mark.by_hand
def test_a_worker_killed_at_any_step_of_an_agreed_release_loses_and_doubles_nothing(exercise, people, tmp_path, files):
    occasions.filed(exercise, people.monitor_north)
    (tmp_path / "file").mkdir()
    closing = closings.request(agreed(exercise, tmp_path / "file"), "month", "2025-03")
    stages = zip(AGREED_STEPS, ("drafted", "rendered", "released"), strict=True)
    for number, (steps, reached) in enumerate(stages):
        for step in steps:
            folder = tmp_path / f"killed-{number}-{len(list(tmp_path.iterdir()))}"
            with worker(folder, files, step):
                advance_closing.delay(closing_id=closing.pk)
                until((folder / "halted").exists, folder)
            lose_redis()
            died = Closing.objects.get(pk=closing.pk)
            assert (died.state, died.lease_holder) != (reached, None), step
            Closing.objects.filter(lease_holder__isnull=False).update(
                lease_until=database_clock() - timedelta(seconds=1)
            )
        folder = tmp_path / f"sweeping-{number}"
        with worker(folder, files):
            until(Closing.objects.filter(pk=closing.pk, state=reached, lease_holder=None).exists, folder)
        closing.refresh_from_db()
        if reached == "drafted":
            with preparing():
                draft = Edition.objects.get(guarantor__code="birch")
            comments.say(draft.public_id, by=people.guarantor_birch, words="As we see it.")
            time_is_over(closing)
        if reached == "rendered":
            for by in (people.moderator_north, people.moderator_south):
                approvals.approve(closing.public_id, seen(closing), by=by)
    assert (closing.number, closing.failure) == (1, "")
    assert {edition.released_at for edition in Edition.objects.all()} == {closing.released_at}
    with preparing():
        stored = list(Rendition.objects.values_list("stage", "path"))
    assert len(stored) == 2 * 3 * len(FORMATS)
    assert closings.verify(closing).outcome == Outcome.SAME
    kept = sorted(str(path.relative_to(files)) for path in (files / "renditions").rglob("*") if path.is_file())
    assert kept == sorted(path for _stage, path in stored), "no file stored twice, none left over"
