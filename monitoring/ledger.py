"""The clock of the record. Every `recorded_at` and `superseded_at` comes from here and from nowhere else.

A writing verb opens `writing()`, takes its row locks in id order, and only then asks `entry.stamp()` for the time: one
reading of the database's `clock_timestamp()`, shared by all rows of the verb. `writing()` holds a shared advisory lock
until the transaction ends, so that `closed_until()` can tell which past can no longer change: no transaction that still
runs can bring a row stamped before that instant.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from monitoring.row_context import Ask

# The advisory lock that every writer of the record shares; the number is arbitrary and must never change.
LOCK = 20161230
# The one reading of the clock, for a statement that reads it beside what else a verb has to know, its locks being held.
CLOCK = "clock_timestamp()"


class Conflict(Exception):  # noqa: N818 - somebody else was first
    """Another transaction closed the row first; the caller's view of it is stale."""


class Entry:
    """One writing transaction: its instant is read once, when first asked for."""

    def __init__(self) -> None:
        self._stamp: datetime | None = None

    def stamp(self) -> datetime:
        """Return the instant of this entry (aware, UTC, microseconds). Ask after the row locks are held."""
        if self._stamp is None:
            self._stamp = now()
        return self._stamp

    def close(self, rows: models.QuerySet, *, expected: int | None = None) -> int:
        """Supersede the open ones of `rows` at this entry's instant.

        Returns how many were closed. Raises Conflict where `expected` is given and another number was open: somebody
        else was first.
        """
        closed = rows.filter(superseded_at__isnull=True).update(superseded_at=self.stamp())
        if expected is not None and closed != expected:
            raise Conflict(f"{rows.model._meta.verbose_name}: {closed} open rows where {expected} were expected.")
        return closed


@contextmanager
def writing() -> Iterator[Entry]:
    """Open a transaction that may write to the record; nested calls share the outer transaction, not its stamp."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock_shared(%s)", [LOCK])
        yield Entry()


def entered() -> RawSQL:
    """The instant of a row that is all there is to its entry, for the one statement that writes it.

    It does what `writing` does: the lock is held before the clock is read, for the clock is read of the row that taking
    the lock gives; and it is held until the transaction ends, which is the statement's own where none is open.
    """
    instant = f"(with held as materialized (select pg_advisory_xact_lock_shared(%s)) select {CLOCK} from held)"
    return RawSQL(instant, [LOCK], output_field=models.DateTimeField())  # noqa: S611 - nothing of it is given


def lock() -> Ask:
    """The lock of `writing`, for a verb that takes several in one statement and reads CLOCK in a later one."""
    return "pg_advisory_xact_lock_shared(%s)", [LOCK]


def now() -> datetime:
    """The clock of the record just now: what says whether an instant has come."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {CLOCK}")
        instant: datetime = cursor.fetchone()[0]
    return instant


def closed_until() -> datetime | None:
    """Return the instant up to which the record can no longer change, or None where that cannot be told just now.

    That is now, or, where others are writing, the moment at which the longest of them began. Now is read first, alone:
    who takes the lock after that stamps after it. Where a writer's beginning is not to be seen, the answer is None.
    """
    before = now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select bool_or(activity.xact_start is null), min(activity.xact_start)
            from pg_locks held
            left join pg_stat_activity activity on activity.pid = held.pid
            where held.locktype = 'advisory' and held.granted
              and held.database = (select oid from pg_database where datname = current_database())
              and held.classid = 0 and held.objid = %s and held.objsubid = 1
              and held.pid <> pg_backend_pid()
            """,
            [LOCK],
        )
        unseen, oldest = cursor.fetchone()
    if unseen:
        return None
    return before if oldest is None else min(before, oldest)
