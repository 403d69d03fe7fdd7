"""The page of an incident: what it shows of what was filed and made of it, and what it tells nobody."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.violations.cases import taken
from tests.violations.occasions import filed, incident_of
from tests.violations.pages import a_breach, denials, incident_page, page
from tests.violations.test_admin_access import LOOK
from violations.models import IncidentReport

pytestmark = pytest.mark.django_db


def test_no_page_but_that_one_says_who_filed(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_south, source={"name": "The miller"})
    client.force_login(people.moderator_south)
    for address in (
        reverse("admin:violations_incident_changelist"),
        reverse("admin:violations_incidentreport_changelist"),
        incident_page(report),
        page("incidentreport_change", report),
        page("incidentreport_link", report),
        page("incident_propose", incident_of(report)),
    ):
        text = client.get(address).text
        assert "monitor-north" not in text
        assert "miller" not in text
        assert "team-alder" not in text


def test_what_people_wrote_is_shown_as_text_with_its_own_direction(client, exercise, people):
    report = filed(
        exercise,
        people.monitor_north,
        narrative="<script>alert(1)</script> سُمع دوي",
        narrative_language="ar",
        place_as_written="</script><b>quay",
    )
    client.force_login(people.moderator_south)
    text = client.get(incident_page(report)).text
    assert "<script>alert" not in text
    assert "<b>quay" not in text
    assert 'dir="auto" lang="ar"' in text


def test_a_merged_incident_says_where_its_reports_went(client, exercise, people):
    other = filed(exercise, people.monitor_south)
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    left = incident_of(report)
    client.force_login(people.moderator_north)
    client.post(
        page("incidentreport_link", report),
        {"candidate": str(incident_of(other).public_id), "kind": "same_event", "grounds": "One."},
    )
    text = client.get(page("incident_change", left)).text
    assert "it is not counted" in text
    assert page("incident_change", incident_of(other)) in text
    response = client.post(page("incident_propose", left), a_breach(exercise))
    assert response.status_code == 409
    assert denials("finding.propose") == ["not_live"]


def test_the_map_has_the_place_rival_lines_and_the_same_in_words(client, exercise, people):
    report = filed(exercise, people.monitor_north, position=(-123.78, -48.99))
    client.force_login(people.moderator_south)
    response = client.get(incident_page(report))
    layers = [shape["properties"]["layer"] for shape in response.context["map"]["features"]]
    assert layers.count("rival") == 2
    assert {"area", "agreed", "place"} <= set(layers)
    assert "as drawn by North side: holds the place" in response.text
    assert "48.9900° S, 123.7800° W" in response.text


def test_the_page_of_an_incident_costs_no_more_with_more_reports(client, exercise, people):
    client.force_login(people.moderator_north)
    report = taken(exercise, people.monitor_south, by=people.moderator_north)
    address = incident_page(report)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(4):
        other = taken(exercise, people.monitor_north, by=people.moderator_north, place_as_written=f"post {number}")
        client.post(
            page("incidentreport_link", other),
            {"candidate": str(incident_of(report).public_id), "kind": "same_event", "grounds": "One."},
        )
    assert IncidentReport.objects.filter(links__incident=incident_of(report), links__superseded_at=None).count() == 5
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few) + 1
    assert len(few) <= 25 + LOOK


@pytest.mark.parametrize("what", ["incident_change", "incident_propose"])
def test_an_incident_that_is_not_there_is_not_found(client, people, what):
    client.force_login(people.moderator_north)
    response = client.get(reverse(f"admin:violations_{what}", args=[uuid.uuid4()]))
    assert response.status_code == 404
    assert "not yours to see" in response.text
