"""The door for the sides' returns."""

import pytest

from tests.violations.documents import device_of
from violations.models import DailyReturn

pytestmark = pytest.mark.django_db

RETURNS = "/api/v1/daily-returns/"


def document(**changes) -> dict:
    return {
        "agreement": "exercise",
        "on": "2025-03-10",
        "total": 2,
        "breakdown": "complete",
        "lines": [{"area": "VA01", "count": 1}, {"as_written": "West Haven", "count": 1}],
        **changes,
    }


def test_a_return_is_filed_read_corrected_and_listed(exercise, people):
    alder, birch = device_of(people.guarantor_alder), device_of(people.guarantor_birch)
    first = alder.post(RETURNS, document())
    assert (first.status_code, first.json()["ledger"], first.json()["teller"]) == (201, "alder", "alder")
    assert [(line["area"], line["count"]) for line in first.json()["lines"]] == [("VA01", 1), (None, 1)]
    assert alder.post(RETURNS, document()).status_code == 200
    refused = alder.post(RETURNS, document(total=0, breakdown="none", lines=[]))
    assert (refused.status_code, refused.json()["code"], refused.json()["latest"]) == (
        409,
        "told_already",
        first.json()["id"],
    )
    nil = document(total=0, breakdown="none", lines=[], replaces=first.json()["id"], note="Both were accidents.")
    second = alder.post(RETURNS, nil)
    assert (second.status_code, second.json()["total"], second.json()["stands"]) == (201, 0, True)
    assert (first.json()["replaces"], second.json()["replaces"]) == (None, first.json()["id"])
    assert birch.get(f"{RETURNS}{first.json()['id']}/").json()["stands"] is False
    assert [told["id"] for told in birch.get(RETURNS).json()["results"]] == [second.json()["id"]]


def test_a_word_on_anothers_cases_is_acknowledged_by_the_other(exercise, people):
    alder, birch = device_of(people.guarantor_alder), device_of(people.guarantor_birch)
    word = alder.post(
        RETURNS, document(ledger="birch", total=12, breakdown="none", lines=[], confirmed=3, not_confirmed=9)
    ).json()
    where = f"{RETURNS}{word['id']}/acknowledgement/"
    assert alder.post(where).status_code == 403
    told = birch.post(where)
    assert (told.status_code, told.json()["acknowledged"], word["acknowledged"]) == (200, True, False)


def test_the_days_say_who_has_filed_and_who_has_not(exercise, people):
    alder = device_of(people.guarantor_alder)
    alder.post(RETURNS, document())
    asked = {"agreement": "exercise", "from": "2025-03-10", "until": "2025-03-11"}
    told = {day["ledger"]: day for day in alder.get(f"{RETURNS}days/", asked).json()["days"]}
    assert told["alder"] | {"filed_at": "", "returns": len(told["alder"]["returns"])} == {
        "ledger": "alder",
        "on": "2025-03-10",
        "due_at": "2025-03-13T08:00:00Z",
        "state": "returned",
        "filed": True,
        "filed_at": "",
        "in_time": False,
        "returns": 1,
    }
    assert (told["birch"]["state"], told["birch"]["filed"], told["birch"]["in_time"]) == ("missing", False, None)
    assert len(alder.get(f"{RETURNS}days/", {"agreement": "exercise"}).json()["days"]) == 14 * 3


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"lines": [{"count": 2}]}, "#/lines/0/area"),
        ({"lines": [{"area": "VA01", "count": -1}]}, "#/lines/0/count"),
        ({"lines": [{"area": "VA99", "count": 2}]}, "#/lines"),
        ({"on": "yesterday"}, "#/on"),
        ({"on": "2025-3-10"}, "#/on"),
        ({"total": "2"}, "#/total"),
        ({"teller": "birch"}, "#/teller"),
        ({"window": {"from": "2025-03-09T08:00:00"}}, "#/window/from"),
        ({"total": 7}, "#/breakdown"),
    ],
)
def test_what_is_wrong_is_told_by_its_place_and_nothing_is_recorded(exercise, people, changes, pointer):
    refused = device_of(people.guarantor_alder).post(RETURNS, document(**changes))
    assert refused.status_code == 400
    assert pointer in {error["pointer"] for error in refused.json()["errors"]}
    assert not DailyReturn.objects.exists()


@pytest.mark.parametrize("asked", [{}, {"agreement": "exercise", "from": "2025-01-01", "until": "2025-12-31"}])
def test_days_are_asked_of_a_truce_and_not_of_a_year(exercise, people, asked):
    assert device_of(people.guarantor_alder).get(f"{RETURNS}days/", asked).status_code == 400


def test_others_get_no_returns_and_no_truce_s_name(exercise, people):
    assert device_of(people.monitor_north).get(RETURNS).status_code == 403
    assert device_of(people.operator).post(RETURNS, document()).status_code == 403
    for code in ("astana-2016", "none-such"):
        refused = device_of(people.guarantor_alder).get(f"{RETURNS}days/", {"agreement": code})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_accredited")


@pytest.mark.parametrize("on", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_dates_that_no_clock_knows_are_refused_with_their_place(exercise, people, on):
    alder = device_of(people.guarantor_alder)
    answers = [
        alder.post(RETURNS, document(on=on)),
        *(alder.get(f"{RETURNS}days/", {"agreement": "exercise", name: on}) for name in ("from", "until")),
    ]
    assert [answer.status_code for answer in answers] == [400] * 3
    assert not DailyReturn.objects.exists()


def test_a_window_that_no_clock_knows_is_refused(exercise, people):
    window = {"from": "0001-01-01T00:00:00Z", "until": "2025-03-10T12:00:00Z"}
    refused = device_of(people.guarantor_alder).post(RETURNS, document(window=window))
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (400, ["#/window_from"])
