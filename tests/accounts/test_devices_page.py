"""Devices: made, listed and revoked by their holder, revoked by an operator too; they run out by themselves."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from monitoring import accreditation, devices
from monitoring.models import AuditEntry, DeviceToken, User
from tests.conftest import PASSWORD
from tests.second_factors import log_in, with_second_factor

pytestmark = pytest.mark.django_db
PAGE = "/account/devices/"


@pytest.fixture
def holder(client, people):
    """A monitor who has just logged in."""
    log_in(client, "monitor-north", PASSWORD)
    return client


def reads(client, token):
    return client.get("/api/v1/incident-reports/", headers={"authorization": f"Token {token}"}).status_code


def made(client, name="field phone 2"):
    return re.search(r"<code>(\w{64})</code>", client.post(PAGE, {"name": name}).text)[1]


def test_a_token_is_shown_once_and_speaks(holder):
    token = made(holder)
    assert reads(holder, token) == 200
    page = holder.get(PAGE)
    assert token not in page.text
    assert "field phone 2" in page.text
    assert "no-store" in page["Cache-Control"]


def test_it_is_revoked_at_once_by_its_holder_and_by_nobody_else(holder, people):
    token = made(holder)
    address = reverse("device-revoke", args=[DeviceToken.objects.get().public_id])
    holder.force_login(people.monitor_south)
    assert holder.post(address).status_code == 404
    assert reads(holder, token) == 200
    holder.force_login(people.monitor_north)
    assert holder.get(address).status_code == 405
    assert "can no longer speak for you" in holder.post(address, follow=True).text
    assert reads(holder, token) == 401
    done = AuditEntry.objects.filter(outcome="done", action__startswith="device.").order_by("pk")
    assert [(row.action, row.actor) for row in done] == [
        ("device.issue", people.monitor_north),
        ("device.revoke", people.monitor_north),
    ]


def test_whose_proof_is_a_while_ago_shows_it_again_before_a_token_is_made(holder):
    session = holder.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    answer = holder.post(PAGE, {"name": "phone"}, follow=True)
    assert answer.request["PATH_INFO"] == "/account/again/"
    assert not DeviceToken.objects.exists()
    assert "This is not your password" in holder.post(f"/account/again/?next={PAGE}", {"password": "wrong"}).text
    assert "field" in holder.post(f"/account/again/?next={PAGE}", {"password": PASSWORD}, follow=True).text
    assert len(made(holder)) == 64


@pytest.mark.parametrize(("name", "told"), [("", "required"), ("phone", "already has a token"), ("x" * 81, "1 to 80")])
def test_a_name_that_will_not_do_is_told_and_no_token_is_made(holder, people, name, told):
    devices.issue(people.monitor_north, name="phone", by=None)
    answer = holder.post(PAGE, {"name": name})
    assert answer.status_code == 400
    assert told in answer.text
    assert DeviceToken.objects.count() == 1


def test_a_token_runs_out_by_itself_and_its_name_is_free_again(holder, people, monkeypatch):
    token = made(holder)
    device = DeviceToken.objects.get()
    assert timedelta(days=179) < device.expiry - timezone.now() <= devices.LASTS
    DeviceToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert len(made(holder)) == 64
    assert reads(holder, token) == 401


def test_when_it_was_last_used_is_known_by_the_hour(holder, people):
    token = made(holder)
    assert "never" in holder.get(PAGE).text
    reads(holder, token)
    used = DeviceToken.objects.get().last_used_at
    assert (used.minute, used.second, used.microsecond) == (0, 0, 0)
    assert timezone.now() - used < timedelta(hours=1)
    assert f"{used:%Y-%m-%d, %H}" in holder.get(PAGE).text


def test_of_an_hour_one_use_is_written(holder, django_assert_num_queries):
    token = made(holder)
    reads(holder, token)
    device = DeviceToken.objects.get()
    with django_assert_num_queries(0):
        devices.note_use(device)


def test_an_operator_lists_and_revokes_and_an_auditor_does_neither_more_than_look(client, people, exercise, astana):
    token = devices.issue(people.monitor_north, name="the lost phone", by=None)
    device = DeviceToken.objects.get()
    revoke = reverse("admin:monitoring_devicetoken_revoke", args=[device.public_id])
    listing = reverse("admin:monitoring_devicetoken_changelist")
    auditor = with_second_factor(User.objects.create(username="auditor"))
    accreditation.accredit(auditor, exercise, "auditor", by=None)
    elsewhere = with_second_factor(User.objects.create(username="elsewhere"))
    accreditation.accredit(elsewhere, astana, "operator", by=None)

    client.force_login(auditor)
    assert "the lost phone" in client.get(listing).text
    assert client.post(revoke).status_code == 403
    client.force_login(elsewhere)
    assert "the lost phone" not in client.get(listing).text
    assert client.post(revoke).status_code == 404
    client.force_login(people.moderator_north)
    assert client.get(listing).status_code == 403
    assert reads(client, token) == 200

    client.force_login(people.operator)
    text = client.get(listing).text
    assert revoke in text
    assert device.digest not in text
    assert client.get(revoke).status_code == 405
    assert "can no longer speak for monitor-north" in client.post(revoke, follow=True).text
    assert reads(client, token) == 401
    assert AuditEntry.objects.filter(action="device.revoke", actor=people.operator).count() == 1
