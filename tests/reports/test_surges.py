"""More than chance alone would usually give: what is counted, over which days, and what moderators are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from monitoring import days
from reports import surges, tasks
from tests.everybody import client_of
from tests.violations.occasions import filed, reloaded
from tests.violations.work import WATCH
from violations import effort
from violations.effort_content import Stretch

pytestmark = pytest.mark.django_db

LAST = date(2025, 3, 31)
PAGE = reverse("admin:reports_closing_surges")
ALWAYS = ("in_force_from = 2025-03-02", "in_force_from = 2024-01-01"), ("in_force_until = 2025-04-01", "")


def on(day: date) -> datetime:
    """Eight in the evening in UTC, noon by the exercise's clocks."""
    return datetime(day.year, day.month, day.day, 20, tzinfo=UTC)


def of(agreement, last: date = LAST, level: str | None = "district") -> dict[str | None, surges.Tested]:
    found = surges.of(agreement, last=last, level=level, known_at=timezone.now())
    return {one.area: one for one in found.tested}


def many(agreement, by, day: date, number: int, **changes) -> None:
    for _number in range(number):
        filed(agreement, by, occurred_from=on(day), **changes)


def test_the_days_held_against_one_another_and_the_two_between():
    counts = {LAST - days.ONE_DAY * back: back for back in range(60)}
    held = sorted(counts)
    series = surges.series_of(counts, held, None, last=LAST)
    assert series.now == (6, 5, 4, 3, 2, 1, 0)
    assert series.before == tuple(range(36, 8, -1))
    assert not series.watched


def test_a_day_that_was_not_held_is_no_zero():
    counts = {LAST: 3}
    held = {LAST - days.ONE_DAY * back for back in (0, 1, 10, 11)}
    assert surges.series_of(counts, sorted(held), None, last=LAST).now == (0, 3)
    assert surges.series_of(counts, sorted(held), {LAST, LAST - days.ONE_DAY * 10}, last=LAST) == surges.Series(
        now=(3,), before=(0,), watched=True
    )


def test_without_days_before_nothing_is_tested():
    nothing = surges.Series(now=(3,), before=(), watched=False)
    (one,) = surges.weighed({"here": nothing})
    assert (one.p, one.q, one.power, one.flagged) == (None, None, None, False)


def test_several_areas_ask_for_more_than_one_does():
    quiet = surges.Series(now=(0,) * 7, before=(1, 0) * 14, watched=False)
    loud = replace(quiet, now=(2, 2, 1, 1, 1, 2, 2))
    (alone,) = surges.weighed({"a": loud})
    assert alone.flagged
    assert alone.p is not None
    assert alone.p <= surges.P_LIMIT
    beside = surges.weighed({"a": loud, **{f"quiet {number}": quiet for number in range(12)}})[0]
    assert beside.p == alone.p
    assert beside.q == pytest.approx(13 * alone.p)
    assert not beside.flagged


def test_incidents_are_counted_by_day_and_area_each_area_alike(exercise, people, tmp_path):
    reloaded(tmp_path, *ALWAYS)
    report = filed(exercise, people.monitor_north, occurred_from=on(LAST))
    many(exercise, people.monitor_north, LAST - timedelta(days=3), 8)
    many(exercise, people.monitor_south, LAST - timedelta(days=20), 2)
    many(exercise, people.monitor_south, LAST - timedelta(days=8), 5)  # between
    many(exercise, people.monitor_south, LAST - timedelta(days=40), 5)  # too long ago
    filed(exercise, people.monitor_north, occurred_from=on(LAST), place_precision="surroundings")
    found = of(exercise)
    everywhere = found.pop(None)
    here = [one for one in found.values() if sum(one.series.now)]
    assert report.occurred_from == on(LAST)
    assert [(sum(one.series.now), sum(one.series.before)) for one in here] == [(9, 2)]
    assert (sum(everywhere.series.now), sum(everywhere.series.before)) == (10, 2)
    assert {len(one.series.before) for one in found.values()} == {28}
    assert here[0].flagged
    assert [one.flagged for one in found.values()].count(True) == 1
    assert here[0].phi is not None
    assert here[0].phi > 1
    assert not any(one.series.watched for one in found.values())


def test_days_before_the_truce_are_no_quiet_days(exercise, people):
    """The exercise's truce began on 2 March: of the 28 days before, those that belong to it are held against."""
    many(exercise, people.monitor_north, LAST, 4)
    assert {len(one.series.before) for one in of(exercise).values()} == {21}


