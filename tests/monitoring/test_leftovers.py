"""Sessions and devices that are over are removed on beat's schedule; what still holds stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from config.celery import app
from monitoring import devices, invitations, leftovers, tasks
from monitoring.models import DeviceToken, User

pytestmark = pytest.mark.django_db


def over(rows, **column) -> None:
    """Let rows have ended some time ago."""
    rows.update(**{name: timezone.now() - ago for name, ago in column.items()})


def test_beat_asks_for_it_every_hour_and_a_worker_knows_it():
    entry = settings.CELERY_BEAT_SCHEDULE["clear-leftovers"]
    app.loader.import_default_modules()
    assert app.tasks[entry["task"]].name == tasks.clear_leftovers.name
    assert entry["schedule"] == 3600.0


def test_a_session_that_ran_out_is_removed_and_one_that_holds_goes_on(people):
    gone, here = Client(), Client()
    gone.force_login(people.moderator_north)
    here.force_login(people.moderator_north)
    over(Session.objects.filter(pk=gone.session.session_key), expire_date=timedelta(minutes=1))
    tasks.clear_leftovers.apply(throw=True)
    assert list(Session.objects.values_list("pk", flat=True)) == [here.session.session_key]
    assert here.get("/account/").status_code == 200
    assert gone.get("/account/").status_code == 302


def test_what_an_opened_invitation_left_is_removed_with_its_session(exercise):
    invited = User.objects.create(username="invited")
    client = Client()
    client.get(invitations.invite(invited, by=None), follow=True)
    (session,) = Session.objects.all()
    assert "_password_reset_token" in session.get_decoded(), "it is kept while the person chooses a password"
    over(Session.objects.all(), expire_date=timedelta(minutes=1))
    assert leftovers.clear() == (1, 0)
    assert not Session.objects.exists()


def test_a_device_that_ran_out_is_shown_for_a_week_and_then_removed(people):
    for name in ("runs", "ran out", "long ago"):
        devices.issue(people.monitor_north, name=name, by=None)
    over(DeviceToken.objects.filter(name="ran out"), expiry=timedelta(days=6))
    over(DeviceToken.objects.filter(name="long ago"), expiry=timedelta(days=8))
    assert leftovers.clear() == (0, 1)
    assert set(DeviceToken.objects.values_list("name", flat=True)) == {"runs", "ran out"}


def test_again_it_removes_nothing(people):
    Client().force_login(people.moderator_north)
    over(Session.objects.all(), expire_date=timedelta(days=1))
    assert leftovers.clear() == (1, 0)
    assert leftovers.clear() == (0, 0)
