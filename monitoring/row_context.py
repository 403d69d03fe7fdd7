"""For whom a transaction reads: what the policies of row-level security ask, said by a verb for a block of it."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

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
def row_context(name: str, value: str, *, also: Sequence[Ask] = ()) -> Iterator[None]:
    """Set `name` for the transaction, and back at the end; where the block fails, the rollback sets it back.

    Within a block that set it so already nothing has to be said again. `also`: locks that are taken in the same
    statement, in this order.
    """
    inside, said = connection.in_atomic_block, _said.get() or {}
    before = said.get(name, "")
    if inside and before == value and not also:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(*_set(name, value, also))
        token = _said.set({**said, name: value})
        try:
            yield
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


def done_within(name: str, value: str, *, also: Sequence[Ask], then: Ask) -> Any:
    """Do `then` with `name` set to `value`, in a single message; return its first row, or None.

    The locks `also` are taken before, in this order, and what is done then sees what was there when they were. The
    statements of a message are one transaction where none is open, and then what only a commit refuses is raised here.
    """
    before = (_said.get() or {}).get(name, "")
    inside = connection.in_atomic_block
    asks = [_set(name, value, also), then, *([("select set_config(%s, %s, true)", [name, before])] if inside else [])]
    statement = "; ".join(statement for statement, _parameters in asks)
    with transaction.atomic() if inside else nullcontext(), connection.cursor() as cursor:
        cursor.execute(statement, [parameter for _statement, parameters in asks for parameter in parameters])
        cursor.nextset()
        return cursor.fetchone()


def _set(name: str, value: str, locks: Sequence[Ask]) -> Ask:
    """The statement that sets `name` and takes `locks`. With locks it is how devices file, and planned once."""
    asks: list[Ask] = [("set_config(%s, %s, true)", [name, value]), *locks]
    statement = "select " + ", ".join(expression for expression, _parameters in asks)
    parameters = [parameter for _expression, parameters in asks for parameter in parameters]
    return _planned(statement).ask(parameters) if locks else (statement, parameters)


@cache
def _planned(statement: str) -> Prepared:
    """A statement that is asked again and again, of which there are as many as verbs that take locks like this."""
    pieces = statement.split("%s")
    numbered = "".join(f"{piece}${number}" for number, piece in enumerate(pieces[:-1], 1)) + pieces[-1]
    name = "hold_" + hashlib.sha256(statement.encode()).hexdigest()[:16]
    return Prepared(name, ["unknown"] * (len(pieces) - 1), numbered)
