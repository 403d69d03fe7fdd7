"""A duty officer files a team's hours from paper: a watch with its log, a line for each observation."""

import pytest
from django.urls import reverse

from tests.everybody import client_of
from tests.violations.duty_officers import duty_officer
from violations.models import Patrol

pytestmark = pytest.mark.django_db
FORM = reverse("admin:violations_dutycheck_file_hours", args=["exercise"])
WATCH = {
    "client_id": "5d3f5a0e-52a1-4a0e-8f6c-0a7b6f1e9c11",
    "team": "team-alder",
    "kind": "watch",
    "day": "2025-03-11",
    "begins": "22:00",
    "ends": "04:00",
    "area": "VA03",
    "position": "Gannet ridge",
    "log": "23:05 1 explosion incoming 270 4000m\n23:09 3+ explosions\n\n01:00 ? burst\n1:10 ~5 shot 90°",
}


@pytest.fixture
def desk(exercise):
    return client_of(duty_officer(exercise))


def test_a_watch_over_midnight_is_filed_with_its_log(desk):
    assert desk.post(FORM, WATCH).status_code == 302
    watch = Patrol.objects.get()
    assert (watch.team.code, watch.kind) == ("team-alder", "watch")
    assert (watch.started_at.isoformat(), watch.ended_at.isoformat()) == (
        "2025-03-12T06:00:00+00:00",
        "2025-03-12T12:00:00+00:00",
    )
    (stretch,) = watch.stretches.all()
    assert (stretch.area.code, stretch.position, stretch.ended_at) == ("VA03", "Gannet ridge", watch.ended_at)
    seen = watch.observations.order_by("number")
    assert list(seen.values_list("observed", "qualifier", "count", "phase", "bearing", "metres")) == [
        ("explosion", "exact", 1, "incoming", 270, 4000),
        ("explosion", "at_least", 3, "", None, None),
        ("burst", "uncountable", None, "", None, None),
        ("shot", "about", 5, "", 90, None),
    ]
    assert [row.observed_at.hour for row in seen] == [7, 7, 9, 9], "after midnight it is the next day"
    desk.post(FORM, WATCH)
    assert Patrol.objects.count() == 1, "handed in twice it is the same"


def test_a_patrol_of_several_areas_is_filed_line_by_line(desk):
    patrol = {
        **WATCH,
        "kind": "patrol",
        "begins": "08:00",
        "ends": "16:00",
        "area": "",
        "position": "",
        "stretches": "VA01 09:00 12:00 by the mill\nVA02 12:00-15:00",
        "log": "",
    }
    assert desk.post(FORM, patrol).status_code == 302
    told = Patrol.objects.get().stretches.order_by("number")
    assert [(row.area.code, row.position, row.ended_at.hour) for row in told] == [
        ("VA01", "by the mill", 20),
        ("VA02", "", 23),
    ]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"log": "23:05 1 explosion\nlate, a bang"}, "log", "Line 2: write time"),
        ({"log": "23:05 1 thunder"}, "log", "“thunder” is not in the list"),
        ({"log": "23:05 1 shot north"}, "log", "“north” is no phase"),
        ({"log": "23:05 1 shot 400"}, "log", "“400” is no phase"),
        ({"log": "05:00 1 shot"}, "log", "Line 1: An observation must lie within the hours"),
        ({"kind": "post"}, "log", "A log belongs to a watch"),
        ({"area": "", "stretches": "VA99 22:00 23:00"}, "stretches", "Line 1: There is no such area"),
        ({"area": "", "stretches": "by the mill"}, "stretches", "Line 1: write the code"),
        ({"area": ""}, "area", "Say in which areas"),
        ({"day": "2125-03-11"}, "ends", "filed when it is over"),
        ({"begins": ""}, "begins", "required"),
        ({"team": "team-birch"}, "team", "not one of the available choices"),
    ],
)
def test_what_is_wrong_stands_at_its_field_with_its_line(desk, changes, field, said):
    refused = desk.post(FORM, {**WATCH, **changes})
    assert refused.status_code == 400
    assert said in " ".join(refused.context["form"].errors[field])
    assert "Gannet ridge" in refused.content.decode()
    assert not Patrol.objects.exists()


def test_who_serves_no_team_finds_no_form(exercise, people):
    assert client_of(people.moderator_north).get(FORM).status_code == 403
    assert "UTC−08:00" in client_of(duty_officer(exercise)).get(FORM).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "9999-12-31"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"log": "23:05 0 explosion"}, "log"),
        ({"log": "23:05 ~3+ explosion"}, "log"),
        ({"log": "23:05 1 explosion 999999m"}, "log"),
        ({"log": "23:05 1 explosion\n" * 2001}, "log"),
    ],
)
def test_from_paper_the_bounds_are_those_of_every_other_way(desk, changes, field):
    answer = desk.post(FORM, {**WATCH, **changes})
    assert (answer.status_code, set(answer.context["form"].errors)) == (400, {field})
    assert not Patrol.objects.exists()
