"""How much memory a process takes that makes reports: what would take more fails, and takes nothing else down with it.

Said here for all who walk the road of a closing, worker or command; Typst, which would end the process that it fails
in, has a process of its own (reports.renderers.typesetting) held to the same.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


def bound() -> None:
    """Hold this process to the limit for as long as it lives: a worker's."""
    most = settings.CELERY_WORKER_ADDRESS_SPACE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


@contextmanager
def bounded() -> Iterator[None]:
    """Hold this process, and those it starts, to the limit meanwhile: what it does before and after is not ours."""
    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = settings.CELERY_WORKER_ADDRESS_SPACE
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, hard))
