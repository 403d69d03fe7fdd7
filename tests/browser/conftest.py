"""Chromium of the system, without a window, and a web server with the static files that its pages ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.web.server import WebServer, web_server

CHROMIUM = Path("/usr/bin/chromium")
WORKERS = 2


@pytest.fixture(scope="session")
def chromium_program() -> Path:
    """The program; where the tests are the gate, it has to be there."""
    if not CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip(f"{CHROMIUM} is not there: `./run test` installs it on Debian 12, as root or with sudo")
    return CHROMIUM


@pytest.fixture(scope="package")
def served(django_db_setup, chromium_program, tmp_path_factory) -> Iterator[WebServer]:
    """A web server for all tests of this folder."""
    call_command("collectstatic", interactive=False, verbosity=0)
    with web_server(tmp_path_factory.mktemp("web") / "log", workers=WORKERS) as server:
        yield server


@pytest.fixture
def chromium(chromium_program, monkeypatch) -> Iterator[Browser]:
    """The browser. Its driver turns an event loop in this thread, where Django would let no query be asked."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium_program))
        yield browser
        browser.close()


@pytest.fixture
def window(chromium, served) -> Iterator[BrowserContext]:
    """A window of its own, as wide as a laptop's."""
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{served.port}", viewport={"width": 1280, "height": 800}, locale="en-GB"
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()
