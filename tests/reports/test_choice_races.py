"""Who agrees at the same moment to what would be the third and the fourth, in connections of their own."""

from __future__ import annotations

import pytest

from monitoring.errors import NotNow
from reports import choices_seen, choosing
from reports.models import Choice
from tests.reports.chosen import agreed, improvement
from tests.reports.test_agreed_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def agreeing(proposals, *by):
    return [
        lambda one=one, who=who: choosing.agree(one.public_id, by=who) for one, who in zip(proposals, by, strict=True)
    ]


def places() -> list[int]:
    with choices_seen.reading_all():
        return sorted(Choice.objects.open().agreed().values_list("place", flat=True))


@pytest.mark.parametrize("stand", [2, 1])
def test_of_the_third_and_the_fourth_at_once_one_is_refused_and_of_the_second_and_third_none(exercise, people, stand):
    for number in range(stand):
        agreed(exercise, improvement(f"Number {number}."), people)
    proposals = [
        choosing.propose(exercise, improvement(words), by=people.moderator_north) for words in ("One.", "Two.")
    ]
    told = at_once(*agreeing(proposals, people.moderator_south, people.moderator_independent))
    refused = [one for one in told if isinstance(one, NotNow)]
    assert [one.code for one in refused] == (["three_stand"] if stand == 2 else [])
    assert places() == [1, 2, 3]


def test_of_two_who_agree_to_the_same_at_once_one_is_told_that_it_is_agreed(exercise, people):
    proposed = choosing.propose(exercise, improvement(), by=people.moderator_north)
    told = at_once(*agreeing([proposed] * 2, people.moderator_south, people.moderator_independent))
    assert sorted(getattr(one, "code", "agreed") for one in told) == ["agreed", "not_proposed"]
    assert places() == [1]


def test_who_takes_a_proposal_back_and_who_agrees_to_it_at_once_do_not_both_have_their_way(exercise, people):
    proposed = choosing.propose(exercise, improvement(), by=people.moderator_north)
    told = at_once(
        *agreeing([proposed], people.moderator_south),
        lambda: choosing.withdraw(proposed.public_id, by=people.moderator_north),
    )
    assert sum(isinstance(one, NotNow) for one in told) == 1
    assert places() == ([] if isinstance(told[0], NotNow) else [1])
