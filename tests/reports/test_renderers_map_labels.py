"""Names on a map keep off one another, off the frame and off the scale bar."""

from __future__ import annotations

from itertools import combinations

from reports.renderers.map_labels import Symbol, meet, placed, scale_bar

FRAME = {"width": 100.0, "height": 80.0}


def test_a_name_stands_below_its_symbol_where_there_is_room():
    symbol = Symbol(50, 40, 5, "Homs 44")
    ((left, top, right, _bottom),) = placed([symbol], [], **FRAME)
    assert (left + right) / 2 == symbol.x
    assert top > symbol.box[3]


def test_names_of_symbols_close_together_do_not_cover_one_another():
    symbols = [Symbol(50, 40, 6, "Large 90"), Symbol(52, 51, 2, "Small 3"), Symbol(45, 50, 1.5, "Smaller 1")]
    boxes = placed(symbols, [], **FRAME)
    assert not [pair for pair in combinations(boxes, 2) if meet(*pair)]


def test_a_name_at_the_edge_stays_in_the_frame_and_off_what_is_taken():
    at_the_foot, at_the_left = Symbol(50, 79, 1, "Edge 1"), Symbol(1, 40, 1, "Far in the west 1")
    bar = (30.0, 72.0, 49.0, 80.0)
    for box in placed([at_the_foot, at_the_left], [bar], **FRAME):
        assert box[0] >= 0
        assert box[3] <= FRAME["height"]
        assert not meet(box, bar)


def test_the_scale_bar_stands_at_the_left_unless_the_right_is_freer():
    assert scale_bar([], [], length=20, **FRAME)[0] == 0
    assert scale_bar([Symbol(10, 78, 6, "")], [], length=20, **FRAME)[2] == FRAME["width"]
    assert scale_bar([], [[[0.0, 74.0], [50.0, 74.0]]], length=20, **FRAME)[2] == FRAME["width"]
