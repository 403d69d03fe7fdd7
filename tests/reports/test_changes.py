"""Every changed figure, old and new, by the codes that lead to it."""

from __future__ import annotations

from reports.figures.changes import changed


def moved(before, now) -> dict:
    return {figure["path"]: (figure["old"], figure["new"]) for figure in changed("s", before, now)}


def test_a_figure_is_found_by_its_codes_wherever_its_row_stands():
    before = {"by_act": [{"act": "flare", "registered": 1}, {"act": "device", "registered": 2}]}
    now = {"by_act": [{"act": "device", "registered": 3}, {"act": "flare", "registered": 1}]}
    assert moved(before, now) == {"s/by_act/device/registered": (2, 3)}


def test_a_new_row_tells_of_its_figures_that_are_not_zero():
    now = {"by_act": [{"act": "flare", "registered": 1, "columns": {"pending": 1, "no_breach": 0}}]}
    assert moved({"by_act": []}, now) == {
        "s/by_act/flare/registered": (None, 1),
        "s/by_act/flare/columns/pending": (None, 1),
    }
    assert moved(now, {"by_act": []})["s/by_act/flare/registered"] == (1, None)


def test_rows_without_a_code_are_named_by_why_they_have_none():
    before = {"by_side": [{"side": None, "forces": "contested", "registered": 1}]}
    now = {"by_side": [{"side": None, "forces": "contested", "registered": 0}]}
    assert moved(before, now) == {"s/by_side/contested/registered": (1, 0)}


def test_a_day_that_came_to_be_held_is_told():
    before = {"days": [{"date": "2017-01-22", "state": "not_held", "returns": []}]}
    told = {"teller": "russia", "variant": 1, "total": 2, "note": ""}
    now = {"days": [{"date": "2017-01-22", "state": "returned", "returns": [told]}]}
    assert moved(before, now) == {
        "s/days/2017-01-22/state": ("not_held", "returned"),
        "s/days/2017-01-22/returns/russia+1/total": (None, 2),
    }


def test_unknown_and_zero_are_two_answers():
    row = {"teller": "russia", "variant": 1}
    assert moved({"returns": [{**row, "confirmed": None}]}, {"returns": [{**row, "confirmed": 0}]}) == {
        "s/returns/russia+1/confirmed": (None, 0)
    }
