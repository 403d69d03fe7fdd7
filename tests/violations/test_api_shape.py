"""What is malformed is refused with a pointer to the place and a sentence that says what to do."""

import json

import pytest
from rest_framework.exceptions import ValidationError

from config.problems import problem_of
from monitoring.parsing import LARGEST
from tests.violations.documents import REPORTS, device_of, document
from violations.models import IncidentReport

CODE_LISTS = "/api/v1/code-lists/"


def with_value(path, value):
    """A report with `value` at `path`; None takes the member away."""
    body = document()
    *parents, last = path.split("/")
    place = body
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place.setdefault(name, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return body


FAULTS = [
    ("nonsense", 1),
    ("id", "b2f7f5a0-0000-4000-8000-000000000000"),
    ("state", "linked"),
    ("recorded_at", "2025-03-10T20:00:00Z"),
    ("occurred/at", "2025-03-10T20:00:00Z"),
    ("place/altitude", 3),
    ("parties/0/side", "north"),
    ("casualties/killed/monitors", {}),
    ("source/password", "x"),
    ("agreement", None),
    ("client_id", None),
    ("client_id", "a b"),
    ("client_id", "x" * 81),
    ("occurred", None),
    ("occurred/from", "2025-03-10T20:00:00"),
    ("occurred/from", "2025-03-10"),
    ("occurred/from", "0001-01-01T00:00:00+14:00"),
    ("occurred/from", "2025-02-30T00:00:00Z"),
    ("occurred/from", 1741636800),
    ("occurred/precision", "roughly"),
    ("place/longitude", 180.1),
    ("place/latitude", -90.1),
    ("place/latitude", None),
    ("place/longitude", "12.5"),
    ("place/longitude", True),
    ("place/longitude", 10**400),
    ("place/polygon", {"type": "Polygon"}),
    ("place/polygon", {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0]]]}),
    ("place/polygon", {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [0, 0]]]}),
    ("place/polygon", {"type": "Polygon", "coordinates": [[[0, 0], [0, 91], [1, 1], [0, 0]]]}),
    ("place/polygon", {"type": "Polygon", "coordinates": [[[0, 0, 5], [0, 1], [1, 1], [0, 0, 5]]]}),
    ("place/polygon", {"type": "Point", "coordinates": [0, 0]}),
    ("act", "mischief"),
    ("act", ["air_strike"]),
    ("objects_hit", ["residential"] * 40),
    ("weapon/calibre_mm", 0),
    ("observation/count", 0),
    ("observation/count", 1.5),
    ("observation/unit", None),
    ("parties", {"role": "alleged"}),
    ("parties", [{"role": "alleged", "name": str(n)} for n in range(21)]),
    ("parties/1/role", "accused"),
    ("parties/1/name", ""),
    ("casualties/injured/civilian/low", -1),
    ("narrative", "x" * 20_001),
    ("narrative", "NUL \0"),
    ("narrative", 5.5),
    ("source", "A. Weaver"),
    ("source/name", "half \ud83d"),
]


def test_a_fault_is_refused_at_its_place(exercise, people, subtests):
    device = device_of(people.monitor_north)
    for path, value in FAULTS:
        with subtests.test(path=path, value=repr(value)[:40]):
            body = json.dumps(with_value(path, value))
            answer = device.generic("POST", REPORTS, body, content_type="application/json")
            assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
            problem = answer.json()
            assert (problem["status"], problem["title"], problem["type"]) == (400, "Bad Request", "about:blank")
            (error,) = problem["errors"]
            assert error["pointer"].startswith(f"#/{path}")
            assert error["detail"].endswith(".")
    assert not IncidentReport.objects.exists()


NO_CODES = [
    ("act", "act"),
    ("means", "means"),
    ("channel", "channel"),
    ("consent", "consent"),
    ("occurred/precision", "time_precision"),
    ("place/precision", "place_precision"),
    ("weapon/family", "weapon_family"),
    ("parties/0/role", "role"),
    ("observation/qualifier", "count_qualifier"),
    ("observation/unit", "count_unit"),
    ("observation/what", "observed"),
    ("observation/phase", "phase"),
]


def test_what_is_no_code_is_told_in_which_list_to_look_and_where_that_is(exercise, people, subtests):
    device = device_of(people.monitor_north)
    lists = {found["name"] for found in device.get(CODE_LISTS).json()["results"]}
    for path, name in NO_CODES:
        with subtests.test(path=path):
            answer = device.post(REPORTS, with_value(path, "thunderous-heron"))
            (error,) = answer.json()["errors"]
            assert error == {
                "pointer": f"#/{path}",
                "detail": f"Give a code of the list {name}: {CODE_LISTS} tells every code and what it means.",
            }
            assert name in lists
            assert b"heron" not in answer.content, "what was sent is not repeated"


def test_so_it_is_of_hours_of_restrictions_and_of_returns(exercise, people):
    alder, monitor = device_of(people.guarantor_alder), device_of(people.monitor_north)
    for device, door, name, codes in (
        (monitor, "patrols", "kind", "patrol_kind"),
        (monitor, "movement-restrictions", "kind", "restriction_kind"),
        (alder, "daily-returns", "unit", "count_unit"),
    ):
        errors = device.post(f"/api/v1/{door}/", {name: "thunderous-heron"}).json()["errors"]
        told = {error["pointer"]: error["detail"] for error in errors}
        assert f"the list {codes}: {CODE_LISTS}" in told[f"#/{name}"]


