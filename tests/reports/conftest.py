"""What the tests of closings share: files in a folder of their own, and renditions that are quickly made."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from reports import renderers


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    """The stored files of a test, in a folder of its own."""
    folder = tmp_path / "files"
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    assert default_storage.exists("nothing") is False
    return folder


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
