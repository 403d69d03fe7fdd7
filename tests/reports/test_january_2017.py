"""January 2017 of the Syrian truce, from the published figures: 5 of 31 days held, and no sum that hides it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import violations
from reports import closings
from reports.closings.verifying import Outcome
from tests.reports.schema import check_content, check_edition
from violations.importing.commission import import_returns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
SAMPLES = Path(violations.__file__).parent / "samples"


@pytest.fixture
def january(astana):
    import_returns(astana, [SAMPLES / "joint_commission_2017.csv"], by=None)
    return closings.advance(closings.request(astana, "month", "2017-01").pk)


def ledgers(closing) -> dict:
    return {row["guarantor"]: row for row in json.loads(closing.content())["sections"]["ledgers"]["ledgers"]}


def day(ledger: dict, date: str) -> dict:
    return next(row for row in ledger["days"] if row["date"] == date)


def test_the_content_fits_its_schema(january):
    check_content(json.loads(january.content()))
    for edition in january.editions.all():
        check_edition(json.loads(edition.content))
    assert set(january.editions.values_list("guarantor__code", flat=True)) == {"iran", "russia", "turkey"}
    assert closings.verify(january).outcome == Outcome.SAME


@pytest.mark.parametrize("guarantor", ["russia", "turkey"])
def test_five_of_thirty_one_days_are_held_and_nothing_is_summed(january, guarantor):
    announced = ledgers(january)[guarantor]["announced"]
    assert (announced["days_held"], announced["days_due"], announced["days_in_period"]) == (5, 31, 31)
    assert announced["states"]["not_held"] == 26
    assert announced["states"]["missing"] == 0, "what is taken from publications is never missing"
    assert (announced["total"], announced["no_total"]) == (None, "days_not_held")


def test_the_bulletin_of_22_january(january):
    russia, turkey = (day(ledgers(january)[code], "2017-01-22") for code in ("russia", "turkey"))
    assert [told["total"] for told in russia["returns"]] == [2]
    told = turkey["returns"][0]
    assert (told["total"], told["teller"], told["confirmed"]) == (12, "russia", 3)
    assert told["acknowledged"] is False


def test_the_bulletin_of_23_january_and_its_explicit_nil(january):
    russia, turkey = (day(ledgers(january)[code], "2017-01-23") for code in ("russia", "turkey"))
    assert (russia["state"], russia["returns"][0]["total"]) == ("returned", 9)
    assert (turkey["state"], turkey["returns"][0]["total"]) == ("nil", 0)


def test_iran_owes_nothing_before_its_term_and_nothing_is_known_of_it_after(january):
    iran = ledgers(january)["iran"]
    states = {row["date"]: row["state"] for row in iran["days"]}
    assert {states[f"2017-01-{number:02}"] for number in range(1, 24)} == {"not_due"}
    assert {states[f"2017-01-{number:02}"] for number in range(24, 32)} == {"none_known"}
    assert (iran["announced"]["days_held"], iran["announced"]["days_due"]) == (0, 8)


def test_what_is_not_held_is_no_zero_in_the_chart(january):
    content = json.loads(january.content())
    series = {row["guarantor"]: row for row in content["sections"]["charts"]["ledgers"]}
    russia = dict(zip(content["sections"]["charts"]["dates"], series["russia"]["announced"], strict=True))
    assert russia["2017-01-22"] == 2
    assert russia["2017-01-02"] is None
    assert series["iran"]["announced"] == [None] * 31


def test_the_period_is_damascus_time(january):
    head = json.loads(january.content())["head"]
    assert head["simulated"] is False
    assert head["period"] == {
        "kind": "month",
        "code": "2017-01",
        "from": "2016-12-31T22:00:00.000000Z",
        "until": "2017-01-31T22:00:00.000000Z",
    }
    assert json.loads(january.content())["beside"]["header"]["time_zone"] == "Asia/Damascus"


def test_reservations_that_bear_on_the_month_are_in_it(january):
    content = json.loads(january.content())
    reservations = content["sections"]["reservations"]["reservations"]
    assert any(row["on_kind"] == "guarantor" and row["on_code"] == "iran" for row in reservations)
    assert content["sections"]["reservations"]["third_party_figures"] == {"recorded": False, "figures": []}
