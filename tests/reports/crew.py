"""Real workers that are killed with -9 at random, and started anew as whoever watches over them would."""

from __future__ import annotations

import random
from pathlib import Path

from tests.processes import Process, kill_child


class Crew:
    """Several workers. Of those that are killed most lose the child alone, as to a machine short of memory."""

    def __init__(self, folder: Path, files: Path, *, size: int, seed: int) -> None:
        folder.mkdir()
        self.random = random.Random(seed)
        self.workers = [
            Process("tests.reports.busy_worker", log=folder / f"worker-{number}.log", FILES_ROOT=str(files))
            for number in range(size)
        ]
        self.kills = self.whole = 0

    def __enter__(self) -> Crew:
        for worker in self.workers:
            worker.start()
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self.workers:
            worker.kill()

    def watch_over(self) -> None:
        """Start anew whoever ended by itself."""
        for worker in self.workers:
            worker.restart_if_ended()

    def kill_one(self) -> None:
        """Kill a worker that is at work, or its child; one that was killed whole is started anew."""
        worker = self.random.choice(self.workers)
        children = worker.children()
        if not children:  # it has not begun yet
            return
        if self.random.random() < 0.2:
            worker.kill()
            worker.start()
            self.whole += 1
        elif not kill_child(children[0]):
            return
        self.kills += 1

    def said(self) -> str:
        """The last of what they logged."""
        return "\n".join(worker.said() for worker in self.workers)
