"""The command by which keys are rotated: each of the two at a terminal; killed under load it goes on where it was."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections

from monitoring.models import AuditEntry, User
from tests.conftest import OWNER, PASSWORD
from tests.record.as_owner import as_owner
from tests.terminal import ROOT, environment
from tests.violations.occasions import SHELLING, filed
from tests.violations.rotations import NEW, SOURCE, agreed, an_auditor, opens, rows, with_new_key
from tests.violations.terminals import at_the_terminal, real_passwords
from violations import filing, resealing, sealing
from violations.models import IncidentReport, KeyRotation, SealedSource

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def auditor(exercise):
    return an_auditor(exercise)


@pytest.fixture
def keys(settings):
    return with_new_key(settings)


def test_keys_are_rotated_under_load_killed_and_resumed_and_no_filing_is_lost_or_doubled(
    exercise, people, auditor, keys, settings
):
    """Two monitors file and send again all the while; the command dies by SIGKILL and goes on where it was."""
    settings.SEALING_KEYS = keys
    for _ in range(300):
        filed(exercise, people.monitor_independent, source=SOURCE)
    settings.SEALING_KEYS = [NEW, *keys]
    with as_owner():
        rotation = agreed(people, auditor)
    stop, wrong = threading.Event(), []
    answered: dict[str, list] = {}

    def go_on_filing(by: User) -> None:
        try:
            while not stop.is_set():
                client_id = str(uuid.uuid4())
                content = replace(SHELLING, source=SOURCE)
                answered[client_id] = [
                    filing.file_report(exercise, content, by=by, client_id=client_id) for _again in range(2)
                ]
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    monitors = [
        threading.Thread(target=go_on_filing, args=[monitor])
        for monitor in (people.monitor_north, people.monitor_south)
    ]
    for monitor in monitors:
        monitor.start()
    try:
        command = [
            sys.executable,
            "manage.py",
            "rotate_sealing_keys",
            "resume",
            str(rotation.public_id),
            "--batch",
            "1",
        ]
        quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        process = subprocess.Popen(command, cwd=ROOT, env=environment(OWNER), **quiet)
        while not any(opens(NEW, row) for row in rows()[:300]):
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        half = Counter(opens(NEW, row) for row in rows()[:300])
        ended = subprocess.run(command, cwd=ROOT, env=environment(OWNER), check=False, **quiet)
    finally:
        stop.set()
        for monitor in monitors:
            monitor.join()
    assert not wrong
    assert half[True], "it was killed after some"
    assert half[False], "and before all"
    assert ended.returncode == 0, ended.stdout
    assert f"all {KeyRotation.objects.get().sealed_rows:,} stand under key {resealing.key_id(NEW)}" in ended.stdout
    assert len(answered) > 10, "it was filed meanwhile"
    assert all([first.created, again.created] == [True, False] for first, again in answered.values())
    assert all(first.report == again.report for first, again in answered.values())
    settings.SEALING_KEYS = [NEW]
    assert IncidentReport.objects.count() == sealed_sources() == 300 + len(answered)
    assert all(opens(NEW, row) for row in rows())
    assert resealing.sealed_under() == {resealing.key_id(NEW): 300 + len(answered)}


def sealed_sources() -> int:
    with sealing.counting():
        return SealedSource.objects.count()


# At the command line


def test_each_of_the_two_gives_their_own_password(exercise, people, auditor, keys, settings):
    settings.SEALING_KEYS = keys
    filed(exercise, people.monitor_north, source=SOURCE)
    settings.SEALING_KEYS = [NEW, *keys]
    real_passwords()

    def asked(password: str, *words: str) -> tuple[int, str]:
        return at_the_terminal(password, "rotate_sealing_keys", *words, role=OWNER)

    ended, shown = asked("guessed", "propose", "--by", "operator")
    assert (ended, KeyRotation.objects.count()) == (1, 0), shown
    ended, shown = asked(PASSWORD, "propose", "--by", "operator")
    assert ended == 0, shown
    name = str(KeyRotation.objects.get().public_id)
    assert name in shown
    ended, shown = asked(PASSWORD, "second", name, "--by", "operator")
    assert ended == 1
    assert "another person must second it" in shown
    ended, shown = asked(PASSWORD, "second", name, "--by", "auditor")
    assert ended == 0, shown
    assert "1 row was sealed anew; all 1 stand under key" in shown
    with as_owner():
        listed = StringIO()
        call_command("rotate_sealing_keys", "list", stdout=listed)
    assert "proposed by operator, seconded by auditor; finished" in listed.getvalue()
    assert f"0 rows under key {resealing.key_id(keys[0])}, number 2 of SEALING_KEYS" in listed.getvalue()
    for secret in (NEW, *keys, "Weaver", PASSWORD):
        assert secret not in shown + listed.getvalue()
    denied = AuditEntry.objects.filter(outcome="denied").order_by("pk").values_list("action", "reason")
    assert list(denied) == [("keys.propose", "not_authenticated"), ("keys.second", "same_person")]
