"""Whose role wants a second factor sets one up before anything else; what is kept of it is encrypted."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.test import Client

from config.demo import accounts as demo
from monitoring import accreditation, devices, second_factor
from monitoring.models import AuditEntry, User
from tests.conftest import PASSWORD
from tests.second_factors import SECRET, code, log_in, with_second_factor

pytestmark = pytest.mark.django_db
SET_UP = "/account/second-factor/set-up/"


@pytest.fixture
def newcomer(people, exercise):
    """A moderator who has a password and no second factor yet."""
    user = User.objects.create_user("newcomer", password=PASSWORD)
    accreditation.accredit(user, exercise, "moderator", by=None)
    return user


def set_up(client) -> tuple[str, list[str]]:
    """Do what the page says; return the secret, and the recovery codes that are shown."""
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", client.get(SET_UP).text)[1]
    shown = client.post(SET_UP, {"code": code(secret)}, follow=True)
    return secret, re.findall(r"<code>(\d{8})</code>", shown.text)


@pytest.mark.parametrize("role", ["duty_officer", "moderator", "auditor", "operator", "guarantor"])
def test_it_comes_before_anything_else(client, exercise, role):
    user = User.objects.create_user("newcomer", password=PASSWORD)
    alder = exercise.guarantors.get(code="alder") if role == "guarantor" else None
    accreditation.accredit(user, exercise, role, by=None, guarantor=alder)
    assert log_in(client, "newcomer", PASSWORD).request["PATH_INFO"] == SET_UP
    for page in ("/", "/admin/", "/editions/", "/account/", "/account/devices/", "/account/password/"):
        assert client.get(page).url == SET_UP
    answer = client.get("/api/v1/editions/")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_missing")


def test_a_monitor_may_do_without_and_may_have_one(client, people):
    assert log_in(client, "monitor-north", PASSWORD).request["PATH_INFO"] == "/account/"
    set_up(client)
    another = Client()
    another.post("/login/", {"login": "monitor-north", "password": PASSWORD})
    assert "_auth_user_id" not in another.session


def test_whoever_is_given_such_a_role_later_is_led_to_it_at_once(client, people, exercise):
    log_in(client, "monitor-independent", PASSWORD)
    assert client.get("/account/").status_code == 200
    accreditation.accredit(people.monitor_independent, exercise, "auditor", by=None)
    assert client.get("/account/").url == SET_UP


def test_a_device_is_no_way_round_it(client, people):
    newcomer = people.guarantor_alder
    second_factor.remove(newcomer, by=None)
    token = devices.issue(newcomer, name="phone", by=None)
    answer = client.get("/api/v1/editions/", headers={"authorization": f"Token {token}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_missing")
    with_second_factor(newcomer)
    assert client.get("/api/v1/editions/", headers={"authorization": f"Token {token}"}).status_code == 200


def test_set_up_shows_recovery_codes_once_and_each_lets_in_once(client, newcomer):
    log_in(client, "newcomer", PASSWORD)
    _secret, codes = set_up(client)
    assert len(set(codes)) == 10
    assert client.get("/admin/").status_code == 200
    again = client.get("/account/recovery-codes/").text
    assert "10 recovery codes are left" in again
    assert not any(one in again for one in codes)
    for expected in ("/admin/", "/login/code/"):
        other = Client()
        other.post("/login/", {"login": "newcomer", "password": PASSWORD})
        assert other.post("/login/code/", {"code": codes[3]}, follow=True).request["PATH_INFO"] == expected
    done = AuditEntry.objects.filter(outcome="done").values_list("action", flat=True)
    assert {"second_factor.set_up", "recovery_code.use"} <= set(done)


def test_new_recovery_codes_take_the_place_of_the_old(client, newcomer):
    log_in(client, "newcomer", PASSWORD)
    _secret, codes = set_up(client)
    shown = client.post("/account/recovery-codes/new/", follow=True).text
    new = re.findall(r"<code>(\d{8})</code>", shown)
    assert len(new) == 10
    assert not set(new) & set(codes)
    assert AuditEntry.objects.filter(action="recovery_codes.make", actor=newcomer).count() == 1


def test_setting_it_up_ends_every_session_that_was_begun_without_it(client, newcomer):
    thief = Client()
    log_in(thief, "newcomer", PASSWORD)
    log_in(client, "newcomer", PASSWORD)
    before = client.session.session_key
    set_up(client)
    assert client.get("/admin/").status_code == 200
    assert client.session.session_key != before
    assert thief.get("/admin/").url.startswith("/admin/login/")


def test_a_wrong_first_code_sets_nothing_up(client, newcomer):
    log_in(client, "newcomer", PASSWORD)
    client.get(SET_UP)
    assert "It is not set up yet" in client.post(SET_UP, {"code": "000000"}).text
    assert not Authenticator.objects.filter(user=newcomer).exists()


def test_it_is_removed_only_by_who_shows_it_again_and_then_set_up_anew(client, people):
    log_in(client, "moderator-south", PASSWORD)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    asked = client.post("/account/second-factor/remove/", follow=True)
    assert asked.request["PATH_INFO"] == "/account/again/code/"
    assert Authenticator.objects.filter(user=people.moderator_south).exists()
    client.post("/account/again/code/?next=/account/second-factor/remove/", {"code": code(step=1)})
    client.post("/account/second-factor/remove/")
    assert not Authenticator.objects.filter(user=people.moderator_south).exists()
    assert client.get("/admin/").url == SET_UP
    assert AuditEntry.objects.filter(action="second_factor.remove", actor=people.moderator_south).count() == 1


def test_what_is_kept_is_encrypted_and_follows_the_keys(client, newcomer, settings, capsys):
    log_in(client, "newcomer", PASSWORD)
    secret, codes = set_up(client)
    kept = str(list(Authenticator.objects.filter(user=newcomer).values_list("data", flat=True)))
    assert secret not in kept
    assert not any(one in kept for one in codes)
    old, new = settings.SEALING_KEYS, Fernet.generate_key().decode()
    settings.SEALING_KEYS = [new, *old]
    call_command("encrypt_second_factors_anew")
    assert capsys.readouterr().out == f"{Authenticator.objects.count()} are encrypted anew.\n"
    settings.SEALING_KEYS = [new]
    other = Client()
    other.post("/login/", {"login": "newcomer", "password": PASSWORD})
    assert other.post("/login/code/", {"code": code(secret, step=1)}, follow=True).request["PATH_INFO"] == "/admin/"


def test_the_demo_shows_codes_of_its_own_accounts_alone(people, monkeypatch, tmp_path, capsys, settings):
    monkeypatch.setenv("DEMO_LOGINS_FILE", str(tmp_path / "logins.json"))
    with pytest.raises(CommandError, match="no account of the demonstration"):
        call_command("demo_code", "moderator-south")
    (tmp_path / "logins.json").write_text(json.dumps({"moderator-south": {"secret": SECRET}}))
    assert demo.known_logins()["moderator-south"]["secret"] == SECRET
    call_command("demo_code", "moderator-south")
    assert capsys.readouterr().out.strip() in {code(), code(step=-1)}
    second_factor.give(people.moderator_south, "A" * 32)
    with pytest.raises(CommandError, match="another by now"):
        call_command("demo_code", "moderator-south")
