"""Processes of the service that work on the test's database, and are killed with -9 and started anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).parents[1]


class Process:
    """A process with a group of its own, and the children of it that do the work."""

    def __init__(self, *module: str, log: Path, **environment: str) -> None:
        self.module, self.log, self.environment = module, log, environment
        self.process: subprocess.Popen[Any] | None = None

    def start(self) -> None:
        """Start it on the test's database and Redis."""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_NAME": connection.settings_dict["NAME"],
            "DATABASE_USER": connection.settings_dict["USER"],
            **self.environment,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.module],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def children(self) -> list[int]:
        """The processes that do the work, as many as there are just now."""
        assert self.process is not None
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def restart_if_ended(self) -> None:
        """Start it anew where it ended by itself: Celery does, where a child is killed in the moment of its start."""
        if self.process is not None and self.process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """Kill it whole, at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):  # it had ended by itself
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def said(self) -> str:
        """The last of what it logged."""
        return self.log.read_text()[-3000:]


def kill_child(pid: int) -> bool:
    """Kill one child at once; whether it was there still."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
