"""Two periods compared: what stands in the way of it, what came in late, and closings from before there was such."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitoring import canonical, ledger
from reports import closings, periods
from reports.closings.verifying import Outcome
from reports.figures import assemble, comparison
from reports.figures.known import Known
from reports.models import Closing
from reports.querysets import database_clock
from tests.reports.conftest import SINCE_FEBRUARY
from tests.reports.schema import check_content
from tests.violations import occasions
from tests.violations.test_returns import TOLD
from violations import assessment, filing
from violations.models import Incident, IncidentReport, ReportLink
from violations.returns import record_returns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
MONTH = ("month", "2025-03")
IN_FEBRUARY = occasions.NOON - timedelta(days=25)
OLDER = (("ledgers", 1), ("incidents", 1), ("out_of_scope", 1), ("charts", 1), ("reservations", 1))


def closed(agreement) -> Closing:
    return closings.advance(closings.request(agreement, *MONTH).pk)


def content_of(closing: Closing) -> dict:
    return json.loads(closing.content())


def section_of(agreement, code: str = "2025-03") -> dict:
    version = agreement.terms
    return comparison.section(Known(agreement, version, periods.bounds(version, "month", code), database_clock()))


def measure(section: dict, name: str) -> dict:
    return next(row for row in section["measures"] if row["measure"] == name)


# --- Reasons ----------------------------------------------------------------------------------------------------------


def test_the_first_period_of_the_truce_has_none_before_it(exercise):
    section = section_of(exercise)
    assert (section["why_none"], section["previous"], section["measures"]) == ("first_period", None, [])


@pytest.mark.parametrize(
    "changes",
    [
        [("in_force_from = 2025-03-02", "in_force_from = 2025-02-02")],
        [*SINCE_FEBRUARY, ("in_force_until = 2025-04-01", "in_force_until = 2025-03-31")],
    ],
)
def test_a_period_of_which_the_truce_held_a_part_is_not_compared(exercise, tmp_path, changes):
    occasions.reloaded(tmp_path, *changes)
    assert section_of(exercise)["why_none"] == "truce_in_part"


def test_months_of_unequal_length_are_compared_by_the_day(long_truce, people):
    for day in range(6):
        occasions.filed(long_truce, people.monitor_north, occurred_from=occasions.NOON + timedelta(days=day))
        occasions.filed(long_truce, people.monitor_north, occurred_from=IN_FEBRUARY + timedelta(days=day))
    section = section_of(long_truce)
    assert (section["days"], section["previous"]) == (31, {"period": "2025-02", "days": 28})
    row = measure(section, "registered")["all"]
    assert (row["current"], row["previous"], row["ratio"]) == (6, 6, "0.903226")  # 28/31


def test_where_a_rule_began_within_them_violations_are_not_compared_and_the_registered_are(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, SINCE_FEBRUARY[0])  # texts and adherences begin on 1 March
    for day in range(3):
        occasions.filed(exercise, people.monitor_north, occurred_from=occasions.NOON + timedelta(days=day))
        occasions.filed(exercise, people.monitor_north, occurred_from=IN_FEBRUARY + timedelta(days=day))
    section = section_of(exercise)
    assert section["why_none"] == ""
    assert measure(section, "registered")["why_not"] == ""
    assert measure(section, "registered")["all"]["outcome"] == "compared"
    violations = measure(section, "violations")
    assert violations["why_not"] == "rules_changed"
    assert {row["outcome"] for row in (violations["all"], *violations["by_side"])} == {"not_compared"}


@pytest.mark.by_hand
def test_where_a_data_set_tells_of_one_period_alone_nothing_is_compared(long_truce, people):
    for day in range(3):
        occasions.filed(long_truce, people.monitor_north, occurred_from=occasions.NOON + timedelta(days=day))
        occasions.filed(long_truce, people.monitor_north, occurred_from=IN_FEBRUARY + timedelta(days=day))
    assert {row["why_not"] for row in section_of(long_truce)["measures"]} == {""}
    imported(long_truce, "ucdp-ged", occasions.NOON)
    assert {row["why_not"] for row in section_of(long_truce)["measures"]} == {"sources_differ"}
    imported(long_truce, "ucdp-ged", IN_FEBRUARY)
    assert {row["why_not"] for row in section_of(long_truce)["measures"]} == {""}
    imported(long_truce, "another", IN_FEBRUARY)
    assert {row["why_not"] for row in section_of(long_truce)["measures"]} == {"sources_differ"}


def imported(agreement, source: str, at: datetime) -> None:
    """An incident that a data set tells of."""
    with ledger.writing() as entry:
        stamp = entry.stamp()
        incident = Incident.objects.create(agreement=agreement, recorded_at=stamp)
        report = IncidentReport.objects.create(
            recorded_at=stamp,
            agreement=agreement,
            source=source,
            external_id=f"{at:%m%d}",
            occurred_from=at,
            occurred_until=at + timedelta(days=1),
            time_precision="day",
            place_precision="country",
            act="direct_fire",
            means="open_source",
            content_sha256="0" * 64,
        )
        ReportLink.objects.create(
            report=report, chain=report.chain, incident=incident, kind="same_event", recorded_at=stamp
        )
        assessment.reassess([incident.pk], recorded_at=stamp)


def announced_on(days: list[date], totals: list[int], outlet: str = "gazette") -> list:
    begins = [datetime(day.year, day.month, day.day, 8, tzinfo=UTC) for day in days]
    return [
        replace(
            TOLD,
            owner="alder",
            bears_date=day,
            window_from=at,
            window_until=at + timedelta(days=1),
            total=total,
            breakdown="none",
            confirmed=None,
            lines=(),
            source=replace(TOLD.source, url=f"https://{outlet}.example/{day}"),
        )
        for day, at, total in zip(days, begins, totals, strict=True)
    ]


def test_what_was_announced_is_compared_only_where_every_day_of_both_is_held(long_truce):
    february = [date(2025, 2, 1) + timedelta(days=number) for number in range(28)]
    march = [date(2025, 3, 1) + timedelta(days=number) for number in range(31)]
    record_returns(long_truce, announced_on(february, [number % 3 for number in range(28)]), by=None)
    record_returns(long_truce, announced_on(march[:-1], [1] * 30), by=None)
    alder, birch, _cedar = section_of(long_truce)["announced"]
    assert (alder["why_not"], alder["outcome"], alder["current"], alder["previous"]) == (
        "days_not_held",
        "not_compared",
        None,
        27,
    )
    record_returns(long_truce, announced_on(march[-1:], [0]), by=None)
    alder, birch, _cedar = section_of(long_truce)["announced"]
    assert (alder["why_not"], alder["current"], alder["previous"]) == ("", 30, 27)
    assert alder["ratio"] == "1.003584"  # (30/31) / (27/28)
    assert alder["unit"] == "case_of_fire"
    assert birch["why_not"] == "days_not_held"
    record_returns(long_truce, announced_on(march[:1], [7], "herald"), by=None)
    assert section_of(long_truce)["announced"][0]["why_not"] == "contradicted"


def test_where_nothing_was_returned_in_either_there_is_no_number(long_truce):
    assert {(row["current"], row["previous"], row["why_not"]) for row in section_of(long_truce)["announced"]} == {
        (None, None, "days_not_held")
    }


def test_where_who_fired_is_not_published_nothing_is_told_by_side(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, *SINCE_FEBRUARY, ('attribution = "published"', 'attribution = "internal"'))
    for day in range(3):
        report = occasions.filed(exercise, people.monitor_north, occurred_from=occasions.NOON + timedelta(days=day))
        occasions.under_review(report, people.moderator_south)
        occasions.filed(exercise, people.monitor_north, occurred_from=IN_FEBRUARY + timedelta(days=day))
    content = content_of(closed(exercise))
    check_content(content)
    measures, told = content["sections"]["comparison"]["measures"], content["beside"]["cases"]["cases"]
    assert [(row["all"]["current"], row["by_side"]) for row in measures] == [(3, []), (0, [])]
    assert (told["all"]["pending"]["all"], told["by_side"], told["not_taken_up"]) == (3, [], 0)


# --- What comes late --------------------------------------------------------------------------------------------------


def test_what_is_recorded_of_the_period_before_touches_the_closing_and_the_next_says_which_figures(long_truce, people):
    for day in range(4):
        occasions.filed(long_truce, people.monitor_north, occurred_from=occasions.NOON + timedelta(days=day))
        occasions.filed(long_truce, people.monitor_north, occurred_from=IN_FEBRUARY + timedelta(days=day))
    first = closed(long_truce)
    check_content(content_of(first))
    assert list(closings.unchecked()) == []
    occasions.filed(long_truce, people.monitor_south, occurred_from=IN_FEBRUARY)
    assert list(closings.unchecked()) == [first]
    assert closings.check(first).touched_at is not None
    second = closed(long_truce)
    assert second.number == 2
    changes = content_of(second)["beside"]["changes"]
    told = {figure["path"]: (figure["old"], figure["new"]) for figure in changes["figures"]}
    assert told["comparison/measures/registered/all/previous"] == (4, 5)
    assert told["comparison/measures/registered/all/ratio"] == ("0.903226", "0.722581")
    assert told["comparison/standing/previous/columns/pending"] == (4, 5)
    assert told["comparison/measures/registered/by_side/north+parties/previous"] == (4, 5)
    assert not [path for path in told if path.endswith("/p")], "a p-value stands in its section alone"
    assert not [path for path in told if not path.startswith("comparison/")]
    assert {step["step"] for step in changes["because"]} == {"report_filed"}
    assert [closings.verify(one).outcome for one in (first, second)] == [Outcome.SAME, Outcome.SAME]


def test_what_is_recorded_two_periods_before_touches_nothing(long_truce, people):
    occasions.filed(long_truce, people.monitor_north)
    closed(long_truce)
    occasions.filed(long_truce, people.monitor_south, occurred_from=occasions.NOON - timedelta(days=70))
    assert list(closings.unchecked()) == []


# --- Closings from before ---------------------------------------------------------------------------------------------


@pytest.fixture
def from_before(long_truce, people, monkeypatch) -> Closing:
    """A closing by the code as it was: without what is compared, and without cases beside the hash."""
    occasions.filed(long_truce, people.monitor_north)
    occasions.filed(long_truce, people.monitor_north, occurred_from=IN_FEBRUARY)
    content = assemble.content

    def as_it_was(*args, **more):
        told = content(*args, **more)
        del told["beside"]["cases"], told["beside_sha256"]["cases"]
        return told

    with monkeypatch.context() as before:
        before.setitem(assemble.CURRENT, "month", OLDER)
        before.setattr(assemble, "content", as_it_was)
        closing = closed(long_truce)
    stored = content_of(closing)
    check_content(stored)
    assert [section["code"] for section in stored["head"]["sections"]] == [code for code, _version in OLDER]
    assert "cases" not in stored["beside"]
    return closing


def test_a_closing_from_before_a_section_existed_stays_the_same(from_before):
    before = canonical.sha256(content_of(from_before))
    verdict = closings.verify(from_before)
    assert verdict.outcome == Outcome.SAME
    assert {"comparison", "cases"}.isdisjoint(dict(verdict.parts))
    assert closings.check(from_before).touched_at is None
    assert canonical.sha256(content_of(Closing.objects.get())) == before


def test_a_new_section_is_no_reason_for_a_closing(from_before, long_truce, people):
    report = occasions.filed(long_truce, people.monitor_south)
    filing.withdraw(report, by=people.monitor_south, grounds="A test of the device.")
    again = closed(long_truce)
    assert (again.state, again.same_as, again.number) == ("unchanged", from_before, None)
    occasions.filed(long_truce, people.monitor_south, occurred_from=IN_FEBRUARY)
    later = closed(long_truce)
    assert (later.state, later.same_as) == ("unchanged", from_before), "it told nothing of February"


def test_a_figure_that_is_new_brings_the_new_sections_with_it(from_before, long_truce, people):
    occasions.filed(long_truce, people.monitor_south)
    following = closed(long_truce)
    assert following.number == 2
    content = content_of(following)
    assert content["beside"]["changes"]["sections_added"] == [
        *("accessions", "choices", "comparison", "effort", "replies"),
    ]
    assert not [row for row in content["beside"]["changes"]["figures"] if row["section"] == "comparison"]
    assert content["beside"]["cases"]["version"] == 1
    assert [closings.verify(one).outcome for one in (from_before, following)] == [Outcome.SAME, Outcome.SAME]


def test_a_closing_whose_section_has_gone_from_the_code_is_followed_by_one_that_has_it_not(
    from_before, long_truce, people, monkeypatch
):
    monkeypatch.delitem(assemble.FUNCTIONS, ("charts", 1))
    monkeypatch.setitem(assemble.CURRENT, "month", tuple(one for one in OLDER if one != ("charts", 1)))
    occasions.filed(long_truce, people.monitor_south)
    following = closed(long_truce)
    assert (following.number, content_of(following)["beside"]["changes"]["sections_dropped"]) == (2, ["charts"])


def test_cases_are_verified_by_the_version_that_they_bear(long_truce, people, monkeypatch):
    occasions.filed(long_truce, people.monitor_north)
    closing = closed(long_truce)
    assert dict(closings.verify(closing).parts)["cases"] == Outcome.SAME
    monkeypatch.setitem(assemble.BESIDE, "cases", {("cases", 2): lambda known: {"version": 2}})
    verdict = closings.verify(closing)
    assert verdict.outcome == Outcome.SAME
    assert dict(verdict.parts)["cases"] == Outcome.STORED_ONLY


def test_a_day_has_neither(long_truce):
    day = closings.advance(closings.request(long_truce, "day", "2025-03-10").pk)
    content = content_of(day)
    assert "comparison" not in content["sections"]
    assert "cases" not in content["beside"]
