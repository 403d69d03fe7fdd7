"""Recording what sides announced."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry
from violations.models import DailyReturn, ReturnLine, ReturnSource
from violations.returns import Line, Outcome, ReturnContent, Source, record_return, record_returns

pytestmark = pytest.mark.django_db

GAZETTE = Source("Gazette", "https://gazette.example/1")
HERALD = Source("Herald", "https://herald.example/7", note="Spells the harbour otherwise.")
TOLD = ReturnContent(
    owner="birch",
    teller="alder",
    bears_date=date(2025, 3, 5),
    window_from=datetime(2025, 3, 4, 8, tzinfo=UTC),
    window_until=datetime(2025, 3, 5, 8, tzinfo=UTC),
    window_basis="the 24 hours before the bulletin",
    total=5,
    breakdown="complete",
    confirmed=2,
    lines=(Line("the Harbour", 3), Line("Northcape", 2, area="VA01")),
    source=GAZETTE,
    scheme="bulletin",
)


def held() -> list[DailyReturn]:
    return list(DailyReturn.objects.open().order_by("owner", "bears_date", "variant"))


def test_a_return_is_recorded_with_its_lines_placed_and_its_source(exercise):
    recorded = record_return(exercise, TOLD, by=None)
    assert recorded.outcome == Outcome.RECORDED
    (one,) = held()
    assert (one.owner.code, one.teller.code, one.total, one.confirmed, one.unit) == (
        "birch",
        "alder",
        5,
        2,
        "case_of_fire",
    )
    lines = one.lines.order_by("pk").values_list("as_written", "area__code", "count")
    assert list(lines) == [("the Harbour", "VA05", 3), ("Northcape", "VA01", 2)]
    source = one.sources.get()
    assert (source.url, source.recorded_at) == (GAZETTE.url, one.recorded_at)
    assert AuditEntry.objects.get(action="returns.record").agreement == exercise


def test_the_same_again_writes_nothing(exercise):
    first = record_return(exercise, TOLD, by=None)
    before = AuditEntry.objects.count()
    again = record_return(exercise, TOLD, by=None)
    assert (again.outcome, again.daily_return) == (Outcome.KNOWN, first.daily_return)
    assert (DailyReturn.objects.count(), ReturnLine.objects.count(), ReturnSource.objects.count()) == (1, 2, 1)
    assert AuditEntry.objects.count() == before


def test_the_same_numbers_elsewhere_are_a_second_source(exercise):
    first = record_return(exercise, TOLD, by=None)
    spelt_otherwise = (Line("Old Harbour quay", 3, area="VA05"), Line("North Cape", 2, area="VA01"))
    again = record_return(exercise, replace(TOLD, source=HERALD, lines=spelt_otherwise), by=None)
    assert (again.outcome, again.daily_return) == (Outcome.SECOND_SOURCE, first.daily_return)
    assert [source.url for source in first.daily_return.sources.order_by("pk")] == [GAZETTE.url, HERALD.url]
    assert first.daily_return.lines.count() == 2


def test_other_numbers_contradict_and_both_stand(exercise):
    record_return(exercise, TOLD, by=None)
    other = replace(TOLD, source=HERALD, total=6, lines=(Line("the Harbour", 6),))
    assert record_return(exercise, other, by=None).outcome == Outcome.CONTRADICTING
    assert [(one.variant, one.total) for one in held()] == [(1, 5), (2, 6)]
    assert record_return(exercise, other, by=None).outcome == Outcome.KNOWN


@pytest.mark.parametrize("field", ["headline_total", "confirmed", "not_confirmed", "attributed_elsewhere"])
def test_any_number_that_differs_contradicts(exercise, field):
    record_return(exercise, TOLD, by=None)
    other = replace(TOLD, source=HERALD, **{field: 1})
    assert record_return(exercise, other, by=None).outcome == Outcome.CONTRADICTING


def test_the_same_numbers_of_another_day_or_ledger_or_teller_are_returns_of_their_own(exercise):
    others = [
        replace(TOLD, bears_date=date(2025, 3, 6)),
        replace(TOLD, owner="alder"),
        replace(TOLD, teller="birch"),
    ]
    recorded = record_returns(exercise, [TOLD, *others], by=None)
    assert [one.outcome for one in recorded] == [Outcome.RECORDED] * 4
    assert len(held()) == 4


def test_an_address_that_gives_other_numbers_corrects_only_when_told_to(exercise):
    record_return(exercise, TOLD, by=None)
    record_return(exercise, replace(TOLD, source=HERALD), by=None)
    mended = replace(TOLD, total=7, lines=(Line("the Harbour", 7),))
    with pytest.raises(NotNow) as refused:
        record_return(exercise, mended, by=None)
    assert refused.value.code == "told_otherwise_before"
    assert [one.total for one in held()] == [5]
    recorded = record_return(exercise, mended, by=None, correct=True)
    assert recorded.outcome == Outcome.CORRECTED
    (one,) = held()
    assert (one.total, one.variant) == (7, 1)
    assert [source.url for source in one.sources.all()] == [GAZETTE.url], "the other outlet told the former numbers"
    former = DailyReturn.objects.get(total=5)
    assert former.superseded_at == one.recorded_at


def test_one_address_cannot_give_two_numbers_at_once(exercise):
    with pytest.raises(NotNow):
        record_returns(exercise, [TOLD, replace(TOLD, confirmed=3)], by=None, correct=True)
    assert held() == []


def test_a_name_not_known_is_kept_as_written(exercise):
    recorded = record_return(exercise, replace(TOLD, lines=(Line("Gull Rock", 5),)), by=None)
    assert recorded.unplaced == ("Gull Rock",)
    assert recorded.daily_return.lines.get().area is None


def test_an_explicit_nil_is_a_return(exercise):
    recorded = record_return(exercise, replace(TOLD, total=0, confirmed=None, lines=()), by=None)
    assert (recorded.daily_return.total, recorded.daily_return.breakdown) == (0, "complete")


def test_a_headline_and_a_partial_breakdown_stand_beside_the_total(exercise):
    content = replace(TOLD, headline_total=6, breakdown="partial", lines=(Line("the Harbour", 3),))
    one = record_return(exercise, content, by=None).daily_return
    assert (one.total, one.headline_total, sum(line.count for line in one.lines.all())) == (5, 6, 3)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"owner": "elm"}, "owner"),
        ({"teller": ""}, "teller"),
        ({"total": -1, "breakdown": "none", "lines": (), "confirmed": None}, "total"),
        ({"total": 3_000_000_000, "breakdown": "none", "lines": ()}, "total"),
        ({"confirmed": 4, "not_confirmed": 2}, "confirmed"),
        ({"window_until": TOLD.window_from}, "window_until"),
        ({"unit": "bang"}, "unit"),
        ({"total": 6}, "breakdown"),
        ({"breakdown": "partial"}, "breakdown"),
        ({"breakdown": "partial", "lines": ()}, "breakdown"),
        ({"breakdown": "none"}, "breakdown"),
        ({"breakdown": "some"}, "breakdown"),
        ({"lines": (Line("the Harbour", 2), Line("THE HARBOUR", 3))}, "lines"),
        ({"lines": (Line("Northcape", 5, area="VA99"),)}, "lines"),
        ({"lines": (Line("", 5),)}, "lines"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_nothing_is_recorded(exercise, changes, field):
    with pytest.raises(Malformed) as refused:
        record_returns(exercise, [TOLD, replace(TOLD, **changes)], by=None)
    assert set(refused.value.fields) == {f"/1/{field}"}
    assert held() == []


def test_a_return_is_recorded_by_an_operator_or_by_whom_its_teller_sent(exercise, people):
    for by in (people.operator, people.guarantor_alder):
        record_return(exercise, TOLD, by=by)
    for by in (people.guarantor_birch, people.superuser, people.moderator_north, people.monitor_north):
        with pytest.raises(Forbidden):
            record_return(exercise, TOLD, by=by)


def test_as_many_statements_for_one_return_as_for_many(exercise, django_assert_max_num_queries):
    contents = [replace(TOLD, bears_date=date(2025, 3, day)) for day in range(1, 29)]
    with django_assert_max_num_queries(20):
        record_returns(exercise, contents, by=None)
    with django_assert_max_num_queries(20):
        record_returns(exercise, contents, by=None)
    assert len(held()) == 28
