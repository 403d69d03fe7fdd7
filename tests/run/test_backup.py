"""The real service backed up and restored elsewhere: whole or not at all, never as if nothing was released since."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from reports import machine
from tests.run.conftest import ROOT, Clone, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        not shutil.which("age") and not os.environ.get("CI"), reason="age is not installed, nor may it be (./run test)"
    ),
]
KILLS = int(os.environ.get("RESTORE_KILLS", "3"))
FILED = """
from monitoring.models import Agreement
from tests.conftest import accredited
from tests.violations import occasions
agreement = Agreement.objects.get()
occasions.filed(agreement, accredited(agreement)["monitor_north"])
"""


def vouched(backup: Path) -> tuple[str, ...]:
    """A restore with the hash that was kept apart."""
    said = hashlib.sha256(backup.read_bytes()).hexdigest() if backup.exists() else "0" * 64
    return ("restore", str(backup), "--sha256", said)


def placed(path: Path) -> Clone:
    """The project itself, as a clone of it would be, with the packages that are there."""
    path.mkdir()
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().splitlines():
        if (ROOT / name).is_file():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, path / name)
    (path / ".venv").symlink_to(sys.prefix)
    return Clone(path, "")


class World:
    """A service with a release before its backup and one after, its write-ahead log archived; and keys to it all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key, self.witness, self.backup = folder / "key.txt", folder / "witness.log", folder / "backup.age"
        subprocess.run(["age-keygen", "-o", self.key], check=True, capture_output=True)
        public = subprocess.run(["age-keygen", "-y", self.key], check=True, capture_output=True, text=True).stdout
        self.service = placed(folder / "a service")
        (self.service.path / "var" / "wal").mkdir(parents=True)
        (self.service.path / "var" / "backup-recipients").write_text(public)
        with (self.service.path / "var" / "env").open("w") as settings:
            settings.write(f"RELEASE_LOG='{self.witness}'\n")
        self.manage("load_mechanism", "monitoring/mechanisms/exercise.toml")
        self.manage("shell", "-c", FILED)
        self.without_files = folder / "nothing released.age"
        self.service.run("backup", str(self.without_files))
        self.close("2025-03-05")
        self.service.run("backup", str(self.backup))
        self.between = datetime.now(UTC)
        self.close("2025-03-06")

    def manage(self, *command: str) -> str:
        return self.service.run("manage", *command)

    def close(self, day: str) -> None:
        said = self.manage("close_period", "--agreement", "exercise", "--period", day)
        assert "Released to all guarantors at once." in said

    @property
    def wal(self) -> Path:
        return self.service.path / "var" / "wal"

    def elsewhere(self, *, witness: Path | None = None) -> Clone:
        """An empty place with the keys that were kept apart."""
        place = placed(Path(tempfile.mkdtemp(prefix="place.", dir=self.folder)) / "elsewhere")
        (place.path / "var").mkdir()
        kept = (self.service.path / "var" / "env").read_text()
        (place.path / "var" / "env").write_text(kept.replace(str(self.witness), str(witness or self.witness)))
        place.environment["BACKUP_IDENTITY"] = str(self.key)
        return place

    def rewritten(self, name: str, settings: str = "", link: str = "", **manifest: object) -> Path:
        """The backup with another manifest, or more settings, encrypted as anybody may who has the public key."""
        unpacked = self.folder / f"{name}.unpacked"
        version = max(Path("/usr/lib/postgresql").glob("*/bin"))
        environment = {**os.environ, "PATH": f"{version}:{os.environ['PATH']}"}
        subprocess.run([ROOT / "deploy/backup/unpack", self.backup, self.key, unpacked], check=True, env=environment)
        told = json.loads((unpacked / "manifest.json").read_text())
        (unpacked / "manifest.json").write_text(json.dumps(told | manifest))
        with (unpacked / "base/postgresql.auto.conf").open("a") as file:
            file.write(settings)
        if link:
            (unpacked / "files/renditions/another.pdf").symlink_to(link)
        made, public = self.folder / name, self.service.path / "var" / "backup-recipients"
        tar = ["tar", "-cf", self.folder / f"{name}.tar", "-C", unpacked, "manifest.json", "base", "files"]
        subprocess.run(tar, check=True)
        subprocess.run(["age", "-R", public, "-o", made, self.folder / f"{name}.tar"], check=True)
        return made


@pytest.fixture(scope="module")
def world():
    with tempfile.TemporaryDirectory(prefix="backup.") as name:
        Path(name).chmod(0o755)
        yield World(Path(name))


def nothing_is_there(place: Clone) -> bool:
    """Whether a restore left neither cluster nor files nor processes."""
    var = place.path / "var"
    left = [path for path in var.rglob("*") if path.is_file() and path.parent in {var / "files", var / "postgres"}]
    halves = [*var.glob("restoring*"), *(var / "postgres").glob("*"), *(var / "postgres").glob(".unpacking*")]
    return not left and not halves and not place.processes()


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


