"""Whatever is sent to the API, the answer is one that is described, and never a fault of ours.

Documents are bent at random places, queries made of random words; FUZZED says how many of each are tried.
"""

from __future__ import annotations

import copy
import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.violations.documents import REPORTS, device_of, document
from tests.violations.test_sightings import OBSERVED

EXAMPLES = int(os.environ.get("FUZZED", "60"))
QUERIES = (
    "limit",
    "cursor",
    "agreement",
    "period",
    "from",
    "until",
    "area",
    "zone",
    "act",
    "party",
    "state",
    "bbox",
    "near",
)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(
        ["", "\0", "\ud83d", "exercise", "2025-03-10T20:00:00Z", "9999-12-31T23:59:59Z", "x" * 300, "١٢", "1e9"]
    ),
    st.text(max_size=20),
)
VALUES = st.recursive(
    ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WHOLE = document(observation=OBSERVED, corrects="earlier", team="team-alder")


def places(value, path=()):
    """Every place of a document."""
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


PLACES = [path for path in places(WHOLE) if path]


def bent(changes):
    """The document with other values at some of its places."""
    body = copy.deepcopy(WHOLE)
    for path, value in changes:
        place = body
        try:
            for name in path[:-1]:
                place = place[name]
            place[path[-1]] = value
        except (TypeError, KeyError, IndexError):
            continue  # a value before put something else there
    return body


def sent(device, where, body):
    return device.generic("POST", where, json.dumps(body), content_type="application/json")


FREELY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.django_db
@FREELY
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_a_bent_filing(exercise, people, changes):
    device = device_of(people.monitor_north)
    body = bent(changes)
    assert sent(device, REPORTS, body).status_code in {201, 202, 400, 403, 409}
    answer = sent(device, f"{REPORTS}batch/", {"items": [body, WHOLE]})
    assert answer.status_code == 200
    assert {row["status"] for row in answer.json()["results"]} <= {201, 202, 400, 403, 409}


@pytest.mark.django_db
@FREELY
@given(value=VALUES, where=st.sampled_from(["", "batch/"]))
def test_any_document(exercise, people, value, where):
    answer = sent(device_of(people.monitor_north), f"{REPORTS}{where}", value)
    assert answer.status_code == 400


@pytest.mark.django_db
@FREELY
@given(query=st.dictionaries(st.sampled_from(QUERIES), ODD.map(str) | st.text(max_size=30), min_size=1, max_size=3))
def test_any_query(exercise, people, query):
    query = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    device = device_of(people.monitor_north)
    for accept in ("application/json", "application/geo+json"):
        assert device.get(REPORTS, query, headers={"accept": accept}).status_code in {200, 400}


@pytest.mark.django_db
@FREELY
@given(receipt=st.text(min_size=1, max_size=15).filter(lambda said: not set(said) & set("/?#%\\\r\n")))
def test_any_receipt(exercise, people, receipt):
    receipt = receipt.encode("utf-8", "replace").decode()
    answer = device_of(people.monitor_north).get(f"/api/v1/receipts/{receipt}/")
    assert answer.status_code in {400, 404}
