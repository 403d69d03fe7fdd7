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

IN_PARTS = """
import os, pathlib, time
import psycopg, pytest, redis

@pytest.mark.parametrize("each", [1, 2])
def test_alone_with_its_services(each):
    with psycopg.connect(host=os.environ["DATABASE_HOST"], dbname="postgres", user="postgres") as database:
        database.execute("create role who_was_here")
    assert redis.Redis.from_url(os.environ["REDIS_URL"]).set("who was here", each, nx=True)
    pathlib.Path(os.environ["FILES_ROOT"], "witness").touch(exist_ok=False)
    pathlib.Path(f"part-{each}").write_text(os.environ["DATABASE_HOST"])
    while not pathlib.Path("go").exists():
        time.sleep(0.05)
"""

FAILING_IN_PARTS = """
import os, pathlib, pytest

@pytest.mark.parametrize("each", range(6))
def test_each(each):
    with pathlib.Path("hosts").open("a") as hosts:
        hosts.write(os.environ["DATABASE_HOST"] + "\\n")
    if each == 1:
        pytest.skip("for want of wind")
    if each == 4:
        os._exit(0)
    assert each != 2
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


def in_two_parts(clone):
    """Start `./run test` in two parts, each at a test that waits; return it and the folders of their services."""
    (clone.path / "test_parts.py").write_text(IN_PARTS)
    process = clone.start("test", "-q", "test_parts.py", PARTS="2")
    witnesses = [clone.path / f"part-{each}" for each in (1, 2)]
    wait_until(lambda: all(witness.exists() and witness.read_text() for witness in witnesses), process)
    return process, [Path(witness.read_text()).parent for witness in witnesses]


def test_parts_have_services_of_their_own_and_all_are_taken_away(clone):
    process, (one, other) = in_two_parts(clone)
    assert one != other
    assert one.parent == other.parent
    (clone.path / "go").touch()
    printed = process.communicate(timeout=60)[0]
    assert process.returncode == 0, printed
    assert "2 passed" in printed
    assert not one.parent.exists()
    assert clone.processes() == []


def test_interrupted_parts_tidy_up(clone):
    process, folders = in_two_parts(clone)
    postmasters = [int((each / "postgres/data/postmaster.pid").read_text().splitlines()[0]) for each in folders]
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert not folders[0].parent.exists()
    assert [command_line(postmaster) for postmaster in postmasters] == ["", ""]
    wait_until(lambda: clone.processes() == [])


def test_the_next_one_tidies_up_after_parts_that_were_killed(clone):
    process, folders = in_two_parts(clone)
    postmasters = [int((each / "postgres/data/postmaster.pid").read_text().splitlines()[0]) for each in folders]
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert all(folder.exists() for folder in folders)
    (clone.path / "test_where.py").write_text(WHERE)
    clone.run("test", "-q", "test_where.py", WITNESS=str(clone.path / "other"))
    assert not folders[0].parent.exists()
    assert [command_line(postmaster) for postmaster in postmasters] == ["", ""]


def test_what_fails_or_ends_in_a_part_fails_it_is_told_and_stops_no_other(clone):
    (clone.path / "test_parts.py").write_text(FAILING_IN_PARTS)
    printed = clone.run("test", "-ra", "test_parts.py", exits=1, PARTS="2")
    assert "2 failed, 3 passed, 1 skipped" in printed
    assert "for want of wind" in printed
    assert "FAILED test_parts.py::test_each[2]" in printed
    assert "FAILED test_parts.py::test_each[4]" in printed, "whose process ended"
    assert len(set((clone.path / "hosts").read_text().split())) == 2, "who steps in has the services of who ended"


def test_a_number_of_parts_that_is_none_is_refused(clone):
    assert "PARTS is 'all'" in clone.run("test", exits=1, PARTS="all")


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
