"""What the service stands on, as its operators look at it: queue, beat and workers, disk, database, backup and drill.

What cannot be told is None, never zero: Redis may be lost, and nothing of the record with it.
"""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import connection

from monitoring import heartbeats

logger = logging.getLogger(__name__)

QUEUE = "celery"  # Celery's name for the queue that every task of ours goes through
TAKEN = "unacked"  # and kombu's for what a worker took and has not ended
PATIENCE = 2.0  # seconds that Redis is given to answer
# Where deploy/backup/write-down puts what came of a backup and a drill, below FILES_ROOT.
WRITTEN_DOWN = "operations"
LONGEST = 64 * 1024  # bytes of such a note that are read


@dataclass(frozen=True)
class Queue:
    """How many tasks wait and how many are with workers; beat and a worker were last heard of when, if at all."""

    waiting: int
    taken: int
    beat_at: datetime | None
    worker_at: datetime | None


@dataclass(frozen=True)
class Noted:
    """What a backup or a drill wrote down: when, how long it took (seconds), its size (bytes), whether all held."""

    at: datetime
    seconds: int | None
    size: int | None
    passed: bool | None


@dataclass(frozen=True)
class Machine:
    """`queue` is None where Redis does not answer; sizes in bytes; backup and drill None where none is known."""

    queue: Queue | None
    disk_free: int
    disk_size: int
    database_size: int
    backup: Noted | None
    drill: Noted | None


def look() -> Machine:
    """Return how things are now. One statement."""
    disk = shutil.disk_usage(_existing(Path(settings.FILES_ROOT)))
    return Machine(
        queue=queue(),
        disk_free=disk.free,
        disk_size=disk.total,
        database_size=_database_size(),
        backup=noted("backup"),
        drill=noted("drill"),
    )


def queue() -> Queue | None:
    """How the queue stands; None where Redis does not answer."""
    try:
        with (
            redis.Redis.from_url(
                settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
            ) as broker,
            broker.pipeline(transaction=False) as asked,
        ):
            asked.llen(QUEUE)
            asked.hlen(TAKEN)
            waiting, taken = asked.execute()
        heard = heartbeats.last(heartbeats.BEAT, heartbeats.WORKER)
    except redis.RedisError:
        return None
    return Queue(int(waiting), int(taken), heard[heartbeats.BEAT], heard[heartbeats.WORKER])


def noted(name: str) -> Noted | None:
    """What the last `name` wrote down as it ended; None where there is nothing, or nothing that can be read."""
    path = Path(settings.FILES_ROOT) / WRITTEN_DOWN / f"last-{name}.json"
    try:
        with path.open("rb") as file:
            told = json.loads(file.read(LONGEST))
        at = datetime.fromisoformat(told["at"])
        if at.tzinfo is None:
            raise ValueError("no offset")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        logger.warning("What the last %s wrote down cannot be read.", name)
        return None
    passed = told.get("passed")
    return Noted(
        at, _whole(told.get("seconds")), _whole(told.get("bytes")), passed if isinstance(passed, bool) else None
    )


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _existing(path: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(one for one in (path, *path.parents) if one.exists())


def _database_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        size: int = cursor.fetchone()[0]
    return size
