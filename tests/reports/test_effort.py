"""What monitors did to see, counted for the month: hours by day and place, quiet days, no zero where nobody knows."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from monitoring import ledger
from reports import closings, periods
from reports.closings import checking, verifying
from reports.figures import effort as figures
from reports.figures.known import Known
from reports.models import Closing, Edition
from reports.renderers.document.blocks import texts
from reports.renderers.document.compose import compose
from reports.renderers.reading import Reading
from reports.renderers.tidy import lines
from tests.reports.released import released_month
from tests.reports.schema import check_content
from tests.violations.occasions import filed
from tests.violations.work import KEPT_OUT, PATROL, WATCH, at
from violations import effort
from violations.effort_content import Stretch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]


def closing_content(closing: Closing) -> dict:
    return json.loads(closing.content())


def reading_of(closing: Closing, state: str, content: dict | None = None) -> Reading:
    edition = Edition.objects.get(closing=closing, guarantor__code=state)
    return Reading(content or closing_content(closing), json.loads(edition.content), "en")


def section(agreement, known_at=None) -> dict:
    period = periods.bounds(agreement.terms, "month", "2025-03")
    return figures.section(Known(agreement, agreement.terms, period, known_at or ledger.closed_until()))


def patrols(agreement, people) -> None:
    effort.file_patrol(agreement, PATROL, by=people.monitor_north, client_id="patrol")
    effort.file_patrol(agreement, WATCH, by=people.monitor_independent, client_id="watch")
    effort.file_restriction(agreement, KEPT_OUT, by=people.monitor_north, client_id="restriction")


def test_hours_stand_in_their_day_area_and_kind_and_a_night_in_two_days(exercise, people):
    patrols(exercise, people)
    told = section(exercise)
    assert (told["known"], told["total"]) == (True, {"filed": 2, "minutes": 14 * 60})
    assert {row["kind"]: row["minutes"] for row in told["by_kind"]} == {"patrol": 480, "post": 0, "watch": 360}
    by_team = {row["team_kind"]: row["filed"] for row in told["by_team"]}
    assert by_team == {"guarantor": 1, "joint": 0, "independent": 1}
    minutes = {row["date"]: row["minutes"] for row in told["by_day"] if row["minutes"]}
    assert minutes == {"2025-03-10": 480, "2025-03-11": 120, "2025-03-12": 240}
    assert {row["area"]: row["minutes"] for row in told["by_area"]} == {"VA01": 180, "VA02": 180, "VA03": 360}
    assert (told["days"], told["days_watched"], told["quiet_days"]) == (31, 3, 3)


def test_a_day_is_quiet_where_it_was_watched_and_nothing_is_dated_to_it(exercise, people):
    patrols(exercise, people)
    filed(exercise, people.monitor_south, occurred_from=at(10, 12), occurred_until=at(10, 12, 1))
    filed(exercise, people.monitor_south, occurred_from=at(15, 12), occurred_until=at(15, 12, 1))
    told = section(exercise)
    quiet = {row["date"]: row["quiet"] for row in told["by_day"]}
    assert (quiet["2025-03-10"], quiet["2025-03-11"], quiet["2025-03-15"]) == (False, True, None)
    assert (told["days_watched"], told["quiet_days"]) == (3, 2)


def test_a_rate_takes_the_incidents_of_days_watched_there_for_the_hours_spent_there(exercise, people):
    patrols(exercise, people)
    report = filed(exercise, people.monitor_south, occurred_from=at(10, 12), occurred_until=at(10, 12, 1))
    area = report.links.get().incident.assessments.open().get().areas
    (code,) = exercise.areas.filter(pk__in=area, level="district").values_list("code", flat=True)
    there = replace(PATROL, stretches=(Stretch(code, at(10, 10), at(10, 14)),))
    effort.file_patrol(exercise, there, by=people.monitor_south, client_id="there")
    told = {row["area"]: row for row in section(exercise)["by_area"]}[code]
    hours = told["minutes"] / 60
    assert (told["registered"], told["per_100_hours"]) == (1, f"{100 / hours:.2f}")


def test_less_than_an_hour_is_no_day_of_observation_and_gives_no_rate(exercise, people):
    short = replace(
        PATROL, started_at=at(20, 8), ended_at=at(20, 8, 30), stretches=(Stretch("VA06", at(20, 8), at(20, 8, 30)),)
    )
    effort.file_patrol(exercise, short, by=people.monitor_north, client_id="short")
    told = section(exercise)
    assert (told["known"], told["days_watched"], told["by_area"][0]["per_100_hours"]) == (True, 0, None)


def test_what_a_watch_logged_is_counted_by_itself_and_what_restricted_movement_by_where(exercise, people):
    patrols(exercise, people)
    told = section(exercise)
    assert told["logged"] == [
        {"observed": "explosion", "lines": 2, "counted": 4, "not_exact": 1, "uncountable": 0},
        {"observed": "burst", "lines": 1, "counted": 0, "not_exact": 0, "uncountable": 1},
    ]
    assert told["restrictions"]["total"] == 1
    assert told["restrictions"]["by_area"] == [{"area": "VA02", "count": 1}]


def test_what_is_withdrawn_or_comes_later_is_not_counted_as_known_before(exercise, people):
    row = effort.file_patrol(exercise, PATROL, by=people.monitor_north, client_id="patrol").row
    before = ledger.closed_until()
    effort.withdraw(type(row), row.public_id, by=people.monitor_north)
    effort.file_patrol(exercise, WATCH, by=people.monitor_north, client_id="watch")
    assert section(exercise, before)["by_kind"][0]["filed"] == 1
    assert [item["filed"] for item in section(exercise)["by_kind"]] == [0, 0, 1]


def test_without_a_patrol_nothing_is_known_and_no_figure_is_a_zero(exercise, people):
    filed(exercise, people.monitor_north)
    closing = released_month(exercise)
    check_content(closing_content(closing))
    reading = reading_of(closing, "birch")
    assert "That is no count of zero hours" in " ".join(texts(compose(reading)["blocks"]))
    told = [line for line in lines(reading) if line.section == "effort" and line.table == "total"]
    assert {line.value for line in told} == {None}
    assert all(line.note for line in told)


def test_the_report_tells_effort_and_a_patrol_that_comes_late_touches_it(exercise, people):
    patrols(exercise, people)
    filed(exercise, people.monitor_north)
    closing = released_month(exercise)
    check_content(closing_content(closing))
    reading = reading_of(closing, "birch")
    said = " ".join(texts(compose(reading)["blocks"]))
    for sentence in (
        "Teams were at work on 3 of 31 days",
        "Restrictions of movement that began",
        "What watch logs hold",
    ):
        assert sentence in said.replace("\u2068", "").replace("\u2069", "")
    values = {(line.table, line.row_code, line.measure_code): line.value for line in lines(reading)}
    assert values["by_area", "VA03", "minutes"] == 360
    assert values["logged", "explosion", "counted"] == 4
    assert closing not in checking.unchecked()
    effort.file_patrol(exercise, replace(PATROL, note="Again."), by=people.monitor_north, client_id="late")
    (found,) = checking.unchecked()
    assert checking.check(found).touched_at is not None


def test_a_closing_computed_before_there_was_effort_is_told_without_it(exercise, people):
    filed(exercise, people.monitor_north)
    closing = released_month(exercise)
    content = closing_content(closing)
    del content["sections"]["effort"]
    check_content(content)
    reading = reading_of(closing, "birch", content=content)
    assert "Restrictions of movement, effort, quiet days" not in " ".join(texts(compose(reading)["blocks"]))
    assert not [line for line in lines(reading) if line.section == "effort"]


def test_it_is_verified_as_it_was_computed(exercise, people):
    patrols(exercise, people)
    closing = released_month(exercise)
    effort.file_patrol(exercise, replace(PATROL, note="Late."), by=people.monitor_north, client_id="late")
    assert closings.verify(closing).outcome == verifying.Outcome.SAME
