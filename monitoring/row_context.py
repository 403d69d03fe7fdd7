"""For whom a transaction reads: what the policies of row-level security ask, said by a verb for a block of it."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from monitoring.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# An expression of SQL with its parameters: something that is taken or said for the transaction.
Ask = tuple[str, list[Any]]

# What the blocks that are open have said, by name. Nobody else says it, so the database need not be asked.
_said: ContextVar[dict[str, str] | None] = ContextVar("said", default=None)


def of_agreements(agreements: Iterable[int]) -> str:
    """What a context says that reads for whole truces, by their ids: as the policies look for it."""
    return " ".join(f"agreement:{pk}" for pk in sorted(set(agreements)))


@contextmanager
def row_context(name: str, value: str, *, also: Sequence[Ask] = (), then: Ask | None = None) -> Iterator[Any]:
    """Set `name` for the transaction, and back at the end; where the block fails, the rollback sets it back.

    Within a block that set it so already nothing has to be said again. `also`: locks that are taken in the same
    statement, in this order. `then`: a statement that is sent in the same message and sees what was there when they
    were taken; the block is given its first row.
    """
    inside, said = connection.in_atomic_block, _said.get() or {}
    before = said.get(name, "")
    if inside and before == value and not also:
        yield None
        return
    asks: list[Ask] = [("set_config(%s, %s, true)", [name, value]), *also]
    with transaction.atomic(), connection.cursor() as cursor:
        statement = "select " + ", ".join(expression for expression, _parameters in asks)
        parameters = [parameter for _expression, parameters in asks for parameter in parameters]
        if also:  # which is how devices file: planned once
            statement, parameters = _planned(statement).ask(parameters)
        if then is not None:
            statement, parameters = f"{statement}; {then[0]}", [*parameters, *then[1]]
        begins = then is not None and _begins()
        cursor.execute(f"begin; {statement}" if begins else statement, parameters)
        if begins:
            cursor.nextset()
        row = cursor.fetchone() if then is not None and cursor.nextset() else None
        token = _said.set({**said, name: value})
        try:
            yield row
        finally:
            _said.reset(token)
        if inside:  # else it ends with the transaction
            cursor.execute("select set_config(%s, %s, true)", [name, before])


def asked_within(name: str, value: str, ask: Ask) -> Any:
    """Return the first row of one question that is asked with `name` set to `value`, in a single message.

    The statements of a message are one transaction where none is open, so it is set for this question alone.
    """
    before = (_said.get() or {}).get(name, "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"select set_config(%s, %s, true); {ask[0]}; select set_config(%s, %s, true)",
            [name, value, *ask[1], name, before],
        )
        cursor.nextset()
        return cursor.fetchone()


def _begins() -> bool:
    """Whether the transaction that Django opened is yet to begin: then it begins in the message that is sent next.

    psycopg would begin it in a message of its own. In autocommit it leaves that to whoever sends the statements, and
    when the transaction ends, Django sets the connection to autocommit anyway.
    """
    server = connection.connection
    if server.info.transaction_status != TransactionStatus.IDLE:
        return False
    server.autocommit = True
    return True


def last(statement: str) -> str:
    """Return `statement` with the commit behind it, in the same message, where the block around is a transaction.

    For the last statement of such a block: Django then finds nothing left to commit. What only a commit refuses is
    raised by the statement. Within another block, which commits when it ends, nothing is put behind.
    """
    return f"{statement}; commit" if len(connection.atomic_blocks) == 1 else statement


@cache
def _planned(statement: str) -> Prepared:
    """A statement that is asked again and again, of which there are as many as verbs that take locks like this."""
    pieces = statement.split("%s")
    numbered = "".join(f"{piece}${number}" for number, piece in enumerate(pieces[:-1], 1)) + pieces[-1]
    name = "hold_" + hashlib.sha256(statement.encode()).hexdigest()[:16]
    return Prepared(name, ["unknown"] * (len(pieces) - 1), numbered)
