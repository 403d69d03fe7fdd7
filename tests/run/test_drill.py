"""A drill: a backup restored into an empty place, losses seen, an older one refused; and what is written down of it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.run.backed_up import NEEDS_AGE, World, noted_in, vouched

pytestmark = NEEDS_AGE


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
