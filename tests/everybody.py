"""Everybody who may come to a door: each role, who speaks by a device, whose accreditation ended, who is nobody."""

from __future__ import annotations

import time
from datetime import timedelta
from types import SimpleNamespace

from django.test import Client
from django.utils import timezone

from config.accounts.sessions import BEGAN, SEEN
from monitoring import accreditation, devices
from monitoring.models import User
from tests.second_factors import with_second_factor

ROLES = {
    "anonymous": None,
    "filer": "monitor_north",
    "monitor": "monitor_south",
    "moderator": "moderator_south",
    "own-side": "moderator_north",
    "alder": "guarantor_alder",
    "birch": "guarantor_birch",
    "operator": "operator",
    "superuser": "superuser",
    "observer": "observer",
    "auditor": "auditor",
    "elsewhere": "guarantor_elsewhere",
    "duty": "duty_officer",
    "liaison": "liaison",
    "no-factor": "without_second_factor",
    "ended": "ended",
    "device": "monitor_north",
    "ended-dev": "ended",
}
NOT_FOR_LONG = timedelta(hours=1).total_seconds()
BY_DEVICE = {"device", "ended-dev"}  # who speaks by a device's token, and has no session


def all_roles(exercise, astana, people) -> SimpleNamespace:
    """`people`, and those who read for others, look, or did."""
    accredit, alder = accreditation.accredit, exercise.guarantors.get(code="alder")
    names = ("observer", "auditor", "guarantor_elsewhere", "duty_officer", "liaison", "without_second_factor", "ended")
    others = SimpleNamespace(**{name: User.objects.create(username=name) for name in names})
    accredit(others.observer, exercise, "observer", by=None, observer=exercise.observers.get(code="dogwood"))
    accredit(others.auditor, exercise, "auditor", by=None)
    russia = astana.guarantors.get(code="russia")
    accredit(others.guarantor_elsewhere, astana, "guarantor", by=None, guarantor=russia)
    accredit(others.duty_officer, exercise, "duty_officer", by=None)
    accredit(others.liaison, exercise, "liaison", by=None, party=exercise.parties.get(code="south-guard"))
    accredit(others.without_second_factor, exercise, "moderator", by=None)
    for person in (others.auditor, others.guarantor_elsewhere, others.duty_officer):
        with_second_factor(person)
    now = timezone.now()
    for role, team in (("moderator", None), ("operator", None), ("monitor", exercise.teams.get(code="team-alder"))):
        given = accredit(others.ended, exercise, role, by=None, guarantor=alder, team=team)
        accreditation.end(given, by=None)
    term = {"valid_from": now - timedelta(days=2), "valid_until": now - timedelta(days=1)}
    accredit(others.ended, exercise, "guarantor", by=None, guarantor=alder, **term)
    return SimpleNamespace(**vars(people), **vars(others))


def device_of(user) -> Client:
    """A client of a device of `user`, which has a token and no session."""
    token = devices.issue(user, name="phone", by=None)
    return Client(raise_request_exception=False, headers={"authorization": f"Token {token}"})


def client_of(user) -> Client:
    """A client of `user`, logged in; None: of nobody."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
        session = client.session  # they were seen just now, which no request need note; it would be undone each time
        session[BEGAN] = session[SEEN] = time.time() + NOT_FOR_LONG
        session.save()
    return client
