"""Loading a truce: identities once, versions whole."""

import pytest

from monitoring.models import AreaPiece

pytestmark = pytest.mark.django_db


def test_the_exercise_is_loaded_with_everything_a_truce_can_have(exercise, people):
    version = exercise.terms
    assert version.number == 1
    assert exercise.areas.filter(level="district").count() == 6
    assert AreaPiece.objects.count() >= 6
    assert people.moderator_north.accreditations.get().sent_by_guarantor.code == "alder"
