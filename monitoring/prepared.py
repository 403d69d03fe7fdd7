"""Statements that every request sends alike: planned once for each connection, and only filled in from then on.

Planning what places and judges an incident takes PostgreSQL longer than doing it for one. Types are said, so that the
plan is the same whatever is filled in. A plan falls by itself where a table changes or is analysed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.db import connection

if TYPE_CHECKING:
    from monitoring.row_context import Ask

# What each open connection has planned. It forgets with the session, not with a transaction that is rolled back.
_planned: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared:
    """One statement, its parameters written $1, $2, ... in it; `types` are PostgreSQL's names of their types."""

    def __init__(self, name: str, types: Sequence[str], statement: str) -> None:
        self._name = name
        self._prepare = f"prepare {name} ({', '.join(types)}) as {statement}"
        self._execute = f"execute {name} ({', '.join(['%s'] * len(types))})"

    def ask(self, parameters: Sequence[Any]) -> Ask:
        """Return the statement filled in, to be sent by itself or with others in one message. It is planned then."""
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        planned = _planned.setdefault(connection.connection, set())
        if self._name not in planned:
            with connection.cursor() as cursor:
                cursor.execute(self._prepare)
            planned.add(self._name)
        return self._execute, list(parameters)

    def row(self, parameters: Sequence[Any]) -> Any:
        """Execute it, and return its first row, or None."""
        statement, filled = self.ask(parameters)
        with connection.cursor() as cursor:
            cursor.execute(statement, filled)
            return cursor.fetchone()
