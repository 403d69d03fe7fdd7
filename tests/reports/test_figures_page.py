"""The pages that lead moderators from the figures of a released report to the incidents that it counts, in full."""

from __future__ import annotations

import pytest
from django.urls import reverse

from monitoring.models import AuditEntry
from reports import behind
from reports.figures.annex import reference
from tests.reports.released import released_month
from tests.violations.occasions import agreed, breach, filed, incident_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]

FIGURES, COMPARE = (reverse(f"admin:reports_closing_{name}") for name in ("figures", "compare"))


@pytest.fixture
def reports(exercise, people):
    return [filed(exercise, people.monitor_north, act=act) for act in ("indirect_fire", "direct_fire", "direct_fire")]


@pytest.fixture
def closed(exercise, people, reports):
    first = released_month(exercise)
    agreed(incident_of(reports[0]), breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    return first, released_month(exercise)


@pytest.fixture
def moderator(client, people):
    client.force_login(people.moderator_north)
    return client


def behind_at(client, closing, path, status=200, **asked):
    response = client.get(FIGURES, {"closing": str(closing.public_id), "path": path, **asked})
    assert response.status_code == status
    return response


def test_each_incident_is_there_in_full_and_leads_to_its_page(moderator, closed, reports):
    answer = behind_at(moderator, closed[1], "incidents/by_act/direct_fire/registered")
    wanted = {incident_of(report).public_id for report in reports[1:]}
    assert {row["public_id"] for row in answer.context["lines"]} == wanted
    for incident in wanted:
        assert reverse("admin:violations_incident_change", args=[incident]) in answer.text
    assert answer.context["now"] is None


def test_the_record_is_as_known_at_the_cut_off_of_the_report(moderator, exercise, people, closed):
    """What is recorded later stands in no list of an earlier report."""
    filed(exercise, people.monitor_south)
    for closing, preliminary in zip(closed, (0, 1), strict=True):
        told = behind_at(moderator, closing, "incidents/total/registered").context
        assert (told["incidents"], told["now"]) == (3, None)
        found = behind_at(moderator, closing, "incidents/total/columns/violations_preliminary").context
        assert found["incidents"] == preliminary


def test_the_newest_report_is_shown_table_by_table_where_none_is_asked_for(moderator, closed):
    answer = moderator.get(FIGURES)
    assert answer.context["chosen"].pk == closed[1].pk
    assert "incidents/by_act" in {table["code"] for table in answer.context["tables"]}
    acts = moderator.get(FIGURES, {"closing": str(closed[1].public_id), "table": "incidents/by_act"})
    assert "path=incidents/by_act/direct_fire/registered" in acts.text


def test_a_list_goes_on_from_the_last_that_was_shown(moderator, closed, monkeypatch):
    monkeypatch.setattr(behind, "A_PAGE", 2)
    first = behind_at(moderator, closed[1], "incidents/total/registered").context
    last = str(first["lines"][-1]["public_id"])
    second = behind_at(moderator, closed[1], "incidents/total/registered", after=last).context
    assert (len(first["lines"]), len(second["lines"])) == (2, 1)
    assert last in first["next"]
    assert not second["next"]
    behind_at(moderator, closed[1], "incidents/total/registered", 400, after=str(closed[1].public_id))
    behind_at(moderator, closed[1], "incidents/total/registered", 400, after="last")


def test_what_counts_no_incident_and_what_is_no_figure_are_said(moderator, closed):
    assert "daily returns" in behind_at(moderator, closed[1], "ledgers/ledgers/alder/announced/days_held").text
    behind_at(moderator, closed[1], "incidents/other", 404)
    assert "No incident is counted here." in behind_at(moderator, closed[1], "incidents/total/columns/discounted").text
    assert moderator.get(FIGURES, {"closing": "march"}).status_code == 400


def test_where_the_code_of_today_counts_otherwise_both_numbers_are_told(moderator, closed, monkeypatch):
    """As it would after a rule changed: here the report's own figure is read as one more."""
    at = behind.figure_at
    monkeypatch.setattr(
        behind,
        "figure_at",
        lambda content, path: (found := at(content, path)) and type(found)(found.path, found.figure + 1, found.counts),
    )
    answer = behind_at(moderator, closed[1], "incidents/total/registered")
    assert (answer.context["figure"], answer.context["now"]) == ("4", 3)
    assert "Counted anew by the code of today" in answer.text


def test_two_reports_stand_side_by_side(moderator, closed, reports):
    asked = {"before": str(closed[1].public_id), "now": str(closed[0].public_id)}
    answer = moderator.get(COMPARE, asked)
    assert answer.context["before"].pk == closed[0].pk
    (row,) = answer.context["incidents"]
    assert row["reference"] == reference(incident_of(reports[0]).public_id)
    assert "stands as: was pending, is violation, preliminary" in answer.text
    assert moderator.get(COMPARE).status_code == 200


def test_nothing_released_is_said(moderator, exercise, people):
    assert "has been released yet" in moderator.get(FIGURES).text
    assert "has been released yet" in moderator.get(COMPARE).text


@pytest.mark.parametrize("who", ["operator", "guarantor_alder", "monitor_north", "superuser"])
def test_who_moderates_nothing_does_not_enter(client, people, closed, who):
    client.force_login(getattr(people, who))
    for address in (FIGURES, COMPARE):
        assert client.get(address, {"closing": str(closed[1].public_id)}).status_code in {302, 403}


def test_a_look_leaves_a_row_with_the_report(moderator, closed, exercise):
    behind_at(moderator, closed[1], "incidents/total/registered")
    row = AuditEntry.objects.latest("pk")
    assert (row.action, row.object_id, row.agreement) == (
        "closing.figures.look",
        str(closed[1].public_id),
        exercise,
    )
