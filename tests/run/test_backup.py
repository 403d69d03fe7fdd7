"""The real service backed up and restored elsewhere: whole or not at all, never as if nothing was released since."""

from __future__ import annotations

import os
import random
import shutil
import signal
import stat
import subprocess
import time
from datetime import UTC, datetime

import pytest

from tests.run.backed_up import NEEDS_AGE, noted_in, nothing_is_there, vouched
from tests.run.conftest import ROOT, wait_until

pytestmark = NEEDS_AGE
KILLS = int(os.environ.get("RESTORE_KILLS", "3"))


def test_no_key_is_in_a_backup(world):
    plain = subprocess.run(["age", "-d", "-i", world.key, world.backup], check=True, capture_output=True).stdout
    assert b"renditions/" in plain, "it is searched in the clear"
    kept = dict(line.split("=", 1) for line in (world.service.path / "var/env").read_text().splitlines())
    assert {"SECRET_KEY", "SEALING_KEYS", "SEALING_TAG_KEY"} <= kept.keys()
    for name in ("SECRET_KEY", "SEALING_KEYS", "SEALING_TAG_KEY"):
        assert kept[name].encode() not in plain
        assert kept[name].encode() not in world.backup.read_bytes()


def test_a_backup_takes_the_place_of_none_and_needs_a_key(world):
    before = world.backup.read_bytes()
    assert "is there already" in world.service.run("backup", str(world.backup), exits=1)
    assert world.backup.read_bytes() == before
    nobody = {"BACKUP_RECIPIENTS": "/dev/null"}
    said = world.service.run("backup", str(world.folder / "another.age"), exits=1, **nobody)
    assert "age-keygen" in said
    assert not list(world.folder.glob("another*")) + list(world.folder.glob(".backup*"))
    noted = noted_in(world, "backup")
    assert noted.size == len(before)
    assert noted.at <= datetime.now(UTC)


SLOW_AGE = f"""#!/bin/sh
case "$*" in *.part*) exec {shutil.which("age")} "$@" ;; esac # the write-ahead log is archived all the while
cat >/dev/null
touch "$AGE_STARTED"
exec sleep 600
"""


def test_a_backup_that_is_killed_leaves_nothing_in_the_clear_where_it_goes_and_the_next_removes_the_rest(world):
    target, programs = world.folder / "a disk of backups", world.folder / "programs"
    for folder in (target, programs):
        folder.mkdir()
    (programs / "age").write_text(SLOW_AGE)
    (programs / "age").chmod(0o755)
    began = world.folder / "age started"
    path = {"PATH": f"{programs}:{world.service.environment['PATH']}", "AGE_STARTED": str(began)}
    started = world.service.start("backup", str(target / "killed.age"), **path)
    wait_until(began.exists, started)
    os.killpg(started.pid, signal.SIGKILL)
    started.communicate()
    clear = world.service.path / "var/postgres/backing-up"
    assert (clear / "base/PG_VERSION").exists(), "it had been copied"
    assert stat.S_IMODE(clear.stat().st_mode) == 0o700
    assert not [one for one in target.rglob("*") if one.is_file()], "age had written nothing yet"
    world.service.run("backup", str(target / "next.age"))
    assert not clear.exists()
    assert (target / "next.age").read_bytes().startswith(b"age-encryption.org/v1")
    seen = [one for one in target.rglob("*") if one.is_file()]
    assert seen == [target / "next.age"]


def test_an_older_backup_is_restored_and_goes_on_with_nothing_of_that_truce(world):
    place = world.elsewhere()
    said = place.run(*vouched(world.backup), exits=3)
    assert "Released after the backup, and not in it: exercise day 2025-03-06 no. 1" in said
    assert "1 closing: 1 same." in said
    assert "(2 tried)" in said, "what is sealed opens with the keys kept apart"
    for day in ("2025-03-06", "2025-03-07"):
        refused = place.run("manage", "close_period", "--agreement", "exercise", "--period", day, exits=1)
        assert "held back: the log of releases tells of exercise day 2025-03-06 no. 1" in refused
    assert "There is a database" in place.run(*vouched(world.backup), exits=1)


def test_with_the_write_ahead_log_it_is_as_it_was_at_the_end(world):
    place = world.elsewhere()
    said = place.run(*vouched(world.backup), "--wal", str(world.wal))
    assert said.endswith("Restored.\n")
    assert "2 closings: 2 same." in said
    assert "Files stored after the backup, made again as they were: 9." in said
    days = place.run("manage", "close_period", "--agreement", "exercise", "--period", "2025-03-06")
    assert "Nothing is new: closing no. 1 stands." in days


def test_or_as_it_was_at_a_moment(world):
    place = world.elsewhere()
    moment = world.between.isoformat()
    said = place.run(*vouched(world.backup), "--wal", str(world.wal), "--until", moment, exits=3)
    assert "1 closing: 1 same." in said
    assert "not in it: exercise day 2025-03-06 no. 1" in said


