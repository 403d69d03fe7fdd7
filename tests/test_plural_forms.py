"""What commands and the demo count is said in the form that its number has."""

from __future__ import annotations

import pytest

from config.management.commands import demo
from violations.assessment import Reassessed
from violations.management import told_moves, told_names


@pytest.mark.parametrize(
    ("say", "one", "several"),
    [
        (demo._reports, "1 new report", "2 new reports"),
        (demo._outcomes, "1 outcome confirmed now", "2 outcomes confirmed now"),
        (demo._returns, "1 new return", "2 new returns"),
        (demo._effort, "1 new patrol or restriction", "2 new patrols and restrictions"),
        (demo._replies, "1 new request, answer or statement", "2 new requests, answers and statements"),
        (demo._months, "1 month", "2 months"),
        (
            lambda number: told_moves.anew(Reassessed(closed=number, written=3 - number)),
            "2 incidents assessed anew, 1 assessment closed.",
            "1 incident assessed anew, 2 assessments closed.",
        ),
    ],
)
def test_one_is_not_counted_as_several_are(say, one, several):
    assert (say(1), say(2)) == (one, several)


def test_of_names_that_are_not_known_one_is_a_party_and_an_area(tmp_path):
    many = [f"[[parties]]\ncode = {number}" for number in range(told_names.SHOWN + 1)]
    *_shown, last = told_names.lines(many, ["one"], file=tmp_path / "names.toml")
    assert f"The first of {len(many)} parties and 1 area are shown" in last
