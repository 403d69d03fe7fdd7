"""Commands that ask for a password, run in a terminal of their own; as the owner of the tables, where they must be."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from monitoring.models import User
from tests import terminal
from tests.conftest import PASSWORD


def at_the_terminal(password: str, *words: str, role: str | None = None) -> tuple[int, str]:
    """Run a command in a terminal of its own, type the password, and return how it ended and what it showed."""
    return terminal.run(*words, types=f"{password}\n", role=role)


def real_passwords() -> None:
    """Give every account the tests' password as the service would keep it, for a process of the service to read."""
    real = PBKDF2PasswordHasher()
    User.objects.update(password=real.encode(PASSWORD, real.salt()))
