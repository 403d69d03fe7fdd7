"""How a closing was asked for, and whether its cut-off was chosen, is told in the report; by whom is not."""

import json
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from reports import closings
from reports.figures import header, steps
from reports.models import Closing
from reports.renderers.document import masthead
from reports.renderers.reading import Reading
from tests.reports import readings

pytestmark = pytest.mark.django_db

MONTH = ("month", "2025-03")


@pytest.fixture
def known(exercise):
    return closings.computing.known_at(closings.request(exercise, *MONTH), datetime.now(UTC))


def told_of(known, closing):
    told = {step["step"]: step["role"] for step in steps.steps(known, closing)["closing"]}
    first = header.header(known, closing, 1)
    return first["requested_how"], first["cutoff_chosen"], told["requested"], told["cut_off"]


def test_what_the_calendar_asks_for_is_told_as_the_calendar_s(exercise, known):
    requested = closings.request_due(exercise)
    assert {closing.requested_how for closing in requested} == {"calendar"}
    assert told_of(known, requested[0]) == ("calendar", False, "system", "system")


def test_what_a_person_asks_for_is_told_as_by_hand_and_without_the_person(exercise, known, people):
    closing = closings.request(exercise, "day", "2025-03-10", by=people.monitor_north)
    assert told_of(known, closing) == ("hand", False, "operator", "system")
    assert people.monitor_north.username not in json.dumps(
        [header.header(known, closing, 1), steps.steps(known, closing)]
    )


def test_a_closing_on_a_date_for_revisions_is_told_as_one(exercise, known):
    closing = closings.request(exercise, "day", "2025-03-10", how=Closing.RequestedHow.REVISION)
    assert told_of(known, closing) == ("revision", False, "system", "system")


def test_a_cut_off_that_somebody_chose_is_marked(exercise, known):
    chosen = exercise.versions.get().recorded_at
    closing = closings.request(exercise, "day", "2025-03-10", cutoff_at=chosen)
    assert told_of(known, closing) == ("hand", True, "operator", "operator")


@pytest.mark.parametrize("told", [{"cutoff_at": True}, {"by": True}])
def test_only_by_hand_a_person_asks_or_a_cut_off_is_chosen(exercise, people, told):
    told = {"cutoff_at": exercise.versions.get().recorded_at} if "cutoff_at" in told else {"by": people.operator}
    with pytest.raises(IntegrityError, match="reports_closing_asked_by_hand"), transaction.atomic():
        closings.request(exercise, *MONTH, how=Closing.RequestedHow.CALENDAR, **told)


def test_the_masthead_says_that_a_cut_off_was_chosen():
    content, edition = readings.stored(readings.EXERCISE)
    for chosen in (False, True):
        content["beside"]["header"]["cutoff_chosen"] = chosen
        facts = {fact["label"]: fact["value"] for fact in masthead.masthead(Reading(content, edition, "en"))["facts"]}
        assert ("chosen by hand" in facts["Cut-off"]) is chosen


def test_the_zone_is_told_beside_the_hash_and_changes_nothing_of_it():
    content, edition = readings.stored(readings.JANUARY)
    reading = Reading(content, edition, "en")
    before = reading.content_sha256
    assert "time_zone" not in content["head"]["period"]
    assert (reading.zone, reading.period["time_zone"]) == ("Asia/Damascus", "Asia/Damascus")
    content["beside"]["header"]["time_zone"] = "Asia/Beirut"
    assert (reading.zone, reading.content_sha256) == ("Asia/Beirut", before)
