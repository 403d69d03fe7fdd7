"""The queue narrowed: by what is assessed, by words, days, evidence, what lies near; and what makes no sense."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.violations.occasions import (
    SHELLING,
    filed,
    incident_of,
)
from tests.violations.test_admin_queue import reference_of, references, shown
from violations import review
from violations.admin import queue_filter
from violations.linking import link
from violations.report_content import NamedParty

QUEUE = reverse("admin:violations_incident_changelist")

pytestmark = pytest.mark.django_db


def test_filters_narrow_by_what_the_assessment_says(client, exercise, people):
    shelling = filed(exercise, people.monitor_north)
    raid = filed(
        exercise,
        people.monitor_north,
        act="raid_or_advance",
        parties=(NamedParty("alleged", "black-gull"),),
        position=None,
        stated_area="VA02",
        place_precision="district",
        place_as_written="Skerry mill",
    )
    person = people.moderator_north
    names = shown(client, person).names
    party = {row.party.code: pk for pk, row in names.terms.items()}
    area = {row.code: pk for pk, row in names.areas.items()}
    assert references(shown(client, person, act="raid_or_advance")) == [reference_of(raid)]
    assert references(shown(client, person, scope="excluded_designated")) == [reference_of(raid)]
    assert references(shown(client, person, party=party["black-gull"])) == [reference_of(raid)]
    assert references(shown(client, person, party=party["south-league"])) == [reference_of(shelling)]
    assert references(shown(client, person, area=area["VA02"])) == [reference_of(raid)]
    assert references(shown(client, person, q="skerry")) == [reference_of(raid)]
    assert references(shown(client, person, q=reference_of(raid).upper())) == [reference_of(raid)]
    assert references(shown(client, person, q="nothing of the kind")) == []
    assert references(shown(client, person, state="under_review")) == []
    side = next(row.side_id for row in names.terms.values() if row.side and row.side.code == "south")
    assert references(shown(client, person, side=side)) == [reference_of(shelling)]


def hours_on(day, hour):
    """An hour of a day of March by the clocks of the exercise."""
    begins = datetime(2025, 3, day, hour, tzinfo=ZoneInfo("Etc/GMT+8"))
    return {"occurred_from": begins, "occurred_until": begins + timedelta(hours=1), "time_precision": "hour"}


@pytest.mark.parametrize("most", [queue_filter.MOST_DATED, 0])
def test_the_queue_is_narrowed_by_the_days_on_which_it_happened(client, exercise, people, monkeypatch, most):
    """Whether those that happened then are few and looked up, or each is asked."""
    monkeypatch.setattr(queue_filter, "MOST_DATED", most)
    early, late, next_day = (
        filed(exercise, people.monitor_north, place_as_written=f"post {day} {hour}", **hours_on(day, hour))
        for day, hour in ((10, 0), (10, 23), (11, 0))
    )
    person = people.moderator_north
    for asked, reports in (
        ({"since": "2025-03-10", "until": "2025-03-10"}, [early, late]),
        ({"since": "2025-03-11"}, [next_day]),
        ({"until": "2025-03-09"}, []),
        ({"until": "2025-03-10", "q": "23"}, [late]),
        ({"since": "2025-03-11", "q": "23"}, []),
        ({"since": "2025-03-10", "q": reference_of(early)}, [early]),
    ):
        assert references(shown(client, person, **asked)) == [reference_of(row) for row in reports], asked
    text = client.get(QUEUE, {"since": "2025-03-10"}).text
    assert 'type="date" name="since" value="2025-03-10"' in text


def test_days_that_are_none_are_told_and_a_period_ends_after_it_begins(client, exercise, people):
    filed(exercise, people.monitor_north)
    for asked in ({"since": "yesterday"}, {"until": "9999-12-31"}, {"since": "0001-01-01"}):
        queue = shown(client, people.moderator_north, **asked)
        assert queue.filter.errors.keys() == asked.keys()
        assert len(queue.rows) == 1
    queue = shown(client, people.moderator_north, since="2025-03-11", until="2025-03-10")
    assert queue.filter.errors == {"until": ["This is before the day from which on it happened."]}
    assert queue.rows == []


def test_days_are_kept_with_a_filter_and_cost_one_statement(client, exercise, people):
    report = filed(exercise, people.monitor_north)
    queue = shown(client, people.moderator_north, since="2025-03-10", until="2025-03-10", lane="standard")
    assert queue.to_keep == "view=mine&since=2025-03-10&until=2025-03-10&lane=standard"
    response = client.post(
        reverse("admin:violations_savedfilter_keep"), {"name": "That day", "query": queue.to_keep}, follow=True
    )
    assert references(response.context["queue"]) == [reference_of(report)]
    counts = []
    for asked in ({}, {"since": "2025-03-10"}):
        with CaptureQueriesContext(connection) as queries:
            client.get(QUEUE, asked)
        counts.append(len(queries))
    assert counts[1] == counts[0] + 1 <= 15


def test_a_filter_that_makes_no_sense_is_told_and_not_applied(client, exercise, people):
    filed(exercise, people.monitor_north)
    client.force_login(people.moderator_north)
    response = client.get(QUEUE, {"act": "sorcery", "party": "x", "page": "-1"})
    assert response.status_code == 200
    assert "sorcery" in response.text


def test_the_queue_is_narrowed_by_whether_anything_was_recorded_or_measured(client, exercise, people):
    seen, told = filed(exercise, people.monitor_north), filed(exercise, people.monitor_north, means="witness_interview")
    filmed = filed(exercise, people.monitor_north, means="camera", place_as_written="the crossing")
    moderator = people.moderator_north
    assert references(shown(client, moderator, evidence="yes")) == [reference_of(filmed)]
    assert set(references(shown(client, moderator, evidence="no"))) == {reference_of(seen), reference_of(told)}
    review.take(filmed, by=moderator)
    link(filmed, incident_of(seen), by=moderator, kind="same_event", grounds="The same smoke.")
    assert references(shown(client, moderator, evidence="yes")) == [reference_of(seen)]
    assert references(shown(client, moderator, evidence="no")) == [reference_of(told)]


def test_the_queue_is_narrowed_by_object_lane_and_what_lies_near(client, exercise, people):
    school = filed(exercise, people.monitor_north, objects_hit=("school",))
    heard = filed(exercise, people.monitor_north, means="heard")
    alone = filed(exercise, people.monitor_north, occurred_from=SHELLING.occurred_from.replace(day=20))
    person = people.moderator_north
    for asked, reports in (
        ({"object": "school"}, [school]),
        ({"lane": "grave"}, [school]),
        ({"lane": "routine"}, [heard]),
        ({"near": "yes"}, [school, heard]),
        ({"near": "no"}, [alone]),
        ({"lane": "standard", "near": "yes"}, []),
    ):
        assert references(shown(client, person, **asked)) == [reference_of(row) for row in reports], asked
