"""A list of cases is read whole or not at all, kept as filed, and each fault has its place."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from monitoring import days
from monitoring.errors import Forbidden, Malformed, NotNow
from tests.violations.documents import device_of
from violations import case_lists
from violations.models import CaseList, CaseListRow

pytestmark = pytest.mark.django_db

CASE_LISTS = "/api/v1/case-lists/"
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


def test_what_was_delayed_on_its_way_puts_no_older_draft_back(exercise, alder):
    older = case_lists.hand_in(exercise, FULL, "csv", **MARCH, by=alder)
    newer = case_lists.hand_in(exercise, HEAD, "csv", **MARCH, by=alder)
    assert case_lists.hand_in(exercise, FULL, "csv", **MARCH, by=alder) == older
    assert lists_of_alder(exercise) == [newer]


def test_a_list_is_known_by_its_client_s_name_and_an_older_text_under_another_is_handed_in_anew(exercise, alder):
    def named(text, client_id):
        return case_lists.hand_in_once(exercise, text, "csv", **MARCH, by=alder, client_id=client_id)

    older, newer = named(FULL, "phone-1"), named(HEAD, "phone-2")
    assert (older.created, newer.created) == (True, True)
    again = named(FULL, "phone-1")
    assert (again.case_list, again.created) == (older.case_list, False)
    assert lists_of_alder(exercise) == [newer.case_list]
    with pytest.raises(NotNow) as refused:
        named(HEAD, "phone-1")
    assert refused.value.code == "client_id_taken"
    back = named(FULL, "phone-3")
    assert back.created
    assert lists_of_alder(exercise) == [back.case_list]
    assert named(HEAD, "phone-2").case_list == newer.case_list


def test_two_guarantors_may_use_the_same_name(exercise, people):
    lists = [
        case_lists.hand_in_once(exercise, FULL, "csv", **MARCH, by=by, client_id="1")
        for by in (people.guarantor_alder, people.guarantor_birch)
    ]
    assert all(handed_in.created for handed_in in lists)


def test_over_the_api_what_is_sent_again_is_answered_as_the_first_time(exercise, people):
    device = device_of(people.guarantor_alder)
    march = {"agreement": "exercise", "from": "2025-03-01", "until": "2025-04-01", "form": "csv"}
    older = {**march, "text": FULL, "client_id": "5d3f5a0e-1"}
    first = device.post(CASE_LISTS, older)
    assert (first.status_code, "Idempotency-Replayed" in first, first.json()["stands"]) == (201, False, True)
    where = first["Location"]
    assert device.post(f"{where}telling/").status_code == 200
    for _time in range(2):
        again = device.post(CASE_LISTS, older)
        assert (again.status_code, again.content, again["Location"]) == (201, first.content, where)
        assert again["Idempotency-Replayed"] == "true"
    draft = device.post(CASE_LISTS, {**march, "text": HEAD, "client_id": "5d3f5a0e-2"}).json()
    device.post(CASE_LISTS, {**march, "text": HEAD, "client_id": "5d3f5a0e-3"})
    assert device.post(CASE_LISTS, {**march, "text": HEAD, "client_id": "5d3f5a0e-2"}).json() == draft
    its = f"{CASE_LISTS}{draft['id']}/"
    assert device.get(its).json() == {**draft, "stands": False}
    for refused in (device.post(f"{its}telling/"), device.get(f"{its}reconciliation/", {"against": "birch"})):
        assert (refused.status_code, refused.json()["code"]) == (409, "not_latest")
    taken = device.post(CASE_LISTS, {**march, "text": HEAD, "client_id": "5d3f5a0e-1"})
    assert (taken.status_code, taken.json()["code"]) == (409, "client_id_taken")
    assert device_of(people.guarantor_birch).get(its).status_code == 404


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
