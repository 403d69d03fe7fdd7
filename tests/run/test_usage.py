"""What `./run` says when it cannot or need not do anything."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.run.conftest import ROOT, furnish

ABSENT = ("apt-get", "sudo", "redis-server", "redis-check-rdb", "redis-check-aof")


def run(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["./run", *arguments], **({"cwd": ROOT} | options), check=False, capture_output=True, text=True
    )


def test_alone_it_prints_how_it_is_used():
    finished = run()
    assert finished.returncode == 0
    for command in ("demo", "serve", "stop", "test", "check", "bench", "manage"):
        assert f"./run {command}" in finished.stdout


def test_an_unknown_command_is_refused():
    finished = run("dmeo")
    assert finished.returncode == 2
    assert "./run demo" in finished.stderr


@pytest.fixture
def bare_path(tmp_path):
    """A PATH with everything of this machine but what ABSENT names."""
    for program in Path("/usr/bin").iterdir():
        if program.name not in ABSENT:
            (tmp_path / program.name).symlink_to(program)
    return str(tmp_path)


def test_without_rights_one_message_lists_what_is_missing_and_names_the_other_way(folder, bare_path):
    furnish(folder)
    finished = run("demo", cwd=folder, env={"PATH": bare_path, "HOME": os.environ.get("HOME", "/")})
    assert finished.returncode == 1
    assert finished.stderr.count("run:") == 1
    assert "redis-tools" in finished.stderr
    assert "docker-compose.yml" in finished.stderr
