"""Who sees what of reports and findings in the admin: moderators, in their agreements, and nobody else."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from monitoring import accreditation, days, ledger, mechanism, mechanism_file
from monitoring.models import AuditEntry, User
from tests.conftest import MECHANISMS
from tests.second_factors import with_second_factor
from tests.violations.cases import proposed_on, taken
from tests.violations.occasions import incident_of
from violations.models import DailyReturn, Finding, Incident, IncidentReport
from violations.return_filing import FiledReturn, file_return

pytestmark = pytest.mark.django_db

LISTS = ("incident", "incidentreport", "finding")
REPORT_PAGES = ("change", "take", "accept", "return", "await_reply", "reopen", "link", "effect", "reveal")
AT_ONCE = ("take", "accept", "second")
LOOK = 6  # statements by which the audit is told that somebody looked


@pytest.fixture
def case(exercise, people):
    """A report under review and a proposal on its incident; every address of theirs."""
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north)
    rows = {"incident": incident_of(report), "incidentreport": report, "finding": proposal}
    pages = [f"incidentreport_{page}" for page in REPORT_PAGES]
    pages += ["incident_change", "incident_propose", "finding_change", "finding_second", "finding_dissent"]
    return [reverse(f"admin:violations_{page}", args=[rows[page.split("_")[0]].public_id]) for page in pages]


@pytest.fixture
def elsewhere(people):
    """A moderator of another agreement."""
    with ledger.writing() as entry:
        version = mechanism.record(mechanism_file.read(MECHANISMS / "astana-2016.toml"), by=None, entry=entry)
    user = User.objects.create_user("moderator-elsewhere", is_staff=True)
    accreditation.accredit(user, version.agreement, "moderator", by=None)
    return with_second_factor(user)


def asked(client, address):
    return client.post(address) if address.rsplit("/", 2)[1] in AT_ONCE else client.get(address)


def lists():
    return [reverse(f"admin:violations_{name}_changelist") for name in LISTS]


def test_no_table_of_the_record_can_be_edited_by_anybody(rf, people):
    for model, table in admin.site._registry.items():
        for person in vars(people).values():
            request = rf.get("/")
            request.user = person
            assert not table.has_add_permission(request), model
            assert not table.has_change_permission(request), model
            assert not table.has_delete_permission(request), model
            assert not table.get_actions(request), model


def test_only_what_is_looked_at_and_decided_has_an_address(case):
    for model in (Incident, IncidentReport, Finding, DailyReturn):
        names = {
            url.name.removeprefix(f"violations_{model._meta.model_name}_") for url in admin.site._registry[model].urls
        }
        assert not names & {"add", "delete", "history"}


def test_the_anonymous_are_asked_to_log_in(client, case):
    for address in case + lists():
        response = asked(client, address)
        assert response.status_code == 302
        assert response.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("who", ["monitor_north", "guarantor_alder"])
def test_who_is_not_staff_is_refused_and_it_is_audited(client, people, case, who):
    client.force_login(getattr(people, who))
    addresses = case + lists()
    assert {asked(client, address).status_code for address in addresses} == {403}
    assert AuditEntry.objects.filter(action="admin.enter", outcome="denied").count() == len(addresses)


@pytest.mark.parametrize("who", ["operator", "superuser"])
def test_operators_and_superusers_see_nothing_of_reports_and_it_is_audited(client, people, case, who):
    client.force_login(getattr(people, who))
    addresses = case + lists()
    assert {asked(client, address).status_code for address in addresses} == {403}
    assert AuditEntry.objects.filter(outcome="denied", reason="not_accredited").count() == len(addresses)
    assert "Incident reports" not in client.get(reverse("admin:index")).text


def test_a_moderator_of_another_agreement_finds_nothing_and_it_is_audited(client, elsewhere, case):
    client.force_login(elsewhere)
    assert {asked(client, address).status_code for address in case} == {404}
    assert AuditEntry.objects.filter(outcome="denied", reason="not_visible").count() == len(case)
    for address in lists():
        response = client.get(address, {"view": "all"} if "incident/" in address else {})
        assert response.status_code == 200
        for name in ("Varrow", "Harbour Brigade", "Tern quay", "North side"):
            assert name not in response.text


def test_the_refusal_does_not_tell_what_is_there_from_what_is_not(client, elsewhere, case):
    client.force_login(elsewhere)
    there = client.get(case[0])
    missing = client.get(
        reverse("admin:violations_incidentreport_change", args=["0" * 8 + "-0000-4000-8000-" + "0" * 12])
    )
    assert there.status_code == missing.status_code == 404
    own = r'name="csrfmiddlewaretoken" value="\w+"|' + "|".join([case[0], missing.request["PATH_INFO"]])
    assert re.sub(own, "", there.text) == re.sub(own, "", missing.text)


def test_a_moderator_whose_accreditation_ended_is_refused(client, people, case):
    client.force_login(people.moderator_north)
    assert client.get(case[0]).status_code == 200
    accreditation.end(people.moderator_north.accreditations.get(), by=None)
    assert asked(client, case[0]).status_code == 403
    for address in case + lists():
        assert asked(client, address).url.startswith(reverse("admin:login")), "the session has ended"


def test_a_moderator_opens_every_page(client, people, case):
    client.force_login(people.moderator_south)
    opened = {address.rsplit("/", 2)[1]: client.get(address).status_code for address in case + lists()}
    refused = {name: status for name, status in opened.items() if status != 200}
    assert refused == {"take": 405, "accept": 405, "second": 405, "effect": 409}


def test_lists_of_reports_and_findings_search_and_filter_without_n_plus_one(
    client, people, case, django_assert_max_num_queries
):
    client.force_login(people.moderator_south)
    for address in lists()[1:]:
        with django_assert_max_num_queries(15 + LOOK):
            assert client.get(address).status_code == 200
    report = IncidentReport.objects.get()
    found = client.get(lists()[1], {"q": report.public_id.hex[:8]})
    assert reverse("admin:violations_incidentreport_change", args=[report.public_id]) in found.text
    assert client.get(lists()[1], {"q": "nowhere"}).context["cl"].result_count == 0
    assert client.get(lists()[2], {"standing__exact": "proposed"}).context["cl"].result_count == 1


def test_pages_hold_no_inline_script_style_or_handler_and_nothing_foreign(client, people, case):
    client.force_login(people.moderator_south)
    for address in case + lists():
        response = client.get(address)
        text = response.text
        assert not re.findall(r"<script(?![^>]*(src=|application/json))", text), address
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|https?://(?!www\.w3\.org)", text), address
        assert "unsafe-inline" not in response.get("Content-Security-Policy", "default-src")


def test_a_moderator_whom_a_guarantor_sent_sees_another_s_return_once_its_day_is_due(client, people, exercise):
    on = days.day_holding(exercise.terms, timezone.now()).date - days.ONE_DAY
    for day in (date(2025, 3, 5), on):
        file_return(exercise, FiledReturn(day, 7, "none"), by=people.guarantor_birch)
    seen = {}
    for name in ("moderator_north", "moderator_south", "moderator_independent"):
        client.force_login(getattr(people, name))
        seen[name] = [
            client.get(reverse("admin:violations_dailyreturn_change", args=[row.public_id])).status_code
            for row in DailyReturn.objects.order_by("bears_date")
        ]
    assert seen == {
        "moderator_north": [200, 404],
        "moderator_south": [200, 200],
        "moderator_independent": [200, 200],
    }
