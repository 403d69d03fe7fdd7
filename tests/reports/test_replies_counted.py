"""Replies, statements and measures in a closing: what is told of them, to whom, and what makes another closing."""

from __future__ import annotations

import csv
import io
import json
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pypdf import PdfReader

from monitoring.models import Agreement
from reports import closings
from reports.models import Closing, Rendition
from reports.renderers import values
from reports.renderers.document.changed import where
from reports.renderers.reading import Reading
from tests.record.chosen_times import chosen_times
from tests.reports.schema import check_content
from tests.violations import occasions, replying
from violations import measures, replies_seen, statements
from violations.models import InformationRequest
from violations.statements import Said

pytestmark = [pytest.mark.django_db]
MONTH = ("month", "2025-03")
BY_WHOM = "Replies, statements, measures › requests for information › by whom they were put to"


def closed(agreement: Agreement) -> Closing:
    closing = closings.advance(closings.request(agreement, *MONTH).pk)
    assert closing.released_at is not None, closing.failure
    return closing


def told(closing: Closing) -> dict:
    content = json.loads(closing.content())
    check_content(content)
    return content["sections"]["replies"]


def by_addressee(closing: Closing) -> dict:
    return {
        (row["guarantor"], row["addressee"]): {key: row[key] for key in row if row[key] and isinstance(row[key], int)}
        for row in told(closing)["requests"]["by_addressee"]
    }


@pytest.fixture
def incident(exercise, people):
    return occasions.incident_of(occasions.filed(exercise, people.monitor_north))


@pytest.mark.usefixtures("json_alone")
def test_where_nothing_was_asked_every_guarantor_has_the_same_rows_of_zero(exercise, incident):
    section = told(closed(exercise))
    for guarantor in ("alder", "birch", "cedar"):
        rows = [row for row in section["requests"]["by_addressee"] if row["guarantor"] == guarantor]
        assert [row["addressee"] for row in rows] == ["guarantor", "through"]
        assert {row["asked"] for row in rows} == {0}
    assert [row["told"] for row in section["statements"]["by_guarantor"]] == [0, 0, 0]
    assert [row["agreed"] for row in section["measures_agreed"]["by_whom"]] == [0, 0, 0, 0]


@pytest.mark.usefixtures("json_alone")
def test_a_late_answer_makes_another_closing_that_tells_what_changed(exercise, people, incident):
    request = replying.asked(exercise, people.moderator_north, "guarantor:birch", incident)
    first = closed(exercise)
    assert by_addressee(first)["birch", "guarantor"] == {"asked": 1, "open": 1}
    assert list(closings.unchecked()) == []
    replying.answered(request, people.guarantor_birch)
    assert list(closings.unchecked()) == [first]
    assert closings.check(first).touched_at is not None
    second = closed(exercise)
    assert by_addressee(second)["birch", "guarantor"] == {"asked": 1, "in_time": 1}
    changes = json.loads(second.content())["beside"]["changes"]["figures"]
    assert {(one["path"], one["old"], one["new"]) for one in changes} == {
        ("replies/requests/all/in_time", 0, 1),
        ("replies/requests/all/open", 1, 0),
        ("replies/requests/by_addressee/birch+guarantor/in_time", 0, 1),
        ("replies/requests/by_addressee/birch+guarantor/open", 1, 0),
    }
    reading = Reading(json.loads(second.content()), None, "en")
    assert {values.plain(where(reading, one)) for one in changes} == {
        "Replies, statements, measures › requests for information › all › in time",
        "Replies, statements, measures › requests for information › all › open",
        f"{BY_WHOM} › Birch; a guarantor, for itself › in time",
        f"{BY_WHOM} › Birch; a guarantor, for itself › open",
    }


@pytest.mark.by_hand
@pytest.mark.usefixtures("json_alone")
def test_a_date_that_passes_without_an_answer_is_looked_at_though_nothing_is_recorded(exercise, people, incident):
    with chosen_times(), replies_seen.reading_all():
        request = InformationRequest.objects.create(
            agreement=exercise,
            incident=incident,
            guarantor=exercise.guarantors.get(code="birch"),
            question="Where did it stand?",
            recorded_at=timezone.now() - timedelta(days=9),
            due_at=timezone.now() + timedelta(seconds=4),
            by=people.moderator_north,
            client_id=replying.a_name(),
        )
    first = closed(exercise)
    assert by_addressee(first)["birch", "guarantor"] == {"asked": 1, "open": 1}
    assert list(closings.unchecked()) == []
    while timezone.now() <= request.due_at:
        time.sleep(0.2)
    assert list(closings.unchecked()) == [first]
    assert closings.check(first).touched_at is not None
    assert by_addressee(closed(exercise))["birch", "guarantor"] == {"asked": 1, "outstanding": 1}


