"""Every row of the figures against a plain count in Python, over records drawn at random and cut-offs within them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from reports import periods
from reports.figures import incidents, ledgers, out_of_scope, readings_listed
from reports.figures.columns import COLUMNS
from reports.figures.known import Known
from tests.reports.oracle import OUT, Case, Oracle
from tests.reports.records import Record
from violations.models import Incident, IncidentReport, ReportLink

pytestmark = [pytest.mark.django_db, pytest.mark.by_hand]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_a_plain_count(exercise, people, seed):
    record = Record(exercise, people, seed)
    record.draw(400)
    met: set[str] = set()
    readings_differ = False
    for known in knowns(record):
        oracle = Oracle(known)
        cases = oracle.cases()
        section = known.once(incidents.section)
        every_row_is_a_plain_count(oracle, cases, section)
        the_columns_add_up(section)
        rows_say_who_was_attributed_and_what_harm_is_verified(oracle, cases, section)
        out_of_scope_has_its_reasons(known, cases)
        readings_differ |= each_reading_says_what_would_change(known, oracle, cases)
        filed_counts_reports_in_effect_by_team(known)
        filed_stands_where_and_when_each_report_says(known, oracle)
        met |= {case.column for case in cases}
    assert met == set(COLUMNS), "the record drawn must meet every column"
    assert readings_differ, "the record drawn must hold something that readings differ over"


def knowns(record: Record) -> list[Known]:
    """The month at three cut-offs, and a day."""
    version = record.agreement.terms
    began = version.recorded_at
    month = periods.bounds(version, "month", "2025-03")
    day = periods.bounds(version, "day", "2025-03-12")
    cutoffs = [began + (record.now - began) * part // 10 for part in (4, 7)] + [record.now + timedelta(hours=5)]
    return [
        *(Known(record.agreement, version, month, at) for at in cutoffs),
        Known(record.agreement, version, day, cutoffs[-1]),
    ]


def counted(row: dict) -> Counter:
    return Counter({column: incidents for column, incidents in row["columns"].items() if incidents})


def keyed(section: dict) -> dict[str, dict]:
    """The section's breakdowns in the oracle's keys, rows of zeros left out."""
    rows = {
        "total": {(): section["total"]},
        "by_side": {(row["side"], row["forces"]): row for row in section["by_side"]},
        "by_party": {(row["party"], "party" if row["party"] else row["group"]): row for row in section["by_party"]},
        "by_party_named": {(row["party"], row["role"]): row for row in section["by_party_named"]},
        "by_provision": {row["provision"]: row for row in section["by_provision"]},
        "by_act": {row["act"]: row for row in section["by_act"]},
        "by_object_hit": {row["object"]: row for row in section["by_object_hit"]},
        "by_weapon": {row["weapon"]: row for row in section["by_weapon"]},
        "by_area": {row["area"]: row for level in section["by_area"] for row in level["rows"]},
        "by_zone": {row["zone"]: row for row in section["by_zone"]},
        "by_day": {(row["date"], row["dated"]): row for row in section["by_day"]},
        "attribution": {row["attribution"]: row for row in section["attribution"]},
    }
    return {
        breakdown: {key: counted(row) for key, row in found.items() if row["registered"]}
        for breakdown, found in rows.items()
    }


def every_row_is_a_plain_count(oracle: Oracle, cases: list[Case], section: dict) -> None:
    expected = {breakdown: dict(rows) for breakdown, rows in oracle.rows(cases).items()}
    found = keyed(section)
    assert found == {**{breakdown: {} for breakdown in found}, **expected}
    assert section["total"]["registered"] == len(cases)
    for joint, keys in {
        "by_party_joint": lambda case: case.concerned,
        "by_side_joint": oracle.sides,
        "by_object_hit_joint": lambda case: case.assessment.objects_hit,
        "by_zone_joint": lambda case: case.assessment.zones,
    }.items():
        assert section[joint] == sum(len(keys(case)) > 1 for case in cases)


def the_columns_add_up(section: dict) -> None:
    row = section["total"]
    assert tuple(row["columns"]) == COLUMNS
    assert sum(row["columns"].values()) == row["registered"]
    assert row["subtotals"]["violations"] <= row["subtotals"]["in_scope"] <= row["subtotals"]["verified"]


def rows_say_who_was_attributed_and_what_harm_is_verified(oracle: Oracle, cases: list[Case], section: dict) -> None:
    for row in section["by_party"]:
        of_party = [case for case in cases if oracle.ids.get(row["party"]) in case.concerned]
        if row["party"] is None:
            of_party = [case for case in cases if case.naming == row["group"]]
        by_finding = [case for case in of_party if case.attributed]
        assert row["attributed"] == {
            "registered": len(by_finding),
            "violations": sum(case.violation for case in by_finding),
        }
    for row in section["by_side"]:
        of_side = [case for case in cases if (row["side"], row["forces"]) in oracle.sides(case) and case.violation]
        assert row["killed_verified"] == sum(case.finding.killed_verified or 0 for case in of_side)
        assert row["injured_verified"] == sum(case.finding.injured_verified or 0 for case in of_side)
    for population, kept in {
        "not_discounted": [case for case in cases if case.column != "discounted"],
        "across_the_edge": [
            case
            for case in cases
            if case.column != "discounted" and case.assessment.occurred_until > oracle.known.period.ends_at
        ],
        "violations": [case for case in cases if case.violation],
    }.items():
        of = next(row for row in section["casualties"] if row["of"] == population)
        assert of["killed"] == expected_harm(kept, "killed")
        assert of["injured"] == expected_harm(kept, "injured")


def expected_harm(cases: list[Case], harm: str) -> dict[str, int]:
    minimum = verified = maximum = unknown = 0
    for case in cases:
        stands = (
            case.finding
            and case.finding.verification in ("verified", "probable")
            and case.finding.standing != "data_set"
        )
        number = getattr(case.finding, f"{harm}_verified") if stands else None
        reported = getattr(case.assessment, f"{harm}_high")
        minimum += number or 0
        verified += number is not None
        maximum += max(reported or 0, number or 0)
        unknown += number is None and reported is None
    return {
        "verified_minimum": minimum,
        "verified_incidents": verified,
        "reported_maximum": maximum,
        "incidents_unknown": unknown,
    }


def out_of_scope_has_its_reasons(known: Known, cases: list[Case]) -> None:
    section = out_of_scope.section(known)
    assert section["total"] == sum(case.column in OUT for case in cases)
    assert section["disputed"] == sum(case.column == "scope_disputed" for case in cases)
    assert section["overruled_into_scope"] == sum(
        bool(case.finding and case.finding.scope == "in_scope" and case.assessment.scope in OUT) for case in cases
    )
    for row in section["by_reason"]:
        here = [case for case in cases if case.column == row["reason"]]
        applies = [case for case in cases if row["reason"] in {one["class"] for one in case.assessment.scope_reasons}]
        assert row["incidents"] == len(here)
        assert row["also_applies"] == sum(case.column != row["reason"] for case in applies)
        assert row["overruled"] == sum(
            bool(case.finding and case.finding.scope not in ("", case.assessment.scope)) for case in here
        )
        assert row["verified"] == sum(
            bool(case.finding and case.finding.verification in ("verified", "probable"))
            and case.finding.standing != "data_set"
            for case in here
        )


def each_reading_says_what_would_change(known: Known, oracle: Oracle, cases: list[Case]) -> bool:
    changed = 0
    stood = {case.assessment.incident_id: case.column for case in cases}
    section = out_of_scope.section(known)
    named = dict(Incident.objects.values_list("public_id", "pk"))
    listed = readings_listed.moved(known, most=len(stood) or 1)
    assert [row["reading"] for row in section["by_reading"]] == ["", "North side", "South side"] == list(listed)
    for row in section["by_reading"]:
        would = {case.assessment.incident_id: case.column for case in oracle.cases(row["reading"])}
        moves = Counter((stood[one], would[one]) for one in stood if stood[one] != would[one])
        told = listed[row["reading"]]
        assert {(named[one.public_id], one.was, one.becomes) for one in told} == {
            (one, stood[one], would[one]) for one in stood if stood[one] != would[one]
        }
        assert told == sorted(told, key=lambda one: (one.occurred_from, named[one.public_id]))
        assert {(move["from"], move["to"]): move["incidents"] for move in row["changes"]} == dict(moves)
        assert row["changed"] == sum(moves.values())
        assert row["same"] + row["changed"] == len(stood)
        changed += row["changed"]
    return changed > 0


def filed_counts_reports_in_effect_by_team(known: Known) -> None:
    section = ledgers.section(known)
    filed: Counter = Counter()
    for link in ReportLink.objects.as_known_at(known.known_at).exclude(kind="related").select_related("report__team"):
        if known.period.starts_at <= link.report.occurred_from < known.period.ends_at:
            filed[link.report.team.code if link.report.team else None] += 1
    by_guarantor = {ledger["guarantor"]: ledger["filed"]["total"] for ledger in section["ledgers"]}
    assert by_guarantor == {"alder": filed["team-alder"], "birch": filed["team-birch"], "cedar": 0}
    assert {row["team_kind"]: row["total"] for row in section["filed_by_others"]} == {
        "joint": filed["team-joint"],
        "independent": filed["team-independent"],
        "none": filed[None],
    }
    for ledger in section["ledgers"]:
        assert ledger["filed"]["total"] == ledger["filed"]["not_dated"] + sum(day["filed"] for day in ledger["days"])


def filed_stands_where_and_when_each_report_says(known: Known, oracle: Oracle) -> None:
    """Day and area are the report's own, also where it tells of an incident that another report leads."""
    owners = {"team-alder": "alder", "team-birch": "birch"}
    by_area: dict[str, Counter] = {"alder": Counter(), "birch": Counter(), "cedar": Counter()}
    by_day: dict[str, Counter] = {"alder": Counter(), "birch": Counter(), "cedar": Counter()}
    joint: Counter = Counter()
    links = ReportLink.objects.as_known_at(known.known_at).exclude(kind="related").select_related("report__team")
    for link in links:
        report = link.report
        owner = owners.get(report.team.code) if report.team else None
        if owner is None or not known.period.starts_at <= report.occurred_from < known.period.ends_at:
            continue
        areas = oracle.districts_of(report)
        by_area[owner].update(areas)
        joint[owner] += len(areas) > 1
        by_day[owner][day_of(known, report)] += 1
    for ledger in ledgers.section(known)["ledgers"]:
        owner, filed = ledger["guarantor"], ledger["filed"]
        assert {row["area"]: row["count"] for row in filed["by_area"]} == by_area[owner]
        assert filed["by_area_joint"] == joint[owner]
        days = {day["date"]: day["filed"] for day in ledger["days"] if day["filed"]}
        assert days == {day: count for day, count in by_day[owner].items() if day}
        assert filed["not_dated"] == by_day[owner][None]


def day_of(known: Known, report: IncidentReport) -> str | None:
    day = next(day for day in known.period.days if day.starts_at <= report.occurred_from < day.ends_at)
    wide = report.occurred_until - report.occurred_from > day.ends_at - day.starts_at
    return None if wide or report.occurred_until > known.period.ends_at else day.date.isoformat()
