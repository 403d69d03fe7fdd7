"""Whose a person is: said by the sender, and not to be had otherwise by leaving the sender out."""

import pytest
from django.db import IntegrityError, transaction

from monitoring import accreditation
from monitoring.accreditation import Role
from monitoring.errors import Forbidden, Malformed
from monitoring.models import User


@pytest.fixture
def person(db):
    return User.objects.create(username="somebody", is_staff=True)


def test_a_person_of_a_guarantors_own_team_is_not_independent_by_omission(exercise, person):
    own_team = exercise.teams.get(code="team-alder")
    for guarantor in (None, exercise.guarantors.get(code="birch")):
        with pytest.raises(Malformed, match="name it"):
            accreditation.accredit(person, exercise, Role.MODERATOR, by=None, team=own_team, guarantor=guarantor)


def test_a_person_of_an_observer_state_decides_nothing(exercise, person):
    dogwood = exercise.observers.get(code="dogwood")
    with pytest.raises(Malformed, match="decides nothing"):
        accreditation.accredit(person, exercise, Role.MODERATOR, by=None, observer=dogwood)


def test_a_person_is_ever_sent_by_the_same_one(exercise, person):
    alder, birch = (exercise.guarantors.get(code=code) for code in ("alder", "birch"))
    given = accreditation.accredit(person, exercise, Role.MODERATOR, by=None, guarantor=alder)
    accreditation.end(given, by=None)
    for other in ({"guarantor": birch}, {"party": exercise.parties.get(code="south-guard")}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            accreditation.accredit(person, exercise, Role.MODERATOR, by=None, **other)


def test_an_ended_accreditation_gives_nothing(exercise, person):
    given = accreditation.accredit(person, exercise, Role.MODERATOR, by=None)
    assert accreditation.capacity(person, Role.MODERATOR, exercise).side is None
    accreditation.end(given, by=None)
    with pytest.raises(Forbidden):
        accreditation.capacity(person, Role.MODERATOR, exercise)
