"""A person's phone in tests: it knows a secret, and shows the code of now."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from monitoring.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_second_factor(user: User) -> User:
    """Let `user` have set up theirs a while ago."""
    TOTP.activate(user, SECRET)
    return user


def code(secret: str = SECRET, *, step: int = 0) -> str:
    """The code that the phone shows now, or so many half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def log_in(client: Client, username: str, password: str, *, at: str = "/login/") -> Any:
    """Log in as a person does, with the phone where it is asked for; return the page that they are led to."""
    answer = client.post(at, {"login": username, "password": password}, follow=True)
    if answer.request["PATH_INFO"] == "/login/code/":
        answer = client.post("/login/code/", {"code": code()}, follow=True)
    return answer
