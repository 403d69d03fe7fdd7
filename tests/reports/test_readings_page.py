"""The page that names the incidents which hang on whose reading: for moderators of the truce alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring.models import AuditEntry
from tests.violations.occasions import filed, incident_of
from tests.violations.test_admin_access import LOOK
from violations.report_content import NamedParty

READINGS = reverse("admin:reports_closing_readings")

# Only the north side accepts that it joined.
CONTESTED = (NamedParty("alleged", "coast-watch"),)

pytestmark = pytest.mark.django_db


def shown(client, person, status=200, **asked):
    client.force_login(person)
    response = client.get(READINGS, asked)
    assert response.status_code == status
    return response


def test_each_holder_is_there_with_what_would_move_and_where_to(client, exercise, people):
    moved = incident_of(filed(exercise, people.monitor_north, parties=CONTESTED)).public_id
    filed(exercise, people.monitor_south)
    response = shown(client, people.moderator_north, period="2025-03")
    told = {row["holder"]: row for row in response.context["readings"]}
    assert {name: (row["changed"], row["same"]) for name, row in told.items()} == {
        "": (0, 2),
        "North side": (1, 1),
        "South side": (1, 1),
    }
    assert [(one["public_id"], one["was"], one["becomes"]) for one in told["North side"]["incidents"]] == [
        (moved, "scope disputed", "pending")
    ]
    assert [one["becomes"] for one in told["South side"]["incidents"]] == ["out of scope: non-signatory"]
    assert reverse("admin:violations_incident_change", args=[moved]) in response.text
    assert "Were the reading of North side taken" in response.text
    assert told["South side"]["on"] == ["whether the truce binds Coast Watch", "the line of Buffer along the strait"]


def test_the_same_for_every_side_and_nothing_asked_is_the_month_of_the_latest_incident(client, exercise, people):
    filed(exercise, people.monitor_north, parties=CONTESTED)
    north, south = (shown(client, one) for one in (people.moderator_north, people.moderator_south))
    assert north.context["readings"] == south.context["readings"] != []
    assert north.context["period"] == "2025-03"


def test_what_was_filed_of_a_time_outside_the_truce_leads_to_no_other_month(client, exercise, people):
    assert shown(client, people.moderator_north).context["period"] == "2025-03", "the month in which it began"
    ended = exercise.terms.in_force_until
    for begins in (ended + timedelta(days=400), exercise.terms.in_force_from - timedelta(days=40)):
        filed(exercise, people.monitor_north, occurred_from=begins, occurred_until=begins + timedelta(minutes=1))
    assert shown(client, people.moderator_north).context["period"] == "2025-03"


def test_what_is_no_period_is_told_at_the_field(client, exercise, people):
    response = shown(client, people.moderator_north, status=400, period="2025-13")
    assert response.context["form"].errors["period"]
    assert "readings" not in response.context


def test_an_agreement_of_others_is_none(client, exercise, people):
    response = shown(client, people.moderator_north, status=400, agreement="astana-2016", period="2017-01")
    assert response.context["form"].errors["agreement"]


def test_a_day_in_which_nothing_was_filed_has_no_incident_listed(client, exercise, people):
    response = shown(client, people.moderator_north, period="2025-03-02")
    assert {row["changed"] for row in response.context["readings"]} <= {0}


def test_who_moderates_nothing_does_not_enter(client, exercise, people):
    shown(client, people.operator, status=403)
    assert client.get(READINGS).status_code == 403


def test_looking_leaves_a_row_and_costs_the_same_for_many(client, exercise, people):
    costs = []
    for more in (1, 1, 10):  # the first fills what a process keeps
        for _report in range(more):
            filed(exercise, people.monitor_north, parties=CONTESTED)
        client.force_login(people.moderator_north)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(READINGS, {"period": "2025-03"}).status_code == 200
        costs.append(len(asked))
    assert costs[1] == costs[2] <= 20 + LOOK
    assert AuditEntry.objects.filter(action="closing.readings.look", agreement=exercise).count() == 3
