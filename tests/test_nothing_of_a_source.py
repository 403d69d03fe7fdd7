"""Nothing of who filed, who told, or what only moderators may read, in anything a guarantor or another monitor gets.

Words are planted in every field that could carry them; then everything is fetched as its reader would, files are
opened as far as they can be, and the bytes are searched.
"""

from __future__ import annotations

import io
import re
import zlib

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tests.doors import endpoints, pointed_at
from tests.everybody import client_of
from tests.reports.released import released_month
from tests.violations.occasions import agreed, breach, filed, incident_of, kept, under_review
from violations.models import IncidentReport

SEALED = {"name": "Zubaydah Qanbarova", "contact": "+1 555 0199 778", "where": "third house past the tannery"}
PLANTED = {
    **{f"source {key}": value for key, value in SEALED.items()},
    "filer": "monitor-north",
    "narrative": "Quetzal feathers on the doorstep",
    "place as written": "behind Ibex Cottage",
    "coordinates": "-123.512345",
    "coordinates, latitude": "-48.812345",
    "client id": "handset-7f3a9",
    "grounds": "Told by the Narwhal watchman",
    "moderator": "moderator-north",
}


@pytest.fixture
def everything(exercise, people):
    """A report full of planted words, found upon, in a released month; another report stays unreviewed."""
    report = filed(
        exercise,
        people.monitor_north,
        position=(-123.512345, -48.812345),
        place_as_written=PLANTED["place as written"],
        narrative=PLANTED["narrative"],
        narrative_language="en",
        source=SEALED,
    )
    kept(exercise, people.monitor_north, narrative=PLANTED["narrative"], narrative_language="en", source=SEALED)
    under_review(report, people.moderator_north)
    agreed(
        incident_of(report),
        breach(exercise, grounds=PLANTED["grounds"]),
        by=people.moderator_north,
        and_by=people.moderator_south,
    )
    closing = released_month(exercise)
    return report, closing


def fetched(client: Client, objects: dict[str, dict[str, str]]) -> dict[str, bytes]:
    """Every answer that `client` gets from every endpoint, whatever its status: headers and body."""
    answers = {}
    for name, form, parameters in endpoints():
        for label, values in pointed_at(name, parameters, objects):
            response = client.get("/" + form % values, headers={"accept": "*/*"})
            body = b"".join(response.streaming_content) if response.streaming else response.content
            headers = "\n".join(f"{key}: {value}" for key, value in response.headers.items())
            answers[f"{name} {label}"] = headers.encode() + b"\n\n" + body
    return answers


def opened(answer: bytes) -> bytes:
    """The bytes, and, of a PDF, its text, its metadata and every stream unpacked."""
    start = answer.find(b"%PDF-")
    if start < 0:
        return answer
    document = answer[start:]
    reader = PdfReader(io.BytesIO(document))
    text = "\n".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
    streams = []
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", document, re.DOTALL):
        try:
            streams.append(zlib.decompressobj().decompress(packed))
        except zlib.error:
            streams.append(packed)
    return answer + text.encode() + b"".join(streams)


def found_in(answers: dict[str, bytes]) -> list[tuple[str, str]]:
    """(which words, where) of everything planted that stands in an answer, broken over lines or not."""
    squeezed = {where: re.sub(rb"\s", b"", opened(answer)) for where, answer in answers.items()}
    return [
        (what, where)
        for what, words in PLANTED.items()
        for where, answer in squeezed.items()
        if re.sub(r"\s", "", words).encode() in answer
    ]


def ids(report: IncidentReport, closing) -> dict[str, dict[str, str]]:
    """Every object that there is, for every endpoint that takes one."""
    editions = {e.guarantor.code: e for e in closing.editions.select_related("guarantor")}
    one = {"one": str(report.public_id)}
    return {
        "incidentreport": one,
        "incident-report": one,
        "incident-report-receipt": {"one": report.receipt},
        "incident": {"one": str(incident_of(report).public_id)},
        "finding": {"one": str(incident_of(report).findings.open().get().public_id)},
        "edition": {code: str(edition.public_id) for code, edition in editions.items()},
        "rendition": {
            f"{code}-{row.format}": str(row.public_id)
            for code, edition in editions.items()
            for row in edition.renditions.all()
        },
    }


@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["guarantor_alder", "guarantor_birch", "monitor_south"])
def test_nothing_planted_reaches(reader, everything, people):
    report, closing = everything
    answers = fetched(client_of(getattr(people, reader)), ids(report, closing))
    if reader.startswith("guarantor"):
        assert sum(b"%PDF-" in answer for answer in answers.values()) == 2, "by the page and by the API"
    assert found_in(answers) == []


@pytest.mark.django_db
def test_the_search_finds_what_is_there(everything, people):
    report, closing = everything
    answers = fetched(client_of(people.moderator_north), ids(report, closing))
    found = {what for what, _where in found_in(answers)}
    assert {"narrative", "place as written", "grounds"} <= found
    assert not found & {"source name", "source contact", "filer", "client id"}


@pytest.mark.django_db
def test_a_sealed_source_is_opened_by_an_act_of_its_own(everything, people):
    report, _closing = everything
    client = client_of(people.moderator_south)
    page = reverse("admin:violations_incidentreport_reveal", args=[report.public_id])
    assert SEALED["name"].encode() not in client.get(page).content
    assert SEALED["name"].encode() in client.post(page, {"reason": "question", "grounds": "Which bank?"}).content
