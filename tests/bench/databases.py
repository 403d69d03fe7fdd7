"""Databases to measure in, each a copy of one that holds the truce: what a run writes is not there in the next."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from monitoring import accreditation, areas, ledger, mechanism, mechanism_file
from monitoring.models import Agreement, User
from tests.conftest import MECHANISMS, OWNER, TEMPLATE, superuser_connection
from tests.second_factors import with_second_factor

TRUCE = "bench_truce"
BEGAN = "2010-01-01"

# The exercise's truce, begun long enough ago to have a history, and not ended; a proposal stands for two weeks.
CHANGES = (
    ("in_force_from = 2025-03-02", f"in_force_from = {BEGAN}"),
    ("in_force_until = 2025-04-01\n", ""),
    ("2025-03-01", BEGAN),
    ("adopted_on = 2025-02-", "adopted_on = 2009-12-"),
    ("seconding_days = 0", "seconding_days = 14"),
)


def make_truce() -> None:
    """Make the database that the others are copied from: migrated by the owner, the truce loaded, people accredited."""
    create(TRUCE, of=TEMPLATE)
    connect(TRUCE, role=OWNER)
    call_command("migrate", verbosity=0)
    connect(TRUCE)
    _load()
    connections.close_all()


def create(name: str, *, of: str = TRUCE) -> None:
    """Make the database `name` as a copy of another."""
    connections.close_all()
    with superuser_connection("postgres") as postgres:
        postgres.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        statement = sql.SQL("create database {} owner {} template {}")
        postgres.execute(statement.format(*map(sql.Identifier, (name, OWNER, of))))


def drop(name: str) -> None:
    """Remove the database `name`, and what it takes of the disk."""
    connections.close_all()
    with superuser_connection("postgres") as postgres:
        postgres.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def connect(name: str, *, role: str = "") -> None:
    """Connect Django to the database `name`, as the application's role or as `role`."""
    connections.close_all()
    connection.settings_dict.update(NAME=name, USER=role or settings.DATABASE_APPLICATION_ROLE)
    connection.ensure_connection()


@contextmanager
def superuser(name: str) -> Iterator[psycopg.Connection]:
    """Connect to `name` as the cluster's superuser, no trigger firing: what makes a million rows in minutes."""
    with superuser_connection(name) as postgres:
        postgres.execute("set session_replication_role = replica")
        postgres.execute("set jit = off")
        yield postgres


def truce() -> Agreement:
    """The simulated truce."""
    return Agreement.objects.get(code="exercise")


def person(name: str) -> User:
    """One of the people of the truce."""
    return User.objects.get(username=name)


def _load() -> None:
    text = (MECHANISMS / "exercise.toml").read_text()
    for was, becomes in CHANGES:
        if was not in text:
            raise LookupError(f"exercise.toml no longer says '{was}'.")
        text = text.replace(was, becomes)
    with tempfile.TemporaryDirectory() as folder, ledger.writing() as entry:
        changed = Path(folder) / "exercise.toml"
        changed.write_text(text)
        changed.with_suffix(".geojson").write_text((MECHANISMS / "exercise.geojson").read_text())
        agreement = mechanism.record(mechanism_file.read(changed), by=None, entry=entry).agreement
        areas.load(
            agreement,
            MECHANISMS / "exercise-districts.geojson",
            level="district",
            source="Drawn for the exercise",
            by=None,
            entry=entry,
            code_property="code",
            name_properties={"en": "name"},
        )
    for name, role, guarantor in (
        ("monitor", accreditation.Role.MONITOR, "alder"),
        ("moderator-north", accreditation.Role.MODERATOR, "alder"),
        ("moderator-south", accreditation.Role.MODERATOR, "birch"),
    ):
        user = User.objects.create(username=name)
        if role == accreditation.Role.MODERATOR:
            with_second_factor(user)
        accreditation.accredit(
            user,
            agreement,
            role,
            by=None,
            team=agreement.teams.get(code=f"team-{guarantor}") if role == accreditation.Role.MONITOR else None,
            guarantor=agreement.guarantors.get(code=guarantor),
        )
