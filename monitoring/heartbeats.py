"""That beat and workers live: when each was last heard of. It stands in Redis alone, and is forgotten with it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.core.cache import cache

BEAT, WORKER = "beat", "worker"
REMEMBERED = 7 * 24 * 3600  # seconds
SELDOM = 15.0  # seconds that pass at least between two heartbeats that are written down

_written: dict[str, float] = {}


def heard(name: str) -> None:
    """Write down that `name` lives now; not again within SELDOM."""
    now = time.monotonic()
    if now - _written.get(name, -SELDOM) < SELDOM:
        return
    cache.set(_key(name), int(time.time()), timeout=REMEMBERED)
    _written[name] = now


def last(*names: str) -> dict[str, datetime | None]:
    """When each of `names` was last heard of; None: not since Redis was started. Raises what the cache raises."""
    found = cache.get_many([_key(name) for name in names])
    return {name: _instant(found.get(_key(name))) for name in names}


def _key(name: str) -> str:
    return f"heartbeat:{name}"


def _instant(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
