"""What Prometheus is told: by token alone, from the database and Redis, with labels that name nobody."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from prometheus_client.parser import text_string_to_metric_families

from monitoring.models import Agreement
from reports import closings, machine
from reports.models import Closing
from tests.reports.released import released_month
from tests.violations import bulk_jobs
from tests.violations.occasions import filed

pytestmark = pytest.mark.django_db

WRITE_DOWN = Path(__file__).parents[1] / "deploy/backup/write-down"
TOKEN = "a-token-of-the-operator-for-its-prometheus"


@pytest.fixture(autouse=True)
def _switched_on():
    with override_settings(METRICS_TOKEN=TOKEN):
        yield


def asked(authorization: str = f"Bearer {TOKEN}", **settings) -> object:
    return Client(headers={"authorization": authorization} if authorization else {}).get("/metrics", **settings)


def samples() -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """What is told, by name and labels."""
    answer = asked()
    assert answer.status_code == 200
    return {
        family.name: {tuple(sorted(one.labels.items())): one.value for one in family.samples}
        for family in text_string_to_metric_families(answer.content.decode())
    }


def test_it_is_told_in_the_form_that_prometheus_reads(exercise):
    answer = asked()
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert all(family.documentation for family in text_string_to_metric_families(answer.content.decode()))
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", f"Basic {TOKEN}", "Bearer another-token-that-is-as-long-as-it", f"Bearer {TOKEN}x"]
)
def test_without_the_token_nothing_is_told(exercise, authorization):
    answer = asked(authorization)
    assert answer.status_code == 401
    assert answer.content == b""
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("authorization", ["", "Bearer ", f"Bearer {TOKEN}"])
def test_where_the_operator_set_no_token_there_is_no_such_door(exercise, authorization):
    with override_settings(METRICS_TOKEN=""):
        assert asked(authorization).status_code == 404


def test_being_logged_in_opens_nothing(exercise, people, client):
    client.force_login(people.operator)
    assert client.get("/metrics").status_code == 401


def test_it_is_answered_behind_tls_as_the_health_is(exercise):
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert asked().status_code == 200


def test_closings_are_counted_by_kind_and_state(exercise):
    released_month(exercise)
    closings.request(exercise, "day", "2025-03-10")
    told = samples()["ceasefire_closings"]
    stored = {
        (("agreement", "exercise"), ("kind", row.kind), ("state", row.state)): 1.0 for row in Closing.objects.all()
    }
    assert told == stored


def test_work_that_is_left_is_counted(exercise, people):
    reports = [filed(exercise, people.monitor_south) for _number in range(3)]
    bulk_jobs.begun("take", reports, agreement=exercise, by=people.moderator_north)
    assert samples()["ceasefire_bulk_rows_left"] == {(("agreement", "exercise"),): 3.0}
    assert samples()["ceasefire_redis_up"] == {(): 1.0}


def test_without_redis_it_says_so_and_tells_of_no_queue(exercise, tmp_path):
    with override_settings(REDIS_URL=f"unix://{tmp_path}/nothing.sock?db=0"):
        told = samples()
    assert told["ceasefire_redis_up"] == {(): 0.0}
    assert not [name for name in told if "queue" in name]


def test_labels_are_codes_of_truces_kinds_and_states_and_nothing_else(exercise, astana, minsk, people):
    released_month(exercise)
    known = {
        "agreement": set(Agreement.objects.values_list("code", flat=True)),
        "kind": {kind for agreement in (exercise, astana, minsk) for kind in agreement.terms.calendar},
        "state": {*Closing.State.values, "awaited", "late"},
    }
    told = samples()
    assert {dict(labels).get("agreement") for labels in told["ceasefire_returns_owed"]} == known["agreement"]
    for name, values in told.items():
        assert re.fullmatch(r"ceasefire_[a-z_]+", name)
        for labels in values:
            assert all(value in known[label] for label, value in labels), (name, labels)


def test_it_takes_as_many_statements_however_many_truces_there_are(exercise, request):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert asked().status_code == 200
        return len(queries)

    few = statements()
    for truce in ("astana", "minsk"):
        request.getfixturevalue(truce)
    closings.request(exercise, "day", "2025-03-10")
    assert statements() == few


def test_when_the_last_backup_and_drill_were_is_told_as_they_wrote_it_down(exercise, tmp_path):
    with override_settings(FILES_ROOT=str(tmp_path)):
        assert not [name for name in samples() if name.startswith("ceasefire_last_")]
        for told in (("backup", "1", str(tmp_path), "5" * 64), ("drill", "1", str(tmp_path), "false", "")):
            subprocess.run([WRITE_DOWN, str(tmp_path), *told], check=True)
        told = samples()
        assert told["ceasefire_last_backup_timestamp_seconds"][()] == machine.noted("backup").at.timestamp()
        assert told["ceasefire_last_drill_timestamp_seconds"][()] == machine.noted("drill").at.timestamp()
        assert told["ceasefire_last_drill_passed"][()] == 0
