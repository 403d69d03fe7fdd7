"""A real Celery worker for tests: `python -m tests.reports.worker FOLDER [STEP]`.

With a STEP it stops dead there, tells so by a file FOLDER/halted, and waits to be killed. Without one it sweeps every
second, as beat would every minute. Renditions are those that are quickly made.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django

django.setup()

from config.celery import app  # noqa: E402
from reports import renderers  # noqa: E402
from reports.closings import computing, drafting, releasing, rendering, working  # noqa: E402
from reports.models import Edition  # noqa: E402

FORMATS = ("csv", "json")
# Where a worker dies: the step's name, and the function before (or after) which it does.
STEPS = {
    "claimed": (working, "compute", "before"),
    "figures computed, not written": (computing, "_write", "before"),
    "content written, not committed": (Edition.objects, "bulk_create", "after"),
    "computed": (working, "render", "before"),
    "file stored, row not written": (rendering, "_kept", "after"),
    "first rendition's row written": (rendering, "_store", "after"),
    "rendered": (working, "release", "before"),
    "released, not committed": (releasing.audit, "done", "after"),
}
# The same of a month that two people release: till its draft is shown, till its files are stored, till it is released.
AGREED_STEPS = (
    {
        "draft's file stored, row not written": (rendering, "_kept", "after"),
        "draft stored, not shown": (drafting, "_show", "before"),
        "shown, not committed": (releasing.audit, "done", "after"),
    },
    {
        "comments closed, not committed": (releasing.audit, "done", "after"),
        "comments closed": (working, "render", "before"),
        "file stored with them, row not written": (rendering, "_kept", "after"),
        "rendered with them": (working, "release", "before"),
    },
    {"let be, not committed": (releasing.audit, "done", "after")},
)
EVERY_STEP = {name: where for steps in (STEPS, *AGREED_STEPS) for name, where in steps.items()}


def halt(folder: Path) -> None:
    """Say so, and wait for the end."""
    (folder / "halted").write_text("")
    time.sleep(600)


def halting(folder: Path, step: str) -> None:
    """Make the worker stop at the step."""
    where, name, when = EVERY_STEP[step]
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
    renderers.FORMATS = {form: renderers.FORMATS[form] for form in FORMATS}
    options = ["--quiet", "worker", "--loglevel=INFO", "--concurrency=1", "--without-gossip", "--without-mingle"]
    if len(sys.argv) > 2:
        halting(folder, sys.argv[2])
    else:
        app.conf.beat_schedule = {"sweep": {"task": "reports.tasks.sweep_closings", "schedule": 1.0}}
        options += ["--beat", f"--schedule={folder / 'beat'}"]
    app.worker_main(options)
