"""The pages of accounts can be used by everyone, need no script, and let nothing run that is not our file."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from monitoring import accreditation
from tests.conftest import PASSWORD
from tests.reports.test_pages import Outline
from tests.second_factors import log_in, with_second_factor

pytestmark = pytest.mark.django_db
OPEN = ["/login/", "/invitation/nobody/nothing/"]
OWN = [
    "/account/",
    "/account/password/",
    "/account/devices/",
    "/account/again/",
    "/account/second-factor/set-up/",
]

WITH_FACTOR = ["/account/again/code/", "/account/second-factor/remove/", "/account/recovery-codes/new/"]


def answers(people):
    stranger, person = Client(), Client()
    told = [stranger.get(path) for path in OPEN]
    told.append(stranger.post("/login/", {"login": "", "password": ""}))
    stranger.post("/login/", {"login": "guarantor-alder", "password": PASSWORD})
    told.append(stranger.get("/login/code/"))
    log_in(person, "monitor-north", PASSWORD)
    told += [person.get(path) for path in OWN]
    told.append(person.post("/account/devices/", {"name": "phone"}))
    with_second_factor(people.monitor_north)
    told += [person.get(path) for path in WITH_FACTOR]
    return told


def test_they_can_be_used_by_everyone(people):
    for answer in answers(people):
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        outline = Outline(answer.text)
        where = answer.request["PATH_INFO"]
        assert outline.headings.count(1) == 1, where
        assert outline.headings[0] == 1, where
        assert set(outline.points) <= set(outline.ids), where
        assert len(set(outline.ids)) == len(outline.ids), where
        assert set(outline.controls) <= set(outline.labels), where
        assert {"main", "header", "footer", "title"} <= set(outline.tags), where


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(people):
    for answer in answers(people):
        outline = Outline(answer.text)
        assert not outline.styled
        assert "style" not in outline.tags
        assert answer.text.count("<script") == answer.text.count('<script src="/static/config/passwords.js"')
        assert "https://" not in answer.text
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy


def test_passwords_may_be_pasted_and_managed(people):
    page = Client().get("/login/").text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    assert "maxlength" not in page.partition('name="password"')[2].partition(">")[0]


def test_one_s_own_page_says_as_what_one_is_accredited_and_where_a_monitor_files(people, client, exercise):
    client.force_login(people.monitor_north)
    text = client.get("/account/").text
    assert f"Monitor, {exercise.name} (SIMULATED); Team Alder; sent by Alder" in text
    assert 'href="/api/v1/docs/"' in text
    term = {"valid_until": datetime(2126, 3, 1, 8, tzinfo=UTC)}
    accreditation.accredit(people.moderator_independent, exercise, "auditor", by=None, **term)
    client.force_login(people.moderator_independent)
    text = client.get("/account/").text
    assert f"Auditor, {exercise.name} (SIMULATED); sent by nobody; until " in text
    assert "1 March 2126, 00:00 (UTC−08:00)" in text
    assert f"<br>Moderator, {exercise.name} (SIMULATED); sent by nobody</dd>" in text
    assert 'href="/api/v1/docs/"' not in text


def test_a_monitor_is_led_to_the_page_where_devices_are_named(people, client):
    client.force_login(people.monitor_north)
    assert client.get("/")["Location"] == "/account/"
