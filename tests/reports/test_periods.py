"""The truce's calendar: zones that put the clock forward and back, days that begin in the evening, months between."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring import days
from monitoring.errors import Malformed
from monitoring.models import MechanismVersion
from reports import periods

HOUR = timedelta(hours=1)


def truce(**terms) -> MechanismVersion:
    """A version that has what a calendar asks for."""
    return MechanismVersion(
        **{
            "time_zone": "Asia/Damascus",
            "day_begins": time(0),
            "day_named_for": "start",
            "calendar": ["day", "month"],
            "first_period": "2017-01",
            "in_force_from": datetime(2016, 12, 29, 22, tzinfo=UTC),
            "in_force_until": None,
            "filing_grace_hours": 48,
            "guarantor_time_step": "hour",
            **terms,
        }
    )


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_a_month_has_its_days_one_after_the_other():
    month = periods.bounds(truce(), "month", "2017-01")
    assert (month.starts_at, month.ends_at) == (utc(2016, 12, 31, 22), utc(2017, 1, 31, 22))
    assert len(month.days) == 31
    assert month.days[0].date == date(2017, 1, 1)
    assert month.days[0].starts_at == month.starts_at
    assert month.days[-1].ends_at == month.ends_at
    assert all(day.ends_at == following.starts_at for day, following in zip(month.days, month.days[1:], strict=False))


def test_the_day_on_which_midnight_does_not_exist_has_23_hours():
    day = periods.bounds(truce(), "day", "2017-03-31")
    assert (day.starts_at, day.ends_at) == (utc(2017, 3, 30, 22), utc(2017, 3, 31, 21))
    assert day.ends_at - day.starts_at == 23 * HOUR
    assert periods.bounds(truce(), "day", "2017-03-30").ends_at == day.starts_at


def test_the_day_on_which_the_clock_is_put_back_has_25_hours():
    day = periods.bounds(truce(), "day", "2017-10-26")
    assert day.ends_at - day.starts_at == 25 * HOUR


def test_the_months_about_the_change_of_the_clock_leave_no_gap():
    march, april = (periods.bounds(truce(), "month", code) for code in ("2017-03", "2017-04"))
    assert march.ends_at == april.starts_at == utc(2017, 3, 31, 21)
    assert march.ends_at - march.starts_at == timedelta(days=31) - HOUR


def test_a_day_that_begins_in_the_evening_is_named_for_its_start_or_its_end():
    evening = {"time_zone": "Europe/Kyiv", "day_begins": time(19, 30)}
    by_start = periods.bounds(truce(**evening, day_named_for="start"), "day", "2017-01-22")
    by_end = periods.bounds(truce(**evening, day_named_for="end"), "day", "2017-01-22")
    assert by_start.starts_at == utc(2017, 1, 22, 17, 30)
    assert by_end.starts_at == utc(2017, 1, 21, 17, 30)
    assert by_end.ends_at == by_start.starts_at


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("month", "2017-13"),
        ("month", "2017-1"),
        ("month", "2017-01-01"),
        ("day", "2017-02-29"),
        ("day", "2017-01"),
        ("day", "٢٠١٧-01-01"),
        ("week", "2017-01"),
        ("week", "2017-W00"),
        ("week", "2017-W53"),
        ("week", "2017-W1"),
        ("week", "2017W01"),
        ("week", "2017-W01-1"),
        ("month", "2017-W01"),
        ("week", "9999-W52"),
        ("month", "0000-01"),
        ("month", "0001-01"),
        ("day", "9999-12-30"),
        ("month", ""),
    ],
)
def test_what_is_no_period_is_refused(kind, code):
    with pytest.raises(Malformed, match="is no period"):
        periods.bounds(truce(), kind, code)


def test_december_is_followed_by_january():
    assert periods.dates("month", "2016-12") == (date(2016, 12, 1), date(2017, 1, 1))


ZONES = ["Asia/Damascus", "Europe/Kyiv", "Etc/GMT+8", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago"]


@given(
    st.sampled_from(ZONES),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["start", "end"]),
    st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_every_instant_falls_into_one_day_one_week_and_one_month(zone, begins, named_for, at):
    version = truce(time_zone=zone, day_begins=begins, day_named_for=named_for)
    day = days.day_holding(version, at)
    assert day.starts_at <= at < day.ends_at
    assert timedelta(hours=22) <= day.ends_at - day.starts_at <= timedelta(hours=26)
    month = periods.bounds(version, "month", f"{day.date:%Y-%m}")
    assert month.starts_at <= at < month.ends_at
    assert day in month.days
    week = periods.bounds(version, "week", periods.code_of("week", day.date))
    assert week.starts_at <= at < week.ends_at
    assert day in week.days
    lowered, raised = periods.lowered(version, at), periods.raised(version, at)
    assert lowered <= at <= raised
    assert raised - lowered in (timedelta(0), HOUR)


def test_a_time_leaves_no_finer_than_the_truce_allows():
    at = utc(2017, 1, 22, 13, 37, 12)
    assert periods.lowered(truce(), at) == utc(2017, 1, 22, 13)
    assert periods.raised(truce(), at) == utc(2017, 1, 22, 14)
    by_day = truce(guarantor_time_step="day")
    assert periods.lowered(by_day, at) == utc(2017, 1, 21, 22)
    assert periods.raised(by_day, at) == utc(2017, 1, 22, 22)
    nepal = truce(time_zone="Asia/Kathmandu")
    assert periods.lowered(nepal, at) == utc(2017, 1, 22, 13, 15), "the local hour, a quarter past"


@pytest.mark.parametrize(("minute", "starts"), [(29, utc(2016, 3, 13, 16, 30)), (31, utc(2016, 3, 13, 17, 30))])
def test_an_hour_lies_in_one_day_though_the_day_begins_at_half_past(minute, starts):
    """By the clock both are of the hour from 19:00; the dates beside them would tell before or after half past."""
    kyiv = truce(time_zone="Europe/Kyiv", day_begins=time(19, 30), day_named_for="end")
    at = utc(2016, 3, 13, 17, minute)
    assert (periods.lowered(kyiv, at), periods.raised(kyiv, at)) == (starts, starts + HOUR)
    day = days.day_holding(kyiv, at)
    assert day.starts_at <= starts < starts + HOUR <= day.ends_at


def test_the_calendar_closes_what_is_over_with_its_grace():
    version = truce(first_period="2017-01", in_force_until=utc(2017, 3, 10))
    codes = [period.code for period in periods.due(version, "month", by=utc(2017, 3, 2, 22))]
    assert codes == ["2017-01", "2017-02"]
    assert [period.code for period in periods.due(version, "month", by=utc(2017, 3, 2, 21))] == ["2017-01"]
    ever = [period.code for period in periods.due(version, "month", by=utc(2030, 1, 1))]
    assert ever == ["2017-01", "2017-02", "2017-03"], "and nothing after the truce"
    days = [period.code for period in periods.due(version, "day", by=utc(2017, 1, 4, 22))]
    assert days == ["2017-01-01", "2017-01-02"]


def test_a_truce_without_a_first_period_closes_nothing_by_itself():
    assert list(periods.due(truce(first_period=""), "month", by=utc(2030, 1, 1))) == []
    assert list(periods.due(truce(calendar=["month"]), "day", by=utc(2030, 1, 1))) == []


def test_a_period_before_the_truce_is_not_due():
    version = truce(first_period="2016-11")
    assert next(periods.due(version, "month", by=utc(2017, 3, 1))).code == "2016-12"


def test_the_truce_cuts_the_week_and_the_month_that_it_begins_and_ends_in():
    """From Thursday 29 December 2016, midnight in Damascus being 22:00 of the day before, to Friday 10 March 2017."""
    version = truce(calendar=["day", "week", "month"], first_period="2016-12", in_force_until=utc(2017, 3, 9, 22))
    ever = utc(2030, 1, 1)
    weeks = list(periods.due(version, "week", by=ever))
    assert (weeks[0].code, weeks[-1].code, len(weeks)) == ("2016-W52", "2017-W10", 11)
    assert weeks[0].starts_at < version.in_force_from < weeks[0].ends_at
    assert weeks[-1].starts_at < version.in_force_until < weeks[-1].ends_at
    days_due = list(periods.due(version, "day", by=ever))
    assert (days_due[0].code, days_due[-1].code) == ("2016-12-30", "2017-03-09")
    assert [month.code for month in periods.due(version, "month", by=ever)] == [
        "2016-12",
        "2017-01",
        "2017-02",
        "2017-03",
    ]


def test_a_first_period_of_another_kind_begins_with_the_period_that_holds_its_first_day():
    kinds = ["day", "week", "month"]
    for first, codes in (
        ("2017-01", ("2017-01-01", "2016-W52", "2017-01")),
        ("2017-W05", ("2017-01-30", "2017-W05", "2017-01")),
        ("2017-02-01", ("2017-02-01", "2017-W05", "2017-02")),
    ):
        version = truce(calendar=kinds, first_period=first)
        assert tuple(periods.first_code(version, kind) for kind in kinds) == codes


def test_before_a_period_stands_the_one_that_ends_where_it_begins():
    month = periods.bounds(truce(), "month", "2017-03")
    assert periods.before(truce(), month) == periods.bounds(truce(), "month", "2017-02")
    assert periods.before(truce(), periods.bounds(truce(), "month", "2017-01")).code == "2016-12"
    assert periods.before(truce(), periods.bounds(truce(), "day", "2017-03-01")).code == "2017-02-28"
    assert periods.before(truce(), month).ends_at == month.starts_at


def test_earlier_periods_are_those_from_the_one_in_which_the_truce_began():
    codes = [month.code for month in periods.earlier_months(truce(), periods.bounds(truce(), "month", "2017-03"))]
    assert codes == ["2016-12", "2017-01", "2017-02"]
    assert periods.earlier_months(truce(), periods.bounds(truce(), "month", "2016-12")) == []


def test_of_a_week_the_days_of_its_month_before_it_are_earlier_too():
    def earlier(code: str) -> list[str]:
        return [month.code for month in periods.earlier_months(truce(), periods.bounds(truce(), "week", code))]

    assert earlier("2017-W04") == ["2016-12", "2017-01"]
    assert earlier("2017-W05") == ["2016-12", "2017-01"], "it begins on 30 January"
    assert earlier("2017-W06") == ["2016-12", "2017-01", "2017-02"]


def test_a_week_begins_on_monday_and_the_first_of_a_year_holds_its_first_thursday():
    week = periods.bounds(truce(), "week", "2017-W04")
    assert (week.dates[0], week.dates[-1], len(week.days)) == (date(2017, 1, 23), date(2017, 1, 29), 7)
    assert (week.starts_at, week.ends_at) == (utc(2017, 1, 22, 22), utc(2017, 1, 29, 22))


@pytest.mark.parametrize(
    ("code", "monday", "former"),
    [
        ("2015-W53", date(2015, 12, 28), "2015-W52"),
        ("2016-W01", date(2016, 1, 4), "2015-W53"),
        ("2017-W01", date(2017, 1, 2), "2016-W52"),
        ("2020-W01", date(2019, 12, 30), "2019-W52"),
    ],
)
def test_the_weeks_about_the_turn_of_a_year_follow_each_other(code, monday, former):
    week = periods.bounds(truce(), "week", code)
    assert week.dates[0] == monday
    before = periods.before(truce(), week)
    assert (before.code, before.ends_at) == (former, week.starts_at)


def test_the_week_in_which_the_clock_is_moved_is_an_hour_shorter_or_longer():
    spring, autumn = (periods.bounds(truce(), "week", code) for code in ("2017-W13", "2017-W43"))
    assert (spring.ends_at - spring.starts_at, autumn.ends_at - autumn.starts_at) == (
        timedelta(days=7) - HOUR,
        timedelta(days=7) + HOUR,
    )
    assert periods.bounds(truce(), "week", "2017-W14").starts_at == spring.ends_at == utc(2017, 4, 2, 21)
