"""A set of invented events, imported into the exercise, proposed by one side and accepted by two."""

from __future__ import annotations

from monitoring.models import User
from tests.violations import occasions, sets
from violations import data_sets
from violations.models import Finding, Incident, SetAcceptance

GROUNDS = "Compared event by event with the press of the day, a sample of fifty."
EVENT_TOLD_OTHERWISE = {"high": "9"}


def with_a_set(exercise, folder):
    """The exercise, whose first article forbids armed force of whatever kind, with one event of each kind."""
    occasions.reloaded(folder, sets.FORBIDDEN)
    sets.imported(exercise, folder, *sets.KINDS)
    return exercise


def proposed(truce, by: User, **changes) -> SetAcceptance:
    return data_sets.propose(truce, **{"source": sets.SET, "grounds": GROUNDS} | changes, by=by).acceptance


def accepted(truce, people) -> data_sets.Weighed:
    return data_sets.second(proposed(truce, people.moderator_north), by=people.moderator_south)


def graded(number: str, people) -> Incident:
    """The incident of an event, its reports graded by a moderator, as is asked of what is grave."""
    return occasions.graded(sets.incident(number), people.moderator_north)


def found(number: str) -> Finding:
    return Finding.objects.open().agreed().get(incident=sets.incident(number))
