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
def test_every_instant_falls_into_one_day_and_one_month(zone, begins, named_for, at):
    version = truce(time_zone=zone, day_begins=begins, day_named_for=named_for)
    day = days.day_holding(version, at)
    assert day.starts_at <= at < day.ends_at
    assert timedelta(hours=22) <= day.ends_at - day.starts_at <= timedelta(hours=26)
    month = periods.bounds(version, "month", f"{day.date:%Y-%m}")
    assert month.starts_at <= at < month.ends_at
    assert day in month.days
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


def test_before_a_period_stands_the_one_that_ends_where_it_begins():
    month = periods.bounds(truce(), "month", "2017-03")
    assert periods.before(truce(), month) == periods.bounds(truce(), "month", "2017-02")
    assert periods.before(truce(), periods.bounds(truce(), "month", "2017-01")).code == "2016-12"
    assert periods.before(truce(), periods.bounds(truce(), "day", "2017-03-01")).code == "2017-02-28"
    assert periods.before(truce(), month).ends_at == month.starts_at


def test_earlier_periods_are_those_from_the_one_in_which_the_truce_began():
    codes = [month.code for month in periods.earlier(truce(), periods.bounds(truce(), "month", "2017-03"))]
    assert codes == ["2016-12", "2017-01", "2017-02"]
    assert periods.earlier(truce(), periods.bounds(truce(), "month", "2016-12")) == []
