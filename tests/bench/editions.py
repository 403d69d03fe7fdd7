"""An edition's PDF, against Typst alone laying out the same data by the same templates: in a new process, and warm."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction

from reports import renderers
from reports.closings.preparing import preparing
from reports.models import Closing
from reports.renderers import pdf, typesetting
from tests.bench import databases, record
from tests.bench.closings import close_and_forget
from tests.bench.measuring import Row, compared, interleaved, step
from tests.bench.sizes import Sizes
from tests.reports import readings

EDITION = "bench_edition"
Edition = tuple[dict[str, Any], dict[str, Any]]
# Each renders the files that it is given, one after another, and prints how long the last took. What has to be loaded
# for the first is part of it; that the service is up is not, and is told apart.
RENDER = """
import sys, time, json, django
django.setup()
given = [json.load(open(name)) for name in sys.argv[1:]]
for content, edition in given:
    began = time.perf_counter()
    from reports import renderers
    assert renderers.render("pdf", content, edition, language="en")
    ended = time.perf_counter()
print(ended - began)
"""
BARE = """
import sys, time, json
given = [json.load(open(name)) for name in sys.argv[1:]]
for data in given:
    began = time.perf_counter()
    import typst
    compiler = typst.Compiler(
        data["main"], root=data["root"], font_paths=[data["fonts"]], ignore_system_fonts=True, sys_inputs=data["inputs"]
    )
    assert compiler.compile(format="pdf", timestamp=data["instant"], pdf_standards=data["standards"])
    ended = time.perf_counter()
print(ended - began)
"""
# Of the service alone: what a new process takes until it could render.
UP = """
import time, django
began = time.perf_counter()
django.setup()
print(time.perf_counter() - began)
"""


def measure(sizes: Sizes) -> list[Row]:
    """Render the exercise's edition, and one whose annex lists thousands."""
    rows = [_up(sizes)]
    with step(f"A closing of {sizes.month:,} incidents to render"):
        large = _closed(sizes)
    for told, edition in (
        ("the exercise", readings.stored(readings.EXERCISE)),
        (f"a month of {sizes.month:,} incidents, each in the annex", large),
    ):
        rows += _rendered(told, edition, sizes)
    databases.drop(EDITION)
    return rows


def _up(sizes: Sizes) -> Row:
    """What comes before the first PDF of a new worker: told, and no part of the ratios."""
    up = interleaved("A new process of the service", {"start": lambda: _process(UP, [])}, runs=sizes.runs)["start"]
    spread = (min(up.seconds), max(up.seconds))
    return Row("A new process of the service, until it could render", "", "", up.median, "s", spread)


def _closed(sizes: Sizes) -> Edition:
    record.make(EDITION, incidents=sizes.month, pattern=sizes.pattern)
    with transaction.atomic():
        closing = Closing.objects.get(pk=close_and_forget().closing_id)
        with preparing():
            content, edition = closing.content(), closing.editions.get(guarantor__code="birch").content
        transaction.set_rollback(True)
    assert content is not None
    return json.loads(content), json.loads(edition)


def _rendered(told: str, edition: Edition, sizes: Sizes) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        before, given = (
            _written(Path(folder) / name, what)
            for name, what in (("before", readings.stored(readings.JANUARY)), ("it", edition))
        )
        for how, order in (
            ("the first of a new process", [given]),
            ("in a process that made another", [before, given]),
        ):
            timed = interleaved(
                f"PDF of {told}, {how}",
                {
                    "renderer": lambda order=order: _process(RENDER, [ours for ours, _theirs in order]),  # type: ignore[misc]
                    "Typst alone": lambda order=order: _process(BARE, [theirs for _ours, theirs in order]),  # type: ignore[misc]
                },
                runs=sizes.runs,
            )
            row = compared(f"PDF of {told}, {how}", timed["renderer"], timed["Typst alone"], most=1.5)
            rows.append(replace(row, memory=""))  # of another process: not looked at
    return rows


def _written(path: Path, edition: Edition) -> tuple[Path, Path]:
    """The edition as the renderer is given it, and as the renderer gives it to Typst."""
    ours, theirs = path.with_suffix(".edition.json"), path.with_suffix(".typst.json")
    ours.write_text(json.dumps(edition))
    theirs.write_text(json.dumps(_given_to_typst(*edition)))
    return ours, theirs


def _given_to_typst(content: dict[str, Any], edition: dict[str, Any]) -> dict[str, Any]:
    """What the renderer gives to Typst's process, looked at on its way."""
    given: dict[str, Any] = {"standards": typesetting.STANDARDS}

    def watched(document: dict[str, Any], *, at_most: int) -> bytes:
        given.update(document)
        return typesetting.typeset(document, at_most=at_most)

    pdf.typeset = watched
    try:
        renderers.render("pdf", content, edition, language="en")
    finally:
        pdf.typeset = typesetting.typeset
    return given


def _process(script: str, files: list[Path]) -> Callable[[], float]:
    """A new process that says itself how long it took."""

    def work() -> float:
        command = [sys.executable, "-c", script, *map(str, files)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)

    return work
