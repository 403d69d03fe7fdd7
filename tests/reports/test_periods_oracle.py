"""Sections 4 and 6 against a plain count in Python, over a record of two months drawn at random and two cut-offs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from reports import periods
from reports.figures import cases, comparison
from reports.figures.columns import tally
from reports.figures.comparison import compared_with
from reports.figures.known import Known
from tests.reports import oracle_of_periods as plain
from tests.reports.oracle import Oracle
from tests.reports.records import LongRecord

pytestmark = [pytest.mark.django_db, pytest.mark.by_hand]
CUT_OFFS = [datetime(2025, 4, 3, 9, tzinfo=UTC), datetime(2025, 6, 20, 9, tzinfo=UTC)]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_of_both_sections_is_a_plain_count(long_truce, people, seed):
    record = LongRecord(long_truce, people, seed)
    record.draw(420)
    met: Counter = Counter()
    version = long_truce.terms
    for code in ("2025-03", "2025-02"):
        for at in CUT_OFFS:
            known = Known(long_truce, version, periods.bounds(version, "month", code), at)
            oracle = Oracle(known)
            section = known.once(cases.section)
            assert section["recorded"] == ("whole" if code == "2025-03" else "part")
            determinations_are_counted(known, oracle, section["determinations"])
            met.update(cases_are_counted(known, oracle, section["cases"]))
            met.update(two_periods_are_compared(known, oracle, known.once(comparison.section)))
    ends = {"registered compared", "violations compared", "violations too_few", "violations none_in_either"}
    assert {*ends, "in clusters", "opened", "late"} <= (+met).keys()
    for age in ("days_0_7", "days_8_30", "days_31_90"):
        assert met[f"pending {age}"] + met[f"closed {age}"]
    assert met["pending days_91_more"]


def columns(row: dict) -> Counter:
    return +Counter(row["columns"])


def determinations_are_counted(known: Known, oracle: Oracle, section: dict) -> None:
    late = plain.determined(known, oracle)
    told: dict = {"all": Counter(), "month": {}, "side": {}}
    for case, _standing in late:
        told["all"][case.column] += 1
        told["month"].setdefault(plain.month_of(case), Counter())[case.column] += 1
        for side in oracle.sides(case):
            told["side"].setdefault(side, Counter())[case.column] += 1
    assert columns(section["all"]) == told["all"]
    assert {row["period"]: columns(row) for row in section["by_month"]} == told["month"]
    by_side = {(row["side"], row["forces"]): columns(row) for row in section["by_side"]}
    assert {side: row for side, row in by_side.items() if row} == told["side"]
    assert section["by_side_joint"] == sum(len(oracle.sides(case)) > 1 for case, _standing in late)
    standings = Counter(standing for _case, standing in late)
    assert section["standings"] == {code: standings[code] for code in ("determined", "preliminary")}
    assert section["data_set"] == plain.accepted(known, oracle)


def cases_are_counted(known: Known, oracle: Oracle, section: dict) -> Counter:
    expected = plain.moves(known, oracle)
    rows = {"all": section["all"]} | {(row["side"], row["forces"]): row for row in section["by_side"]}
    assert {key: row for key, row in ((key, told(row)) for key, row in rows.items()) if row} == dict(expected)
    for row in rows.values():
        for move in ("closed", "pending"):
            assert row[move]["all"] == sum(count for age, count in row[move].items() if age != "all")
    taken_up = plain.opened(known)
    assert section["not_taken_up"] == sum(case.assessment.incident_id not in taken_up for case in oracle.cases())
    late = Counter({"late": len(plain.determined(known, oracle))})
    return +(expected["all"] + late)


def told(row: dict) -> Counter:
    moves = Counter({"opened": row["opened"]})
    for move in ("closed", "pending"):
        moves.update({f"{move} {age}": count for age, count in row[move].items() if age != "all"})
    return +moves


def two_periods_are_compared(known: Known, oracle: Oracle, section: dict) -> Counter:
    if known.period.code == "2025-02":
        assert (section["why_none"], section["previous"], section["measures"]) == ("first_period", None, [])
        return Counter()
    before = known.once(compared_with)
    assert section["previous"] == {"period": "2025-02", "days": 28}
    assert not plain.rules_changed(known, before)
    sides = [(known, oracle, oracle.cases()), (before, former := Oracle(before), former.cases())]
    for which, (_known, _oracle, cases_of) in zip(("current", "previous"), sides, strict=True):
        assert section["standing"][which] == tally(Counter(case.column for case in cases_of))
    met: Counter = Counter()
    for measure in section["measures"]:
        assert measure["why_not"] == ""
        for row in ({"side": None, "forces": None} | measure["all"], *measure["by_side"]):
            met[f"{measure['measure']} {is_compared(sides, measure['measure'], row)}"] += 1
            met["in clusters"] += float(row["dispersion"] or 0) > 1.5
    return met


def is_compared(sides: list, measure: str, row: dict) -> str:
    """Check a row of section 6 and return how it ended."""
    whole = row["forces"] is None
    counted = [
        [
            case
            for case in cases_of
            if (measure == "registered" or case.violation)
            and (whole or (row["side"], row["forces"]) in one.sides(case))
        ]
        for _known, one, cases_of in sides
    ]
    x1, x2 = map(len, counted)
    assert (row["current"], row["previous"]) == (x1, x2)
    estimates = {key: row[key] for key in ("dispersion", "ratio", "lower", "upper", "p")}
    if x1 + x2 < 5:
        assert row["outcome"] == ("too_few" if x1 + x2 else "none_in_either")
        assert set(estimates.values()) == {None}
    else:
        assert row["outcome"] == "compared"
        daily = [
            plain.days_of(one, told_of, [date.isoformat() for date in known.period.dates])
            for (known, one, _cases), told_of in zip(sides, counted, strict=True)
        ]
        assert estimates == plain.compared(x1, x2, 31, 28, daily)
    return row["outcome"]
