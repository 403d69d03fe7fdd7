"""How each invariant of the record is broken by hand: by its name, statements that a superuser does with triggers off.

`{...}` names rows of the whole record (tests.record.whole_record) by number. What else cannot hold then stands beside.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Break:
    """One way to break the invariant `name`; `also`: what is broken with it, whoever does it."""

    name: str
    statements: tuple[str, ...]
    also: frozenset[str] = field(default_factory=frozenset)

    def __str__(self) -> str:
        return self.name


def broken_by(name: str, *statements: str, also: tuple[str, ...] = ()) -> Break:
    return Break(name, statements, frozenset(also))


OTHER = "(select id from monitoring_agreement where code = 'astana-2016')"
A_SECOND = """insert into {table} select (jsonb_populate_record(row, jsonb_build_object('id', 900001{changes}))).*
from {table} row where id = {id}"""


def a_second(table: str, key: str, **changes: str) -> str:
    """SQL: a copy of a row, with another number and with `changes`."""
    told = "".join(f", '{column}', {value}" for column, value in changes.items())
    return A_SECOND.format(table=table, id=f"{{{key}}}", changes=told)
