"""The demo's logins: somebody for each work that the service has pages for, and each comes to it."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from config.demo.accounts import open_accounts
from monitoring.models import User
from tests.everybody import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def logins(exercise, astana, tmp_path, monkeypatch):
    monkeypatch.setenv("DEMO_LOGINS_FILE", str(tmp_path / "logins.json"))
    return open_accounts()


@pytest.mark.parametrize(
    ("name", "what", "where"),
    [
        ("duty-alder", "duty_officer of alder, exercise", "admin:violations_dutycheck_changelist"),
        ("duty-independent", "duty_officer (independent), exercise", "admin:violations_dutycheck_changelist"),
        ("liaison-north", "liaison of north-army, exercise", "complaints"),
        ("liaison-south", "liaison of south-guard, exercise", "complaints"),
        ("auditor", "auditor (independent), exercise", "admin:monitoring_auditentry_changelist"),
        ("moderator-north", "moderator of alder, exercise", "admin:violations_incident_changelist"),
        ("alder", "guarantor of alder, exercise", "editions"),
    ],
)
def test_each_is_listed_and_comes_to_their_work(logins, name, what, where):
    printed = io.StringIO()
    call_command("demo_logins", stdout=printed)
    (line,) = [line for line in printed.getvalue().splitlines() if line.split()[:1] == [name]]
    assert what in line
    assert logins[name]["password"] in line
    assert client_of(User.objects.get(username=name)).get(reverse(where)).status_code == 200


def test_opened_again_nobody_gets_another_password(logins):
    assert open_accounts() == logins
