"""The private PostgreSQL and Redis: made once, shared by all who use them, gone with the last, a bother to nobody."""

from __future__ import annotations

import os
import signal
import stat

import pytest

from tests.run.conftest import in_each_way, wait_until

pytestmark = pytest.mark.slow


@in_each_way
def test_the_owner_migrates_and_the_application_works(clone):
    assert clone.run("manage", "ask", "select current_user || ', made by ' || by from migrated").endswith(
        "ceasefire_app, made by ceasefire_owner\n"
    )
    assert clone.run("manage", "migrate").count("Migrating") == 0
    assert clone.run("manage", "ask", "select string_agg(distinct by, ',') from migrated").endswith("ceasefire_owner\n")


@in_each_way
def test_nothing_is_left_running_and_nothing_listens_on_a_port(clone):
    lingering = clone.linger()
    assert clone.run("manage", "ask", "show listen_addresses") == "\n"
    sockets = clone.sockets()
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    clone.let_go(lingering)
    assert clone.processes() == []
    assert not sockets.exists()


def test_a_second_use_repeats_no_step_and_keeps_the_secrets(clone):
    clone.run("manage", "ask", "select 1")
    secrets = (clone.path / "var/env").read_text()
    assert stat.S_IMODE((clone.path / "var/env").stat().st_mode) == 0o600
    printed = clone.run("manage", "ask", "select count(*) from migrated")
    assert "Making" not in printed
    assert "Migrating" not in printed
    assert printed.endswith("1\n")
    assert (clone.path / "var/env").read_text() == secrets


@in_each_way
def test_in_a_folder_that_others_cannot_enter_the_database_lives_where_its_user_can_reach_it(clone, folder, way):
    folder.chmod(0o700)
    assert clone.run("manage", "ask", "select 41 + 1").endswith("42\n")
    cluster = (clone.path / "var/postgres").resolve()
    assert str(cluster).startswith("/var/lib/a truce-" if way == "setpriv" else str(clone.path))
    assert clone.run("manage", "ask", "select count(*) from migrated").endswith("1\n")


@in_each_way
def test_the_way_of_running_postgres_can_change_between_two_uses(clone, way):
    if way:
        clone.run("manage", "ask", "select 1", RUN_POSTGRES_AS="setpriv")
    assert clone.run("manage", "ask", "select count(*) from migrated").endswith("1\n")


def test_many_first_uses_at_once_make_one_database(clone):
    started = [clone.start("manage", "ask", "select count(*) from migrated") for _ in range(3)]
    printed = [each.communicate(timeout=120)[0] for each in started]
    assert [each.returncode for each in started] == [0, 0, 0], printed
    assert [text.splitlines()[-1] for text in printed] == ["1", "1", "1"]
    assert sum("Making the database cluster" in text for text in printed) == 1
    assert clone.processes() == []


@in_each_way
def test_services_that_were_killed_are_started_again_under_those_who_use_them(clone):
    lingering = clone.linger()
    sockets = clone.sockets()
    os.kill(clone.postmaster(), signal.SIGKILL)
    os.kill(int((clone.path / "var/redis.pid").read_text()), signal.SIGKILL)
    assert clone.run("manage", "ask", "select 41 + 1").endswith("42\n")
    assert clone.sockets() == sockets
    clone.let_go(lingering)
    assert clone.processes() == []


def test_a_pid_file_from_before_a_restart_that_names_another_process_is_no_obstacle(clone):
    lingering = clone.linger()
    stale = (clone.path / "var/postgres/data/postmaster.pid").read_text().splitlines()
    clone.let_go(lingering)
    stale[0] = str(os.getpid())
    (clone.path / "var/postgres/data/postmaster.pid").write_text("\n".join(stale))
    (clone.path / "var/redis.pid").write_text(stale[0])
    assert clone.run("manage", "ask", "select 41 + 1").endswith("42\n")


def test_sockets_that_were_swept_away_are_made_again(clone):
    lingering = clone.linger()
    swept = clone.sockets()
    postmaster = clone.postmaster()
    for entry in swept.iterdir():
        entry.unlink()
    swept.rmdir()
    assert clone.run("manage", "ask", "select 41 + 1").endswith("42\n")
    wait_until(lambda: clone.postmaster() != postmaster)
    clone.let_go(lingering)
    assert clone.processes() == []
