"""`./run test` and `./run bench` bring services of their own, and take them away however they end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.run.conftest import command_line, wait_until

pytestmark = pytest.mark.slow

WHERE = """
import os, pathlib, time

def test_where():
    pathlib.Path(os.environ["WITNESS"]).write_text(os.environ["DATABASE_HOST"])
    while os.environ.get("WAIT") and not pathlib.Path("go").exists():
        time.sleep(0.05)
"""

HOW_DURABLE = """
import os, sys, psycopg

with psycopg.connect(host=os.environ["DATABASE_HOST"], dbname="postgres", user="postgres") as database:
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        print(name, *database.execute(f"show {name}").fetchone())
sys.exit(int(sys.argv[1]))
"""


def waiting(clone, name: str):
    """Start `./run test` on a test that waits; return it and the folder of its services."""
    (clone.path / "test_where.py").write_text(WHERE)
    witness = clone.path / name
    process = clone.start("test", "-q", "test_where.py", WITNESS=str(witness), WAIT="1")
    wait_until(lambda: witness.exists() and witness.read_text(), process)
    return process, Path(witness.read_text()).parent


def test_two_at_once_have_nothing_in_common_and_both_tidy_up(clone):
    one, first = waiting(clone, "one")
    other, second = waiting(clone, "other")
    assert first != second
    (clone.path / "go").touch()
    for process in (one, other):
        printed = process.communicate(timeout=60)[0]
        assert process.returncode == 0, printed
    assert not first.exists()
    assert not second.exists()
    assert not (clone.path / "var/postgres").exists()


def test_an_interrupted_one_tidies_up(clone):
    process, folder = waiting(clone, "one")
    postmaster = int((folder / "postgres/data/postmaster.pid").read_text().splitlines()[0])
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert not folder.exists()
    assert command_line(postmaster) == ""


def test_the_next_one_tidies_up_after_one_that_was_killed(clone):
    process, folder = waiting(clone, "one")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert folder.exists()
    clone.run("test", "-q", "test_where.py", WITNESS=str(clone.path / "other"))
    assert not folder.exists()


def test_a_failing_test_fails_it(clone):
    (clone.path / "test_failing.py").write_text("def test_failing():\n    assert False\n")
    assert "1 failed" in clone.run("test", "-q", "test_failing.py", exits=1)


def test_the_bench_measures_a_server_that_syncs_and_fails_where_it_says_so(clone):
    bench = clone.path / "tests" / "bench"
    bench.mkdir(parents=True)
    for package in (bench.parent, bench):
        (package / "__init__.py").touch()
    (bench / "__main__.py").write_text(HOW_DURABLE)
    printed = clone.run("bench", "1", exits=1)
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert f"{name} on" in printed
    clone.run("bench", "0")
    assert not (clone.path / "var/postgres").exists()
