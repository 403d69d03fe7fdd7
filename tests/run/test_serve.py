"""`./run serve` and `./run stop`: web, worker and beat live and end together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.conftest import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("alone_at_the_ports")]

FETCH = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())"


@pytest.fixture
def serving(clone):
    process = clone.start("serve")
    wait_until((clone.path / "var/address").exists, process)
    lines = iter(process.stdout.readline, "demo_logins\n")
    printed = "".join(lines)
    return process, re.search(r"Serving at (http://127\.0\.0\.1:\d+/)", printed)[1]


def test_it_serves_until_it_is_interrupted(clone, serving):
    process, address = serving
    fetched = subprocess.run([sys.executable, "-c", FETCH, address], check=True, capture_output=True, text=True)
    assert fetched.stdout == "ready\n"
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert clone.processes() == []


def test_a_second_one_says_where_the_first_is_and_stop_ends_it(clone, serving):
    process, address = serving
    assert f"already serving at {address}" in clone.run("serve", exits=1)
    assert clone.run("manage", "ask", "select 41 + 1") == "42\n"
    assert clone.run("stop") == "Stopped.\n"
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert clone.processes() == []
    assert clone.run("stop") == "Stopped.\n"


def test_stop_ends_what_a_killed_serve_left_behind(clone, serving):
    process, _ = serving
    process.kill()
    process.communicate(timeout=60)
    assert clone.processes() != []
    clone.run("stop")
    assert clone.processes() == []


def test_when_one_process_ends_all_end_and_it_is_named(clone, serving):
    process, _ = serving
    os.kill(int((clone.path / "var/pids/beat").read_text()), signal.SIGKILL)
    printed = process.communicate(timeout=60)[0]
    assert "beat has ended" in printed
    assert process.returncode == 1
    assert clone.processes() == []


def test_a_web_process_that_does_not_see_its_master_die_ends_before_postgresql_does(clone, serving):
    process, _ = serving
    master = int((clone.path / "var/pids/web").read_text())
    children = [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]
    assert children
    for child in children:
        os.kill(child, signal.SIGSTOP)  # as busy as one may be
    os.kill(master, signal.SIGKILL)
    assert "web has ended" in process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert clone.processes() == []


def test_the_demo_is_played_by_one_at_a_time(clone):
    together = [clone.start("demo"), clone.start("demo")]
    for process in together:
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert (clone.path / "played").read_text().split() == ["begun", "done", "begun", "done"]


def test_a_number_of_web_processes_that_is_none_is_named_at_once(clone):
    told = clone.run("serve", exits=1, WEB_PROCESSES="many")
    assert "WEB_PROCESSES is a number of web processes, or 0, not many." in told
    assert told.count("Traceback") == 0
    assert clone.processes() == []


def test_a_taken_port_of_ones_own_choice_is_refused(clone, serving):
    _, address = serving
    clone.run("stop")
    holder = subprocess.Popen(
        [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", address.rstrip("/").rpartition(":")[2]],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until(
            lambda: (
                not subprocess.run([sys.executable, "-c", FETCH, address], check=False, capture_output=True).returncode
            )
        )
        port = address.rstrip("/").rpartition(":")[2]
        assert f"Port {port} is taken" in clone.run("serve", exits=1, PORT=port)
    finally:
        holder.kill()
        holder.communicate()
