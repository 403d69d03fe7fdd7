"""Released closings into whose period something was recorded later: checked where they stand, else marked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitoring import ledger
from reports import closings, periods
from reports.closings import checking
from reports.figures import ledgers
from reports.figures.known import Known
from reports.models import Closing
from tests.violations import occasions
from violations import filing, findings
from violations.linking import link
from violations.models import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
MONTH = ("month", "2025-03")


@pytest.fixture
def closing(exercise, people) -> Closing:
    occasions.filed(exercise, people.monitor_north)
    return closings.advance(closings.request(exercise, *MONTH).pk)


def test_nothing_recorded_nothing_to_check(closing):
    assert list(closings.unchecked()) == []


def test_what_changes_a_figure_marks_the_closing(closing, exercise, people):
    occasions.filed(exercise, people.monitor_south)
    assert list(closings.unchecked()) == [closing]
    checked = closings.check(closing)
    assert checked.touched_at is not None
    assert checked.checked_at is None
    assert list(closings.unchecked()) == [], "it is known to be touched"


def test_what_changes_no_figure_is_stamped_as_checked_and_not_looked_at_again(closing, exercise, people):
    report = occasions.filed(exercise, people.monitor_south)
    filing.withdraw(report, by=people.monitor_south, grounds="A test of the device.")
    assert list(closings.unchecked()) == [closing]
    checked = closings.check(closing)
    assert checked.touched_at is None
    assert checked.checked_at > closing.cutoff_at
    assert list(closings.unchecked()) == []
    occasions.filed(exercise, people.monitor_south)
    assert list(closings.unchecked()) == [closing]


def test_what_concerns_another_period_touches_nothing(closing, exercise, people):
    earlier = occasions.NOON - timedelta(days=20)
    occasions.filed(exercise, people.monitor_south, occurred_from=earlier)
    assert list(closings.unchecked()) == []


def test_an_incident_that_moves_out_of_the_period_touches_it(exercise, people):
    report = occasions.filed(exercise, people.monitor_north)
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    occasions.corrected(report, people.monitor_north, occurred_from=occasions.NOON - timedelta(days=20))
    assert list(closings.unchecked()) == [closing]
    assert closings.check(closing).touched_at is not None


def test_a_report_of_the_period_is_filed_where_it_says_whatever_becomes_of_the_incident_it_tells_of(exercise, people):
    """It is told of an incident of the month before: what is corrected there moves nothing here."""
    leading = occasions.filed(exercise, people.monitor_north, occurred_from=occasions.NOON - timedelta(days=20))
    told = occasions.under_review(occasions.filed(exercise, people.monitor_south), people.moderator_north)
    before = filed_in_the_month(exercise)
    link(told, occasions.incident_of(leading), by=people.moderator_north, kind="same_event", grounds="One event.")
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    assert filed_in_the_month(exercise) == before
    occasions.corrected(
        leading,
        people.monitor_north,
        occurred_from=occasions.NOON - timedelta(days=20),
        position=(-122.8, -48.9),
    )
    assert filed_in_the_month(exercise) == before
    assert closings.check(closing).touched_at is None


def filed_in_the_month(exercise) -> list[dict]:
    """What the teams filed in the month as known now, by ledger."""
    now = ledger.closed_until()
    version = exercise.terms_known_at(now)
    known = Known(exercise, version, periods.bounds(version, *MONTH), now)
    return [one["filed"] for one in ledgers.section(known)["ledgers"]]


def test_a_new_mechanism_version_is_looked_at(closing, tmp_path):
    occasions.reloaded(tmp_path, ("reply_deadline_days = 3", "reply_deadline_days = 4"))
    assert list(closings.unchecked()) == [closing]
    assert closings.check(closing).touched_at is None, "no figure hangs on the deadline for replies"


def test_a_proposal_that_may_still_be_seconded_is_no_reason_to_look(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, ("seconding_days = 0", "seconding_days = 3"))
    proposed(exercise, people)
    closings.advance(closings.request(exercise, *MONTH).pk)
    assert list(closings.unchecked()) == []


def test_a_proposal_that_nobody_seconded_in_time_touches_without_anything_being_recorded(exercise, people):
    proposal = proposed(exercise, people)
    closing = closings.advance(closings.request(exercise, *MONTH).pk)
    assert list(closings.unchecked()) == []
    before = proposal.second_by - timedelta(seconds=1)
    assert checking.recorded_since(closing, before)
    assert not checking.recorded_since(closing, closing.cutoff_at)


def proposed(exercise, people) -> Finding:
    report = occasions.under_review(occasions.filed(exercise, people.monitor_independent), people.moderator_north)
    return findings.propose(occasions.incident_of(report), occasions.breach(exercise), by=people.moderator_north)


def test_the_next_closing_is_the_one_that_is_looked_at(closing, exercise, people):
    occasions.filed(exercise, people.monitor_south)
    closings.check(closing)
    following = closings.advance(closings.request(exercise, *MONTH).pk)
    assert following.number == 2
    assert list(Closing.objects.latest_released()) == [following]
    occasions.filed(exercise, people.monitor_north)
    assert list(closings.unchecked()) == [following]
