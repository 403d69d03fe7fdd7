"""The page for those who write clients: each of its requests is made, in order, and answered as it says."""

import json
import re
from pathlib import Path

import pytest

from tests.violations.documents import device_of
from violations.models import IncidentReport

PAGE = (Path(__file__).parent.parent / "docs" / "filing-api.md").read_text()
REQUEST = re.compile(r"^    (GET|POST) (\S+) (\d{3})$(?:\n\n```json\n(.*?)\n```)?", re.MULTILINE | re.DOTALL)


@pytest.mark.django_db
def test_every_request_of_the_page_is_answered_as_it_says(exercise, people):
    device = device_of(people.monitor_north)
    requests = REQUEST.findall(PAGE)
    assert len(requests) > 12
    assert PAGE.count("```json") == sum(bool(body) for *_asked, body in requests)
    answers = []
    for method, path, status, body in requests:
        answer = device.generic(method, path, body, content_type="application/json")
        assert answer.status_code == int(status), (path, answer.content)
        if method == "POST":
            assert device.generic(method, path, body, content_type="application/json").status_code == int(status)
        answers.append(answer.json())
    assert [row["status"] for row in answers[-4]["results"]] == [201, 400]
    assert [row["act"] for row in answers[-3]["results"]] == ["flare"]
    assert len(answers[-2]["results"]) == 1
    assert sorted(IncidentReport.objects.values_list("revision", "act")) == [
        (1, "air_strike"),
        (1, "explosion_undetermined"),
        (1, "indirect_fire"),
        (2, "flare"),
    ]


def test_every_parameter_of_the_list_is_named():
    described = json.loads((Path(__file__).parent.parent / "docs" / "openapi.json").read_text())
    parameters = {row["name"] for row in described["paths"]["/api/v1/incident-reports/"]["get"]["parameters"]}
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert parameters - {"cursor", "limit"} <= named
