"""What each ledger holds for each day, as known at an instant."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from monitoring.models import MechanismVersion
from tests.violations.test_returns import HERALD, TOLD
from violations.importing import commission
from violations.ledger_days import LedgerDay, ledger_days
from violations.models import DailyReturn
from violations.returns import record_return, record_returns

pytestmark = pytest.mark.django_db

SAMPLE = Path(commission.__file__).parents[1] / "samples" / "joint_commission_2017.csv"
JANUARY = {"from_date": date(2017, 1, 1), "until_date": date(2017, 2, 1)}
MARCH = {"from_date": date(2025, 3, 1), "until_date": date(2025, 4, 1)}


def now() -> datetime:
    """The database's clock: after all that was recorded."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def days_of(agreement, owner: str, *, known_at: datetime | None = None, version=None, **period) -> list[LedgerDay]:
    days = ledger_days(agreement, version or agreement.terms, known_at=known_at or now(), **period)
    return [day for day in days if day.owner == owner]


def states(days: list[LedgerDay]) -> Counter[str]:
    return Counter(day.state for day in days)


@pytest.fixture
def published(astana):
    """The truce of 2016 with the figures that were published in the first half of 2017."""
    commission.import_returns(astana, [SAMPLE], by=None)
    return astana


def test_january_2017_has_5_days_of_31_of_each_published_ledger(published):
    for owner in ("russia", "turkey"):
        days = days_of(published, owner, **JANUARY)
        assert len(days) == 31
        assert sum(day.held for day in days) == 5
        assert sum(day.due for day in days) == 31
        assert states(days)["not_held"] == 26
        assert states(days)["missing"] == 0


def test_the_bulletins_of_22_and_23_january_2017(published):
    day = {(one.owner, one.day.day): one for one in ledger_days(published, published.terms, known_at=now(), **JANUARY)}
    (russia,) = day["russia", 22].returns
    (turkey,) = day["turkey", 22].returns
    assert (russia.total, russia.teller, russia.confirmed) == (2, "russia", None)
    assert (turkey.total, turkey.teller, turkey.confirmed, turkey.breakdown) == (12, "russia", 3, "partial")
    assert [(line.area, line.level, line.count) for line in turkey.lines] == [("SY02", "governorate", 6)]
    assert [source.outlet for source in turkey.sources] == ["TASS (en)"]
    assert (day["russia", 23].state, day["russia", 23].returns[0].total) == ("returned", 9)
    assert (day["turkey", 23].state, day["turkey", 23].returns[0].total) == ("nil", 0)


def test_of_a_ledger_that_nobody_published_none_is_known_once_its_term_began(published):
    days = days_of(published, "iran", **JANUARY)
    assert [day.state for day in days] == ["not_due"] * 23 + ["none_known"] * 8
    assert [day.due for day in days] == [False] * 23 + [True] * 8
    assert not any(day.held for day in days)


def test_after_the_last_publication_that_is_held_none_is_known(published):
    last = max(DailyReturn.objects.filter(owner__code="russia").values_list("bears_date", flat=True))
    days = days_of(published, "russia", from_date=last - timedelta(days=1), until_date=last + timedelta(days=3))
    assert [day.state for day in days] == ["not_held", "returned", "none_known", "none_known"]


def test_no_return_is_due_before_the_truce_s_first_day(published):
    days = days_of(published, "russia", from_date=date(2016, 12, 28), until_date=date(2017, 1, 2))
    assert [day.state for day in days] == ["not_due", "not_due", "not_held", "not_held", "not_held"]


def test_the_bulletin_told_by_two_outlets_is_one_return_with_two_sources(published):
    (day,) = days_of(published, "turkey", from_date=date(2017, 3, 25), until_date=date(2017, 3, 26))
    assert [len(told.sources) for told in day.returns] == [2]


def test_before_anything_was_recorded_nothing_is_known(published):
    first = published.terms.recorded_at
    days = days_of(published, "russia", known_at=first, **JANUARY)
    assert states(days) == {"none_known": 31}


