"""What came of a kind of team's reports is told where so many filed that no team and nobody is told by it; else not."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from monitoring import accreditation
from monitoring.models import User
from tests.record.by_hand import by_hand
from tests.violations.occasions import (
    SHELLING,
    agreed,
    corrected,
    discounted,
    filed,
    incident_of,
    reloaded,
    under_review,
)
from tests.violations.test_crossing import told
from violations import filing, linking, review, team_record
from violations.codebook import LinkKind
from violations.models import IncidentReport
from violations.report_content import NamedParty
from violations.team_record import ANY_KIND, LEAST_PEOPLE, LEAST_REPORTS, Record

MORE_TEAMS = (
    '[[teams]]\ncode = "team-joint"',
    "".join(
        f'[[teams]]\ncode = "{kind}-{number}"\nnames = {{ en = "{kind} {number}" }}\nkind = "{kind}"\n{sent}\n'
        for kind, sent in (("guarantor", 'guarantor = "birch"'), ("joint", ""), ("independent", ""))
        for number in range(2)
    )
    + '[[teams]]\ncode = "team-joint"',
)


def rows(*teams: tuple[str, int, int]) -> list[tuple]:
    """Teams by kind, how many reports and how many people: as the statement has them."""
    return [
        (kind, n, list(range(100 * place, 100 * place + people)), n, 0, 0, 0)
        for place, (kind, n, people) in enumerate(teams)
    ]


def test_each_kind_is_told_where_every_kind_that_filed_is_large_enough():
    found = team_record.read(rows(*[("guarantor", 20, 4)] * 3, *[("joint", 15, 5)] * 3))
    assert found == {"guarantor": Record(60, 60), "joint": Record(45, 45)}


def test_where_one_kind_is_too_small_all_are_told_together_so_that_none_follows_by_subtraction():
    found = team_record.read(rows(*[("guarantor", 20, 4)] * 3, ("joint", 15, 5)))
    assert found == {ANY_KIND: Record(75, 75)}


@pytest.mark.parametrize(
    "teams",
    [
        [],
        [("guarantor", 30, 10)] * 2,
        [("guarantor", 30, 3)] * 3,
        [("guarantor", 9, 5)] * 3,
        [("guarantor", 61, 5), ("guarantor", 30, 5), ("guarantor", 30, 5)],
    ],
)
def test_too_few_teams_people_or_reports_and_one_that_filed_most_are_not_told(teams):
    assert team_record.read(rows(*teams)) == {}


def test_one_person_in_several_teams_is_one_person():
    same = [("joint", 20, list(range(LEAST_PEOPLE - 1)), 0, 0, 0, 0)] * 4
    assert team_record.read(same) == {}


@pytest.fixture
def busy(exercise, people, tmp_path):
    """Six more teams, with people, and what they filed: a hundred days ago, and within the ninety before now."""
    reloaded(tmp_path, MORE_TEAMS)
    birch = exercise.guarantors.get(code="birch")
    filers: dict[str, list[User]] = {}
    for kind in ("guarantor", "joint", "independent"):
        for number in range(2):
            team = exercise.teams.get(code=f"{kind}-{number}")
            for place in range(3):
                user = User.objects.create_user(f"{kind}-{number}-{place}")
                sent = birch if kind == "guarantor" else None
                since = timezone.now() - timedelta(days=10)
                accreditation.accredit(user, exercise, "monitor", by=None, team=team, guarantor=sent, valid_from=since)
                filers.setdefault(team.code, []).append(user)
    return filers


def file(exercise, user, number: int):
    """A report that nobody takes for another."""
    content = replace(SHELLING, place_as_written=f"post {number}", parties=(NamedParty("alleged", f"men of {number}"),))
    return filing.file_report(exercise, content, by=user, client_id=str(uuid.uuid4())).report


@pytest.mark.by_hand
@pytest.mark.django_db
def test_what_came_of_reports_is_counted_by_what_was_planted(exercise, people, busy, client):
    """Of 42, three are accepted, two returned, one duplicate of another, one found not to have happened."""
    reports = [file(exercise, users[n % 3], 10 * t + n) for t, users in enumerate(busy.values()) for n in range(7)]
    north, south = people.moderator_north, people.moderator_south
    for report in reports[:3]:
        review.accept(under_review(report, north), by=north)
    for report in reports[3:5]:
        review.return_with_question(under_review(report, north), by=north, grounds="Which bank?")
    corrected(reports[3], busy["guarantor-0"][0], place_as_written="the left bank")
    linking.link(
        under_review(reports[5], north), incident_of(reports[6]), by=north, kind=LinkKind.DUPLICATE, grounds="The same."
    )
    agreed(incident_of(reports[0]), discounted(), by=north, and_by=south)
    now = filed(exercise, people.monitor_north)
    assert told(now, north).record == {}, "what was filed on the day of the incident is no record yet"
    by_hand(f"update violations_incidentreport set recorded_at = recorded_at - interval '3 days' where id <> {now.pk}")
    assert told(now, north).record == {ANY_KIND: Record(42, 3, 2, 1, 1)}, "one team of each of two kinds is too few"
    before = {"at": reports[-1].recorded_at}
    assert told(now, north, **before).record == {ANY_KIND: Record(42)}, "as known before anything was decided"
    client.force_login(south)
    text = client.get(reverse("admin:violations_incidentreport_change", args=[now.public_id])).text
    assert "Of 42 reports of teams of every kind in the 90 days before: 3 accepted, 2 returned with a question" in text
    for hidden in ("joint-0", "guarantor 1", "team-alder", "monitor-north", "men of the team"):
        assert hidden not in text
    by_hand("update violations_incidentreport set recorded_at = recorded_at - interval '100 days' where revision = 1")
    by_hand(f"update violations_incidentreport set recorded_at = recorded_at + interval '100 days' where id = {now.pk}")
    assert told(now, north).record == {}


@pytest.mark.django_db
def test_where_it_is_not_told_the_page_says_why(client, exercise, people):
    report = filed(exercise, people.monitor_north)
    client.force_login(people.moderator_south)
    text = client.get(reverse("admin:violations_incidentreport_change", args=[report.public_id])).text
    assert "too few teams, people or reports" in text
    assert IncidentReport.objects.count() < LEAST_REPORTS
