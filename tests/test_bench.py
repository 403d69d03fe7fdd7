"""The bench measures everything that it says; tried at toy sizes in the cluster of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.bench", *arguments],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=False,
        capture_output=True,
        text=True,
    )


def test_every_measurement_comes_to_figures_and_a_try_of_it_writes_no_page():
    page = ROOT / "docs" / "benchmarks.md"
    before = page.read_bytes() if page.exists() else None
    tried = bench("--toy")
    assert tried.returncode == 0, tried.stderr
    for told in (
        "against COPY",
        "against bulk_create",
        "a history of",
        "all equal",
        "Typst alone",
        "queries of a page",
    ):
        assert told in tried.stdout
    assert (page.read_bytes() if page.exists() else None) == before


def test_what_it_does_not_know_is_refused():
    refused = bench("speed")
    assert refused.returncode == 2
    assert "unknown: speed; known are import, history, month, pdf, queue." in refused.stderr
