"""A cursor says nothing: neither when a row was recorded nor its number, and only ours are taken."""

from __future__ import annotations

import base64
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.violations.documents import device_of
from violations.return_filing import FiledReturn, file_return

pytestmark = pytest.mark.django_db
RETURNS = "/api/v1/daily-returns/"


def test_of_another_side_s_return_a_cursor_does_not_tell_when_it_was_filed(exercise, people):
    for day in (3, 4, 5):
        file_return(exercise, FiledReturn(date(2025, 3, day), day, "none"), by=people.guarantor_birch)
    alder = device_of(people.guarantor_alder)
    first, again = (alder.get(RETURNS, {"limit": 1}).json() for _time in range(2))
    assert first["next"] == again["next"], "the same place has the same cursor"
    (cursor,) = parse_qs(urlsplit(first["next"]).query)["cursor"]
    said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert not said.isascii(), "no instant can be read in it"
    told, address = [first["results"][0]["on"]], first["next"]
    while address:
        page = alder.get(address).json()
        told.append(page["results"][0]["on"])
        address = page["next"]
    assert sorted(told) == ["2025-03-03", "2025-03-04", "2025-03-05"]


@pytest.mark.parametrize(
    "change", [lambda one: one[:-2], lambda one: one[::-1], lambda one: "cD0yMDI1", lambda one: "ä"]
)
def test_a_cursor_that_is_not_ours_is_told_as_malformed(exercise, people, change):
    for day in (3, 4):
        file_return(exercise, FiledReturn(date(2025, 3, day), day, "none"), by=people.guarantor_birch)
    alder = device_of(people.guarantor_alder)
    (cursor,) = parse_qs(urlsplit(alder.get(RETURNS, {"limit": 1}).json()["next"]).query)["cursor"]
    refused = alder.get(RETURNS, {"cursor": change(cursor)})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/cursor")
