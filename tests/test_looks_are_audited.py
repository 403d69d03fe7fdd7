"""Whatever staff are shown of a truce leaves a row in the audit; what monitors see of their own reports leaves none."""

from __future__ import annotations

import logging

import pytest
from django.db import transaction
from django.urls import reverse

from monitoring.models import Agreement, AuditEntry
from reports.models import Edition
from tests.doors import endpoints, pointed_at, undo
from tests.everybody import client_of, device_of
from tests.everything import handed_in, returned
from tests.reports.released import released_month
from tests.test_access_matrix import (
    everybody,  # noqa: F401 - a fixture
    objects,  # noqa: F401 - a fixture
)
from tests.violations.cases import proposed_on, taken
from tests.violations.occasions import filed, incident_of
from violations.models import DailyReturn

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(exercise, people):
    taken_up = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposed_on(taken_up, by=people.moderator_north)
    return taken_up


def told_by(do) -> list[tuple[str, str, str, Agreement]]:
    """The rows that `do` leaves: action, kind and identifier of the object, agreement."""
    last = AuditEntry.objects.latest("pk").pk
    do()
    rows = AuditEntry.objects.filter(pk__gt=last).order_by("pk").select_related("agreement")
    return [(row.action, row.object_kind, row.object_id, row.agreement) for row in rows]


def test_a_page_about_something_says_about_what(exercise, people, report):
    client = client_of(people.moderator_south)
    incident = incident_of(report)
    finding = incident.findings.get()
    for page, row, action in (
        ("incident_change", incident, "incident.view"),
        ("incidentreport_change", report, "incidentreport.view"),
        ("finding_change", finding, "finding.view"),
        ("incident_propose", incident, "incident.propose.look"),
        ("incidentreport_reveal", report, "incidentreport.reveal.look"),
        ("incidentreport_await_reply", report, "incidentreport.await_reply.look"),
    ):
        address = reverse(f"admin:violations_{page}", args=[row.public_id])
        told = told_by(lambda address=address: client.get(address))
        assert told == [(action, row._meta.model_name, str(row.public_id), exercise)], page


def test_a_page_about_two_incidents_says_about_which(exercise, people, report):
    other = incident_of(filed(exercise, people.monitor_south))
    pair = [str(row.public_id) for row in (incident_of(report), other)]
    address = reverse("admin:violations_incident_compare", args=pair)
    told = told_by(lambda: client_of(people.moderator_south).get(address))
    assert set(told) == {("incident.compare.look", "incident", row, exercise) for row in pair}


def test_a_list_and_a_search_are_told_apart_and_no_word_of_the_search_is_kept(exercise, people, report):
    client = client_of(people.moderator_south)
    incidents = reverse("admin:violations_incident_changelist")
    assert told_by(lambda: client.get(incidents)) == [("incident.list", "", "", exercise)]
    assert told_by(lambda: client.get(incidents, {"view": "all", "page": 1}))[0][0] == "incident.list"
    assert told_by(lambda: client.get(incidents, {"q": "the weaver"})) == [("incident.search", "", "", exercise)]
    assert told_by(lambda: client.get(incidents, {"act": "looting"}))[0][0] == "incident.search"
    reports = reverse("admin:violations_incidentreport_changelist")
    assert told_by(lambda: client.get(reports, {"q": "the weaver"}))[0][0] == "incidentreport.search"
    assert not [row for row in AuditEntry.objects.values() if "weaver" in str(row)]


def test_the_tables_of_the_mechanism_are_told_of_too(exercise, people):
    client = client_of(people.operator)
    accreditations = reverse("admin:monitoring_accreditation_changelist")
    assert told_by(lambda: client.get(accreditations)) == [("accreditation.list", "", "", exercise)]
    version = reverse("admin:monitoring_mechanismversion_change", args=[exercise.terms.pk])
    assert told_by(lambda: client.get(version)) == [("mechanismversion.view", "mechanismversion", "", exercise)]


def test_what_is_refused_is_no_look(people, report):
    told = told_by(
        lambda: client_of(people.operator).get(
            reverse("admin:violations_incidentreport_change", args=[report.public_id])
        )
    )
    assert [action for action, *_of in told] == ["report.view"]
    assert AuditEntry.objects.latest("pk").outcome == "denied"


def test_an_edition_that_is_read_is_told_by_page_and_by_api(exercise, people):
    edition = Edition.objects.get(closing=released_month(exercise), guarantor__code="alder")
    for name in ("edition", "api-edition"):
        address = reverse(name, args=[edition.public_id])
        told = told_by(lambda address=address: client_of(people.guarantor_alder).get(address))
        assert told == [("edition.view", "edition", str(edition.public_id), exercise)], name


