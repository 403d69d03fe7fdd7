"""A terminal at which a command asks for a password, and somebody who types one, or thinks better of it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parents[1]
CTRL_C, CTRL_D = "\x03", "\x04"


def environment(role: str | None = None) -> dict[str, str]:
    """What a process of the service reads to work on the test's database, with the test's keys, as `role`."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_NAME": connection.settings_dict["NAME"],
        "DATABASE_USER": role or connection.settings_dict["USER"],
        "SEALING_KEYS": ",".join(settings.SEALING_KEYS),
        "PYTHONWARNINGS": "default",
        "DJANGO_COLORS": "nocolor",
    }


def run(*command: str, types: str, role: str | None = None) -> tuple[int, str]:
    """Run a command in a terminal of its own, type at its prompt, and return how it ended and what it showed.

    Ctrl-C ends it though the tests are run in the background, where a shell has it ignored.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["env", "--default-signal=INT", "setsid", "--ctty", "--wait", sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(role),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown, typed = b"", not types.strip("\n")
        try:
            while chunk := _read(ours):
                shown += chunk
                if not typed and b"Password of" in shown:
                    os.write(ours, types.encode())
                    typed = True
        except BaseException:
            process.kill()  # the test ran out of time: the command would be waited for
            raise
    os.close(ours)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other end is closed
        return b""
