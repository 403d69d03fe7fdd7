"""Closings computed while workers are killed at random and Redis is emptied twice: each is done once, and whole.

CLOSINGS=200 makes the long run; by default there are fewer. It tells what was done and how long it took.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
from datetime import date, timedelta

import pytest
import redis
from django.conf import settings
from django.core.management import call_command

from monitoring.models import AuditEntry
from reports import closings, renderers
from reports.models import Closing, Edition, Rendition
from reports.tasks import advance_closing, sweep_closings
from tests.record.soundness import broken
from tests.reports.crew import Crew
from tests.violations import occasions

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

CLOSINGS = int(os.environ.get("CLOSINGS", "14"))
KILLS = max(12, CLOSINGS // 4)
SEED = 20170123
SWEEP_EVERY = 4.0  # seconds; in production a minute
STALLED = 120.0  # seconds without any progress


def periods_to_close(exercise, astana) -> list[tuple]:
    """The exercise's month and its days, then days of the real truce: as many as are wanted."""
    of_exercise = [("month", "2025-03"), *(("day", f"2025-03-{day:02}") for day in range(2, 32))]
    days = (date(2017, 2, 1) + timedelta(days=number) for number in range(CLOSINGS))
    wanted = [(exercise, *period) for period in of_exercise] + [(astana, "day", day.isoformat()) for day in days]
    return wanted[:CLOSINGS]


def test_closings_are_done_once_whatever_is_killed_and_lost(exercise, people, astana, tmp_path, files, capsys):
    for day in range(1, 29, 3):
        occasions.filed(exercise, people.monitor_north, occurred_from=occasions.NOON.replace(day=day))
    draw = random.Random(SEED)
    wanted = periods_to_close(exercise, astana)
    draw.shuffle(wanted)
    requested = [closings.request(*period) for period in wanted]
    for closing in requested:
        advance_closing.delay(closing_id=closing.pk)
    began, worked = time.monotonic(), cpu()
    with Crew(tmp_path / "crew", files, size=2, seed=SEED) as crew:
        flushed = worked_through(crew, draw)
    took = time.monotonic() - began
    worked = cpu() - worked
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(requested)} closings, {Rendition.objects.count()} files in {took:.0f} s ({worked:.0f} s of work);"
            f" {crew.kills} kills, {crew.whole} of whole workers; Redis emptied {flushed} times\n"
        )
    assert crew.kills >= KILLS
    assert flushed == 2
    each_is_done_once(requested, files)
    call_command("verify_closings")
    told = capsys.readouterr().out
    assert f"{len(requested)} closings: {len(requested)} same." in told
    verified = [line for line in told.splitlines() if " no. " in line and not line.startswith(" ")]
    assert len(verified) == len(requested)
    assert all(line.endswith(" same") for line in verified)
    assert broken() == {}


def cpu() -> float:
    """Seconds that the processors worked for children of this process that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def worked_through(crew: Crew, draw: random.Random) -> int:
    """Let the crew work until everything is released, killing as it goes on; return how often Redis was emptied."""
    done, flushed, swept, moved = 0, 0, 0.0, time.monotonic()
    while done < CLOSINGS:
        time.sleep(draw.uniform(0.05, 0.4))
        now, before = time.monotonic(), done
        done = Closing.objects.released().count()
        moved = now if done > before else moved
        assert now - moved < STALLED, crew.said()
        crew.watch_over()
        if crew.kills < 2 + KILLS * done / CLOSINGS:
            crew.kill_one()
        if done > CLOSINGS * (flushed + 1) / 3 and flushed < 2:
            with redis.Redis.from_url(settings.REDIS_URL) as server:
                server.flushall()
            flushed += 1
        if now - swept > SWEEP_EVERY:
            sweep_closings.delay()
            swept = now
    return flushed


def each_is_done_once(requested: list[Closing], files) -> None:
    """One number, one release, every edition and every file of each, and no file that belongs to none."""
    stood = Closing.objects.in_bulk([closing.pk for closing in requested])
    assert Closing.objects.count() == len(requested) == len(stood)
    releases = AuditEntry.objects.filter(action="closing.release").values_list("object_id", flat=True)
    assert sorted(releases) == sorted(str(closing.public_id) for closing in requested)
    for closing in stood.values():
        assert (closing.state, closing.number, closing.failure) == ("released", 1, ""), closing.period
        assert (closing.lease_holder, closing.lease_until) == (None, None)
        editions = Edition.objects.filter(closing=closing)
        assert editions.count() == 3
        assert {edition.released_at for edition in editions} == {closing.released_at}
        assert Rendition.objects.filter(edition__in=editions).count() == 3 * len(renderers.FORMATS)
    assert any(closing.attempts > 1 for closing in stood.values()), "Nobody was killed at work."
    kept = sorted(str(path.relative_to(files)) for path in (files / "renditions").rglob("*") if path.is_file())
    assert kept == sorted(Rendition.objects.values_list("path", flat=True))
