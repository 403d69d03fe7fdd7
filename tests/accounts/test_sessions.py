"""A session ends when nobody is there, at the end of a day, with the password; a page that polls keeps none alive."""

import io
import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from config import settings as configured
from config.accounts.sessions import Sessions
from monitoring import accounts
from monitoring.errors import Malformed
from monitoring.models import AuditEntry
from tests.conftest import PASSWORD, superuser_connection
from tests.second_factors import log_in

pytestmark = pytest.mark.django_db


def at(monkeypatch, seconds):
    """Let it be so many seconds later."""
    real, now = time.time, timezone.now
    monkeypatch.setattr(time, "time", lambda: real() + seconds)
    monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(seconds=seconds))


def expiry(client):
    return Session.objects.get(pk=client.session.session_key).expire_date


def test_it_ends_half_an_hour_after_the_last_page(client, people, monkeypatch):
    log_in(client, "guarantor-alder", PASSWORD)
    client.get("/editions/")
    with monkeypatch.context() as later:
        at(later, 29 * 60)
        assert client.get("/editions/").status_code == 200
    with monkeypatch.context() as later:
        at(later, 58 * 60)
        assert client.get("/editions/").status_code == 200
    with monkeypatch.context() as later:
        at(later, 89 * 60)
        assert client.get("/editions/").url.startswith("/login/")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/v1/editions/", {}),
        ("/editions/", {"sec-fetch-mode": "cors"}),
        ("/editions/", {"x-requested-with": "XMLHttpRequest"}),
    ],
)
def test_what_is_fetched_keeps_none_alive(client, people, monkeypatch, path, headers):
    log_in(client, "guarantor-alder", PASSWORD)
    client.get("/editions/")
    before = expiry(client)
    for minutes in (10, 20, 29):
        with monkeypatch.context() as later:
            at(later, minutes * 60)
            assert client.get(path, headers=headers).status_code == 200
    assert expiry(client) == before
    at(monkeypatch, 31 * 60)
    assert client.get("/editions/").url.startswith("/login/")


def test_it_ends_after_a_working_day_whatever_was_opened(client, people, monkeypatch):
    log_in(client, "guarantor-alder", PASSWORD)
    client.get("/editions/")
    for minutes in range(25, 12 * 60, 25):
        with monkeypatch.context() as later:
            at(later, minutes * 60)
            assert client.get("/editions/").status_code == 200, minutes
    at(monkeypatch, 12 * 3600 + 60)
    assert client.get("/editions/").url.startswith("/login/")


def test_behind_tls_no_neighbour_sets_a_cookie_of_ours():
    """As the process starts there: what browsers hold of a cookie by that name is Secure, of this host and path /."""
    asked = (
        "import django; django.setup(); from django.conf import settings as s; from config.accounts.adapters import "
        "KNOWN_HERE; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, KNOWN_HERE, s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH)"
    )
    environment = os.environ | {"HTTPS": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    told = subprocess.run([sys.executable, "-c", asked], env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.split() == [
        "__Host-sessionid",
        "__Host-csrftoken",
        "__Host-known_here",
        "True",
        "True",
        "None",
        "/",
    ]


def test_not_every_page_writes_to_the_database(client, people):
    log_in(client, "guarantor-alder", PASSWORD)
    client.get("/account/")
    before = expiry(client)
    client.get("/account/")
    assert expiry(client) == before


def test_another_password_ends_the_others_and_goes_on_here(client, people):
    other = Client()
    log_in(client, "monitor-north", PASSWORD)
    log_in(other, "monitor-north", PASSWORD)
    key = client.session.session_key
    new = "grey herons wade at low tide"
    answer = client.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )
    assert "Your password is changed" in answer.text
    assert client.get("/account/").status_code == 200
    assert client.session.session_key != key
    assert other.get("/account/").url.startswith("/login/")
    assert AuditEntry.objects.filter(action="password.change", actor=people.monitor_north).count() == 1
    assert log_in(Client(), "monitor-north", new).request["PATH_INFO"] == "/account/"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("not this", "grey herons wade at low tide", "This is not your password"),
        (PASSWORD, "short one", "too short"),
        (PASSWORD, "password1234", "too common"),
        (PASSWORD, "ceasefire-exercise-alder", "everybody here knows"),
        (PASSWORD, "monitor-north-1", "similar"),
    ],
)
def test_a_password_that_is_guessed_is_refused_with_the_reason(client, people, old, new, told):
    log_in(client, "monitor-north", PASSWORD)
    answer = client.post("/account/password/", {"oldpassword": old, "password1": new, "password2": new})
    assert told in answer.text
    assert "Your password is not changed" in answer.text
    people.monitor_north.refresh_from_db()
    assert people.monitor_north.check_password(PASSWORD)


