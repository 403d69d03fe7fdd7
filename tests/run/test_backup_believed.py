"""What came with a backup is believed by its hash alone: nothing of another's making runs where it is restored."""

from __future__ import annotations

import os
import pty
import subprocess

import pytest

from tests.run.backed_up import NEEDS_AGE, nothing_is_there, vouched

pytestmark = NEEDS_AGE


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