@pytest.mark.usefixtures("json_alone")
def test_a_statement_counts_once_it_is_told_and_not_before(exercise, people, incident):
    said = Said("contests_facts", "Our log has no fire.", "en", incident=incident)
    statement = replying.stated(exercise, people.guarantor_birch, said)
    replying.stated(exercise, people.guarantor_alder, Said("concurs", period="2025-03"), told=True)
    first = closed(exercise)
    counted = {row["guarantor"]: row["statements"] for row in told(first)["statements"]["by_guarantor"]}
    assert counted["alder"]["concurs"] == 1
    assert counted["birch"]["contests_facts"] == 0
    assert "Our log has no fire." not in first.content()
    assert list(closings.unchecked()) == []
    statements.tell(statement.public_id, by=people.guarantor_birch)
    assert list(closings.unchecked()) == [first]
    again = told(closed(exercise))
    counted = {row["guarantor"]: row["statements"] for row in again["statements"]["by_guarantor"]}
    assert counted["birch"]["contests_facts"] == 1


@pytest.mark.usefixtures("json_alone")
def test_what_bears_on_another_period_makes_nothing_new(exercise, people, incident):
    closing = closed(exercise)
    replying.asked(exercise, people.moderator_north, "guarantor:birch")
    replying.stated(exercise, people.guarantor_alder, Said("concurs", period="2025-04"), told=True)
    agreed = measures.Agreed(
        "The battery leaves the shore.",
        replying.today(exercise),
        guarantor=exercise.guarantors.get(code="birch"),
    )
    measures.record(exercise, agreed, by=people.moderator_north, client_id=replying.a_name())
    assert list(closings.unchecked()) == []
    assert closings.check(closing).touched_at is None


@pytest.mark.usefixtures("json_alone")
def test_a_measure_counts_in_the_period_in_which_it_was_agreed_and_its_steps_where_seen(exercise, people, incident):
    on = occasions.NOON.date()
    agreed = measures.Agreed("The battery leaves the shore.", on, guarantor=exercise.guarantors.get(code="birch"))
    measure = measures.record(exercise, agreed, by=people.moderator_north, client_id=replying.a_name())
    first = closed(exercise)
    row = next(row for row in told(first)["measures_agreed"]["by_whom"] if row["guarantor"] == "birch")
    assert (row["agreed"], row["stand"]["under_way"]) == (1, 1)
    seen = measures.Seen("done", "The last gun left.", replying.today(exercise))
    measures.follow_up(measure, seen, by=people.moderator_north, client_id=replying.a_name())
    assert list(closings.unchecked()) == [first]
    row = next(row for row in told(closed(exercise))["measures_agreed"]["by_whom"] if row["guarantor"] == "birch")
    assert (row["stand"]["under_way"], row["stand"]["done"]) == (0, 1)


def test_all_of_it_is_read_in_print_and_in_the_table(exercise, people, incident):
    replying.replied(exercise, people, incident)
    closing = closed(exercise)
    assert by_addressee(closing)["birch", "guarantor"] == {"asked": 1, "in_time": 1}
    files = {}
    for rendition in Rendition.objects.filter(edition__guarantor__code="birch"):
        with default_storage.open(rendition.path) as file:
            files[rendition.format] = file.read()
    pages = PdfReader(io.BytesIO(files["pdf"])).pages
    text = " ".join(" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pages)
    assert "Birch 1 1 0 0 0 0" in text
    assert "Birch, for a party that it answers for 0 0 0 0 0 0" in text
    assert "All requests 1 1 0 0 0 0" in text
    assert "Takes note 0 1 0 1" in text
    assert "All statements 0 1 0 1" in text
    assert "statements of guarantors on incidents" not in text, "no longer said to be unrecorded"
    lines = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    counted = [line for line in lines if line["section"] == "replies" and line["value"] != "0"]
    assert [(line["table"], line["row_code"], line["within_code"], line["measure"]) for line in counted] == [
        ("requests", "", "", "asked"),
        ("requests", "", "", "in time"),
        ("requests", "birch/guarantor", "", "asked"),
        ("requests", "birch/guarantor", "", "in time"),
        ("statements", "", "", "Statements told to the other guarantors"),
        ("statements", "", "takes_note", "Statements told to the other guarantors"),
        ("statements", "birch", "", "Statements told to the other guarantors"),
        ("statements", "birch", "takes_note", "Statements told to the other guarantors"),
    ]


def test_who_is_asked_for_a_party_is_not_told_where_the_truce_does_not_publish_who_fired(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, ('attribution = "published"', 'attribution = "internal"'))
    incident = occasions.incident_of(occasions.filed(exercise, people.monitor_north))
    replying.asked(exercise, people.moderator_north, "party:south-guard:birch", incident)
    closing = closed(exercise)
    assert by_addressee(closing) == {
        **{(state, "guarantor"): {} for state in ("alder", "birch", "cedar")},
        (None, "parties"): {"asked": 1, "open": 1},
    }
    files = {}
    for rendition in Rendition.objects.filter(edition__guarantor__code="alder"):
        with default_storage.open(rendition.path) as file:
            files[rendition.format] = file.read()
    pages = PdfReader(io.BytesIO(files["pdf"])).pages
    text = " ".join(" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pages)
    assert "Parties, together 1 0 0 0 1 0" in text
    assert "for a party that it answers for" not in text
    lines = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    of_requests = [line for line in lines if (line["section"], line["table"]) == ("replies", "requests")]
    assert {line["row_code"] for line in of_requests if line["value"] != "0"} == {"", "parties"}
    assert not [line for line in of_requests if "through" in line["row_code"]]
