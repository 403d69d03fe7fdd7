"""Requests, answers and statements over the API: once by client id, corrected by another, told by their owner alone."""

from __future__ import annotations

import uuid

import pytest

from tests.violations.documents import device_of
from tests.violations.occasions import filed, incident_of
from tests.violations.replying import WORDS, a_name, asked, paper, stated
from violations import answers
from violations.statements import Said

pytestmark = pytest.mark.django_db
REQUESTS = "/api/v1/information-requests/"
STATEMENTS = "/api/v1/statements/"


@pytest.fixture
def birch(people):
    return device_of(people.guarantor_birch)


@pytest.fixture
def alder(people):
    return device_of(people.guarantor_alder)


def answer(**changes) -> dict:
    return {"client_id": "note-1", "words": WORDS, "language": "en", **changes}


def statement(**changes) -> dict:
    told = {"agreement": "exercise", "client_id": "word-1", "period": "2025-03", "statement": "takes_note"}
    return {**told, **changes}


def test_a_request_is_read_answered_once_and_told(exercise, people, birch, alder):
    incident = incident_of(filed(exercise, people.monitor_north))
    request = asked(exercise, people.moderator_north, "guarantor:birch", incident)
    where = f"{REQUESTS}{request.public_id}/"
    (listed,) = birch.get(REQUESTS, {"state": "waiting"}).json()["results"]
    assert (listed["state"], listed["guarantor"], listed["incident"]) == ("open", "birch", incident.public_id.hex[:10])
    assert "moderator" not in str(listed)
    first = birch.post(f"{where}answers/", answer())
    again = birch.post(f"{where}answers/", answer())
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert (first.json()["state"], [one["words"] for one in first.json()["answers"]]) == ("in_time", [WORDS])
    assert birch.get(REQUESTS, {"state": "waiting"}).json()["results"] == []
    taken = birch.post(f"{where}answers/", answer(words="Otherwise."))
    assert (taken.status_code, taken.json()["code"]) == (409, "client_id_taken")
    assert taken.json()["differences"] == [{"pointer": "#/words", "filed": WORDS, "sent": "Otherwise."}]
    standing = birch.post(f"{where}answers/", answer(client_id="note-2"))
    assert (standing.status_code, standing.json()["code"]) == (409, "answered")
    replaces = standing.json()["latest"]
    corrected = birch.post(f"{where}answers/", answer(client_id="note-2", words="By the mill.", replaces=replaces))
    assert [one["stands"] for one in corrected.json()["answers"]] == [False, True]
    for path in (where, f"{where}answers/", f"{where}telling/"):
        refused = alder.get(path) if path == where else alder.post(path, answer() if "answers" in path else None)
        assert refused.status_code == 404
    assert alder.get(REQUESTS).json()["results"] == []
    assert birch.post(f"{where}telling/").json()["told"] is True
    assert alder.get(where).json()["told"] is True


def test_what_came_on_paper_says_so(exercise, people, birch):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    answers.take_down(request, WORDS, "en", paper(exercise), by=people.moderator_south, client_id=a_name())
    (given,) = birch.get(f"{REQUESTS}{request.public_id}/").json()["answers"]
    assert (given["came_by"], given["handed_in_by"]) == ("by_hand", "The embassy's second secretary")
    assert given["dated_on"] < given["received_on"]
    assert "moderator" not in str(given)


def test_a_statement_is_filed_once_corrected_and_told(exercise, people, birch, alder):
    first = birch.post(STATEMENTS, statement())
    again = birch.post(STATEMENTS, statement())
    assert (first.status_code, again.json(), again["Idempotency-Replayed"]) == (201, first.json(), "true")
    where = f"{STATEMENTS}{first.json()['id']}/"
    assert birch.get(first["Location"]).json() == first.json()
    assert (alder.get(where).status_code, alder.get(STATEMENTS).json()["results"]) == (404, [])
    assert alder.post(f"{where}telling/").status_code == 404
    assert birch.post(f"{where}telling/").json()["told"] is True
    other = statement(client_id="word-2", statement="concurs", words="We agree.", language="en")
    stands = birch.post(STATEMENTS, other)
    assert (stands.status_code, stands.json()["code"], stands.json()["latest"]) == (409, "stands", first.json()["id"])
    corrected = birch.post(STATEMENTS, {**other, "replaces": first.json()["id"]})
    assert (corrected.status_code, corrected.json()["told"]) == (201, True)
    assert [(one["statement"], one["stands"]) for one in alder.get(STATEMENTS).json()["results"]] == [
        ("concurs", True),
        ("takes_note", False),
    ]


def test_what_is_wrong_is_told_by_pointer(exercise, people, birch):
    incident = incident_of(filed(exercise, people.monitor_north))
    for changes, pointer in (
        ({"statement": "agrees"}, "#/statement"),
        ({"period": "2025-13"}, "#/period"),
        ({"closing_number": 7}, "#/closing_number"),
        ({"period": "", "incident": incident.public_id.hex[:10]}, "#/incident"),
        ({"period": "", "incident": "0123456789"}, "#/incident"),
        ({"words": "Said.", "language": "English."}, "#/language"),
        ({"channel": "by_hand"}, "#/channel"),
    ):
        refused = birch.post(STATEMENTS, {key: told for key, told in statement(**changes).items() if told != ""})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)


def test_an_incident_that_is_there_and_one_that_is_not_are_refused_alike(exercise, people, birch):
    incident = incident_of(filed(exercise, people.monitor_north))
    told = [
        birch.post(STATEMENTS, {**statement(incident=reference), "period": ""} | {"client_id": "x"}).json()["errors"]
        for reference in (incident.public_id.hex[:10], uuid.uuid4().hex[:10])
    ]
    assert told[0] == told[1]


def test_only_who_speaks_for_somebody_comes_in(exercise, people):
    stated(exercise, people.guarantor_birch, Said("concurs", period="2025-03"), told=True)
    for nobody in (people.monitor_north, people.moderator_north, people.operator):
        device = device_of(nobody)
        for where in (REQUESTS, STATEMENTS):
            assert device.get(where).status_code == 403
        assert device.post(STATEMENTS, statement()).status_code == 403
