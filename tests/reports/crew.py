"""Real workers that are killed with -9 at random, and started anew as whoever watches over them would."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).parents[2]


class Worker:
    """One worker: a process of its own group, and the child of it that does the work."""

    def __init__(self, log: Path, files: Path) -> None:
        self.log, self.files = log, files
        self.process: subprocess.Popen[Any] | None = None

    def start(self) -> None:
        """Start it on the test's database, files and Redis."""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_NAME": connection.settings_dict["NAME"],
            "DATABASE_USER": connection.settings_dict["USER"],
            "FILES_ROOT": str(self.files),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.reports.busy_worker"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def child(self) -> int | None:
        """The process that does the work, if there is one just now."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def kill(self) -> None:
        """Kill it whole, at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Crew:
    """Several workers. Of those that are killed most lose the child alone, as to a machine short of memory."""

    def __init__(self, folder: Path, files: Path, *, size: int, seed: int) -> None:
        folder.mkdir()
        self.random = random.Random(seed)
        self.workers = [Worker(folder / f"worker-{number}.log", files) for number in range(size)]
        self.kills = self.whole = 0

    def __enter__(self) -> Crew:
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self.workers:
            worker.kill()

    def kill_one(self) -> None:
        """Kill a worker that is at work, or its child; one that was killed whole is started anew."""
        worker = self.random.choice(self.workers)
        child = worker.child()
        if child is None:  # it has not begun yet
            return
        if self.random.random() < 0.2:
            worker.kill()
            worker.start()
            self.whole += 1
        else:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                return
        self.kills += 1

    def said(self) -> str:
        """The last of what they logged."""
        return "\n".join(worker.log.read_text()[-3000:] for worker in self.workers)
