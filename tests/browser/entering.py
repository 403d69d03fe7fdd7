"""How somebody enters in a browser: by the login page, with password and phone."""

from __future__ import annotations

import time

from django.contrib.auth.hashers import Argon2PasswordHasher
from playwright.sync_api import Page

from monitoring.models import User
from tests.conftest import PASSWORD
from tests.second_factors import code


def hashed() -> str:
    """The password of everybody, as the web server reads it: the tests' own quick hash is not among its settings."""
    hasher = Argon2PasswordHasher()
    return hasher.encode(PASSWORD, hasher.salt())


def log_in(page: Page, user: User) -> None:
    page.goto("/login/")
    page.locator("input[name=login]:focus").wait_for()  # where typing begins without a click
    page.keyboard.type(user.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/code/**")
    tried = ""
    for _time in range(3):  # a code may run out on the way to a machine that does much else, and holds once
        while 30 - time.time() % 30 < 5 or code() == tried:
            time.sleep(0.1)
        tried = code()
        page.locator("input[name=code]:focus").wait_for()
        page.keyboard.type(tried)
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")
        if "/login/" not in page.url:
            return
        page.locator("input[name=code]").fill("")  # where it stands that this one does not hold
    raise AssertionError(page.locator("main").inner_text())
