"""A receipt is short, tells nothing, survives the telephone, and finds a filing for its owner alone."""

import itertools

import pytest

from monitoring.errors import Malformed
from tests.violations.documents import REPORTS, correction, device_of, document
from tests.violations.occasions import filed
from violations import receipts
from violations.receipts import ALPHABET

RECEIPTS = "/api/v1/receipts/"


def drawn(number):
    return [receipts.draw() for _receipt in range(number)]


def is_one(signs):
    try:
        receipts.read("".join(signs))
    except Malformed:
        return False
    return True


def test_every_single_misheard_sign_is_told():
    for receipt in drawn(20):
        signs = receipt.replace("-", "")
        for place, sign in itertools.product(range(len(signs)), ALPHABET):
            misheard = signs[:place] + sign + signs[place + 1 :]
            assert is_one(misheard) == (misheard == signs)


def test_two_neighbours_swapped_are_nearly_always_told():
    swapped = untold = 0
    for receipt in drawn(300):
        signs = receipt.replace("-", "")
        for place in range(len(signs) - 1):
            if signs[place] != signs[place + 1]:
                swapped += 1
                untold += is_one(signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :])
    assert swapped > 2000
    assert untold < swapped * 0.01


@pytest.mark.parametrize("said", ["{}", "{lower}", " {spaced} ", "{bare}"])
def test_it_is_read_however_it_is_said(said):
    (receipt,) = drawn(1)
    bare = receipt.replace("-", "")
    forms = {"lower": receipt.lower(), "spaced": " ".join(bare), "bare": bare}
    assert receipts.read(said.format(receipt, **forms)) == receipt


def test_every_filing_has_its_own_and_is_found_by_it(exercise, people):
    device = device_of(people.monitor_north)
    first = device.post(REPORTS, document()).json()
    second = device.post(f"{REPORTS}{first['id']}/corrections/", correction(act="air_strike")).json()
    assert first["receipt"] != second["receipt"]
    told = device.get(f"{RECEIPTS}{second['receipt']}/").json()
    assert (told["receipt"], told["report"]) == (second["receipt"], second)
    told = device.get(f"{RECEIPTS}{first['receipt'].replace('-', '').lower()}/").json()
    assert (told["receipt"], told["report"]["id"], told["report"]["state"]) == (
        first["receipt"],
        first["id"],
        "superseded",
    )


def test_nobody_else_finds_anything_by_it(exercise, people):
    receipt = device_of(people.monitor_north).post(REPORTS, document()).json()["receipt"]
    assert device_of(people.monitor_south).get(f"{RECEIPTS}{receipt}/").status_code == 404
    for other in (people.moderator_north, people.guarantor_alder):
        assert device_of(other).get(f"{RECEIPTS}{receipt}/").status_code == 403


def test_a_misheard_one_is_malformed_and_not_missing(exercise, people):
    answer = device_of(people.monitor_north).get(f"{RECEIPTS}K7M-D3X-000/")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_a_receipt")
    assert answer.json()["errors"][0]["pointer"] == "#/receipt"


def test_what_is_imported_or_filed_twice_takes_none(exercise, people):
    device = device_of(people.monitor_north)
    body = document(client_id="a")
    assert device.post(REPORTS, body).json()["receipt"] == device.post(REPORTS, body).json()["receipt"]
    assert filed(exercise, people.monitor_south).receipt
