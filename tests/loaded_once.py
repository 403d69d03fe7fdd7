"""The exercise's truce and its people, loaded by the verbs once a test database and put back as rows for each test.

What a test finds is what the verbs wrote, stamps and all; only that it was written when the database was made. The rows
are put back by a function of the cluster's superuser, for the record's own guards refuse stamps of the past.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from django.db import connection
from psycopg import sql

UNTOUCHED = ("django_migrations", "django_content_type", "auth_permission", "spatial_ref_sys")


def tables(postgres: psycopg.Connection) -> list[str]:
    """Every table of the service but those that migrations alone fill."""
    found = postgres.execute("select tablename from pg_tables where schemaname = 'public' order by tablename")
    return [name for (name,) in found if name not in UNTOUCHED]


def empty(postgres: psycopg.Connection) -> None:
    """Empty every table, with triggers off: the record refuses others. Sequences go on, past what is put back.

    Truncated, a table is one of which nothing is known; deleted from, the planner would believe that it stays empty.
    """
    names = tables(postgres)
    any_row = sql.SQL(" union all ").join(
        sql.SQL("select {}, exists (select from {})").format(name, sql.Identifier(name)) for name in names
    )
    filled = [name for name, rows in postgres.execute(any_row) if rows]
    with postgres.transaction():
        postgres.execute("set local session_replication_role = replica")
        if filled:
            names = sql.SQL(", ").join(map(sql.Identifier, filled))
            postgres.execute(sql.SQL("truncate {} cascade").format(names))


def keep(postgres: psycopg.Connection, part: str, write: Callable[[], object]) -> None:
    """Keep what `write` adds to the record as `part`, which `put_back` brings again."""
    before = {name: _kept_as(postgres, name) for name in tables(postgres)}
    write()
    postgres.execute("create schema if not exists kept")
    statements = []
    for name, rows in before.items():
        after = _kept_as(postgres, name)
        if changed := {key for key, row in rows.items() if after.get(key) != row}:
            raise AssertionError(f"{part} changes rows of {name}: {changed}")
        if added := sorted(after.keys() - rows.keys()):
            kept = sql.Identifier("kept", f"{part}_{name}")
            postgres.execute(
                sql.SQL("create table {} as select * from {} kept where ctid = any({}::tid[])").format(
                    kept, sql.Identifier(name), sql.Literal(list(added))
                )
            )
            statements.append(
                sql.SQL("insert into {} overriding system value select * from {};").format(sql.Identifier(name), kept)
            )
    body = sql.SQL("begin atomic {} end").format(sql.SQL(" ").join(statements))
    postgres.execute(
        sql.SQL(
            "create function kept.{}() returns void language sql security definer"
            " set session_replication_role = replica {}"
        ).format(sql.Identifier(part), body)
    )
    postgres.execute("grant usage on schema kept to public")


def _kept_as(postgres: psycopg.Connection, name: str) -> dict[str, str]:
    """The rows of a table by where they lie, as text."""
    rows = postgres.execute(sql.SQL("select ctid::text, kept::text from {} kept").format(sql.Identifier(name)))
    return dict(rows.fetchall())


def put_back(part: str) -> None:
    """Bring `part` again, within the transaction of the test that asks."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("select kept.{}()").format(sql.Identifier(part)))
