"""A real PostGIS, reached as the application's role; the owner creates and migrates, as in production.

`./run test` starts a throw-away cluster and says where it is by environment variables.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache as redis_cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, TransactionTestCase, override_settings
from psycopg import sql

from monitoring import accreditation, areas, ledger, mechanism, mechanism_file
from monitoring.admission import WITH_SECOND_FACTOR
from monitoring.models import Agreement, User
from reports import release_log
from tests import loaded_once, slow_first
from tests.described import require_described
from tests.record import soundness
from tests.second_factors import with_second_factor
from violations import first_filing

SUPERUSER = os.environ.get("DATABASE_SUPERUSER", "postgres")
OWNER = os.environ.get("DATABASE_OWNER_ROLE", "ceasefire_owner")
MECHANISMS = Path(mechanism.__file__).parent / "mechanisms"
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
        with superuser_connection(name) as postgres:
            loaded_once.keep(postgres, "exercise", loaded_exercise)
            loaded_once.keep(postgres, "people", lambda: accredited(Agreement.objects.get()))
            connection.close()
            loaded_once.empty(postgres)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


def empty_tables() -> None:
    """Empty every table but Django's own bookkeeping, as the superuser: the record refuses others."""
    connections.close_all()
    with superuser_connection(connection.settings_dict["NAME"]) as postgres:
        loaded_once.empty(postgres)


@pytest.fixture(autouse=True, scope="session")
def _flush_as_superuser():
    """Transactional tests end with empty tables; Django's own flush would be refused."""
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_tables())
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords():
    """The accounts of each test need no slow hash."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _nobody_failed_before():
    """What Redis remembers of attempts to log in is of one test."""
    yield
    redis_cache.clear()


@pytest.fixture(autouse=True)
def _nothing_was_released_before():
    """What the log of releases tells of, where a test keeps its files nowhere else, is of one test."""
    (Path(settings.FILES_ROOT) / release_log.NAME).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _nothing_was_filed_before():
    """What a process remembers of the last reports is of one test."""
    first_filing._found_before.clear()


@pytest.fixture(autouse=True, scope="session")
def _every_answer_is_described():
    """Whatever a test asks the API, the answer is one that its description tells of."""
    patch, ask = pytest.MonkeyPatch(), Client.request

    def asked(self, **request):
        response = ask(self, **request)
        require_described(request["REQUEST_METHOD"], request["PATH_INFO"], response)
        return response

    patch.setattr(Client, "request", asked)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _any_number_of_requests():
    """A test may ask as often as it likes, where it is not about that."""
    with override_settings(API_REQUESTS_PER_MINUTE=0):
        yield


@pytest.fixture
def exercise(db) -> Agreement:
    """The exercise's truce as its operator loaded it."""
    loaded_once.put_back("exercise")
    return Agreement.objects.get(code="exercise")


def loaded_exercise() -> Agreement:
    """Load the exercise's truce: the mechanism, and the shapes of its six districts."""
    with ledger.writing() as entry:
        version = mechanism.record(mechanism_file.read(MECHANISMS / "exercise.toml"), by=None, entry=entry)
        areas.load(
            version.agreement,
            MECHANISMS / "exercise-districts.geojson",
            level="district",
            source="Drawn for the exercise",
            by=None,
            entry=entry,
            code_property="code",
            name_properties={"en": "name"},
        )
    return version.agreement


@pytest.fixture
def people(exercise) -> SimpleNamespace:
    """Who acts in the exercise, each accredited through the verb; `operator` and `superuser` find nothing."""
    loaded_once.put_back("people")
    return SimpleNamespace(**{name: User.objects.get(username=name.replace("_", "-")) for name in PEOPLE})


def accredited(agreement: Agreement) -> dict[str, User]:
    """Accredit those who act in the exercise, through the verb; return them by name."""
    return {name: _person(agreement, name, **what) for name, what in PEOPLE.items()}


PEOPLE = {
    "monitor_north": {"role": "monitor", "team": "team-alder", "guarantor": "alder"},
    "monitor_south": {"role": "monitor", "team": "team-birch", "guarantor": "birch"},
    "monitor_independent": {"role": "monitor", "team": "team-independent"},
    "moderator_north": {"role": "moderator", "guarantor": "alder"},
    "moderator_north_2": {"role": "moderator", "guarantor": "cedar"},
    "moderator_south": {"role": "moderator", "guarantor": "birch"},
    "moderator_independent": {"role": "moderator"},
    "guarantor_alder": {"role": "guarantor", "guarantor": "alder"},
    "guarantor_birch": {"role": "guarantor", "guarantor": "birch"},
    "guarantor_cedar": {"role": "guarantor", "guarantor": "cedar"},
    "operator": {"role": "operator"},
    "superuser": {},
}


PASSWORD = "correct horse battery staple"
_hashed = cache(make_password)  # slow on purpose: once is enough


def _person(agreement: Agreement, name: str, *, role: str = "", team: str = "", guarantor: str = "") -> User:
    user = User.objects.create(
        username=name.replace("_", "-"),
        password=_hashed(PASSWORD),
        is_staff=role in {"", "moderator", "operator"},
        is_superuser=not role,
    )
    if role:
        accreditation.accredit(
            user,
            agreement,
            role,
            by=None,
            team=agreement.teams.get(code=team) if team else None,
            guarantor=agreement.guarantors.get(code=guarantor) if guarantor else None,
        )
    return with_second_factor(user) if not role or role in WITH_SECOND_FACTOR else user


@pytest.fixture
def astana(db) -> Agreement:
    """The real truce that comes with the service, as its operator loads it."""
    with ledger.writing() as entry:
        return mechanism.record(mechanism_file.read(MECHANISMS / "astana-2016.toml"), by=None, entry=entry).agreement


@pytest.fixture
def minsk(db) -> Agreement:
    """A real truce with an independent mission and without a guarantor, whose day begins at 19:30."""
    with ledger.writing() as entry:
        return mechanism.record(mechanism_file.read(MECHANISMS / "minsk-2015.toml"), by=None, entry=entry).agreement


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Where parts of the tests run at once, each begins with what takes long."""
    parts = getattr(config, "workerinput", {}).get("workercount", 1)
    if parts > 1:
        items[:] = slow_first.ordered(items, parts)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """What a test leaves in the record is sound, unless it says that it wrote `by_hand` what no verb would."""
    result = yield
    if soundness.is_asked_after(item):
        soundness.require_sound(item)
    return result
