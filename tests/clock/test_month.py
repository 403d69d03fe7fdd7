"""A month that runs by itself, by beat and worker and a clock that the test puts forward from day to day.

The service is down for three of the days. In the end every day, week and month is closed once, in order, to all
guarantors at one moment; and the record is sound. Days and weeks are released as they are made. The month is drafted to
all at one instant, commented on and released by two of different sides, and so is each of its two revisions.

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
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from tests.clock.cluster import Service, library

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
KYIV = ZoneInfo("Europe/Kyiv")
STATES = ("alder", "birch", "cedar")
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
def service(django_db_setup):
    preloaded = library()
    if preloaded is None and os.environ.get("CI") != "true":
        pytest.skip("libfaketime is not there: `./run test` installs it on Debian 12, as root or with sudo")
    assert preloaded is not None, "where the tests are the gate, it has to be there"
    folder = Path(tempfile.mkdtemp(prefix="ceasefire-clock."))  # short, for sockets; PostgreSQL's user enters it
    folder.chmod(0o755)
    one = Service(folder, preloaded)
    try:
        one.begin(_midnight(FIRST) - timedelta(hours=3), like=connection.settings_dict)
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
    """What is to be released by itself once the day `until` is over and its grace has passed."""
    expected = {("day", day.isoformat()) for day in _days(FIRST, until)}
    return expected | {("week", f"2025-W{day.isocalendar().week:02}") for day in SUNDAYS if day <= until}


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
    _the_month_is_agreed_on(service, 1)
    _revisions_are_made_on_their_dates(service)
    _each_once_in_order_and_released_together(service)
    verified = service.act("verify")
    assert "same" in verified["verify_closings"]


def _revisions_are_made_on_their_dates(service: Service) -> None:
    """Two and four days after the month's release; something is recorded before each, or there would be none."""
    (first,) = [row[7] for row in service.rows(CLOSINGS) if row[0] == "month"]
    for number, days, hour in ((2, 2, 9), (3, 4, 10)):
        service.act("file", (_midnight(LAST) + timedelta(hours=hour)).isoformat())
        service.put_forward(_midnight(first.astimezone(KYIV).date() + ONE_DAY * days) + timedelta(minutes=1))
        _the_month_is_agreed_on(service, number)


def _each_once_in_order_and_released_together(service: Service) -> None:
    rows = service.rows(CLOSINGS)
    assert {row[4] for row in rows} == {"released"}
    assert {(row[8], row[9]) for row in rows} == {("", 1)}, "none failed, each was taken up once"
    assert service.errors() == []
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
    for kind, period, _number, _how, _state, period_until, cutoff_at, released_at, *_others in rows:
        assert cutoff_at >= period_until + GRACE
        assert released_at > cutoff_at
        if kind == "day" and period not in late:
            assert released_at < period_until + GRACE + timedelta(minutes=20), (period, released_at)
    (apart,) = service.rows(
        "select count(*) from reports_edition edition join reports_closing closing on closing.id = edition.closing_id "
        "where edition.released_at is distinct from closing.released_at"
    )
    (editions,) = service.rows("select count(*) from reports_edition")
    assert (apart, editions) == ((0,), (3 * len(rows),))


# --- how a month, and each revision of it, is agreed on ---------------------------------------------------------------


def _the_month_is_agreed_on(service: Service, number: int) -> None:
    """One draft to all at one instant; two comment on it; two of different sides release it; then all read it."""
    _wait(service, lambda: _month(service, number)["state"] == "drafted", f"the draft of {number}")
    month, drafts = _month(service, number), service.act("drafts")
    _nobody_reads_what_another_does_not(drafts, month, number)
    said = {state: f"{state.title()} read number {number}." for state in ("alder", "cedar")}
    for state, words in said.items():
        assert service.act("comment", state, words)["words"] == words
    assert month["comments_until"] == month["drafted_at"] + ONE_DAY
    _each_is_told_and_who_is_silent_reminded(service, month, number)
    service.put_forward(month["comments_until"] + timedelta(minutes=1))
    _wait(service, lambda: _month(service, number)["state"] == "rendered", f"the end of the comments on {number}")
    _two_of_different_sides_release_it(service, number)
    _nobody_reads_what_another_does_not(service.act("drafts"), month, number)
    assert service.act("approve", "moderator-south") == {"side": "south"}
    service.put_forward(service.now + timedelta(seconds=61))
    _wait(service, lambda: _month(service, number)["released_at"] is not None, f"the release of {number}")
    _all_read_the_same(service, number, {one["common"] for one in drafts.values()}, said)


