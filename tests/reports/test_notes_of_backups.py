"""What is written down of the last backup and the last drill, and what operators are told of it."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from reports import machine
from tests.reports.test_operations import page_of

pytestmark = pytest.mark.django_db

WRITE_DOWN = Path(__file__).parents[2] / "deploy/backup/write-down"


@pytest.fixture
def written_down(tmp_path):
    """Write down what came of a backup or a drill as `./run backup` and `./run drill` do; the arguments after FILES."""
    with override_settings(FILES_ROOT=str(tmp_path)):
        yield lambda *told: subprocess.run([WRITE_DOWN, str(tmp_path), *told], check=True)


def test_the_last_backup_and_the_last_drill_are_told_where_they_are_written_down(
    exercise, people, written_down, tmp_path
):
    assert page_of(people.operator).count("none known") == 2
    backup = tmp_path / "a backup.age"
    with backup.open("wb") as file:
        file.truncate(3 * 2**30)
    began = timezone.now().replace(microsecond=0)
    written_down("backup", "40", str(backup), "5" * 64)
    written_down("drill", "95", str(backup), "false", '{"step": "it is restored", "seconds": 90, "ok": false}')
    found = machine.look()
    assert began <= found.backup.at <= timezone.now()
    assert (found.backup.seconds, found.backup.size, found.backup.passed) == (40, 3 * 2**30, None)
    assert (found.drill.seconds, found.drill.size, found.drill.passed) == (95, 3 * 2**30, False)
    told = page_of(people.operator)
    assert "none known" not in told
    assert "3.0 GiB" in told
    assert "not all held" in told
    assert "95 seconds" in told
    written_down("drill", "95", str(backup), "true", "")
    assert "not all held" not in page_of(people.operator)
    assert not list(tmp_path.glob("operations/.*")), "nothing half-written is left"


def test_a_drill_whose_backup_is_not_there_is_told_without_its_size(written_down, tmp_path):
    written_down("drill", "2", str(tmp_path / "nothing.age"), "false", "")
    noted = machine.noted("drill")
    assert (noted.size, noted.passed) == (None, False)


UNREADABLE = {
    "nothing": "",
    "a list": "[]",
    "no instant": "{}",
    "an instant in words": '{"at": "soon"}',
    "no offset": '{"at": "2025-03-01T00:00:00"}',
    "a number": '{"at": 1740787200}',
    "deep": "[" * 60_000,
    "deep within": '{"at":' + "[" * 20_000 + "]" * 20_000 + "}",
    "after the last instant": '{"at": "9999-12-31T23:59:59-23:59"}',
    "before the first": '{"at": "0001-01-01T00:00:00+23:59"}',
    "a time to come": '{"at": "2999-01-01T00:00:00Z"}',
    "many digits": '{"at": "2025-03-01T00:00:00Z", "seconds": ' + "9" * 4000 + "}",
    "less than nothing": '{"at": "2025-03-01T00:00:00Z", "seconds": -1}',
    "no size": '{"at": "2025-03-01T00:00:00Z", "bytes": Infinity}',
    "yes in words": '{"at": "2025-03-01T00:00:00Z", "passed": "true"}',
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_a_note_that_cannot_be_read_is_told_as_such_and_believed_in_nothing(text, exercise, people, tmp_path):
    (tmp_path / "operations").mkdir()
    (tmp_path / "operations" / "last-backup.json").write_text(text)
    with override_settings(FILES_ROOT=str(tmp_path), METRICS_TOKEN="t" * 32):
        assert machine.noted("backup") == machine.Noted(None)
        assert "noted, and what was noted cannot be read" in page_of(people.operator)
        told = Client().get("/metrics", headers={"Authorization": "Bearer " + "t" * 32})
    assert told.status_code == 200
    assert "ceasefire_last_backup_timestamp_seconds" not in told.content.decode()


def test_a_clock_that_is_a_little_ahead_is_believed(tmp_path):
    (tmp_path / "operations").mkdir()
    at = timezone.now() + timedelta(minutes=1)
    (tmp_path / "operations" / "last-backup.json").write_text(json.dumps({"at": at.isoformat()}))
    with override_settings(FILES_ROOT=str(tmp_path)):
        assert machine.noted("backup") == machine.Noted(at)
