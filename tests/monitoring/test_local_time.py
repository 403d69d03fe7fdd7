"""Local times of a truce as instants, where the clock is put forward or back."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from monitoring.local_time import LocalTimeError, first_instant, instant_of, zone_named

DAMASCUS = ZoneInfo("Asia/Damascus")


def test_a_date_is_its_first_instant_in_the_truces_zone():
    assert instant_of(date(2016, 12, 30), DAMASCUS) == datetime(2016, 12, 29, 22, tzinfo=UTC)


def test_a_date_whose_midnight_was_skipped_begins_after_the_gap():
    # Damascus put its clocks forward at midnight of 31 March 2017: that day had 23 hours.
    first = first_instant(date(2017, 3, 31), DAMASCUS)
    assert first == datetime(2017, 3, 30, 22, tzinfo=UTC)
    assert first.astimezone(DAMASCUS).isoformat() == "2017-03-31T01:00:00+03:00"


def test_a_gap_that_begins_before_midnight_is_looked_through_to_its_end():
    # Toronto put its clocks forward from 23:30 to 00:30 on 30 March 1919.
    first = first_instant(date(1919, 3, 31), ZoneInfo("America/Toronto"))
    assert first.astimezone(ZoneInfo("America/Toronto")).time().isoformat() == "00:30:00"


def test_a_local_time_that_no_clock_showed_is_refused():
    with pytest.raises(LocalTimeError, match="did not exist in Asia/Damascus"):
        instant_of(datetime.fromisoformat("2017-03-31T00:30"), DAMASCUS)


def test_a_local_time_that_came_twice_wants_its_offset():
    twice = datetime.fromisoformat("2017-10-26T23:30")
    with pytest.raises(LocalTimeError, match="came twice"):
        instant_of(twice, DAMASCUS)
    assert instant_of(twice.replace(tzinfo=timezone(timedelta(hours=2))), DAMASCUS) == datetime(
        2017, 10, 26, 21, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("name", ["Mars", "", "../etc/passwd", "Asia"])
def test_a_zone_that_is_not_there_is_none(name):
    assert zone_named(name) is None
