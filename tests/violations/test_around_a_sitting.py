"""What becomes of findings around a sitting: proposed anew after it spoke, or carried over a correction before it."""

from datetime import timedelta

import pytest

from monitoring.errors import NotNow
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.occasions import corrected, incident_of
from tests.violations.sessions import before_it, said
from violations import determinations, findings


@pytest.fixture
def report(exercise, people):
    return taken(exercise, people.monitor_south, by=people.moderator_north)


def carried_over(report, people, **changes):
    """What two sides agreed on a report, carried over a correction of it that they let take effect."""
    agreed_on(report, people)
    newest = corrected(report, people.monitor_south, **changes)
    effect = findings.propose_effect(
        incident_of(report), "correction", report=newest, by=people.moderator_north, grounds="As told."
    )
    return findings.second(effect, by=people.moderator_south)


@pytest.mark.parametrize("outcome", ["not_agreed", "referred_back"])
def test_what_is_proposed_after_a_sitting_spoke_has_its_days_to_be_seconded_anew(exercise, report, people, outcome):
    said(before_it(proposed_on(report, by=people.moderator_north), people), people, outcome)
    again = proposed_on(report, by=people.moderator_north)
    assert again.second_by == again.recorded_at + timedelta(days=exercise.terms.seconding_days)


def test_what_was_carried_over_a_correction_is_determined_where_it_still_goes_together(report, people):
    carried = carried_over(report, people, act="direct_fire")
    assert said(before_it(carried, people), people).finding.standing == "determined"


def test_where_it_does_not_go_together_any_more_no_sitting_determines_it(report, people):
    carried = carried_over(report, people, act="flare")
    assert (carried.standing, carried.conduct) == ("preliminary", "breach")
    item = before_it(carried, people)
    with pytest.raises(NotNow) as refusal:
        determinations.record(item, "agreed", grounds="Agreed.", by=people.moderator_south)
    assert refusal.value.code == "stale"
    assert said(item, people, "referred_back").finding is None
