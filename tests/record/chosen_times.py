"""Rows with times of a test's choosing: what the guards of the record refuse to everybody but a superuser."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import connection
from django.db.models import Model
from psycopg import sql

from tests.conftest import superuser_connection


@contextmanager
def chosen_times(*dated_back: type[Model]):
    """Within a transaction, let rows be written with stamps to come or long past: no trigger fires in this block.

    The cluster's superuser lends the application's role the one setting that turns triggers off, and takes it back; so
    too the right to change when rows of the tables `dated_back` were recorded.
    """
    database, role = connection.settings_dict["NAME"], sql.Identifier(connection.settings_dict["USER"])
    with superuser_connection(database) as postgres:
        postgres.execute(sql.SQL("grant set on parameter session_replication_role to {}").format(role))
        tables = [sql.Identifier(table._meta.db_table) for table in dated_back]
        for table in tables:
            postgres.execute(sql.SQL("grant update (recorded_at) on {} to {}").format(table, role))
        try:
            with connection.cursor() as cursor:
                cursor.execute("set local session_replication_role = replica")
                yield
                cursor.execute("set local session_replication_role = origin")
        finally:
            for table in tables:
                postgres.execute(sql.SQL("revoke update (recorded_at) on {} from {}").format(table, role))
            postgres.execute(sql.SQL("revoke set on parameter session_replication_role from {}").format(role))