def test_where_effort_is_known_the_days_under_observation_count_alone(exercise, people, tmp_path):
    reloaded(tmp_path, *ALWAYS)
    many(exercise, people.monitor_north, LAST, 4)
    before = of(exercise)
    (area,) = [area for area, one in before.items() if area and sum(one.series.now)]
    for back in (0, 1, 12, 13, 14):
        began = on(LAST - days.ONE_DAY * back)
        stretch = Stretch(area=area, started_at=began, ended_at=began + timedelta(hours=2))
        hours = {"started_at": began, "ended_at": began + timedelta(hours=2)}
        watch = replace(WATCH, **hours, stretches=(stretch,), observations=())
        effort.file_patrol(exercise, watch, by=people.monitor_north, client_id=str(back))
    after = of(exercise)
    assert after[area].series == surges.Series(now=(0, 4), before=(0, 0, 0), watched=True)
    others = [one for code, one in after.items() if code not in {area, None}]
    assert others
    assert {(len(one.series.now), one.series.watched) for one in others} == {(7, False)}


def test_what_was_known_then_is_what_it_was(exercise, people, tmp_path):
    reloaded(tmp_path, *ALWAYS)
    many(exercise, people.monitor_north, LAST, 3)
    then = timezone.now()
    many(exercise, people.monitor_north, LAST, 3)
    known = surges.of(exercise, last=LAST, level="district", known_at=then)
    assert sum(known.tested[0].series.now) == 3
    assert sum(of(exercise)[None].series.now) == 6


def test_moderators_are_told_of_an_area_once_in_seven_days(exercise, people, tmp_path):
    reloaded(tmp_path, *ALWAYS)
    at = on(LAST) + days.ONE_DAY
    many(exercise, people.monitor_north, LAST, 9)
    many(exercise, people.monitor_south, LAST - timedelta(days=20), 2)
    assert surges.tell(exercise, at=at) == 2  # the area, and everywhere
    assert surges.tell(exercise, at=at) == 0
    assert surges.tell(exercise, at=at + timedelta(days=2)) == 0
    many(exercise, people.monitor_north, LAST + timedelta(days=8), 12)
    assert surges.tell(exercise, at=at + timedelta(days=8)) > 0
    shown = client_of(people.moderator_south).get(reverse("admin:monitoring_notice_changelist")).context["notices"]
    assert all("more than chance alone would usually give" in row.says for row in shown)
    told = exercise.notices.filter(kind="surge").values_list("details__area", flat=True)
    names = [area.name for area in exercise.areas.filter(code__in=set(told) - {""})]
    assert names
    assert {row.says.partition(": ")[0] for row in shown} == {"Everywhere", *names}
    page = client_of(people.moderator_south).get(shown[-1].address)
    assert page.status_code == 200
    assert page.context["flagged"] == 2


@pytest.mark.django_db(transaction=True)
def test_the_task_tests_a_day_once_and_again_where_redis_forgot(exercise, people, tmp_path):
    reloaded(tmp_path, *ALWAYS)
    yesterday = days.day_holding(exercise.terms, timezone.now()).date - days.ONE_DAY
    many(exercise, people.monitor_north, yesterday, 9)
    tasks.tell_of_surges()
    count = exercise.notices.filter(kind="surge").count()
    assert count == 2
    tasks.tell_of_surges()
    cache.clear()
    tasks.tell_of_surges()
    assert exercise.notices.filter(kind="surge").count() == count


def test_the_page_says_what_was_asked_and_with_what_power_where_nothing_is_flagged(exercise, people, tmp_path):
    reloaded(tmp_path, *ALWAYS)
    many(exercise, people.monitor_south, LAST - timedelta(days=20), 1)
    many(exercise, people.monitor_south, LAST - timedelta(days=25), 1)
    answer = client_of(people.moderator_north).get(PAGE, {"agreement": exercise.code, "day": LAST.isoformat()})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "No more was registered anywhere than chance alone would usually give." in page
    assert "25 March 2025" in page
    assert "none before to be doubled" in page
    assert any(row["power"] for row in answer.context["rows"])
    assert not any(row["flagged"] for row in answer.context["rows"])
    names = [row["name"] for row in answer.context["rows"]]
    assert names[1:] == sorted(names[1:])
    assert "escalat" not in page.lower()


def test_the_page_is_for_moderators_and_refuses_what_it_cannot_read(exercise, people):
    assert client_of(people.guarantor_alder).get(PAGE).status_code == 403
    client = client_of(people.moderator_north)
    assert client.get(PAGE).status_code == 200
    assert client.get(PAGE, {"day": "soon"}).status_code == 400
    assert client.get(PAGE, {"day": "1900-01-01"}).status_code == 400
    assert client.get(PAGE, {"agreement": "no-such-truce"}).status_code == 400


def test_the_dispersion_is_of_the_days_before_alone():
    before = (4, 0) * 14
    (one,) = surges.weighed({"here": surges.Series(now=(9,) * 7, before=before, watched=False)})
    mean = Fraction(sum(before), 28)
    assert one.phi == sum((day - mean) ** 2 for day in before) / mean / 27
