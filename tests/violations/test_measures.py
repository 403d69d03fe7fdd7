"""Measures agreed and their follow-up: steps that are added, never changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitoring.errors import Forbidden, Malformed
from tests.violations.replying import a_name, today
from violations import measures
from violations.measures import Agreed, Seen
from violations.models import Measure, MeasureStep

pytestmark = pytest.mark.django_db


def recorded(exercise, by, **changes) -> Measure:
    birch = exercise.guarantors.get(code="birch")
    told = {"words": "The guns leave the shore.", "agreed_on": today(exercise), "guarantor": birch, **changes}
    return measures.record(exercise, Agreed(**told), by=by, client_id=a_name())


def now(exercise) -> Measure:
    return measures.of([exercise.pk]).get()


def test_it_is_due_when_agreed_and_then_when_the_last_step_says_until_it_has_ended(exercise, people):
    first, later = today(exercise) + timedelta(days=7), today(exercise) + timedelta(days=14)
    measure = recorded(exercise, people.moderator_north, due_on=first)
    assert (now(exercise).state, measures.due_on(now(exercise))) == ("under_way", first)
    for seen, due in (
        (Seen("under_way", "Half are gone.", today(exercise), later), later),
        (Seen("done", "The last one left.", today(exercise)), None),
    ):
        measures.follow_up(measure, seen, by=people.moderator_south, client_id=a_name())
        assert (now(exercise).state, measures.due_on(now(exercise))) == (seen.state, due)
    assert list(measure.steps.order_by("pk").values_list("state", "side__code")) == [
        ("under_way", "south"),
        ("done", "south"),
    ]


def test_the_same_form_sent_twice_is_one(exercise, people):
    agreed = Agreed("The road opens.", today(exercise), guarantor=exercise.guarantors.get(code="alder"))
    first, again = (
        measures.record(exercise, agreed, by=people.moderator_north, client_id="measure-1") for _time in range(2)
    )
    assert first == again
    seen = Seen("under_way", "Lorries pass.", today(exercise))
    for _time in range(2):
        measures.follow_up(first, seen, by=people.moderator_north, client_id="step-1")
    assert (Measure.objects.count(), MeasureStep.objects.count()) == (1, 1)


def test_what_is_wrong_is_told_by_field(exercise, people):
    tomorrow = today(exercise) + timedelta(days=1)
    for changes, pointer in (
        ({"words": " "}, "/words"),
        ({"agreed_on": tomorrow}, "/agreed_on"),
        ({"due_on": today(exercise) - timedelta(days=1)}, "/due_on"),
        ({"guarantor": None}, "/of"),
        ({"party": exercise.parties.get(code="north-army")}, "/of"),
    ):
        with pytest.raises(Malformed) as refused:
            recorded(exercise, people.moderator_north, **changes)
        assert set(refused.value.fields) == {pointer}
    measure = recorded(exercise, people.moderator_north)
    for seen, pointer in (
        (Seen("finished", "It is.", today(exercise)), "/state"),
        (Seen("done", "It is.", today(exercise), tomorrow), "/due_on"),
        (Seen("done", "It is.", today(exercise) - timedelta(days=1)), "/seen_on"),
    ):
        with pytest.raises(Malformed) as refused:
            measures.follow_up(measure, seen, by=people.moderator_north, client_id=a_name())
        assert set(refused.value.fields) == {pointer}


def test_only_moderators_record_and_follow_up(exercise, people):
    measure = recorded(exercise, people.moderator_north)
    for nobody in (people.guarantor_birch, people.operator, people.superuser):
        with pytest.raises(Forbidden):
            recorded(exercise, nobody)
        with pytest.raises(Forbidden):
            measures.follow_up(measure, Seen("done", "It is.", today(exercise)), by=nobody, client_id=a_name())
