"""A month that runs by itself, by beat and worker and a clock that the test puts forward from day to day.

The service is down for three of the days. In the end every day, week and month is closed once, in order, to all
guarantors at one moment; the month is revised on its dates; and the record is sound.

CLOCK=month runs all of March 2025; otherwise its last four days run, the service being down from the 29th to the 31st.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.clock.cluster import Service, library

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
KYIV = ZoneInfo("Europe/Kyiv")
GRACE = timedelta(hours=6)
ONE_DAY = timedelta(days=1)
WHOLE = os.environ.get("CLOCK") == "month"
FIRST, LAST = date(2025, 3, 1) if WHOLE else date(2025, 3, 28), date(2025, 3, 31)
DOWN = (date(2025, 3, 13), date(2025, 3, 15)) if WHOLE else (date(2025, 3, 29), date(2025, 3, 31))
SUNDAYS = [date(2025, 3, day) for day in (2, 9, 16, 23, 30) if date(2025, 3, day) >= FIRST]
PATIENCE = 240  # seconds until what is due is released, on a machine that does much else

CLOSINGS = """
select kind, period, number, requested_how, state, period_until, cutoff_at, released_at, failure, attempts, id
from reports_closing order by released_at, period_until
"""


@pytest.fixture
def service():
    preloaded = library()
    if preloaded is None and os.environ.get("CI") != "true":
        pytest.skip("libfaketime is not there: `./run test` installs it on Debian 12, as root or with sudo")
    assert preloaded is not None, "where the tests are the gate, it has to be there"
    folder = Path(tempfile.mkdtemp(prefix="ceasefire-clock."))  # short, for sockets; PostgreSQL's user enters it
    folder.chmod(0o755)
    one = Service(folder, preloaded)
    try:
        one.begin(_midnight(FIRST) - timedelta(hours=3))
        yield one
    finally:
        one.end()
        shutil.rmtree(folder, ignore_errors=True)


def _midnight(on: date) -> datetime:
    """The first instant of a day of the truce."""
    return datetime(on.year, on.month, on.day, tzinfo=KYIV).astimezone(UTC)


def _days(first: date, last: date) -> list[date]:
    return [first + ONE_DAY * number for number in range((last - first).days + 1)]


def _expected(until: date) -> set[tuple[str, str]]:
    """What is to be released once the day `until` is over and its grace has passed."""
    expected = {("day", day.isoformat()) for day in _days(FIRST, until)}
    expected |= {("week", f"2025-W{day.isocalendar().week:02}") for day in SUNDAYS if day <= until}
    return expected | ({("month", "2025-03")} if until >= LAST else set())


def _wait(service: Service, condition, what: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, f"{what}\n{service.rows(CLOSINGS)}\n{service.said()}"
        time.sleep(0.3)


def _released(service: Service) -> set[tuple[str, str]]:
    return {(kind, period) for kind, period, *_others, at, _f, _a, _id in service.rows(CLOSINGS) if at is not None}


def _until_released(service: Service, until: date) -> None:
    expected = _expected(until)
    _wait(service, lambda: _released(service) >= expected, f"not released: {sorted(expected)}")
    assert _released(service) == expected, "nothing before its time"


def test_a_month_runs_by_itself_also_where_the_service_is_down_for_three_days(service):
    service.act("load", str(service.folder), FIRST.isoformat())
    service.come_up()
    for day in _days(FIRST, LAST):
        service.put_forward(_midnight(day) + timedelta(hours=12))
        if day.day % 3 == 0 and not DOWN[0] <= day <= DOWN[1]:
            service.act("file", (_midnight(day) + timedelta(hours=11)).isoformat())
        if day == DOWN[0]:
            service.go_down()
        elif day == DOWN[1]:
            service.come_up()
        if not DOWN[0] <= day < DOWN[1]:
            service.put_forward(_midnight(day + ONE_DAY) + GRACE + timedelta(minutes=1))
            _until_released(service, day)
    _revisions_are_made_on_their_dates(service)
    _each_once_in_order_and_released_together(service)
    assert "same" in service.manage("verify_closings")
    service.manage("verify_integrity")


def _revisions_are_made_on_their_dates(service: Service) -> None:
    """The month was released on 1 April: something is recorded before the first date, and nothing before the second."""
    service.act("file", (_midnight(LAST) + timedelta(hours=9)).isoformat())
    numbers = "select number from reports_closing where kind = 'month' and released_at is not null order by 1"
    service.put_forward(_midnight(date(2025, 4, 3)) + timedelta(minutes=1))
    _wait(service, lambda: service.rows(numbers) == [(1,), (2,)], "the first revision")
    service.act("file", (_midnight(LAST) + timedelta(hours=10)).isoformat())
    service.put_forward(_midnight(date(2025, 4, 5)) + timedelta(minutes=1))
    _wait(service, lambda: service.rows(numbers) == [(1,), (2,), (3,)], "the second revision")


def _each_once_in_order_and_released_together(service: Service) -> None:
    rows = service.rows(CLOSINGS)
    assert {row[4] for row in rows} == {"released"}
    assert {(row[8], row[9]) for row in rows} == {("", 1)}, "none failed, each was taken up once"
    counts = Counter((kind, how) for kind, _period, _number, how, *_others in rows)
    assert counts == {
        ("day", "calendar"): len(_days(FIRST, LAST)),
        ("week", "calendar"): len(SUNDAYS),
        ("month", "calendar"): 1,
        ("month", "revision"): 2,
    }
    assert max(Counter((row[0], row[1], row[2]) for row in rows).values()) == 1
    for kind in ("day", "week", "month"):
        ends = [row[5] for row in rows if row[0] == kind]
        assert ends == sorted(ends), f"by {kind}s in order"
    late = {day.isoformat() for day in _days(DOWN[0] - ONE_DAY, DOWN[1])}
    for kind, period, _number, how, _state, period_until, cutoff_at, released_at, *_others in rows:
        assert cutoff_at >= period_until + GRACE
        assert released_at > cutoff_at
        if kind == "day" and period not in late and how == "calendar":
            assert released_at < period_until + GRACE + timedelta(minutes=20), (period, released_at)
    (apart,) = service.rows(
        "select count(*) from reports_edition edition join reports_closing closing on closing.id = edition.closing_id "
        "where edition.released_at is distinct from closing.released_at"
    )
    (editions,) = service.rows("select count(*) from reports_edition")
    assert (apart, editions) == ((0,), (3 * len(rows),))