@pytest.mark.parametrize(
    "good",
    ["twelve chars", "a truce that holds until the herons leave", "𓅓𓃭𓆣𓇋𓈖𓂧𓏏𓊹𓄿𓅱𓆑𓎛", "x y" * 100, "    spaces count    "],
)
def test_length_is_what_counts_and_any_characters_will_do(people, good):
    accounts.change_password(people.monitor_north, good)
    assert people.monitor_north.check_password(good)


def test_the_verb_refuses_what_the_page_refuses(people):
    with pytest.raises(Malformed):
        accounts.change_password(people.monitor_north, "astana-2016")


def logged_in(*names):
    clients = {name: Client() for name in names}
    for name, client in clients.items():
        log_in(client, name, PASSWORD)
    return clients


def are_in(clients):
    return [name for name, client in clients.items() if client.get("/account/").status_code == 200]


def test_at_the_machine_the_sessions_of_one_or_of_all_are_ended(people):
    clients = logged_in("monitor-north", "guarantor-alder", "moderator-north")
    assert are_in(clients) == list(clients)
    call_command("end_sessions", "monitor-north", stdout=io.StringIO())
    assert are_in(clients) == ["guarantor-alder", "moderator-north"]
    call_command("end_sessions", "--everybody", stdout=io.StringIO())
    assert are_in(clients) == []
    ended = AuditEntry.objects.filter(action="session.end_all", outcome="done").order_by("pk")
    assert [entry.object_id for entry in ended] == [str(people.monitor_north.public_id), ""]
    log_in(clients["monitor-north"], "monitor-north", PASSWORD)
    assert are_in(clients) == ["monitor-north"]


@pytest.mark.parametrize("arguments", [[], ["monitor-north", "--everybody"], ["nobody"]])
def test_whose_sessions_end_is_said_once_and_exactly(people, arguments):
    with pytest.raises(CommandError):
        call_command("end_sessions", *arguments)
    assert not AuditEntry.objects.filter(action="session.end_all").exists()


def test_a_password_is_kept_by_argon2(settings):
    settings.PASSWORD_HASHERS = configured.PASSWORD_HASHERS  # other tests take a quick one
    assert identify_hasher(make_password(PASSWORD)).algorithm == "argon2"


@pytest.fixture
def changed(rf):
    """A request in whose course the session was changed."""
    request = rf.get("/editions/")
    request.session = SessionStore()
    request.session.create()
    request.session["seen"] = 1
    return request


@pytest.mark.django_db(transaction=True)
def test_a_database_that_fails_while_a_session_is_written_is_no_fault_of_who_asked(changed):
    with superuser_connection("postgres") as postgres:
        postgres.execute("select pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    with pytest.raises(OperationalError):
        Sessions(lambda _request: HttpResponse()).process_response(changed, HttpResponse())
    connection.close()


def test_a_session_that_was_ended_meanwhile_is_told_so(changed):
    Session.objects.all().delete()
    with pytest.raises(SessionInterrupted):
        Sessions(lambda _request: HttpResponse()).process_response(changed, HttpResponse())
