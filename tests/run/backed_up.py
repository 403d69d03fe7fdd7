"""A service that is backed up, for tests: a release before its backup and one after; and empty places beside it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from reports import machine
from tests.run.conftest import ROOT, Clone

NEEDS_AGE = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        not shutil.which("age") and not os.environ.get("CI"), reason="age is not installed, nor may it be (./run test)"
    ),
]


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


def nothing_is_there(place: Clone) -> bool:
    """Whether a restore left neither cluster nor files nor processes."""
    var = place.path / "var"
    left = [path for path in var.rglob("*") if path.is_file() and path.parent in {var / "files", var / "postgres"}]
    halves = [*var.glob("restoring*"), *(var / "postgres").glob("*"), *(var / "postgres").glob(".unpacking*")]
    return not left and not halves and not place.processes()


def noted_in(world: World, what: str) -> machine.Noted:
    """What the operators' page tells of the last backup or drill of the service."""
    with override_settings(FILES_ROOT=str(world.service.path / "var/files")):
        noted = machine.noted(what)
    assert noted is not None
    return noted