def test_a_backup_that_nobody_vouches_for_is_not_opened(world):
    place = world.elsewhere()
    said = place.run("restore", str(world.backup), exits=1)
    assert "Nobody vouches for" in said
    assert "Give --sha256 HASH; or --unvouched" in said
    said = place.run("restore", str(world.without_files), "--sha256", vouched(world.backup)[-1], exits=1)
    assert "is not the backup that was made" in said
    assert "64 digits" in place.run("restore", str(world.backup), "--sha256", "1234", exits=1)
    assert not (place.path / "var/postgres").exists()


@pytest.mark.parametrize(("typed", "said"), [("no", "It is not restored."), ("yes", "There is no key file")])
def test_at_a_terminal_it_asks_whether_to_open_it_all_the_same(typed, said, world):
    place = world.elsewhere()
    ours, theirs = pty.openpty()
    os.write(ours, f"{typed}\n".encode())
    told = subprocess.run(
        ["./run", "restore", str(world.backup)],
        cwd=place.path,
        env=place.environment | {"BACKUP_IDENTITY": "/nowhere"},
        stdin=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    for end in (ours, theirs):
        os.close(end)
    assert told.returncode == 1
    assert "Nobody vouches for" in told.stderr
    assert said in told.stderr


def test_settings_that_came_with_a_backup_run_nothing(world):
    ran = world.folder / "ran"
    ran.mkdir(mode=0o777)
    ran.chmod(0o777)
    commands = {
        "archive_command": f"touch {ran}/archive",
        "archive_cleanup_command": f"touch {ran}/cleanup",
        "restore_command": f"touch {ran}/restore; false",
    }
    settings = "archive_mode = on\narchive_timeout = 1\n" + "".join(
        f"{name} = '{commands[name]}'\n" for name in commands
    )
    forged = world.rewritten("forged.age", settings=settings)
    place = world.elsewhere()
    said = place.run("restore", str(forged), "--unvouched", exits=3)
    assert "Nobody vouches for" in said
    assert "1 closing: 1 same." in said
    kept = (place.path / "var/postgres/data/postgresql.auto.conf").read_text()
    assert "touch" not in kept
    place.run("manage", "check")
    assert not list(ran.iterdir())


def test_a_backup_with_links_in_it_is_none(world):
    place = world.elsewhere()
    forged = world.rewritten("linked.age", link="/etc/passwd")
    assert "it holds what none does" in place.run("restore", str(forged), "--unvouched", exits=1)
    assert nothing_is_there(place)


def noted_in(world: World, what: str) -> machine.Noted:
    """What the operators' page tells of the last backup or drill of the service."""
    with override_settings(FILES_ROOT=str(world.service.path / "var/files")):
        noted = machine.noted(what)
    assert noted is not None
    return noted


def drilled(world: World, *arguments: str, **environment: str) -> tuple[int, str, dict]:
    """How a drill ended, what it said, and what it wrote down."""
    started = world.service.start("drill", *arguments, **environment)
    said, _ = started.communicate(timeout=1000)
    told = json.loads((world.service.path / "var/files/operations/last-drill.json").read_text())
    return started.returncode, said, told


def test_the_drill_sees_files_missed_and_an_older_backup_refused_and_leaves_nothing_behind(world):
    kept = noted_in(world, "backup")
    ended, said, told = drilled(world)
    assert (ended, told["passed"]) == (0, True), said
    noted = noted_in(world, "drill")
    assert (noted.passed, noted.size, noted.seconds) == (True, told["bytes"], told["seconds"])
    assert noted_in(world, "backup") == kept, "the drill's own backup is gone with it, and is not the last there is"
    assert [step["ok"] for step in told["steps"]] == [True] * 8
    assert told["bytes"] > 0
    assert "stored files are deleted, and each is missed by name: as it has to be" in said
    assert not list(Path(tempfile.gettempdir()).glob("ceasefire-drill.*"))
    log = (world.service.path / "var/files/releases.log").read_text()
    assert log == world.witness.read_text(), "what is released in a drill is written down in the drill alone"


def test_a_drill_with_a_backup_that_cannot_be_restored_fails_and_says_so(world):
    cut = world.folder / "half.age"
    cut.write_bytes(world.backup.read_bytes()[:-5000])
    ended, said, told = drilled(world, *vouched(cut)[1:], BACKUP_IDENTITY=str(world.key))
    assert (ended, told["passed"], [step["ok"] for step in told["steps"]]) == (1, False, [False])
    assert "is not whole" in said


def test_a_drill_in_which_no_file_could_be_missed_fails_and_says_so(world):
    ended, said, told = drilled(world, *vouched(world.without_files)[1:], BACKUP_IDENTITY=str(world.key))
    failed = [step["step"] for step in told["steps"] if not step["ok"]]
    assert (ended, told["passed"], failed) == (1, False, ["a file is stored whose loss can be seen"]), said
    noted = noted_in(world, "drill")
    assert (noted.passed, noted.size) == (False, world.without_files.stat().st_size)
