"""An invariant of the record: a statement that selects whatever breaks it. Nothing selected: it holds.

Each is one set-based statement over the whole record, so that PostgreSQL reads the tables and nothing is loaded here;
what no statement can tell (whether a closing computes again) is found row by row. It is asked of the record as
committed at one moment: nobody need stop writing. What is told of the rows that break it is a public identifier, a
code or a number, never what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

if TYPE_CHECKING:
    from django.utils.functional import Promise

FIRST = 5  # so many of those that break it are named


@dataclass(frozen=True)
class Invariant:
    """What must always hold.

    `statement` selects text named `what`, one row for each thing of which it does not hold; given as a function where
    it follows from the models. `within`: the context in which row-level security shows what it asks about. `find`
    stands in its place where no statement can ask, and yields the same text.
    """

    name: str
    says: str | Promise
    statement: str | Callable[[], str] = ""
    parameters: Callable[[], Mapping[str, Any] | None] = field(default=lambda: None)
    within: Callable[[], AbstractContextManager[None]] = nullcontext
    find: Callable[[], Iterable[str]] | None = None


@dataclass(frozen=True)
class Broken:
    """How many things break an invariant (0: it holds), and the first of them."""

    count: int
    first: tuple[str, ...] = ()


def examine(invariant: Invariant) -> Broken:
    """Ask whether the invariant holds of the whole record."""
    if invariant.find is not None:
        return _found(invariant.find())
    statement = invariant.statement if isinstance(invariant.statement, str) else invariant.statement()
    with transaction.atomic(), invariant.within(), connection.cursor() as cursor:
        # Whole tables are joined, whatever PostgreSQL believes of a set that was just imported: never row by row.
        cursor.execute("select set_config('work_mem', '64MB', true), set_config('enable_nestloop', 'off', true)")
        cursor.execute(
            f"""
            with offending (what) as materialized ({statement})
            select (select count(*) from offending),
                   array(select what from offending order by what collate "C" limit {FIRST})
            """,
            invariant.parameters(),
        )
        count, first = cursor.fetchone()
    return Broken(count, tuple(first))


def _found(offending: Iterable[str]) -> Broken:
    count, first = 0, []
    for what in offending:
        count += 1
        if count <= FIRST:
            first.append(what)
    return Broken(count, tuple(first))
