"""One web server for all tests of this folder that do not kill it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.server import WebServer, web_server

WORKERS = 4


@pytest.fixture(scope="package")
def web(django_db_setup, tmp_path_factory) -> Iterator[WebServer]:
    """It keeps no connection to the database, which is emptied between the tests."""
    with web_server(tmp_path_factory.mktemp("web") / "log", workers=WORKERS) as server:
        yield server
