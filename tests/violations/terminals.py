"""Commands that ask for a password, run in a terminal of their own; as the owner of the tables, where they must be."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from monitoring.models import User
from tests.conftest import PASSWORD

ROOT = Path(__file__).parents[2]


def environment(role: str | None = None) -> dict[str, str]:
    """What a process of the service reads to work on the test's database, with the test's keys, as `role`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_NAME": connection.settings_dict["NAME"],
        "DATABASE_USER": role or connection.settings_dict["USER"],
        "SEALING_KEYS": ",".join(settings.SEALING_KEYS),
        "PYTHONWARNINGS": "default",
    }


def at_the_terminal(password: str, *words: str, role: str | None = None) -> tuple[int, str]:
    """Run a command in a terminal of its own, type the password, and return how it ended and what it showed."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["setsid", "--ctty", "--wait", sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(role),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown, typed = b"", not password
        while chunk := _read(ours):
            shown += chunk
            if not typed and b"Password of" in shown:
                os.write(ours, f"{password}\n".encode())
                typed = True
    os.close(ours)
    return process.returncode, shown.decode()


def real_passwords() -> None:
    """Give every account the tests' password as the service would keep it, for a process of the service to read."""
    real = PBKDF2PasswordHasher()
    User.objects.update(password=real.encode(PASSWORD, real.salt()))


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""
