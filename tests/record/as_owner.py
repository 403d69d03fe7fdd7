"""Acting as the role that owns the tables, which a test otherwise never is: as the commands do that need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import sql

from tests.conftest import OWNER, superuser_connection


@contextmanager
def as_owner() -> Iterator[None]:
    """Within this block the thread's connection is the owner's own, and no other thread's. In no open transaction."""
    assert not connection.in_atomic_block, "A new connection would see nothing of what this transaction wrote."
    before = connection.settings_dict
    connection.close()
    connection.settings_dict = {**before, "USER": OWNER}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


@contextmanager
def owner_rights() -> Iterator[None]:
    """Within a test's own transaction, act as the owner: triggers fire and policies hide as they would for it.

    The cluster's superuser makes the application's role a member of the owner's, and takes that back.
    """
    database, role = connection.settings_dict["NAME"], connection.settings_dict["USER"]
    lent = sql.Identifier(OWNER), sql.Identifier(role)
    with superuser_connection(database) as postgres:
        postgres.execute(sql.SQL("grant {} to {}").format(*lent))
        try:
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from pg_auth_members")  # by which the session learns of the grant
                cursor.execute(sql.SQL("set local role {}").format(lent[0]))
                yield
                cursor.execute("set local role none")
        finally:
            postgres.execute(sql.SQL("revoke {} from {}").format(*lent))
