"""What the tests of closings share: files in a folder of their own, and renditions that are quickly made."""

from __future__ import annotations

import json

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from reports import renderers
from reports.closings.preparing import preparing
from reports.models import CommonContent
from tests.reports.restored import lost  # noqa: F401 - a fixture
from tests.reports.rows_behind import require_rows_behind
from tests.violations import occasions

# What is read otherwise in the exercise's file so that February can be compared with March.
SINCE_FEBRUARY = (
    ("in_force_from = 2025-03-02", "in_force_from = 2025-02-01"),
    ("from = 2025-03-01", "from = 2025-01-01"),
)


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    """The stored files of a test, in a folder of its own."""
    folder = tmp_path / "files"
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    assert default_storage.exists("nothing") is False
    return folder


@pytest.fixture
def witness(tmp_path, settings):
    """The second place of the log, which no backup brings back."""
    settings.RELEASE_LOG = str(tmp_path / "elsewhere" / "releases.log")
    return tmp_path / "elsewhere" / "releases.log"


@pytest.fixture
def json_alone(monkeypatch):
    """Renditions in JSON only: what is tried is the closing, not the page."""
    monkeypatch.setattr(renderers, "FORMATS", {"json": renderers.FORMATS["json"]})


@pytest.fixture
def tables_alone(request, monkeypatch):
    """Renditions without the PDF, which takes a second each; `False` as parameter: with it."""
    if getattr(request, "param", True):
        tables = {form: made for form, made in renderers.FORMATS.items() if form != "pdf"}
        monkeypatch.setattr(renderers, "FORMATS", tables)


@pytest.fixture
def long_truce(exercise, tmp_path):
    """The exercise as if its truce had stood since 1 February 2025, under the same rules throughout."""
    occasions.reloaded(tmp_path, *SINCE_FEBRUARY)
    return exercise


SEEN: set[str] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Of every content that a test leaves, each figure's incidents are what they must be.

    Unless the test `altered` one, so that its figures are not told by its annex any more.
    """
    result = yield
    asked = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
    if asked and not item.get_closest_marker("altered") and not connection.needs_rollback:
        with preparing():
            texts = list(CommonContent.objects.values_list("content", flat=True))
        for text in texts:
            content = json.loads(text)
            counted = json.dumps([content["head"], content["beside_sha256"].get("annex")])
            if counted not in SEEN:
                require_rows_behind(content)
                SEEN.add(counted)
    return result
