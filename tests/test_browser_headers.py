"""What every answer tells a browser: what may run, what may be kept, who may frame it; static files too."""

from __future__ import annotations

import logging
import re
from datetime import datetime

import pytest
from django.test import Client

from tests.conftest import PASSWORD
from tests.second_factors import log_in

pytestmark = pytest.mark.django_db
STRANGERS = ["/login/", "/healthz", "/api/v1/openapi.json", "/api/v1/docs/", "/api/v1/editions/", "/nowhere", "/admin/"]
READERS = [
    "/editions/",
    "/account/",
    "/account/devices/",
    "/api/v1/editions/",
    "/api/v1/nowhere",
    "/nowhere",
    "/admin/",
]


def told(answer):
    """The policy as a dictionary, and that the other headers stand."""
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    return dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))


@pytest.fixture
def answers(people):
    reader = Client()
    log_in(reader, "guarantor-alder", PASSWORD)
    elsewhere = {"origin": "https://elsewhere.example"}
    told_strangers = [Client().get(path, headers=elsewhere) for path in STRANGERS]
    return told_strangers + [reader.get(path, headers=elsewhere) for path in READERS]


def test_every_answer_has_the_policy_and_nothing_may_be_framed_or_sniffed(answers):
    for answer in answers:
        policy = told(answer)
        assert policy["default-src"] == "'self'"
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer["Content-Security-Policy"]


def test_static_files_have_it_too(settings, tmp_path):
    (tmp_path / "page.js").write_text("'use strict';")
    settings.STATIC_ROOT = str(tmp_path)
    answer = Client().get("/static/page.js")
    assert b"".join(answer.streaming_content) == b"'use strict';"
    assert told(answer)["frame-ancestors"] == "'none'"
    assert "no-store" not in answer["Cache-Control"]
    assert [Client().get(path).status_code for path in ("/static/", "/static", "/static/../page.js")] == [404] * 3


def test_no_answer_is_kept_by_browser_or_proxy(answers):
    for answer in answers:
        assert "no-store" in answer["Cache-Control"], answer.request["PATH_INFO"]


def test_who_logs_out_leaves_nothing_in_the_browser_but_that_they_are_known_there(client, people):
    log_in(client, "guarantor-alder", PASSWORD)
    answer = client.post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.cookies["sessionid"].value == ""
    assert client.cookies["known_here"].value


def test_cookies_are_for_the_service_alone_and_hold_nothing_that_was_said(client, people):
    log_in(client, "monitor-north", PASSWORD)
    client.get("/account/password/")
    new = "grey herons wade at low tide"
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert set(client.cookies) == {"sessionid", "csrftoken", "known_here"}
    for cookie in client.cookies.values():
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
    assert "Your password is changed" in client.get("/account/").text


def test_behind_tls_the_api_is_refused_in_the_clear_and_pages_are_led_to_it(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    refused = client.get("/api/v1/editions/")
    assert (refused.status_code, refused.json()["code"]) == (403, "tls_required")
    assert client.get("/editions/")["Location"] == "https://testserver/editions/"
    answered = client.get("/api/v1/editions/", secure=True)
    assert answered.status_code == 401
    assert answered["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_line_of_the_log_says_its_instant_with_its_offset():
    (console,) = [handler for handler in logging.getLogger().handlers if handler.get_name() == "console"]
    line = console.format(logging.LogRecord("config", logging.INFO, __file__, 1, "Served.", None, None))
    written = re.match(r"\S+", line)
    assert datetime.fromisoformat(written[0]).utcoffset() is not None


def test_no_answer_repeats_what_a_request_carried(client, people):
    """TRACE is what would: whatever it is answered, none of it comes back."""
    log_in(client, "moderator-north", PASSWORD)
    for path in [*STRANGERS, *READERS]:
        answer = client.trace(path, headers={"x-carried": "Gannets over the breakwater"})
        assert "Gannets" not in answer.text
        assert "sessionid" not in answer.text


@pytest.mark.parametrize(
    "path", ["/login/", "/logout/", "/account/devices/", "/case-lists/exercise/", "/api/v1/case-lists/"]
)
def test_what_another_site_makes_a_browser_send_is_refused(people, path):
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(people.guarantor_alder)
    assert forged.post(path, {"name": "phone"}).status_code == 403


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "nonsense"])
@pytest.mark.parametrize("path", ["/login/", "/api/v1/incident-reports/"])
def test_what_is_not_sent_in_utf_8_is_refused_in_words(client, path, charset):
    answer = client.generic(
        "POST", path, b"login=a", content_type=f"application/x-www-form-urlencoded; charset={charset}"
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "not_in_utf8")


def test_who_hands_something_in_at_an_address_without_its_slash_is_told_and_a_reader_is_led_there(client, people):
    client.force_login(people.monitor_north)
    answer = client.post("/api/v1/incident-reports", {}, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == "There is nothing at this address, but with a slash at its end: ask there."
    assert client.post("/api/v1/nothing", {}).json()["detail"] == "There is nothing at this address."
    assert client.get("/api/v1/incident-reports")["Location"] == "/api/v1/incident-reports/"


def test_what_is_sent_as_another_kind_of_document_is_told_what_is_taken(client, people):
    client.force_login(people.monitor_north)
    answer = client.post("/api/v1/incident-reports/", "a: b", content_type="text/yaml")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert answer.json()["detail"] == "What is taken here is application/json: name it as Content-Type."
