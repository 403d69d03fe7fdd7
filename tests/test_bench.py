"""The bench measures everything that it says; tried at toy sizes in the cluster of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import page
from tests.bench.measuring import Row
from tests.bench.sizes import TOY
from tests.violations.real_events import TRUCE

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
    before = page.PAGE.read_bytes() if page.PAGE.exists() else None
    tried = bench("--toy")
    assert tried.returncode == 0, tried.stderr
    for told in (
        "against COPY",
        "against bulk_create",
        "a history of",
        "all equal",
        "Typst alone",
        "queries of a page",
        "does one INSERT for a device's token",
        "open to anybody",
        "where its time goes: in all",
        *(("that share days, point and parties with others: recall",) if TRUCE.exists() else ()),
    ):
        assert told in tried.stdout
    assert ("not measured, for the real events" in tried.stderr) != TRUCE.exists()
    assert (page.PAGE.read_bytes() if page.PAGE.exists() else None) == before


def test_what_it_does_not_know_is_refused():
    refused = bench("speed")
    assert refused.returncode == 2
    assert (
        "unknown: speed; known are import, history, month, pdf, queue, filing, candidates, alerts, exports."
        in refused.stderr
    )


def test_rows_measured_again_stand_in_the_place_of_the_others_and_it_is_said_when(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "PAGE", tmp_path / "benchmarks.md")
    on = {"date": "2026-01-01 10:00 UTC", "load when it began": "0.1"}
    first, other = (Row(what, "", "", 2.0, "ratio", None, most=1.5) for what in ("a page", "an import"))
    text = page.write([first, other], on=on, sizes=TOY, took=60).read_text()
    again = on | {"date": "2026-01-02 11:00 UTC"}
    mended = page.mend(text, [replace(first, figure=1.25)], names=["pdf"], on=again)
    assert "| a page |  |  | 1.25 |  | at most 1.50 | yes |" in mended
    assert "| an import |  |  | 2.00 |  | at most 1.50 | **no** |" in mended
    assert mended.count("| measured again: pdf | 2026-01-02 11:00 UTC, load 0.1 |") == 1
    assert page.mend(mended, [replace(first, figure=1.25)], names=["pdf"], on=again) == mended
    longer = page.mend(text, [first, replace(first, what="a view")], names=["pdf"], on=again).splitlines()
    assert [line[:9] for line in longer if line.startswith("| a")] == ["| a page ", "| a view ", "| an impo"]
    added = page.mend(text, [replace(first, what="a score")], names=["candidates"], on=again, new=True).splitlines()
    assert added[-1].startswith("| a score ")
    assert added[-2].startswith("| an import ")
    with pytest.raises(LookupError, match="no row “a queue”"):
        page.mend(text, [replace(first, what="a queue")], names=["queue"], on=again)
