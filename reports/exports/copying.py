"""A table as it leaves: COPY's own lines in blocks, part by part, in constant memory, with an end that can be told.

Nothing of the table is held: PostgreSQL sends lines, which go on in blocks of `A_BLOCK`. All is read in one snapshot of
the record, in a transaction that holds nothing of the ledger and writes nothing. What fails on the way raises out of
the stream: the server then cuts the connection before the last chunk, and no client takes a part for the whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from monitoring.errors import NotNow

A_BLOCK = 64 * 1024
AS_CSV = "format csv"
# Lines as they are, whatever stands in them: JSON holds neither of these signs.
AS_THEY_ARE = r"format csv, delimiter E'\x01', quote E'\x02'"


class CutShortError(Exception):
    """A stream that ends before its table does: the reader was too slow, or the database gave up."""


@dataclass(frozen=True)
class Part:
    """One COPY: a statement that gives lines, and what it asks for."""

    statement: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A table to be sent: what comes before its lines, the COPYs that give them, what comes after.

    `parting`: what each line begins with, and the first of all does not. `account`: who takes it, one at a
    time. `until`: when it has to be told, by the clock that is never set; else as long as `settings.EXPORT_SECONDS`.
    """

    head: bytes
    parts: Callable[[], Iterable[Part]]
    written: str = AS_CSV
    parting: bytes = b""
    tail: bytes = b""
    account: int | None = None
    until: float | None = None

    def __iter__(self) -> Iterator[bytes]:
        """The table in blocks.

        Raises NotNow, before any, where another is on its way to the account; CutShortError where there is not time
        enough to tell it to its end.
        """
        until = self.until or ends_by()
        try:
            with under_way(self.account) as cursor:
                yield self.head
                first = True
                for part in self.parts():
                    for block in self._copied(cursor, part, until):
                        yield block.removeprefix(self.parting) if first else block
                        first = False
                yield self.tail
        except (OperationalError, psycopg.OperationalError) as error:
            raise CutShortError(type(error).__name__) from error

    def ending(self, until: float) -> Table:
        """The same, as part of a stream that has to have ended by then."""
        return replace(self, until=until)

    def _copied(self, cursor: Any, part: Part, until: float) -> Iterator[bytes]:
        left = int(1000 * (until - time.monotonic()))
        if left <= 0:
            raise CutShortError("time")
        cursor.execute("select set_config('statement_timeout', %s, true)", [str(left)])
        block = bytearray()
        with cursor.copy(
            cursor.mogrify(f"copy ({part.statement}) to stdout ({self.written})", part.parameters)
        ) as copy:
            for line in copy:
                block += line
                if len(block) >= A_BLOCK:
                    yield bytes(block)
                    block.clear()
                    if time.monotonic() > until:
                        raise CutShortError("time")
        if block:
            yield bytes(block)


class Begun:
    """A stream whose first blocks are read already: what goes wrong in them is a refusal, and no half of a file."""

    def __init__(self, blocks: Iterable[bytes], *, first: int = 2) -> None:
        self.blocks = iter(blocks)
        try:
            self.read = list(islice(self.blocks, first))
        except CutShortError:
            raise NotNow(
                _("This table takes longer than there is time for now. Try again, or ask for less of it."),
                code="takes_too_long",
            ) from None

    def __iter__(self) -> Iterator[bytes]:
        while self.read:
            yield self.read.pop(0)
        yield from self.blocks

    def close(self) -> None:
        """Let go of what is under way: the reader went, or nothing is to be read of it."""
        close = getattr(self.blocks, "close", None)
        if close is not None:
            close()


def ends_by() -> float:
    """Until when a stream that begins now has to have ended."""
    return time.monotonic() + settings.EXPORT_SECONDS


@contextmanager
def under_way(account: int | None) -> Iterator[Any]:
    """A cursor in one view of the record for all statements; within a caller's transaction, in that one's own view.

    A slow reader holds a process of the server as long as it reads. So one table at a time goes to an `account`, and
    `settings.EXPORTS_AT_ONCE` to all: the other processes are left to those who file. Raises NotNow.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("set transaction isolation level repeatable read, read only")
        if account is not None:
            cursor.execute(_TURN, {"account": account, "at_once": settings.EXPORTS_AT_ONCE})
            own, of_all = cursor.fetchone()
            if not own:
                sentence = _("Another table is on its way to you. Wait until it has ended, then ask again.")
                raise NotNow(sentence, code="one_at_a_time")
            if of_all is None:
                sentence = _("Others are taking tables just now. Try again in a minute.")
                raise NotNow(sentence, code="others_first")
        yield cursor


# The lock of the account; then the first place that is free among those there are.
_TURN = """
select own.held, case when own.held then (
    select place from generate_series(1, %(at_once)s) place
    where pg_try_advisory_xact_lock(hashtext('reports.exports of all'), place) limit 1) end
from (select pg_try_advisory_xact_lock(hashtext('reports.exports'), %(account)s) as held offset 0) own
"""
