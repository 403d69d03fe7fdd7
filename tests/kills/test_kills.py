"""The short run of `./run kills`, on services of its own; KILLS=200 ./run kills is the long one."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.processes import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


def test_a_dozen_kills_over_everything_lose_and_double_nothing():
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "CI", "RUN_POSTGRES_AS") if name in os.environ}
    done = subprocess.run(
        ["./run", "kills"],
        cwd=ROOT,
        env=kept | {"KILLS": "12"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]
    assert re.search(r"^1[2-9] kills in ", done.stdout, re.MULTILINE)
