"""A real PostGIS, reached as the application's role; the owner creates and migrates, as in production.

`./run test` starts a throw-away cluster and says where it is by environment variables.
"""

from __future__ import annotations

import os

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from psycopg import sql

SUPERUSER = os.environ.get("DATABASE_SUPERUSER", "postgres")
OWNER = os.environ.get("DATABASE_OWNER_ROLE", "ceasefire_owner")
TEMPLATE = os.environ.get("DATABASE_TEMPLATE", "ceasefire_template")


def superuser_connection(name: str) -> psycopg.Connection:
    """Connect to the database `name` as the cluster's superuser, autocommit."""
    return psycopg.connect(
        host=settings.DATABASES["default"]["HOST"],
        port=settings.DATABASES["default"]["PORT"] or None,
        dbname=name,
        user=SUPERUSER,
        autocommit=True,
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """Create the test database from the template, migrate it as the owner, and connect as the application."""
    name = f"test_{settings.DATABASES['default']['NAME']}"
    with superuser_connection("postgres") as postgres:
        postgres.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        postgres.execute(
            sql.SQL("create database {} owner {} template {}").format(*map(sql.Identifier, (name, OWNER, TEMPLATE)))
        )
    with django_db_blocker.unblock():
        connection.close()
        application = connection.settings_dict["USER"]
        connection.settings_dict.update(NAME=name, USER=OWNER)
        settings.DATABASES["default"]["NAME"] = name
        call_command("migrate", verbosity=0)
        connection.close()
        connection.settings_dict["USER"] = application
    yield
    with django_db_blocker.unblock():
        connections.close_all()


def empty_tables() -> None:
    """Empty every table but Django's own bookkeeping, as the superuser with triggers off: the record refuses others."""
    keep = {"django_migrations", "django_content_type", "auth_permission", "spatial_ref_sys"}
    connections.close_all()
    with superuser_connection(connection.settings_dict["NAME"]) as postgres:
        tables = [
            name
            for (name,) in postgres.execute("select tablename from pg_tables where schemaname = 'public'")
            if name not in keep
        ]
        postgres.execute("set session_replication_role = replica")
        postgres.execute(
            sql.SQL("truncate {} restart identity cascade").format(sql.SQL(", ").join(map(sql.Identifier, tables)))
        )


@pytest.fixture(autouse=True, scope="session")
def _flush_as_superuser():
    """Transactional tests end with empty tables; Django's own flush would be refused."""
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_tables())
    yield
    patch.undo()
