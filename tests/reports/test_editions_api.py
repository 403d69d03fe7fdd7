"""The API for guarantors' own systems: the same editions, the same refusals, fields that only grow on purpose."""

from __future__ import annotations

import hashlib

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from monitoring import devices
from monitoring.models import AuditEntry
from reports.models import Edition
from tests.reports.released import released_month
from tests.violations.occasions import filed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables_alone")]

FIELDS = {
    "id",
    "agreement",
    "simulated",
    "guarantor",
    "period_kind",
    "period",
    "period_from",
    "period_until",
    "closing",
    "number",
    "revision",
    "cutoff_at",
    "released_at",
    "content_sha256",
    "edition_sha256",
    "figures_changed",
    "renditions",
}
FILE_FIELDS = {"id", "format", "language", "media_type", "file_name", "size", "sha256", "href"}


@pytest.fixture
def closed(exercise, people):
    first = released_month(exercise)
    filed(exercise, people.monitor_north)
    return first, released_month(exercise)


@pytest.fixture
def api(people) -> APIClient:
    """Alder's own system, by a token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(people.guarantor_alder, people.operator)}")
    return client


def token_of(user, operator) -> str:
    return devices.issue(user, name="portal", by=operator)


def test_the_list_holds_ones_own_editions_newest_first_and_these_fields(api, closed):
    told = api.get("/api/v1/editions/").json()["results"]
    assert [row["number"] for row in told] == [2, 1]
    assert {row["guarantor"] for row in told} == {"alder"}
    assert all(set(row) == FIELDS for row in told)
    assert all(set(file) == FILE_FIELDS for row in told for file in row["renditions"])
    assert told[0]["simulated"] is True
    assert told[0]["content_sha256"] == closed[1].content_sha256
    assert told[0]["figures_changed"] > 0
    assert told[1]["figures_changed"] == 0


def test_the_content_hash_is_the_same_for_every_guarantor(people, closed):
    hashes = set()
    for reader in (people.guarantor_alder, people.guarantor_birch, people.guarantor_cedar):
        client = APIClient()
        client.force_authenticate(reader)
        hashes.add(client.get("/api/v1/editions/").json()["results"][0]["content_sha256"])
    assert hashes == {closed[1].content_sha256}


def test_one_edition_gives_every_changed_figure(api, closed):
    edition = Edition.objects.get(closing=closed[1], guarantor__code="alder")
    told = api.get(f"/api/v1/editions/{edition.public_id}/").json()
    assert set(told) == FIELDS | {"changes", "supplements"}
    assert {"section": "incidents", "path": "incidents/total/registered", "old": None, "new": 1} in told["changes"]


def test_a_file_is_fetched_where_the_edition_says_and_logged(api, people, closed):
    edition = api.get("/api/v1/editions/").json()["results"][0]
    for file in edition["renditions"]:
        answer = api.get(file["href"])
        assert answer.status_code == 200
        assert answer["Content-Type"] == file["media_type"]
        assert answer["Content-Disposition"] == f'attachment; filename="{file["file_name"]}"'
        assert hashlib.sha256(answer.getvalue()).hexdigest() == file["sha256"]
    logged = AuditEntry.objects.filter(action="rendition.download", actor=people.guarantor_alder, outcome="done")
    assert {row.object_id for row in logged} == {file["id"] for file in edition["renditions"]}


def test_another_guarantors_edition_and_one_that_is_not_there_are_the_same_404(api, closed):
    other = Edition.objects.get(closing=closed[1], guarantor__code="birch")
    nothing = "00000000-0000-4000-8000-000000000000"
    theirs = api.get(f"/api/v1/editions/{other.public_id}/")
    absent = api.get(f"/api/v1/editions/{nothing}/")
    assert theirs.status_code == absent.status_code == 404
    assert theirs.json() == absent.json()
    assert {name: theirs[name] for name in theirs.headers} == {name: absent[name] for name in absent.headers}
    file = other.renditions.get(format="json")
    assert api.get(reverse("api-rendition", args=[file.public_id])).status_code == 404
    assert AuditEntry.objects.filter(outcome="denied", reason="not_found").count() == 3


@pytest.mark.parametrize("who", ["monitor_north", "moderator_south", "operator", "superuser"])
def test_who_reads_for_no_guarantor_is_refused_and_that_is_recorded(people, closed, who):
    client = APIClient()
    client.force_authenticate(getattr(people, who))
    answer = client.get("/api/v1/editions/")
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_accredited"
    assert AuditEntry.objects.filter(outcome="denied", actor=getattr(people, who)).exists()


def test_a_broken_cursor_is_a_malformed_request(api, closed):
    assert api.get("/api/v1/editions/", {"cursor": "nonsense"}).status_code == 400
    page = api.get("/api/v1/editions/", {"limit": "1"}).json()
    assert [row["number"] for row in page["results"]] == [2]
    assert [row["number"] for row in api.get(page["next"]).json()["results"]] == [1]


def test_a_list_takes_few_queries_however_long(api, closed, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):  # four of them write that the list was looked at
        api.get("/api/v1/editions/")


LOOKED_FOR = {
    "": 2,
    "agreement=exercise": 2,
    "agreement=atlantis": 0,
    "period_kind=month": 2,
    "period_kind=day": 0,
    "period_kind=week": 0,
    "period=2025-W11": 0,
    "period=2025-03&period_kind=month": 2,
    "period=2025-04": 0,
}


@pytest.mark.parametrize(("query", "number"), LOOKED_FOR.items())
def test_a_list_is_narrowed_to_what_is_looked_for(closed, api, query, number):
    assert len(api.get(f"/api/v1/editions/?{query}").json()["results"]) == number


@pytest.mark.parametrize("query", ["period=March", "period=2025-W1", "period_kind=year", "limit=0", "colour=red"])
def test_what_cannot_be_looked_for_is_a_fault(closed, api, query):
    answer = api.get(f"/api/v1/editions/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"#/{query.partition('=')[0]}")
