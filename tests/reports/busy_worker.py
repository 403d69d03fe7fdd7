"""A Celery worker as production starts it, for tests that kill it: `python -m tests.reports.busy_worker`.

Two things are told otherwise: a dead worker's lease runs out in seconds, and a closing is never laid aside for having
been killed at too often, which at random it may be.
"""

from __future__ import annotations

from datetime import timedelta

import django

django.setup()

from config.celery import app  # noqa: E402
from reports.closings import leasing  # noqa: E402

if __name__ == "__main__":
    leasing.LENGTH = timedelta(seconds=6)
    leasing.ATTEMPTS = 1000
    app.worker_main(["worker", "--loglevel=INFO", "--concurrency=1", "--without-gossip", "--without-mingle"])