def test_days_are_as_known_at_the_instant_asked_for(exercise):
    record_return(exercise, TOLD, by=None)
    known = [now()]
    record_return(exercise, replace(TOLD, source=HERALD), by=None)
    known.append(now())
    record_return(exercise, replace(TOLD, total=6, breakdown="none", lines=(), source=None), by=None)
    known.append(now())
    record_return(exercise, replace(TOLD, total=0, confirmed=None, lines=(), source=HERALD), by=None, correct=True)
    known.append(now())
    told = [
        [
            (one.total, one.variant, len(one.sources))
            for one in days_of(exercise, "birch", known_at=at, **MARCH)[4].returns
        ]
        for at in known
    ]
    assert told == [[(5, 1, 1)], [(5, 1, 2)], [(5, 1, 2), (6, 2, 0)], [(0, 1, 1), (6, 2, 0)]]


def test_contradicting_returns_are_both_there_and_the_owner_s_own_telling_first(exercise):
    record_returns(
        exercise,
        [
            TOLD,
            replace(TOLD, total=0, confirmed=None, lines=(), source=None),
            replace(TOLD, teller="birch", source=None),
        ],
        by=None,
    )
    day = days_of(exercise, "birch", **MARCH)[4]
    assert day.state == "returned"
    assert [(one.teller, one.total, one.variant) for one in day.returns] == [
        ("birch", 5, 1),
        ("alder", 5, 1),
        ("alder", 0, 2),
    ]


def test_where_sides_hand_in_returns_a_day_is_missing_once_it_is_due(exercise):
    record_return(exercise, replace(TOLD, owner="alder", bears_date=date(2025, 3, 5)), by=None)
    days = days_of(exercise, "alder", **MARCH)
    assert days[0].state == "not_due", "the truce began on the second"
    assert states(days) == {"not_due": 1, "returned": 1, "missing": 29}
    assert states(days_of(exercise, "cedar", **MARCH)) == {"not_due": 1, "missing": 30}


def with_terms(agreement, **changes) -> MechanismVersion:
    """The version that holds, with some of its terms otherwise; not written."""
    version = agreement.terms
    for name, value in changes.items():
        setattr(version, name, value)
    return version


@pytest.mark.parametrize(("named_for", "ends"), [("start", 6), ("end", 5)])
def test_a_return_is_due_when_its_day_has_ended_and_the_grace_has_passed(exercise, named_for, ends):
    """The exercise's days begin at midnight, UTC-8; one named for its end is over as its date begins."""
    version = with_terms(exercise, day_named_for=named_for)
    due_at = datetime(2025, 3, ends, 8, tzinfo=UTC) + timedelta(hours=48)
    for known_at, state in ((due_at - timedelta(microseconds=1), "not_due"), (due_at, "missing")):
        day = days_of(exercise, "birch", known_at=known_at, version=version, **MARCH)[4]
        assert (day.state, day.due) == (state, state == "missing")


def test_a_day_with_an_hour_skipped_at_midnight_is_due_at_its_end(published):
    version = with_terms(published, ledgers_from="returns", filing_grace_hours=0)
    period = {"from_date": date(2017, 3, 30), "until_date": date(2017, 4, 1)}
    gap = datetime(2017, 3, 30, 22, tzinfo=UTC)  # midnight in Damascus was one o'clock at once
    end = datetime(2017, 3, 31, 21, tzinfo=UTC)
    second = timedelta(seconds=1)
    seen = [
        [day.state for day in days_of(published, "russia", known_at=at, version=version, **period)]
        for at in (gap - second, gap, end - second, end)
    ]
    assert seen == [
        ["not_due", "not_due"],
        ["missing", "not_due"],
        ["missing", "not_due"],
        ["missing", "missing"],
    ]


def test_as_many_statements_for_a_day_as_for_a_year(published, django_assert_num_queries):
    version, known_at = published.terms, now()
    for until in (date(2017, 1, 7), date(2018, 1, 1)):
        with django_assert_num_queries(5):
            ledger_days(published, version, from_date=date(2017, 1, 1), until_date=until, known_at=known_at)
