"""A link of invitation sets a password once, and leads to the second factor; else it says that it does not hold."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from monitoring import accreditation, invitations
from monitoring.models import AuditEntry, User
from tests.conftest import PASSWORD
from tests.second_factors import log_in

pytestmark = pytest.mark.django_db
CHOSEN = "grey herons wade at low tide"
HOLDS_NOT = "This link does not hold"


@pytest.fixture
def invited(exercise, capsys):
    """A moderator whom the operator invited on the command line, and the link."""
    call_command("accredit", "j-doe", "--agreement", "exercise", "--role", "moderator", "--nobody", "--invite")
    link = capsys.readouterr().out.split()[-1]
    return User.objects.get(username="j-doe"), re.sub(r"^https?://[^/]+", "", link)


def accepted(client, link, password=CHOSEN):
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {"new_password1": password, "new_password2": password}, follow=True)


def test_it_sets_the_password_and_leads_to_the_second_factor(client, invited):
    user, link = invited
    assert not user.has_usable_password()
    answer = accepted(client, link)
    assert answer.request["PATH_INFO"] == "/account/second-factor/set-up/"
    user.refresh_from_db()
    assert user.check_password(CHOSEN)
    done = AuditEntry.objects.filter(outcome="done").order_by("pk").values_list("action", flat=True)
    assert list(done)[-5:] == [
        "account.open",
        "accreditation.give",
        "account.invite",
        "invitation.accept",
        "session.begin",
    ]


def test_the_link_leaves_the_address_before_anything_is_typed(client, invited):
    _user, link = invited
    page = client.get(link, follow=True)
    assert link.split("/")[-2] not in page.request["PATH_INFO"]
    assert link.split("/")[-2] not in page.text
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_it_holds_once(client, invited):
    _user, link = invited
    accepted(client, link)
    assert HOLDS_NOT in Client().get(link, follow=True).text


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_it_at_once_one_does(invited):
    user, link = invited
    clients, ready = [Client() for _ in range(6)], threading.Barrier(6)
    forms = [client.get(link, follow=True).request["PATH_INFO"] for client in clients]

    def used(number):
        password = f"{CHOSEN} {number}"
        ready.wait()
        answer = clients[number].post(forms[number], {"new_password1": password, "new_password2": password})
        connection.close()
        return answer.status_code == 302

    with ThreadPoolExecutor(6) as pool:
        through = list(pool.map(used, range(6)))
    assert through.count(True) == 1
    user.refresh_from_db()
    assert user.check_password(f"{CHOSEN} {through.index(True)}")
    assert AuditEntry.objects.filter(action="invitation.accept").count() == 1


def test_it_holds_three_days(client, invited, monkeypatch):
    _user, link = invited
    now = invitations.tokens._now()
    monkeypatch.setattr(invitations.tokens, "_now", lambda: now.replace(year=now.year + 1))
    assert HOLDS_NOT in client.get(link, follow=True).text


def test_a_newer_one_takes_it_back(client, invited):
    user, link = invited
    newer = invitations.invite(user, by=None)
    assert HOLDS_NOT in client.get(link, follow=True).text
    assert accepted(client, newer).request["PATH_INFO"] == "/account/second-factor/set-up/"


@pytest.mark.parametrize("change", ["user", "token", "nonsense"])
def test_a_link_that_was_tampered_with_does_not_hold(client, invited, people, change):
    _user, link = invited
    address, token = link.strip("/").split("/")[1:]
    made_up = {
        "user": (str(people.operator.public_id), token),
        "token": (address, token[:-1] + ("0" if token[-1] != "0" else "1")),
        "nonsense": ("nobody", "nothing"),
    }[change]
    answer = client.get(reverse("invitation", args=made_up), follow=True)
    assert answer.status_code == 200
    assert HOLDS_NOT in answer.text


def test_a_weak_password_is_refused_and_the_link_still_holds(client, invited):
    user, link = invited
    assert "too common" in accepted(client, link, "password1234").text
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert accepted(client, link).request["PATH_INFO"] == "/account/second-factor/set-up/"


def test_a_forgotten_password_is_no_way_round_the_second_factor(client, people, capsys):
    call_command("invite", "guarantor-alder")
    link = capsys.readouterr().out.strip()
    answer = accepted(client, re.sub(r"^https?://[^/]+", "", link))
    assert answer.request["PATH_INFO"] == "/login/code/"
    assert "_auth_user_id" not in client.session


def test_a_lost_phone_is_replaced_at_the_machine_and_ends_all_sessions(client, people, capsys):
    client.force_login(people.guarantor_alder)
    call_command("invite", "guarantor-alder", "--lost-second-factor")
    link = re.sub(r"^https?://[^/]+", "", capsys.readouterr().out.strip())
    assert not Authenticator.objects.filter(user=people.guarantor_alder).exists()
    assert client.get("/editions/").url.startswith("/login/")
    assert accepted(Client(), link).request["PATH_INFO"] == "/account/second-factor/set-up/"


def test_whoever_is_logged_in_as_another_is_not_any_more(client, people, invited):
    user, link = invited
    client.force_login(people.monitor_north)
    accepted(client, link)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_inactive_account_is_not_invited(people):
    User.objects.filter(pk=people.operator.pk).update(is_active=False)
    with pytest.raises(CommandError, match="not active"):
        call_command("invite", "operator")


def test_an_operator_invites_in_the_administration_and_sees_the_link_once(client, people, invited):
    user, link = invited
    given = user.accreditations.get()
    client.force_login(people.operator)
    page = reverse("admin:monitoring_accreditation_change", args=[given.pk])
    assert "Make a link of invitation" in client.get(page).text
    shown = client.post(reverse("admin:monitoring_accreditation_invite", args=[given.pk])).text
    newer = re.search(r"<code>http://testserver(/invitation/[^<]+)</code>", shown)[1]
    assert HOLDS_NOT in Client().get(link, follow=True).text
    assert accepted(Client(), newer).request["PATH_INFO"] == "/account/second-factor/set-up/"
    assert "Make a link of invitation" not in client.get(page).text


@pytest.mark.parametrize("who", ["moderator_north", "monitor_north", "guarantor_alder"])
def test_nobody_else_invites(client, people, invited, who):
    user, _link = invited
    client.force_login(getattr(people, who))
    invite = reverse("admin:monitoring_accreditation_invite", args=[user.accreditations.get().pk])
    assert client.post(invite).status_code == 403
    assert AuditEntry.objects.filter(action="account.invite").count() == 1


def test_an_operator_takes_over_no_account_that_is_in_use_or_acts_elsewhere(client, people, invited, astana):
    client.force_login(people.operator)

    def refused(user):
        given = user.accreditations.order_by("pk").first()
        answer = client.post(reverse("admin:monitoring_accreditation_invite", args=[given.pk]), follow=True)
        return "/invitation/" not in answer.text

    user, link = invited
    accreditation.accredit(user, astana, "moderator", by=None)
    assert refused(user)
    assert refused(people.moderator_south)
    reasons = AuditEntry.objects.filter(action="account.invite", outcome="denied").values_list("reason", flat=True)
    assert list(reasons) == ["elsewhere", "in_use"]
    assert accepted(Client(), link).request["PATH_INFO"] == "/account/second-factor/set-up/"


def test_a_link_tells_a_command_line_where_the_service_is(people, capsys, settings):
    settings.SITE_ADDRESS = "https://truce.example/"
    call_command("invite", "monitor-north")
    assert capsys.readouterr().out.startswith("https://truce.example/invitation/")


def test_the_old_password_holds_until_the_new_is_set(client, people):
    link = invitations.invite(people.monitor_north, by=None)
    assert HOLDS_NOT not in client.get(link, follow=True).text
    assert log_in(client, "monitor-north", PASSWORD).request["PATH_INFO"] == "/account/"
    assert HOLDS_NOT in Client().get(link, follow=True).text, "who logs in has no need of it"
