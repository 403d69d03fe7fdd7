"""The demo, as `./run demo` plays it: everything in it, and nothing more when it is played again.

What it released stands, in part, in `tests/reports/contents/`, which tests of the renderers read and quote. Where a
content has changed, have those files written anew from here, read what changed, and mend what quotes it:

    DEMO_CONTENTS=write ./run test tests/test_demo.py
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil

import pytest
from django.core.management import call_command
from django.db import connection

from config.demo.summary import named
from reports import renderers
from reports.models import Closing
from tests.reports.readings import ALL, CONTENTS
from violations.models import Finding

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
FORMATS = ("csv", "json")  # as any; the PDF takes a second each and is looked at by tests of its own
MONTHS = [("exercise", "2025-03", 2), *(("astana-2016", f"2017-{month:02d}", 1) for month in range(1, 7))]
# What is not in the exercise: a data set of others.
EMPTY = {"probable_data_set"}


@pytest.fixture
def play(tmp_path, settings, monkeypatch):
    """Play the demo into `tmp_path`/out and return what it prints."""
    stored = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files")},
    }
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    monkeypatch.setenv("DEMO_LOGINS_FILE", str(tmp_path / "logins.json"))
    monkeypatch.setattr(renderers, "FORMATS", {form: renderers.FORMATS[form] for form in FORMATS})

    def played() -> str:
        printed = io.StringIO()
        call_command("demo", "--out", str(tmp_path / "out"), stdout=printed)
        return printed.getvalue()

    return played


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        tables = [table for (table,) in cursor.fetchall()]
        counted = {}
        for table in tables:
            cursor.execute(f'select count(*) from "{table}"')
            (counted[table],) = cursor.fetchone()
    return counted


def summary_of(printed: str) -> dict[str, int]:
    """What the printed table says of the exercise: {a column as it is named there: how many incidents}."""
    told = printed.partition("exercise 2025-03 (SIMULATED), closing 2")[2].partition("ledger of")[0]
    return {name.strip(): int(count) for name, count in re.findall(r"^ {4}(\S.*?) +(\d+)$", told, re.MULTILINE)}


def test_it_shows_everything_and_playing_it_again_changes_nothing(play, tmp_path):
    first = play()
    before, files = rows(), {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    assert len(files) == (2 + 6) * 3 * len(FORMATS)
    again = play()
    assert rows() == before
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == files
    assert "0 new reports" in again
    assert summary_of(again) == summary_of(first)

    verified = io.StringIO()
    call_command("verify_closings", stdout=verified)
    closings = [line for line in verified.getvalue().splitlines() if " no. " in line and not line.startswith(" ")]
    assert len(closings) == sum(number for _truce, _period, number in MONTHS)
    assert f"{len(closings)} closings: {len(closings)} same." in verified.getvalue()
    assert {line.rpartition(" ")[2] for line in closings} == {"same"}
    assert not Closing.objects.under_way().exists()
    assert Finding.objects.open().exists()

    total = stored("exercise-2025-03-birch", tmp_path)["closing"]["sections"]["incidents"]["total"]
    told = summary_of(first)
    assert told.pop("Registered") == total["registered"] == sum(told.values())
    assert told == {named(column): count for column, count in total["columns"].items()}
    assert {column for column, count in total["columns"].items() if not count} == EMPTY
    kept_or_written(tmp_path)


def stored(name: str, folder) -> dict:
    """The rendition that the demo released last, of the edition that `contents/` calls `name`."""
    return json.loads(path_of(name, folder).read_text())


def path_of(name: str, folder):
    truce, period, state = re.fullmatch(r"(.+)-(\d{4}-\d\d)-(\w+)", name).groups()
    found = sorted((folder / "out").glob(f"*{truce}_{period}_no*_{state}_en.json"))
    return found[-1]


def kept_or_written(folder) -> None:
    """The files of `contents/` hold the figures that the demo gives; DEMO_CONTENTS=write writes them anew."""
    for name in ALL:
        kept = CONTENTS / f"{name}.json"
        if os.environ.get("DEMO_CONTENTS") == "write":
            shutil.copy(path_of(name, folder), kept)
        made, there = stored(name, folder), json.loads(kept.read_text())
        assert figures(made) == figures(there), name
        assert head(made) == head(there), name


def figures(told: dict) -> dict:
    """The sections, without the references of what was chosen for page 1, which are drawn by chance."""
    sections = told["closing"]["sections"]
    for group in ("events_of_concern", "improvements"):
        for chosen in sections.get("choices", {}).get(group, {}).get("chosen", []):
            chosen["choice"], chosen["reference"] = bool(chosen["choice"]), bool(chosen["reference"])
    return sections


def head(told: dict) -> dict:
    """The head, without the hash of the section that holds those references."""
    head = told["closing"]["head"]
    return head | {
        "sections": [{**one, "sha256": one["code"] == "choices" or one["sha256"]} for one in head["sections"]]
    }
