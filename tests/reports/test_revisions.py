"""A month's revisions on the dates that its first release set: each once, where something was recorded; then final."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.models import MechanismVersion
from reports import closings, periods
from reports.closings import revising
from reports.models import Closing
from reports.querysets import database_clock
from reports.renderers.document import record
from reports.renderers.reading import Reading
from tests.reports.conftest import SINCE_FEBRUARY
from tests.reports.released import released_month
from tests.reports.restored import resumed
from tests.reports.time_passed import days_pass
from tests.violations import occasions
from violations import filing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("json_alone"), pytest.mark.by_hand]
REVISED = ("comment_window_days = 0", "comment_window_days = 0\nrevision_days = [30, 60]")


@pytest.fixture
def first(exercise, people, tmp_path) -> Closing:
    """March, first released just now, to be revised 30 and 60 days later."""
    occasions.reloaded(tmp_path, REVISED)
    occasions.filed(exercise, people.monitor_north)
    closing = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    assert closing.released_at is not None, closing.failure
    return closing


def revisions(agreement) -> list[Closing]:
    return [closings.advance(closing.pk) for closing in closings.request_revisions(agreement)]


def now_of(first: Closing) -> Closing:
    return Closing.objects.get(pk=first.pk)


def test_what_was_recorded_by_the_date_makes_the_next_closing_and_only_once(first, exercise, people):
    assert closings.request_revisions(exercise) == []
    occasions.filed(exercise, people.monitor_south)
    assert closings.request_revisions(exercise) == [], "the date has not come"
    days_pass(31)
    (asked,) = closings.request_revisions(exercise)
    assert closings.request_revisions(exercise) == [], "it is under way"
    revised = closings.advance(asked.pk)
    assert (revised.state, revised.number, revised.requested_how) == ("released", 2, "revision")
    assert json.loads(revised.content())["beside"]["changes"]["previous"]["number"] == 1
    assert closings.request_revisions(exercise) == []


def test_where_nothing_was_recorded_by_the_date_the_period_waits_for_the_next(first, exercise, people):
    days_pass(31)
    assert closings.request_revisions(exercise) == []
    occasions.filed(exercise, people.monitor_south)
    assert closings.request_revisions(exercise) == [], "it came after the date, and is known to the next"
    days_pass(30)
    (revised,) = revisions(exercise)
    assert revised.number == 2


def test_both_dates_missed_while_the_service_was_down_are_made_up_by_one_revision(first, exercise, people):
    occasions.filed(exercise, people.monitor_south)
    days_pass(90)
    (revised,) = revisions(exercise)
    assert (revised.number, revisions(exercise)) == (2, [])
    assert closings.is_final(now_of(first), database_clock())


def test_after_its_last_date_a_period_is_final_and_what_comes_then_waits_for_a_person(first, exercise, people):
    assert not closings.is_final(first, database_clock())
    days_pass(59)
    assert not closings.is_final(now_of(first), database_clock())
    days_pass(2)
    assert closings.is_final(now_of(first), database_clock())
    occasions.filed(exercise, people.monitor_south)
    days_pass(400)
    assert closings.request_revisions(exercise) == []
    by_hand = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    assert (by_hand.number, by_hand.requested_how) == (2, "hand")


def test_a_period_is_not_final_before_what_its_last_date_asks_for_is_released(first, exercise, people):
    occasions.filed(exercise, people.monitor_south)
    days_pass(61)
    assert not closings.is_final(now_of(first), database_clock()), "a revision is to be asked for"
    (asked,) = closings.request_revisions(exercise)
    assert not closings.is_final(now_of(first), database_clock()), "it is under way"
    closings.advance(asked.pk)
    assert closings.is_final(now_of(first), database_clock())


def test_what_moves_no_figure_is_answered_by_the_closing_that_stands(first, exercise, people):
    report = occasions.filed(exercise, people.monitor_south)
    filing.withdraw(report, by=people.monitor_south, grounds="A test of the device.")
    days_pass(31)
    (asked,) = revisions(exercise)
    assert (asked.state, asked.same_as_id, asked.number) == ("unchanged", first.pk, None)
    assert closings.request_revisions(exercise) == []


def test_a_closing_by_hand_after_a_date_answers_it(first, exercise, people):
    occasions.filed(exercise, people.monitor_south)
    days_pass(31)
    closings.advance(closings.request(exercise, "month", "2025-03").pk)
    assert closings.request_revisions(exercise) == []


def test_where_the_first_release_was_lost_the_dates_hang_on_the_next(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, REVISED)
    resumed(exercise, people, period="2025-03")
    assert released_month(exercise).number == 2
    occasions.filed(exercise, people.monitor_south)
    days_pass(31)
    (revised,) = revisions(exercise)
    assert (revised.state, revised.number) == ("released", 3)


def asked_of_the_database(agreement) -> int:
    """The number of statements that it takes to see that no revision is to be asked for."""
    with CaptureQueriesContext(connection) as statements:
        assert closings.request_revisions(agreement) == []
    return len(statements)


def test_months_without_anything_new_are_asked_about_at_once_and_not_for_ever(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, *SINCE_FEBRUARY, REVISED)
    first = released_month(exercise, "2025-02")
    none = asked_of_the_database(exercise)
    days_pass(31)
    one = asked_of_the_database(exercise)
    assert one > none
    released_month(exercise)
    days_pass(31)
    assert asked_of_the_database(exercise) == one, "two months cost what one does"
    days_pass(revising.LOOKED_BACK.days + 31)
    assert asked_of_the_database(exercise) == none
    assert closings.is_final(now_of(first), database_clock())


def test_of_several_months_those_are_revised_into_which_something_was_recorded_oldest_first(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, *SINCE_FEBRUARY, REVISED)
    february, march = released_month(exercise, "2025-02"), released_month(exercise)
    occasions.filed(exercise, people.monitor_north)
    days_pass(31)
    assert [closing.period for closing in revisions(exercise)] == [march.period]
    occasions.filed(exercise, people.monitor_south)
    occasions.filed(exercise, people.monitor_north, occurred_from=occasions.NOON.replace(month=2))
    days_pass(30)
    assert [closing.period for closing in revisions(exercise)] == [february.period, march.period]


def test_a_later_file_moves_no_date_and_without_dates_nothing_is_revised_or_final(exercise, people, tmp_path):
    occasions.filed(exercise, people.monitor_north)
    first = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    occasions.reloaded(tmp_path, REVISED)
    occasions.filed(exercise, people.monitor_south)
    days_pass(90)
    assert closings.request_revisions(exercise) == []
    assert not closings.is_final(now_of(first), database_clock())


def test_its_readers_are_told_the_dates(first, exercise, people, client):
    client.force_login(people.guarantor_alder)
    edition = first.editions.get(guarantor__code="alder")
    page = client.get(f"/editions/{edition.public_id}/").content.decode()
    days = [day.date for day in periods.revisions(first.version, first.released_at)]
    assert [(day - days[0]).days for day in days] == [0, 30]
    assert "Revised by the calendar on" in page
    assert f"{days[0]:%-d %B %Y}; {days[1]:%-d %B %Y}, if anything was recorded since; final after" in page


def test_the_report_tells_the_rule(first, exercise):
    told = json.dumps(record.rules(Reading(json.loads(first.content()), None, "en")), ensure_ascii=False)
    assert "30; 60 days after its first release" in told


def test_the_dates_are_days_of_the_truce_however_its_clock_is_moved_between_them():
    """Damascus has 23 hours on 31 March 2017, and its midnight an hour earlier by UTC from then on."""
    version = MechanismVersion(
        time_zone="Asia/Damascus", day_begins=time(0), day_named_for="start", revision_days=[29, 30, 60]
    )
    released = datetime(2017, 3, 1, 21, 59, tzinfo=UTC)  # a minute to midnight there
    days = periods.revisions(version, released)
    assert [day.date.isoformat() for day in days] == ["2017-03-30", "2017-03-31", "2017-04-30"]
    starts = [datetime(2017, 3, 29, 22, tzinfo=UTC), datetime(2017, 3, 30, 22, tzinfo=UTC)]
    assert [day.starts_at for day in days] == [*starts, datetime(2017, 4, 29, 21, tzinfo=UTC)]
    assert days[1].ends_at - days[1].starts_at == timedelta(hours=23)
