"""Who guesses is refused, in words; whom they guess at is not shut out. Counted in a real Redis."""

import pytest
from django.test import Client

from monitoring.models import AuditEntry
from tests.conftest import PASSWORD
from tests.second_factors import code, log_in

pytestmark = pytest.mark.django_db
TOLD = "Too many attempts failed"


def tried(client, name="guarantor-alder", password="wrong", address="198.51.100.7"):
    return client.post("/login/", {"login": name, "password": password}, REMOTE_ADDR=address)


@pytest.mark.parametrize("name", ["guarantor-alder", "nobody-at-all"])
def test_after_five_failures_from_an_address_even_the_right_password_is_not_looked_at(client, people, name):
    for _ in range(5):
        assert TOLD not in tried(client, name).text
    for password in ("wrong", PASSWORD):
        answer = tried(client, name, password)
        assert TOLD in answer.text
        assert "Wait five minutes" in answer.text
        assert "_auth_user_id" not in client.session


def test_another_of_our_host_names_gives_no_more_tries(client, people):
    for host in ("testserver", "localhost", "127.0.0.1") * 2:
        client.post("/login/", {"login": "guarantor-alder", "password": "wrong"}, headers={"host": host})
    assert TOLD in tried(client, address="127.0.0.1").text


def test_codes_that_were_not_looked_at_leave_no_row(client, people):
    client.post("/login/", {"login": "guarantor-alder", "password": PASSWORD})
    for _ in range(8):
        client.post("/login/code/", {"code": "000000"})
    assert AuditEntry.objects.filter(reason="second_factor").count() == 5


def test_the_person_elsewhere_is_let_in_meanwhile(client, people):
    for _ in range(9):
        tried(client)
    assert TOLD in tried(client).text
    assert log_in(Client(), "guarantor-alder", PASSWORD).request["PATH_INFO"] == "/editions/"


def test_an_address_that_tries_many_names_is_refused_for_all(client, people):
    for number in range(30):
        assert TOLD not in tried(client, f"name-{number}").text
    assert TOLD in tried(client, "name-31").text
    assert TOLD not in tried(client, "name-31", address="198.51.100.8").text


def test_neighbours_in_a_network_of_version_6_are_one_address(client, people):
    for number in range(5):
        tried(client, address=f"2001:db8:0:1::{number}")
    assert TOLD in tried(client, address="2001:db8:0:1:ffff::1").text


def test_from_many_addresses_an_account_is_counted_by_itself_but_not_where_the_person_was_before(
    client, people, settings
):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_anywhere": "6/10m/key"}
    log_in(client, "guarantor-alder", PASSWORD)
    client.post("/logout/")
    stranger = Client()
    for number in range(6):
        assert TOLD not in tried(stranger, address=f"203.0.113.{number}").text
    assert TOLD in tried(stranger, password=PASSWORD, address="203.0.113.99").text
    client.post("/login/", {"login": "guarantor-alder", "password": PASSWORD}, REMOTE_ADDR="203.0.113.99")
    assert client.get("/login/code/").status_code == 200, "the password was looked at and was right"


def test_the_cookie_of_one_person_speaks_for_no_other_and_names_nobody(client, people):
    log_in(client, "guarantor-alder", PASSWORD)
    cookie = client.cookies["known_here"]
    assert "alder" not in cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_right_logins_are_not_counted(client, people):
    for _ in range(12):
        assert TOLD not in tried(Client(), password=PASSWORD).text


def test_codes_cannot_be_tried_through(client, people):
    client.post("/login/", {"login": "guarantor-alder", "password": PASSWORD})
    for _ in range(5):
        client.post("/login/code/", {"code": "000000"})
    assert TOLD in client.post("/login/code/", {"code": code()}).text
    assert "_auth_user_id" not in client.session


def test_a_spell_of_attempts_leaves_one_row_not_thousands(client, people):
    for _ in range(12):
        tried(client)
    reasons = list(AuditEntry.objects.filter(action="session.begin").values_list("reason", flat=True))
    assert reasons == ["password"] * 5 + ["throttled"]


def test_behind_a_proxy_of_ours_the_address_is_what_it_saw_and_cannot_be_made_up(client, people, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def through(said):
        return client.post(
            "/login/", {"login": "guarantor-alder", "password": "wrong"}, headers={"x-forwarded-for": said}
        )

    for number in range(5):
        through(f"192.0.2.{number}, 198.51.100.7")
    assert TOLD in through("192.0.2.77, 198.51.100.7").text
    assert TOLD not in through("192.0.2.77, 198.51.100.8").text


def test_where_nothing_can_be_counted_nobody_is_let_in_and_it_is_said(client, people, settings):
    client.post("/login/", {"login": "guarantor-alder", "password": PASSWORD})
    away = settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/redis.sock?db=1"}
    settings.CACHES = {"default": away}
    for answer in (tried(Client(), password=PASSWORD), client.post("/login/code/", {"code": code()})):
        assert answer.status_code == 200
        assert "Nobody can be logged in just now" in answer.text
