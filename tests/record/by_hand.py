"""What only somebody with the superuser's rights can do to the record, done within a test's own transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg import sql

from tests.conftest import SUPERUSER, superuser_connection


@contextmanager
def superuser_rights():
    """Within a transaction, let the test do anything: no trigger fires, no policy hides, no right is missing.

    The cluster's superuser lends the application's role its own, and takes it back. A rollback undoes what was done.
    """
    database, role = connection.settings_dict["NAME"], connection.settings_dict["USER"]
    lent = sql.Identifier(SUPERUSER), sql.Identifier(role)
    with superuser_connection(database) as postgres:
        postgres.execute(sql.SQL("grant {} to {}").format(*lent))
        try:
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
                cursor.execute("select count(*) from pg_auth_members")  # by which the session learns of the grant
                cursor.execute(sql.SQL("set local role {}").format(lent[0]))
                cursor.execute("set local session_replication_role = replica")
                yield
                cursor.execute("set local session_replication_role = origin")
                cursor.execute("set local role none")
        finally:
            postgres.execute(sql.SQL("revoke {} from {}").format(*lent))


def by_hand(statement: str, *values: Any) -> None:
    """Do `statement` as the superuser would, triggers off. It must do something."""
    with superuser_rights(), connection.cursor() as cursor:
        cursor.execute(statement, list(values) or None)
        assert cursor.rowcount, statement
