"""The API's description is complete, valid, committed, and read without a foreign origin or an inline script."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from openapi_spec_validator import validate

COMMITTED = Path(__file__).parent.parent / "docs" / "openapi.json"


def test_the_committed_description_is_current_and_valid():
    described = StringIO()
    call_command(
        "spectacular", "--format", "openapi-json", "--fail-on-warn", "--validate", stdout=described, verbosity=0
    )
    current = json.loads(described.getvalue())
    validate(current)
    assert current["openapi"].startswith("3.1")
    assert current == json.loads(COMMITTED.read_text()), (
        "Write it anew: ./run manage spectacular --format openapi-json --file docs/openapi.json"
    )


def test_every_operation_says_what_it_takes_and_how_it_refuses():
    described = json.loads(COMMITTED.read_text())
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (path, method)
            assert operation["summary"], (path, method)
            assert {"401", "403"} <= set(operation["responses"]), (path, method)
            if method == "post":
                assert {"400", "409", "413", "415"} <= set(operation["responses"]), path


def test_a_form_is_described_as_what_it_is():
    """A time of JSON Schema has an offset, which a local time has not; JSON is an object, whatever file it is."""
    described = COMMITTED.read_text()
    assert '"format": "time"' not in described
    for operations in json.loads(described)["paths"].values():
        for operation in operations.values():
            for answer in operation["responses"].values():
                json_told = answer.get("content", {}).get("application/json", {}).get("schema", {})
                assert json_told.get("format") != "binary", operation["operationId"]


def test_the_description_is_served(client, db):
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["paths"] == json.loads(COMMITTED.read_text())["paths"]


@pytest.mark.parametrize("address", ["/api/v1/docs/", "/api/v1/docs/?script="])
def test_the_page_to_read_it_by_has_nothing_inline_and_nothing_foreign(client, db, address):
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert "//cdn" not in page
    assert "<style" not in page
    assert "<script>" not in page
