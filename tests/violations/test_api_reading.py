"""A monitor reads their own reports and no others; each answer holds what it says it holds and nothing else."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from monitoring.models import Accreditation
from tests.violations.documents import REPORTS, correction, device_of, document
from violations.api.incident_reports import EXAMPLE
from violations.api.report_input import CorrectionInput, FilingInput, WithdrawalInput
from violations.api.report_output import OwnReport

FIELDS = Path(__file__).with_name("fields.json")


def members(serializer, prefix=""):
    """Every member of a document, by path."""
    found = []
    for name, field in serializer.get_fields().items():
        inner = getattr(field, "child", field)
        found.append(f"{prefix}{name}")
        if hasattr(inner, "get_fields"):
            found += members(inner, f"{prefix}{name}.")
    return found


@pytest.mark.parametrize("serializer", [CorrectionInput, FilingInput, OwnReport, WithdrawalInput])
def test_each_document_has_the_members_that_were_agreed_and_no_others(serializer):
    assert members(serializer()) == json.loads(FIELDS.read_text())[serializer.__name__]


def test_a_list_holds_the_newest_revision_of_ones_own_newest_first(exercise, people):
    device = device_of(people.monitor_north)
    first, second = device.post(REPORTS, document()), device.post(REPORTS, document())
    device_of(people.monitor_south).post(REPORTS, document())
    corrected = device.post(f"{REPORTS}{first.json()['id']}/corrections/", correction())
    told = device.get(REPORTS).json()
    assert [report["id"] for report in told["results"]] == [corrected.json()["id"], second.json()["id"]]
    assert told["next"] is told["previous"] is None


def test_pages_follow_each_other_without_gap_or_repetition_and_a_cursor_holds_no_number(exercise, people):
    device = device_of(people.monitor_north)
    filed = [device.post(REPORTS, document()).json()["id"] for _report in range(5)]
    seen, where = [], f"{REPORTS}?limit=2"
    while where:
        page = device.get(where).json()
        seen += [report["id"] for report in page["results"]]
        where = page["next"]
        assert not where or len(urlsplit(where).query) > len("limit=2&cursor=")
    assert seen == filed[::-1]
    refused = device.get(f"{REPORTS}?cursor=nonsense")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "#/cursor"


def test_a_list_costs_the_same_queries_whatever_its_length(exercise, people):
    device = device_of(people.monitor_north)
    counts = []
    for _more in range(2):
        for _report in range(3):
            device.post(REPORTS, document())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert device.get(REPORTS).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10, [query["sql"][:100] for query in queries.captured_queries]


def test_nobody_else_sees_a_report_through_this_door(exercise, people):
    first = device_of(people.monitor_north).post(REPORTS, document())
    for stranger in (people.monitor_south, people.monitor_independent):
        device = device_of(stranger)
        assert device.get(first["Location"]).status_code == 404
        assert device.get(REPORTS).json()["results"] == []
    for stranger in (people.moderator_north, people.guarantor_alder, people.operator, people.superuser):
        device = device_of(stranger)
        assert device.get(first["Location"]).status_code == device.get(REPORTS).status_code == 403


def test_an_accreditation_that_has_not_begun_or_is_over_shows_nothing(exercise, people):
    device = device_of(people.guarantor_birch)
    for valid_from, valid_until in ((1, 2), (-2, -1)):
        now = timezone.now()
        Accreditation.objects.create(
            user=people.guarantor_birch,
            agreement=exercise,
            role="monitor",
            team=exercise.teams.get(code="team-birch"),
            sent_by_guarantor=exercise.guarantors.get(code="birch"),
            valid_from=now + timedelta(days=valid_from),
            valid_until=now + timedelta(days=valid_until),
            recorded_at=now,
        )
        assert device.get(REPORTS).status_code == 403


def test_the_answer_to_options_tells_no_fields(exercise, people):
    assert device_of(people.monitor_north).options(REPORTS).status_code == 405


def test_the_example_of_the_description_can_be_filed(exercise, people):
    assert device_of(people.monitor_north).post(REPORTS, EXAMPLE.value).status_code == 201


def test_no_cache_keeps_an_answer(exercise, people):
    assert device_of(people.monitor_north).get(REPORTS)["Cache-Control"] == "no-store"


def test_head_is_as_get(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document())
    assert device.head(first["Location"]).status_code == 200
    assert device_of(people.monitor_south).head(first["Location"]).status_code == 404