def test_a_guarantor_s_reader_leaves_a_row_at_lists_of_editions_returns_and_cases(exercise, people):
    pages, api = client_of(people.guarantor_alder), client_of(people.guarantor_alder)
    for client, address, action in (
        (pages, "/editions/", "edition.list"),
        (api, "/api/v1/editions/", "edition.list"),
        (api, "/api/v1/editions/?period_kind=month", "edition.search"),
        (pages, "/returns/exercise/", "dailyreturn.list"),
        (api, "/api/v1/daily-returns/", "dailyreturn.list"),
        (api, "/api/v1/daily-returns/days/?agreement=exercise", "dailyreturn.list"),
        (pages, "/case-lists/exercise/", "caselist.list"),
        (api, "/api/v1/case-lists/", "caselist.list"),
    ):
        told = told_by(lambda client=client, address=address: client.get(address))
        assert told == [(action, "", "", exercise)], address
    mine = handed_in(exercise, people.guarantor_alder)
    returned(exercise)
    announced = DailyReturn.objects.get()
    for address, row, action in (
        (f"/api/v1/case-lists/{mine.public_id}/", mine, "caselist.view"),
        (f"/api/v1/daily-returns/{announced.public_id}/", announced, "dailyreturn.view"),
        (f"/returns/exercise/file/?on={announced.bears_date}", announced, "dailyreturn.view"),
    ):
        told = told_by(lambda address=address: api.get(address))
        assert told == [(action, row._meta.model_name, str(row.public_id), exercise)], address


def test_who_files_and_reads_their_own_leaves_no_row_that_says_so(exercise, people, report):
    for client in (client_of(people.monitor_north), device_of(people.monitor_north)):
        for address in (reverse("incident-reports"), reverse("incident-report", args=[report.public_id])):
            assert told_by(lambda address=address, client=client: client.get(address)) == []
            assert client.get(address).status_code == 200
    beside = AuditEntry.objects.filter(actor=people.monitor_north, object_id=str(report.public_id))
    assert not beside.exists(), "the person beside the report is what is sealed"


# Doors that tell something and leave no row, and why.
OF_NO_TRUCE = "says nothing of a truce"
ONE_S_OWN = "what one filed, or one's team, or their account: beside a person it would say who filed what"
REFERENCE = "rules, names and code lists of a truce, the same for everybody accredited there"
LEAVE_NONE = {
    "healthz": OF_NO_TRUCE,
    "readyz": OF_NO_TRUCE,
    "openapi": OF_NO_TRUCE,
    "api-docs": OF_NO_TRUCE,
    "invitation": OF_NO_TRUCE,
    "admin:index": "names of tables",
    "admin:jsi18n": OF_NO_TRUCE,
    "admin:password_change_done": OF_NO_TRUCE,
    "account": ONE_S_OWN,
    "account_change_password": ONE_S_OWN,
    "account_reauthenticate": ONE_S_OWN,
    "devices": ONE_S_OWN,
    "mfa_reauthenticate": ONE_S_OWN,
    "returns": "names of the truces for which one speaks",
    "truce-filing": "an empty form; with a return in it there is a row",
    **{f"admin:violations_dutycheck_{page}": ONE_S_OWN for page in ("file", "file_hours")},
    "statement-file": "an empty form; with a statement in it there is a row",
    "complaints": ONE_S_OWN,
    "complaint-file": "an empty form",
    "incident-reports": ONE_S_OWN,
    "incident-report": ONE_S_OWN,
    "incident-reports-waiting": ONE_S_OWN,
    "incident-report-receipt": ONE_S_OWN,
    "incident-report-questions": ONE_S_OWN,
    "api-patrols": ONE_S_OWN,
    "api-patrol": ONE_S_OWN,
    "api-restrictions": ONE_S_OWN,
    "api-restriction": ONE_S_OWN,
    "reference-code-lists": REFERENCE,
    "reference-agreements": REFERENCE,
    **{f"reference-{part}": REFERENCE for part in ("agreement", "parties", "provisions", "zones", "areas")},
}
SHOWN_TO = {
    "filer": "monitor_north",
    "moderator": "moderator_south",
    "alder": "guarantor_alder",
    "operator": "operator",
    "superuser": "superuser",
    "observer": "observer",
    "auditor": "auditor",
    "duty": "duty_officer",
    "liaison": "liaison",
}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_whatever_any_door_tells_of_a_truce_leaves_a_row_and_whatever_it_refuses_too(
    objects,  # noqa: F811
    everybody,  # noqa: F811
):
    """Every endpoint of the access matrix, with every object, by everybody; a door without a row is named above."""
    silent, unaudited, told = set(), set(), set()
    logging.disable()
    for role, name in SHOWN_TO.items():
        client = client_of(getattr(everybody, name))
        for door, form, parameters in endpoints():
            for _label, values in pointed_at(door, parameters, objects):
                last = AuditEntry.objects.latest("pk").pk
                point, cookies = transaction.savepoint(), client.cookies.copy()
                response = client.get("/" + form % values)
                if response.streaming:
                    b"".join(response.streaming_content)
                rows = set(AuditEntry.objects.filter(pk__gt=last).values_list("outcome", flat=True))
                undo(point)
                client.cookies = cookies
                if response.status_code == 200:
                    told.add(door)
                    if "done" not in rows:
                        silent.add(door)
                elif response.status_code == 403 and "denied" not in rows:
                    unaudited.add((role, door))
    logging.disable(logging.NOTSET)
    assert silent == LEAVE_NONE.keys() & told, "a door tells something and leaves no row, or leaves one by now"
    assert LEAVE_NONE.keys() <= told, "a door that is named above is there"
    assert not unaudited
    assert len(told) > 50
