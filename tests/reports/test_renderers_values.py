"""How single values are written."""

from __future__ import annotations

import pytest
from django.utils import translation

from reports.renderers import values


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (9999, "9999"), (10_000, "10\u202f000"), (1_234_567, "1\u202f234\u202f567"), (None, "–")],
)
def test_counts(number, written):
    assert values.count(number) == written


@pytest.mark.parametrize(
    ("instant", "zone", "written"),
    [
        ("2017-01-31T22:00:00.000000Z", "Asia/Damascus", "1 February 2017, 00:00 (UTC+02:00)"),
        ("2017-06-30T21:00:00.000000Z", "Asia/Damascus", "1 July 2017, 00:00 (UTC+03:00)"),
        ("2025-03-01T08:00:00.000000Z", "Etc/GMT+8", "1 March 2025, 00:00 (UTC−08:00)"),
        ("2025-03-01T08:00:00.000000Z", "UTC", "1 March 2025, 08:00 (UTC)"),
    ],
)
def test_instants_carry_their_zone(instant, zone, written):
    assert values.instant(instant, zone) == written


def test_a_zone_whose_clock_moved_within_the_period_gives_both_offsets():
    march = {
        "from": "2017-02-28T22:00:00.000000Z",
        "until": "2017-03-31T21:00:00.000000Z",
        "time_zone": "Asia/Damascus",
    }
    assert values.zone_of(march) == "Asia/Damascus, UTC+02:00, later UTC+03:00"


def test_what_would_reorder_text_or_control_a_terminal_is_taken_out():
    assert values.plain("a\u202eb\u2066c\x1b[31m\x00d\n e\u200f") == "abc[31md  e"


def test_only_what_needs_it_is_isolated_from_left_to_right():
    assert values.name("Alder 12") == "Alder 12"
    assert values.name("حلب 12") == "\u2068حلب 12\u2069"


@pytest.mark.parametrize("language", ["ar", "fa"])
def test_everything_is_isolated_from_right_to_left(language):
    with translation.override(language):
        assert values.count(12) == "\u206612\u2069"
        assert values.code("2a13 ff00") == "\u20662a13 ff00\u2069"
        assert values.name("Alder") == "\u2068Alder\u2069"


@pytest.mark.parametrize(
    ("first", "until", "told"),
    [
        ("2025-03-10T20:00Z", "2025-03-10T20:01Z", "10 March 2025, 12:00 (UTC−08:00)"),
        ("2025-03-10T20:00Z", "2025-03-10T21:00Z", "10 March 2025, 12:00 to 10 March 2025, 13:00 (UTC−08:00)"),
        ("2025-03-11T08:00Z", "2025-03-12T08:00Z", "11 March 2025"),
        ("2025-03-11T08:00Z", "2025-03-14T08:00Z", "11 March 2025 to 13 March 2025"),
    ],
)
def test_when_something_happened_is_told_no_finer_than_it_is_stated(first, until, told):
    assert values.occurred(first, until, "Etc/GMT+8") == told


def test_the_clocks_of_a_zone_that_is_named_the_wrong_way_round_are_told_by_their_offset():
    assert values.clocks("Etc/GMT+8") == "UTC−08:00"
    assert values.clocks("Asia/Damascus") == "Asia/Damascus"
