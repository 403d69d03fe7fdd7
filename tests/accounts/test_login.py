"""One login for every page: name, password, code. What fails is told alike, and leaves its row."""

import logging
import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from monitoring import accreditation, invitations
from monitoring.models import AuditEntry, User
from tests.conftest import PASSWORD
from tests.second_factors import code, log_in

pytestmark = pytest.mark.django_db


def rows(action="session.begin"):
    of = AuditEntry.objects.filter(action=action).order_by("pk")
    return [(row.outcome, row.reason, row.object_id) for row in of]


def summary(answer):
    return re.search(r'role="alert".*?</div>', answer.text, re.DOTALL)[0]


@pytest.mark.parametrize("where", ["/login/", "/admin/login/"])
def test_the_administration_s_login_is_that_of_the_pages(client, people, where):
    asked = client.get(f"{where}?next=/admin/", follow=True)
    assert asked.request["PATH_INFO"] == "/login/"
    answer = log_in(client, "moderator-south", PASSWORD, at="/login/?next=/admin/")
    assert answer.request["PATH_INFO"] == "/admin/"
    assert answer.status_code == 200


def test_the_administration_takes_no_password_of_its_own(client, people):
    client.post("/admin/login/", {"username": "operator", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_password_alone_lets_nobody_in_who_has_a_second_factor(client, people):
    client.post("/login/", {"login": "guarantor-alder", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    for page in ("/editions/", "/admin/", "/account/", "/account/devices/", "/account/second-factor/remove/"):
        assert client.get(page).url.startswith(("/login/", "/admin/login/")), page
    assert client.get("/api/v1/editions/").status_code == 401


@pytest.mark.parametrize("wrong", ["", "000000", "123", "99999999", "not a code", "x" * 5000])
def test_a_wrong_code_lets_nobody_in_and_leaves_its_row(client, people, wrong):
    client.post("/login/", {"login": "guarantor-alder", "password": PASSWORD})
    answer = client.post("/login/code/", {"code": wrong})
    assert answer.status_code == 200
    assert "You are not logged in" in answer.text
    assert "_auth_user_id" not in client.session
    if wrong:
        assert rows() == [("denied", "second_factor", str(people.guarantor_alder.public_id))]


def test_a_code_holds_once_and_half_a_minute_around_its_time(client, people):
    assert log_in(client, "guarantor-alder", PASSWORD).request["PATH_INFO"] == "/editions/"
    another = Client()
    used = code()
    another.post("/login/", {"login": "guarantor-alder", "password": PASSWORD})
    for old in (used, code(step=-5), code(step=5)):
        assert "This code does not hold" in another.post("/login/code/", {"code": old}).text


def test_who_logged_in_and_out_is_in_the_audit(client, people):
    log_in(client, "guarantor-alder", PASSWORD)
    client.post("/logout/")
    assert [row.actor for row in AuditEntry.objects.filter(action__startswith="session.")] == [
        people.guarantor_alder
    ] * 2
    assert rows() == [("done", "", "")]
    assert rows("session.end") == [("done", "", "")]


def test_a_wrong_password_and_an_unknown_name_are_told_alike_and_what_was_typed_is_kept(client, people):
    told = [
        client.post("/login/", {"login": name, "password": "wrong"})
        for name in ("guarantor-alder", "guarantor-elder", "superuser ")
    ]
    assert 'value="guarantor-alder"' in told[0].text
    assert "wrong" not in told[0].text.replace('class="field wrong', "")
    assert len({summary(answer) for answer in told}) == 1
    assert "Name and password do not go together" in summary(told[0])


def test_of_a_failed_login_the_audit_names_an_account_that_exists_and_no_name_that_was_guessed(client, people):
    for name in ("guarantor-alder", "Zubaydah"):
        client.post("/login/", {"login": name, "password": "wrong"})
    assert rows() == [("denied", "password", str(people.guarantor_alder.public_id)), ("denied", "password", "")]
    assert not AuditEntry.objects.filter(reason__contains="Zubaydah").exists()


@pytest.mark.parametrize("name", ["guarantor-alder", "nobody-at-all", "without-a-password", "inactive"])
def test_a_name_that_exists_costs_the_hash_that_one_that_does_not_costs(client, people, monkeypatch, name):
    User.objects.create_user("without-a-password", password=None)
    User.objects.create_user("inactive", password=PASSWORD, is_active=False)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    client.post("/login/", {"login": name, "password": "wrong"})
    assert len(hashed) == 1


def test_who_is_asked_for_a_code_may_begin_again_as_another(client, people):
    client.post("/login/", {"login": "guarantor-alder", "password": PASSWORD})
    assert client.get("/login/").url == "/login/code/"
    assert 'action="/logout/"' in client.get("/login/code/").text
    client.post("/logout/")
    assert log_in(client, "monitor-north", PASSWORD).request["PATH_INFO"] == "/account/"


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_logging_in_does_not_lead_to_another_site(client, people, to):
    answer = client.post(f"/login/?next={to}", {"login": "monitor-north", "password": PASSWORD, "next": to})
    assert answer.url == reverse("home")


def test_the_session_has_another_key_after_logging_in(client, people):
    client.get("/login/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    log_in(client, "guarantor-alder", PASSWORD)
    assert client.session.session_key != before
    assert "_auth_user_id" in client.session


def test_work_is_where_one_is_led(client, people):
    for name, where in (
        ("guarantor_birch", "/editions/"),
        ("moderator_north", "/admin/"),
        ("monitor_north", "/account/"),
    ):
        client.force_login(getattr(people, name))
        assert client.get("/", follow=True).request["PATH_INFO"] == where


def test_whoever_is_inactive_or_holds_no_accreditation_is_not_let_in(client, people):
    people.guarantor_birch.is_active = False
    people.guarantor_birch.save()
    assert "do not go together" in log_in(client, "guarantor-birch", PASSWORD).text
    accreditation.end(people.guarantor_alder.accreditations.get(), by=None)
    answer = log_in(client, "guarantor-alder", PASSWORD)
    assert answer.status_code == 403
    assert "holds no accreditation now" in answer.text
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_and_no_page_of_the_library_is_there_that_we_do_not_list(client, db):
    for path in ("/signup/", "/accounts/", "/account/email/", "/password/reset/", "/account/signup/", "/login/code/x/"):
        assert client.get(path).status_code == 404, path


def test_no_log_holds_a_name_a_password_a_code_a_link_or_an_address(client, people, caplog):
    link = invitations.invite(people.monitor_south, by=None)
    used = code()
    address = "198.51.100.77"
    with caplog.at_level(logging.DEBUG):
        for name, password in (("guarantor-alder", "grey herons wade"), ("Zubaydah", PASSWORD)):
            for _ in range(6):
                client.post("/login/", {"login": name, "password": password}, REMOTE_ADDR=address)
        client.post("/login/", {"login": "guarantor-alder", "password": PASSWORD})
        client.post("/login/code/", {"code": "271828"})
        client.post("/login/code/", {"code": used})
        client.get("/account/nowhere/")
        client.get("/admin/")
        client.get(link, follow=True)
        Client().get(link[:-3] + "xx/", follow=True)
    assert "/admin/" in caplog.text, "there is a log"
    for said in ("alder", "herons", "Zubaydah", PASSWORD, "271828", used, address, link.split("/")[-2]):
        assert said not in caplog.text
