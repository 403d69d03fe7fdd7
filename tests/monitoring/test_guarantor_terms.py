"""A guarantor that changes sides: whoever it sent decides for the side of its term in force now."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring import accreditation, mechanism_file
from monitoring.errors import Forbidden
from monitoring.models import Accreditation
from tests.violations.occasions import MECHANISMS, reloaded

TERM = """[[guarantors.terms]]
side = "{side}"
language = "en"
{interval}
source = "Invented for the exercise."
"""
ALDER = """[[guarantors.terms]]
side = "north"
own_forces = "alder-forces"
language = "en"
from = 2025-03-01
source = "Invented for the exercise."
"""
FIRST = ALDER.replace("from = 2025-03-01", "from = 2025-03-01\nuntil = {turn}")


def day(days: int) -> str:
    """A date so many days from now, as the file writes it."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def side_now(people) -> str:
    held = Accreditation.objects.get(user=people.moderator_north, role="moderator")
    return accreditation.side_of(held).code


@pytest.mark.parametrize("turned", [False, True], ids=["the later written last", "the later written first"])
@pytest.mark.parametrize(("turn", "side"), [(-10, "south"), (10, "north")], ids=["since ten days", "in ten days"])
def test_the_term_in_force_now_says_the_side_wherever_it_stands_in_the_file(
    exercise, people, tmp_path, turn, side, turned
):
    first, second = FIRST.format(turn=day(turn)), TERM.format(side="south", interval=f"from = {day(turn)}")
    reloaded(tmp_path, (ALDER, "\n".join([second, first] if turned else [first, second])))
    assert side_now(people) == side


def test_where_no_term_is_in_force_any_more_the_last_one_says_the_side(exercise, people, tmp_path):
    first = FIRST.format(turn=day(-20))
    written = "\n".join([TERM.format(side="south", interval=f"from = {day(-20)}\nuntil = {day(-10)}"), first])
    reloaded(tmp_path, (ALDER, written))
    assert side_now(people) == "south"


def test_whose_sender_s_term_has_not_begun_decides_nothing(exercise, people, tmp_path):
    reloaded(tmp_path, (ALDER, ALDER.replace("2025-03-01", day(10))))
    with pytest.raises(Forbidden) as refusal:
        side_now(people)
    assert refusal.value.code == "no_side"


@pytest.mark.parametrize("side", ["north", "south"])
def test_two_terms_at_one_time_are_refused_with_their_place(tmp_path, side):
    for drawings in MECHANISMS.glob("exercise*.geojson"):
        (tmp_path / drawings.name).write_bytes(drawings.read_bytes())
    path = tmp_path / "exercise.toml"
    overlapping = FIRST.format(turn="2025-03-20") + "\n" + TERM.format(side=side, interval="from = 2025-03-10")
    text = (MECHANISMS / "exercise.toml").read_text()
    assert ALDER in text
    path.write_text(text.replace(ALDER, overlapping))
    with pytest.raises(mechanism_file.MechanismFileError) as refused:
        mechanism_file.read(path)
    assert [str(fault) for fault in refused.value.faults] == [
        "guarantors[1] (alder).terms[2]: it overlaps in time with number 1 of this list"
    ]
