"""Whatever staff are shown of a truce leaves a row in the audit; what monitors see of their own reports leaves none."""

from __future__ import annotations

import pytest
from django.urls import reverse

from monitoring.models import Agreement, AuditEntry
from reports.models import Edition
from tests.reports.released import released_month
from tests.test_access_matrix import client_of, device_of
from tests.violations.cases import proposed_on, taken
from tests.violations.occasions import incident_of

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


def test_who_files_and_reads_their_own_leaves_no_row_that_says_so(exercise, people, report):
    for client in (client_of(people.monitor_north), device_of(people.monitor_north)):
        for address in (reverse("incident-reports"), reverse("incident-report", args=[report.public_id])):
            assert told_by(lambda address=address, client=client: client.get(address)) == []
            assert client.get(address).status_code == 200
    beside = AuditEntry.objects.filter(actor=people.monitor_north, object_id=str(report.public_id))
    assert not beside.exists(), "the person beside the report is what is sealed"
