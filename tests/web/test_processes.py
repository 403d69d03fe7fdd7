"""How many web processes there are, and that one that died is there again though all were loaded as one."""

from __future__ import annotations

import json
import os
import random
import runpy
import subprocess
import sys

import pytest

from tests.processes import ROOT
from tests.web.server import web_server

SETTINGS = ROOT / "deploy" / "web.py"
# What each process would have of its own, or share with all others, once the service is loaded.
LOADED = """
import gc, json, os, sys
import config.wsgi
from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from redis.connection import ConnectionPool
loaded = set(sys.modules)
get_resolver().url_patterns
opened = [os.readlink(one.path) for one in os.scandir("/proc/self/fd") if os.path.exists(one.path)]
print(json.dumps({
    "doors": settings.ROOT_URLCONF in loaded,
    "later": sorted(set(sys.modules) - loaded),
    "opened": [one for one in opened if one.startswith("socket:")],
    "database": connections["default"].connection is None,
    "redis": [str(one) for one in gc.get_objects() if isinstance(one, ConnectionPool)],
}))
"""


@pytest.mark.parametrize(("cores", "processes"), [(1, 3), (2, 5), (8, 17), (16, 33), (64, 33)])
def test_they_are_two_for_each_core_and_one_more_as_far_as_postgresql_has_connections(cores, processes, monkeypatch):
    monkeypatch.delenv("WEB_PROCESSES", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(cores)))
    assert runpy.run_path(str(SETTINGS))["workers"] == processes


@pytest.mark.parametrize(("asked", "processes"), [("4", 4), ("40", 40), ("0", 5), ("", 5)])
def test_an_operator_says_otherwise(asked, processes, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})
    monkeypatch.setenv("WEB_PROCESSES", asked)
    assert runpy.run_path(str(SETTINGS))["workers"] == processes


@pytest.mark.parametrize("asked", ["many", "-1", "2.5"])
def test_what_is_no_number_is_a_refusal_to_start(asked):
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--config", str(SETTINGS), "--bind", "127.0.0.1:0"]
    environment = os.environ | {"WEB_PROCESSES": asked}
    refused = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=60
    )
    assert refused.returncode != 0
    assert f"WEB_PROCESSES is a number of web processes, or 0, not {asked}." in refused.stderr


def test_what_is_loaded_before_they_are_forked_is_all_and_opens_nothing():
    told = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, check=True, capture_output=True, text=True)
    assert json.loads(told.stdout) == {"doors": True, "later": [], "opened": [], "database": True, "redis": []}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_that_died_is_replaced_and_answers(tmp_path):
    draw = random.Random(4)
    with web_server(tmp_path / "log", workers=1) as server:
        for _time in range(3):
            before = server.children()
            assert len(before) == 1
            assert server.kill_a_worker(draw)
            assert server.answers()
            assert set(server.children()).isdisjoint(before)
