"""What the service stands on, as its operators look at it: queue, beat and workers, disk, database, backup and drill.

What cannot be told is None, never zero: Redis may be lost, and nothing of the record with it.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from monitoring import heartbeats

logger = logging.getLogger(__name__)

QUEUE = "celery"  # Celery's name for the queue that every task of ours goes through
TAKEN = "unacked"  # and kombu's for what a worker took and has not ended
PATIENCE = 2.0  # seconds that Redis is given to answer
# Where deploy/backup/write-down puts what came of a backup and a drill, below FILES_ROOT.
WRITTEN_DOWN = "operations"
LONGEST = 64 * 1024  # bytes of such a note that are read
MOST = 2**53  # seconds or bytes of one that are believed
AHEAD = timedelta(minutes=5)  # that the clock of whatever wrote it may be ahead


@dataclass(frozen=True)
class Queue:
    """How many tasks wait and how many are with workers; beat and a worker were last heard of when, if at all."""

    waiting: int
    taken: int
    beat_at: datetime | None
    worker_at: datetime | None


@dataclass(frozen=True)
class Noted:
    """What a backup or a drill wrote down: when, how long it took (seconds), its size (bytes), whether all held.

    `at` is None where the note is there and cannot be read, or tells of a time to come: then nothing of it is believed.
    """

    at: datetime | None
    seconds: int | None = None
    size: int | None = None
    passed: bool | None = None


class Note(BaseModel):
    """Such a note as it stands in its file; more may stand in it."""

    model_config = ConfigDict(strict=True)

    at: AwareDatetime
    seconds: Annotated[int, Field(ge=0, le=MOST)] | None = None
    bytes: Annotated[int, Field(ge=0, le=MOST)] | None = None
    passed: bool | None = None


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
    """What the last `name` wrote down as it ended; None where there is nothing. See `Noted` for what cannot be read."""
    path = Path(settings.FILES_ROOT) / WRITTEN_DOWN / f"last-{name}.json"
    try:
        with path.open("rb") as file:
            note = Note.model_validate_json(file.read(LONGEST))
        at = note.at.astimezone(UTC)
        if at > timezone.now() + AHEAD:
            raise ValueError("a time to come")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, OverflowError):
        logger.warning("What the last %s wrote down cannot be read.", name)
        return Noted(None)
    return Noted(at, note.seconds, note.bytes, note.passed)


def _existing(path: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(one for one in (path, *path.parents) if one.exists())


def _database_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        size: int = cursor.fetchone()[0]
    return size