def test_what_is_archived_is_encrypted_and_a_segment_that_was_changed_is_refused(world):
    segments = sorted(world.wal.glob("*.age"))
    assert segments
    assert all(segment.read_bytes().startswith(b"age-encryption.org/v1") for segment in segments)
    broken = world.folder / "broken wal"
    shutil.copytree(world.wal, broken)
    last = sorted(broken.glob("*.age"))[-1]
    last.write_bytes(last.read_bytes()[:-1000])
    place = world.elsewhere()
    said = place.run(*vouched(world.backup), "--wal", str(broken), exits=1)
    assert f"{last.stem} in the archive is not what was archived" in said
    assert nothing_is_there(place)


def test_a_segment_that_is_handed_in_again_is_the_same_or_is_refused(world, tmp_path):
    archive, segment = tmp_path / "wal", tmp_path / "segment"
    archive.mkdir()
    recipients = world.service.path / "var/backup-recipients"

    def script(name: str, *arguments: object) -> int:
        return subprocess.run([ROOT / "deploy/backup" / name, *arguments], check=False, capture_output=True).returncode

    segment.write_bytes(b"what was changed")
    assert script("archive-wal", segment, "000000010000000000000007", archive, recipients) == 0
    assert script("archive-wal", segment, "000000010000000000000007", archive, recipients) == 0, "after a crash"
    segment.write_bytes(b"what another changed")
    assert script("archive-wal", segment, "000000010000000000000007", archive, recipients) == 1
    assert script("archive-wal", segment, "000000010000000000000008", archive, "/dev/null") != 0
    assert sorted(path.name for path in archive.glob("*.age")) == ["000000010000000000000007.age"]
    fetched = tmp_path / "fetched"
    assert script("fetch-wal", "000000010000000000000007", fetched, archive, world.key) == 0
    assert fetched.read_bytes() == b"what was changed"
    assert script("fetch-wal", "000000010000000000000008", fetched, archive, world.key) == 1


def test_what_cannot_be_restored_is_refused_and_leaves_nothing(world):
    cut, changed = world.folder / "cut.age", world.folder / "changed.age"
    whole = bytearray(world.backup.read_bytes())
    cut.write_bytes(whole[:-5000])
    whole[len(whole) // 2] ^= 1
    changed.write_bytes(whole)
    another = world.folder / "another-key.txt"
    subprocess.run(["age-keygen", "-o", another], check=True, capture_output=True)
    place = world.elsewhere()
    for backup, said, environment in (
        (world.folder / "none.age", "There is no backup", {}),
        (world.backup, "does not open with", {"BACKUP_IDENTITY": str(another)}),
        (world.backup, "There is no key file", {"BACKUP_IDENTITY": "/nowhere"}),
        (cut, "is not whole", {}),
        (changed, "is not whole", {}),
        (world.rewritten("future.age", major=99), "install postgresql-99", {}),
        (world.rewritten("later.age", migrations={"reports": "9999_to_come"}), "made by a later version", {}),
    ):
        assert said in place.run(*vouched(backup), exits=1, **environment)
        assert nothing_is_there(place), said
    assert "--until needs --wal" in place.run(*vouched(world.backup), "--until", "2026-01-01", exits=1)
    (place.path / "var" / "env").write_text("")
    assert "They are in no backup" in place.run(*vouched(world.backup), exits=1)
    other_keys = "SECRET_KEY=x\nSEALING_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nSEALING_TAG_KEY=x\n"
    (place.path / "var" / "env").write_text(other_keys)
    assert "opens with none of SEALING_KEYS" in place.run(*vouched(world.backup), exits=1)
    assert nothing_is_there(place)
    (place.path / "var" / "files").mkdir(exist_ok=True)
    (place.path / "var" / "files" / "somebody's").write_text("")
    assert "There are stored files" in place.run(*vouched(world.backup), exits=1)


def test_a_restore_that_is_killed_is_no_obstacle_to_the_next(world):
    place, draw = world.elsewhere(), random.Random(20161230)
    for _ in range(KILLS):
        started = place.start(*vouched(world.backup))
        time.sleep(draw.uniform(0.3, 3))  # it takes longer than that on any machine
        assert started.poll() is None
        os.killpg(started.pid, signal.SIGKILL)
        started.communicate()
        assert not (place.path / "var/postgres/data").exists()
        place.run("stop")
        assert not place.processes()
    assert "1 closing: 1 same." in place.run(*vouched(world.backup), exits=3)


@pytest.mark.parametrize("by", ["the next restore", "stop"])
def test_what_a_killed_restore_left_running_on_the_record_is_ended(by, world):
    place = world.elsewhere()
    started = place.start(*vouched(world.backup))
    half = place.path / "var/postgres/restoring"
    wait_until((half / "data/postmaster.pid").exists, started)
    os.killpg(started.pid, signal.SIGKILL)
    started.communicate()
    sockets = (place.path / "var/restoring-sockets").readlink()
    assert place.processes(), "PostgreSQL is a session of its own"
    assert sockets.is_dir()
    if by == "stop":
        place.run("stop")
    else:
        place.run(*vouched(world.backup), exits=3)
    assert not place.processes()
    assert not sockets.exists()
    assert not half.resolve().exists()
