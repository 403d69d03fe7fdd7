"""A real Celery worker for tests of bulk decisions: `python -m tests.violations.bulk_worker FOLDER [STEP]`.

With a STEP it stops dead there, tells so by a file FOLDER/halted, and waits to be killed. Without one it sweeps every
second, as beat would every minute. A turn of either is short, so that nobody waits minutes for a dead worker's to run
out.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from config.celery import app  # noqa: E402
from violations import bulk  # noqa: E402

# Where a worker dies: the step's name, and the function before or after which it does.
STEPS = {
    "its turn begun": (bulk, "_do", "before"),
    "a row held, nothing done": (bulk, "_decide", "before"),
    "a row decided, without its outcome": (bulk, "_decide", "after"),
    "a row done with its outcome": (bulk, "_do", "after"),
}
TURN = timedelta(seconds=3)


def halt(folder: Path) -> None:
    """Say so, and wait for the end."""
    (folder / "halted").write_text("")
    time.sleep(600)


def halting(folder: Path, step: str) -> None:
    """Make the worker stop at the step."""
    where, name, when = STEPS[step]
    original = getattr(where, name)

    def wrapped(*args, **kwargs):
        if when == "before":
            halt(folder)
        done = original(*args, **kwargs)
        halt(folder)
        return done

    setattr(where, name, wrapped)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    bulk.TURN = TURN
    options = ["worker", "--loglevel=INFO", "--concurrency=1", "--without-gossip", "--without-mingle"]
    if len(sys.argv) > 2:
        halting(folder, sys.argv[2])
    else:
        app.conf.beat_schedule = {"sweep": {"task": "violations.tasks.sweep_bulk_jobs", "schedule": 1.0}}
        options += ["--beat", f"--schedule={folder / 'beat'}"]
    app.worker_main(options)