def _each_is_told_and_who_is_silent_reminded(service: Service, month: dict[str, Any], number: int) -> None:
    """Within minutes, by one entry; half a day before the end those alone who have said nothing."""
    told = f"""select notice.kind, state.code, notice.recorded_at from monitoring_notice notice
        join monitoring_guarantorstate state on state.id = notice.guarantor_id
        join reports_edition edition on edition.public_id::text = notice.object_id
        join reports_closing closing on closing.id = edition.closing_id
        where closing.number = {number} order by notice.kind desc, state.code"""
    service.put_forward(month["comments_until"] - timedelta(hours=11))
    _wait(service, lambda: len(service.rows(told)) >= 4, f"what is told of the draft of {number}")
    rows = service.rows(told)
    assert [row[:2] for row in rows] == [*(("draft_given", state) for state in STATES), ("draft_closes", "birch")]
    assert len({row[2] for row in rows[:3]}) == 1


def _month(service: Service, number: int) -> dict[str, Any]:
    columns = ("state", "drafted_at", "comments_until", "comments_sha256", "content_sha256", "released_at")
    found = service.rows(f"select {', '.join(columns)} from reports_closing where kind = 'month' and number = {number}")
    return dict(zip(columns, found[0] if found else [None] * len(columns), strict=True))


def _nobody_reads_what_another_does_not(drafts: dict[str, Any], month: dict[str, Any], number: int) -> None:
    assert {state: one["whose"] for state, one in drafts.items()} == {state: state for state in STATES}
    assert len({one["common"] for one in drafts.values()}) == 1, "byte for byte"
    for one in drafts.values():
        assert datetime.fromisoformat(one["drafted_at"]) == month["drafted_at"], "at one instant"
        assert one["content"] == month["content_sha256"]
        assert (one["said"], one["formats"]) == (True, ["csv", "json", "pdf"])
        assert (one["released"], one["final"]) == (list(range(1, number)), 0), "nothing of it reads as released"


def _two_of_different_sides_release_it(service: Service, number: int) -> None:
    """One alone does not, though the service looks; nor does a second of the same side."""
    assert service.act("approve", "moderator-north") == {"side": "north"}
    assert service.act("approve", "moderator-north-2") == {"refused": "same_side"}
    swept = service.worked("sweep_closings")
    service.put_forward(service.now + timedelta(seconds=61))
    _wait(service, lambda: service.worked("sweep_closings") > swept, "a sweep")
    assert _month(service, number)["state"] == "rendered"


def _all_read_the_same(service: Service, number: int, drafted: set[str], said: dict[str, str]) -> None:
    """The content of the draft and no other, with the comments on it, in every format."""
    month, releases = _month(service, number), service.act("releases", number)
    assert {one["common"] for one in releases.values()} == drafted
    for one in releases.values():
        assert datetime.fromisoformat(one["released_at"]) == month["released_at"]
        assert one["draft"] is False
        assert one["comments_sha256"] == month["comments_sha256"]
        told = {comment["guarantor"]: (comment["said"], comment["words"]) for comment in one["comments"]}
        assert told == {state: ("comment", words) for state, words in said.items()} | {"birch": ("not_received", "")}
        for told_by in (one["table"], one["print"]):
            if told_by is not None:
                assert all(words in told_by for words in said.values())
                assert told_by.count("No comment was received in time.") == 1
    assert len([one for one in releases.values() if one["print"] is not None]) == 1
    approvals = service.rows(
        "select given.superseded_at, given.content_sha256 = closing.content_sha256, side.code "
        "from reports_releaseapproval given join reports_closing closing on closing.id = given.closing_id "
        "join monitoring_side side on side.id = given.side_id "
        f"where closing.kind = 'month' and closing.number = {number} order by given.id"
    )
    assert approvals == [(None, True, "north"), (None, True, "south")]
