"""A list of cases is read whole or not at all, kept as filed, and each fault has its place."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from monitoring import days
from monitoring.errors import Forbidden, Malformed, NotNow
from violations import case_lists
from violations.models import CaseList, CaseListRow

pytestmark = pytest.mark.django_db

MARCH = {"from_date": date(2025, 3, 1), "until_date": date(2025, 4, 1)}
HEAD = "reference;date;time;place;area;longitude;latitude;precision;act;alleged;killed;injured\n"
FULL = HEAD + "A-1;2025-03-05;14:20;by the mill;West Haven;-123.4;-48.7;vicinity;indirect_fire;North Army;0;\n"


@pytest.fixture
def alder(people):
    return people.guarantor_alder


def cases_of(case_list) -> list[CaseListRow]:
    with case_lists.reading_own(case_list.owner):
        return case_lists.cases_of(case_list)


def lists_of_alder(agreement) -> list[CaseList]:
    owner = agreement.guarantors.get(code="alder")
    with case_lists.reading_own(owner):
        return case_lists.readable(agreement, owner)


def test_a_case_is_read_with_its_time_place_party_and_what_is_not_known_stays_unknown(exercise, alder):
    handed_in = case_lists.hand_in(exercise, FULL, "csv", **MARCH, by=alder)
    (row,) = cases_of(handed_in)
    assert (row.occurred_from, row.time_precision) == (datetime(2025, 3, 5, 22, 20, tzinfo=UTC), "minute")
    assert (row.area.code, row.alleged.code, row.killed, row.injured) == ("VA04", "north-army", 0, None)
    assert (row.point.coords, row.place_precision) == ((-123.4, -48.7), "vicinity")
    assert handed_in.as_filed == FULL


def test_json_says_the_same_as_csv(exercise, alder):
    text = '[{"reference": "A-1", "date": "2025-03-05", "act": "device", "killed": 2, "injured": null}]'
    (row,) = cases_of(case_lists.hand_in(exercise, text, "json", **MARCH, by=alder))
    assert (row.reference, row.killed, row.injured, row.time_precision) == ("A-1", 2, None, "day")
    assert (row.occurred_from, row.occurred_until) == (
        datetime(2025, 3, 5, 8, tzinfo=UTC),
        datetime(2025, 3, 6, 8, tzinfo=UTC),
    )


def test_the_same_again_is_the_list_that_it_is_and_another_takes_the_draft_s_place(exercise, alder):
    first = case_lists.hand_in(exercise, FULL, "csv", **MARCH, by=alder)
    assert case_lists.hand_in(exercise, FULL, "csv", **MARCH, by=alder) == first
    second = case_lists.hand_in(exercise, HEAD, "csv", **MARCH, by=alder)
    assert lists_of_alder(exercise) == [second]
    with pytest.raises(NotNow) as refused:
        case_lists.hand_in(exercise, HEAD, "csv", from_date=date(2025, 3, 5), until_date=date(2025, 3, 6), by=alder)
    assert refused.value.code == "overlaps"


@pytest.mark.parametrize(
    ("cells", "pointer"),
    [
        ({"date": "5.3.2025"}, "/cases/0/date"),
        ({"date": "2025-05-05"}, "/cases/0/date"),
        ({"time": "26:00"}, "/cases/0/time"),
        ({"act": "shelling"}, "/cases/0/act"),
        ({"longitude": "200"}, "/cases/0/longitude"),
        ({"latitude": ""}, "/cases/0/latitude"),
        ({"latitude": "nan"}, "/cases/0/latitude"),
        ({"precision": "district"}, "/cases/0/precision"),
        ({"longitude": "", "latitude": ""}, "/cases/0/precision"),
        ({"killed": "-1"}, "/cases/0/killed"),
        ({"injured": "some"}, "/cases/0/injured"),
        ({"killed": "9" * 5000}, "/cases/0/killed"),
        ({"date": "0001-01-01"}, "/cases/0/date"),
        ({"date": "9999-12-31"}, "/cases/0/date"),
        ({"reference": "A" * 121}, "/cases/0/reference"),
    ],
)
def test_a_fault_is_told_by_row_and_column_and_nothing_is_recorded(exercise, alder, cells, pointer):
    head, row = (line.split(";") for line in FULL.splitlines())
    told = {**dict(zip(head, row, strict=True)), **cells}
    with pytest.raises(Malformed) as refused:
        case_lists.hand_in(exercise, HEAD + ";".join(told.values()) + "\n", "csv", **MARCH, by=alder)
    assert set(refused.value.fields) == {pointer}
    assert lists_of_alder(exercise) == []


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", "csv"),
        ("reference,act\nA,device\n", "csv"),
        ("date,act,colour\n2025-03-05,device,red\n", "csv"),
        ("date,act\n2025-03-05\n", "csv"),
        ('date,act\n"2025-03-05,device\n', "csv"),
        ("date,act,act\n2025-03-05,device,device\n", "csv"),
        ("{", "json"),
        ("[1]", "json"),
        ('[{"date": "2025-03-05", "act": ["device"]}]', "json"),
        ("date,act\n" + "2025-03-05,device\n" * 5001, "csv"),
        ('[{"date": "2025-03-05", "act": "device", "place": "mill \\ud800"}]', "json"),
        ('[{"date": "2025-03-05", "act": "device", "\\ud800": "mill"}]', "json"),
    ],
)
def test_what_is_no_list_is_refused(exercise, alder, text, form):
    with pytest.raises(Malformed) as refused:
        case_lists.hand_in(exercise, text, form, **MARCH, by=alder)
    assert f"{refused.value.message} {refused.value.fields}".encode(), "it can be told"


def test_a_list_covers_days_that_are_over_so_that_none_is_told_ahead_to_read_the_other_s(exercise, alder):
    today = days.day_holding(exercise.terms, timezone.now()).date
    with pytest.raises(NotNow) as refused:
        case_lists.hand_in(exercise, HEAD, "csv", from_date=today, until_date=today + days.ONE_DAY, by=alder)
    assert refused.value.code == "not_over"
    over = case_lists.hand_in(exercise, HEAD, "csv", from_date=today - days.ONE_DAY, until_date=today, by=alder)
    assert lists_of_alder(exercise) == [over]


def test_only_those_who_speak_for_a_guarantor_hand_in(exercise, people):
    for by in (people.operator, people.moderator_north, people.monitor_north, people.superuser):
        with pytest.raises(Forbidden):
            case_lists.hand_in(exercise, FULL, "csv", **MARCH, by=by)