def test_all_faults_are_told_at_once_in_the_words_of_the_filer(exercise, people):
    body = document(act="mischief", colour="red")
    body["occurred"]["from"] = "2025-03-10T20:00:00"
    errors = device_of(people.monitor_north).post(REPORTS, body).json()["errors"]
    told = {error["pointer"]: error["detail"] for error in errors}
    assert set(told) == {"#/act", "#/colour", "#/occurred/from"}
    assert "offset" in told["#/occurred/from"]


def test_a_rule_of_the_verb_is_told_in_the_same_way(exercise, people):
    body = document()
    body["narrative_language"] = "English"[:8]
    body["occurred"]["from"] = "2125-03-10T20:00:00Z"
    body["occurred"].pop("until")
    answer = device_of(people.monitor_north).post(REPORTS, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_report")
    assert {error["pointer"] for error in answer.json()["errors"]} == {"#/narrative_language", "#/occurred/from"}


NO_DOCUMENTS = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b"null", 400),
    (b'"text"', 400),
    (b"\xff\xfe{}", 400),
    (b'{"a": NaN}', 400),
    (b'{"act": "device", "act": "flare"}', 400),
    (b"[" * 100_000, 400),
    (b"[" * (LARGEST + 1), 413),
    (b'{"a": ' + b"1" * 5000 + b"}", 400),
]


def test_what_is_no_document_is_refused(exercise, people, subtests):
    device = device_of(people.monitor_north)
    for body, status in NO_DOCUMENTS:
        with subtests.test(body=body[:30]):
            answer = device.generic("POST", REPORTS, body, content_type="application/json")
            assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_strange_member_is_named_safely(exercise, people):
    body = json.dumps({**document(), "a/b~\ud800\u202e" + "x" * 500: 1}).encode()
    device = device_of(people.monitor_north)
    answer = device.generic("POST", REPORTS, body, content_type="application/json")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["pointer"].startswith("#/a~1b~0\\ud800\\u202e")
    assert len(error["pointer"]) < 120


def test_only_json_is_taken(exercise, people):
    device = device_of(people.monitor_north)
    answer = device.post(REPORTS, "act=device", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


TURNED = [
    ({"client_id": 5}, "#/client_id"),
    ({"client_id": " 5f2a"}, "#/client_id"),
    ({"client_id": "5f2a\n"}, "#/client_id"),
    ({"corrects": 7}, "#/corrects"),
    ({"weapon": {"family": "mortar", "calibre_mm": "82"}}, "#/weapon/calibre_mm"),
    ({"weapon": {"family": "mortar", "calibre_mm": True}}, "#/weapon/calibre_mm"),
    ({"weapon": {"family": "mortar", "assessed": "yes"}}, "#/weapon/assessed"),
    ({"casualties": {"killed": {"civilian": {"low": "1"}}}}, "#/casualties/killed/civilian/low"),
    ({"observation": {"count": "3", "qualifier": "exact", "unit": "explosion"}}, "#/observation/count"),
]


def test_what_would_have_to_be_turned_into_what_is_described_is_refused(exercise, people, subtests):
    device = device_of(people.monitor_north)
    for changes, pointer in TURNED:
        with subtests.test(changes=changes):
            answer = device.post(REPORTS, document(**changes))
            assert answer.status_code == 400
            assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_method_that_no_door_takes_is_told_so_whatever_it_asks(exercise, people, subtests):
    device = device_of(people.monitor_north)
    for method in ("DELETE", "PUT", "OPTIONS", "QUERY"):
        with subtests.test(method=method):
            answer = device.generic(method, f"{REPORTS}?act=flare&limit=x")
            assert (answer.status_code, answer["Allow"].split(", ")[:2]) == (405, ["GET", "POST"])


def test_an_address_that_is_none_is_a_problem_too(client, db):
    answer = client.get("/api/v1/incident-reports/17/")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("value", ["\ud83d", "Gannets over the breakwater"])
def test_a_word_that_is_none_of_a_few_is_told_which_they_are_and_not_repeated(exercise, people, client, value):
    client.force_login(people.guarantor_birch)
    filed = {"agreement": "exercise", "on": "2025-03-05", "total": 1, "breakdown": value}
    answer = client.post("/api/v1/daily-returns/", json.dumps(filed), content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    (error,) = [error for error in answer.json()["errors"] if error["pointer"] == "#/breakdown"]
    assert error["detail"] == "Give one of these: complete, partial, none."
    asked = client.get("/api/v1/editions/", {"period_kind": value.encode(errors="replace").decode()})
    assert asked.json()["errors"][0]["detail"] == "Give one of these: day, week, month."


def test_where_a_framework_s_sentence_repeats_half_a_sign_it_can_be_written():
    assert problem_of(ValidationError({"act": ["“\ud83d” is none."]})).errors == [
        {"pointer": "#/act", "detail": "“\\ud83d” is none."}
    ]
