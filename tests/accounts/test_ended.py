"""An accreditation that is ended or runs out ends access at once: sessions, devices, the administration."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from monitoring import accreditation, devices
from monitoring.models import AuditEntry, User
from tests.conftest import PASSWORD
from tests.second_factors import with_second_factor

pytestmark = pytest.mark.django_db


def reads(client, token):
    return client.get("/api/v1/incident-reports/", headers={"authorization": f"Token {token}"}).status_code


def test_a_session_ends_with_the_last_accreditation_and_says_so_once(client, people):
    client.force_login(people.moderator_north)
    assert client.get("/admin/").status_code == 200
    accreditation.end(people.moderator_north.accreditations.get(), by=None)
    told = client.get("/admin/")
    assert told.status_code == 403
    assert "Your account holds no accreditation now" in told.text
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert AuditEntry.objects.filter(action="session.use", outcome="denied", actor=people.moderator_north).count() == 1


def test_who_keeps_another_role_keeps_what_it_opens_and_no_more(client, people, exercise):
    alder = exercise.guarantors.get(code="alder")
    accreditation.accredit(people.moderator_north, exercise, "guarantor", by=None, guarantor=alder)
    client.force_login(people.moderator_north)
    accreditation.end(people.moderator_north.accreditations.get(role="moderator"), by=None)
    assert client.get("/admin/").status_code == 403
    editions = client.get("/editions/")
    assert editions.status_code == 200
    assert "/admin/" not in editions.text


def test_a_term_that_runs_out_ends_a_session_and_a_device_without_anybody_s_doing(client, exercise, monkeypatch):
    user = User.objects.create_user("for-a-week", password=PASSWORD)
    now = timezone.now()
    accreditation.accredit(
        user,
        exercise,
        "monitor",
        by=None,
        team=exercise.teams.get(code="team-independent"),
        valid_from=now - timedelta(days=7),
        valid_until=now + timedelta(minutes=10),
    )
    token = devices.issue(user, name="phone", by=None)
    client.force_login(user)
    assert client.get("/account/").status_code == 200
    assert reads(Client(), token) == 200
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=10))
    assert reads(Client(), token) == 401
    assert client.get("/account/").status_code == 403


def test_an_accreditation_to_come_opens_nothing_yet(client, exercise):
    user = with_second_factor(User.objects.create_user("to-come", password=PASSWORD))
    accreditation.accredit(user, exercise, "moderator", by=None, valid_from=timezone.now() + timedelta(days=1))
    client.force_login(user)
    assert client.get("/admin/").status_code == 403


def test_the_api_is_closed_to_a_session_as_to_a_device(client, people):
    token = devices.issue(people.monitor_north, name="phone", by=None)
    assert reads(client, token) == 200
    client.force_login(people.monitor_north)
    accreditation.end(people.monitor_north.accreditations.get(), by=None)
    assert reads(client, token) == 401
    client.force_login(people.monitor_north)
    answer = client.get("/api/v1/incident-reports/")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_accredited")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_flag_that_was_set_once_lets_nobody_into_the_administration(client, people):
    people.moderator_north.is_staff = True
    people.moderator_north.save()
    accreditation.end(people.moderator_north.accreditations.get(), by=None)
    client.force_login(people.moderator_north)
    assert client.get("/admin/").status_code == 403
