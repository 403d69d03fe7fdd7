"""Web, workers, beat and PostgreSQL killed with -9 while monitors file, moderators find and periods are closed.

`./run kills` runs it, on a PostgreSQL as durable as the service's own; KILLS=200 says how often. Whatever was
acknowledged is there, nothing is there twice, every invariant holds, and every closing computes again.
"""

from __future__ import annotations

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, connections

from monitoring.models import AuditEntry
from reports import renderers
from reports.models import Closing, Edition, Rendition
from reports.tasks import sweep_closings
from tests.kills.cluster import asked
from tests.kills.load import A_DOZEN, Filing, Service, find_upon, leaving_nothing_open, request_all, whose_files
from tests.kills.moderating import Moderators
from tests.persistent_devices import require_recorded_once
from tests.record.soundness import broken
from tests.violations import occasions
from tests.web.test_killed_at_random import (
    acknowledged_is_there,
    answered_again,
    connected,
    names_recorded,
    nothing_is_half_made,
    settle,
    what_befell,
)
from violations.models import DailyReturn, Finding, Patrol

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(7200)]

KILLS = int(os.environ.get("KILLS", "12"))
SEED = 20161230
CHAINS = 3 * KILLS  # reports; a third of them are corrected, half of these twice
FOUND = KILLS  # of them so many are found upon
DAYS = min(30, KILLS // 2)  # of the truce are closed, and its month
SWEEP_EVERY = 5.0  # seconds; beat does it every minute
STALLED = 300.0  # seconds without any progress
LONG = 100  # so many kills are long enough for beat to request all that is due


def test_whatever_is_killed_nothing_acknowledged_is_lost_and_nothing_is_doubled(exercise, people, tmp_path, capsys):
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('fsync'), current_setting('synchronous_commit')")
        assert cursor.fetchone() == ("on", "on"), "what is acknowledged is on the disk"
    if KILLS < LONG:
        occasions.reloaded(tmp_path, ('first_period = "2025-03"\n', ""))
    periods = [("day", f"2025-03-{day:02}") for day in range(2, 2 + DAYS)] + [("month", "2025-03")]
    before = connected()
    began = time.monotonic()
    with Service(tmp_path) as service:
        filing = Filing(service.web.port, people, chains=CHAINS)
        moderators = Moderators(service.web.port, exercise, people)
        wanted = worked_through(service, filing, moderators, exercise, periods)
        took = time.monotonic() - began
    connections.close_all()  # they may be to a PostgreSQL that was killed
    settle(before)
    recorded = names_recorded()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{service.kills.total()} kills in {took:.0f} s: {dict(sorted(service.kills.items()))}; ended by "
            f"themselves and started anew: {dict(service.ended_by_themselves)}\n"
            f"{what_befell(filing.phones, recorded)}\n"
            f"{len(moderators.found)} incidents found upon, tries {dict(moderators.tries())}; "
            f"{Closing.objects.count()} closings, {Rendition.objects.count()} files\n"
        )
    assert service.kills.total() >= KILLS
    assert service.kills.keys() == set(A_DOZEN)
    nothing_is_half_made()
    for phone in filing.phones:
        acknowledged_is_there(phone)
    each_is_found_upon_once(moderators)
    each_is_closed_once(wanted)
    call_command("verify_closings")
    closed = Closing.objects.computed().count()
    assert f"{closed} closings: {closed} same." in capsys.readouterr().out
    assert broken() == {}
    service.web.start()
    try:
        for phone in filing.phones:
            answered_again(phone, recorded)
    finally:
        service.web.kill()
    require_recorded_once(whose_files(filing.phones))
    assert Patrol.objects.count() == sum(len(phone.watches) for phone in filing.phones)
    assert DailyReturn.objects.count() == sum(len(phone.returns) for phone in filing.phones)
    assert broken() == {}


def worked_through(service: Service, filing: Filing, moderators: Moderators, agreement, periods) -> list[int]:
    """Let all be done while everything is killed; return the closings that were asked for, by number."""
    draw, planned = random.Random(SEED), []
    while len(planned) < KILLS:
        planned += random.Random(SEED + len(planned)).sample(A_DOZEN, len(A_DOZEN))
    swept, done, moved = 0.0, 0, time.monotonic()
    with ThreadPoolExecutor(len(filing.phones) + 2) as pool:
        running = [pool.submit(phone.run, filing.finished) for phone in filing.phones]
        finding = pool.submit(leaving_nothing_open, find_upon, filing, moderators, wanted=FOUND, running=running)
        requesting = pool.submit(leaving_nothing_open, request_all, agreement, periods)
        everything = filing.wanted + FOUND + len(periods)
        while True:
            time.sleep(draw.uniform(0.1, 0.6))
            now, before = time.monotonic(), done
            released = asked(lambda: Closing.objects.released().count())
            done = len(filing.finished) + len(moderators.found) + min(released, len(periods))
            moved = now if done > before else moved
            for one in (*running, finding, requesting):
                if one.done():
                    one.result()  # what fails is told at once, not as a load that stands still
            assert now - moved < STALLED, service.said()
            over = all(one.done() for one in (*running, finding, requesting))
            if over and not asked(lambda: Closing.objects.under_way().exists()) and service.kills.total() >= KILLS:
                break
            if now - swept > SWEEP_EVERY:
                sweep_closings.delay()
                swept = now
            service.watch_over()
            if service.kills.total() < min(KILLS, 2 + KILLS * done / (0.9 * everything)):
                service.kill(planned[service.kills.total()], draw)
        return requesting.result()


def each_is_found_upon_once(moderators: Moderators) -> None:
    """Each incident that a moderator was told to have found upon has one agreed finding, seconded once."""
    assert len(moderators.found) == FOUND
    agreed = Finding.objects.open().filter(standing="preliminary")
    assert sorted(agreed.values_list("incident", flat=True)) == sorted(moderators.found)
    assert not Finding.objects.open().filter(standing="proposed").exists()
    for action, count in (
        ("finding.second", FOUND),
        ("finding.propose", Finding.objects.filter(standing="proposed").count()),
    ):
        assert AuditEntry.objects.filter(action=action, outcome="done").count() == count


def each_is_closed_once(wanted: list[int]) -> None:
    """One number, one release, every edition and every file of each period; nothing is left under way."""
    asked_for = set(Closing.objects.values_list("pk", flat=True))
    assert set(wanted) <= asked_for
    assert Closing.objects.count() == Closing.objects.values("kind", "period").distinct().count()
    releases = AuditEntry.objects.filter(action="closing.release").values_list("object_id", flat=True)
    assert sorted(releases) == sorted(str(closing.public_id) for closing in Closing.objects.all())
    for closing in Closing.objects.all():
        assert (closing.state, closing.number, closing.lease_holder) == ("released", 1, None), closing.period
        editions = Edition.objects.filter(closing=closing)
        assert {edition.released_at for edition in editions} == {closing.released_at}
        assert Rendition.objects.filter(edition__in=editions).count() == editions.count() * len(renderers.FORMATS)
