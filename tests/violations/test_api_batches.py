"""Many filings at once: each is recorded or refused by itself, and told as an answer of its own would be."""

import json

from monitoring.models import AuditEntry
from tests.violations.documents import REPORTS, device_of, document
from violations import verdicts
from violations.models import IncidentReport

BATCH = f"{REPORTS}batch/"


def test_each_is_answered_by_itself(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document(client_id="a"))
    items = [
        document(client_id="a"),
        document(client_id="b"),
        document(client_id="c", act="mischief"),
        document(client_id="d", agreement="atlantis"),
        document(client_id="e", corrects="b", act="device"),
        document(client_id="f", corrects="g"),
        document(client_id="a", act="flare"),
        "no document",
        None,
    ]
    answer = device.post(BATCH, {"items": items})
    assert answer.status_code == 200
    told = answer.json()["results"]
    assert [row["status"] for row in told] == [201, 201, 400, 403, 201, 202, 409, 400, 400]
    assert [row["replayed"] for row in told] == [True] + [False] * 8
    assert told[0]["report"] == first.json()
    assert told[4]["report"]["supersedes"] == told[1]["report"]["id"]
    assert told[5]["waiting"]["corrects"] == "g"
    assert told[2]["problem"]["errors"][0]["pointer"] == "#/act"
    assert told[6]["problem"]["differences"][0]["pointer"] == "#/act"
    assert {name for row in told for name in row} == {"status", "replayed", "report", "waiting", "problem"}
    assert IncidentReport.objects.count() == 3
    assert AuditEntry.objects.filter(outcome="denied", action="post incident-reports-batch").count() == 1


def test_sent_again_every_item_is_told_as_at_first(exercise, people):
    device = device_of(people.monitor_north)
    body = {"items": [document(), document(), document(act="mischief")]}
    first, again = device.post(BATCH, body).json()["results"], device.post(BATCH, body).json()["results"]
    assert [{**row, "replayed": False} for row in again] == first
    assert IncidentReport.objects.count() == 2


def test_a_fault_of_ours_in_one_stops_no_other_and_says_nothing(exercise, people, monkeypatch):
    device, classes_at = device_of(people.monitor_north), verdicts.classes_at
    failing = iter([False, True, False])

    def fail_once(version, at):
        if next(failing):
            raise ValueError("A. Weaver, at the mill")
        return classes_at(version, at)

    monkeypatch.setattr(verdicts, "classes_at", fail_once)
    answer = device.post(BATCH, {"items": [document(), document(), document()]})
    assert [row["status"] for row in answer.json()["results"]] == [201, 500, 201]
    assert "Weaver" not in answer.content.decode()
    assert IncidentReport.objects.count() == 2


def test_a_batch_has_its_bounds(exercise, people):
    device = device_of(people.monitor_north)
    for body in ({"items": []}, {"items": [1] * 101}, {"items": {}}, {}, {"items": [1], "more": 2}, []):
        assert device.post(BATCH, body).status_code == 400
    large = json.dumps({"items": [document(narrative="x" * 20_000) for _item in range(30)]})
    assert len(large) > 600_000
    assert device.generic("POST", BATCH, large, content_type="application/json").status_code == 200
    larger = b" " * (4 * 1024 * 1024 + 1)
    assert device.generic("POST", BATCH, larger, content_type="application/json").status_code == 413
    assert device.generic("POST", REPORTS, large, content_type="application/json").status_code == 413
