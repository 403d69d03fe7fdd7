"""The PostgreSQL of this run: as durable as the service itself has it, killed with -9, started as an operator would."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connections

from tests.processes import kill_child

T = TypeVar("T")
BACK_WITHIN = 120.0  # seconds
SERVES = "postgres: ceasefire_"  # how PostgreSQL names a process that serves one of the service's two roles


class Cluster:
    """Told by `./run kills`: where it is, and the script that starts it."""

    def __init__(self) -> None:
        self.start_it = os.environ["START_POSTGRES"]
        self.data = Path(os.environ["POSTGRES_DATA"])

    def postmaster(self) -> int:
        """The process that all others of it are children of."""
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])

    def kill_a_backend(self, draw: random.Random) -> bool:
        """Kill a process that serves somebody; PostgreSQL then ends all others and recovers. Whether there was one."""
        pid = self.postmaster()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        serving = [int(child) for child in children if _title(child).startswith(SERVES)]
        return bool(serving) and kill_child(draw.choice(serving))

    def kill(self) -> None:
        """Kill the postmaster, whom nobody replaces; start it anew once its children have noticed."""
        pid = self.postmaster()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        assert kill_child(pid)
        ends = time.monotonic() + BACK_WITHIN
        while any(_title(child).startswith("postgres:") for child in children):
            assert time.monotonic() < ends, "PostgreSQL's processes outlive their postmaster."
            time.sleep(0.05)
        done = subprocess.run(["bash", self.start_it], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def _title(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def asked(question: Callable[[], T]) -> T:
    """What PostgreSQL answers, once it is there again. For questions, and for what may be done twice."""
    ends = time.monotonic() + BACK_WITHIN
    while True:
        try:
            return question()
        except (OperationalError, InterfaceError):
            if time.monotonic() > ends:
                raise
            connections.close_all()
            time.sleep(0.1)
