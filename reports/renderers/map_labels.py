"""Where the names on a map stand: each beside its symbol, where it covers least of the others. Millimetres on paper."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import shapely

Box = tuple[float, float, float, float]  # left, top, right, bottom
Points = list[list[float]]
LETTER_WIDTH = 1.3
LINE_HEIGHT = 3.4
GAP = 0.6
ROOM_FOR_SCALE = 14.0  # beside the bar: its text and margins
# What is worse to cover: another name rather than a symbol; and worst of all is to be cut off by the frame.
ON_A_NAME, ON_A_SYMBOL, OUTSIDE = 4.0, 1.0, 20.0


@dataclass(frozen=True)
class Symbol:
    """A circle and the text that belongs to it."""

    x: float
    y: float
    radius: float
    text: str

    @property
    def box(self) -> Box:
        """What the circle takes."""
        return (self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)

    def places(self) -> list[Box]:
        """Where the text may stand, the best first: below, above, to the right, to the left, at the corners."""
        half, away, slant = self.half, self.radius + GAP, self.radius * 0.7 + GAP
        middles = [
            (self.x, self.y + away),
            (self.x, self.y - away - LINE_HEIGHT),
            (self.x + away + half, self.y - LINE_HEIGHT / 2),
            (self.x - away - half, self.y - LINE_HEIGHT / 2),
            (self.x + slant + half, self.y + slant),
            (self.x - slant - half, self.y + slant),
            (self.x + slant + half, self.y - slant - LINE_HEIGHT),
            (self.x - slant - half, self.y - slant - LINE_HEIGHT),
        ]
        return [self.at(x, y) for x, y in middles]

    @property
    def half(self) -> float:
        """Half of the text's width, near enough."""
        return len(self.text) * LETTER_WIDTH / 2

    def at(self, middle: float, top: float) -> Box:
        """What the text takes where its middle and top are."""
        return (middle - self.half, top, middle + self.half, top + LINE_HEIGHT)


def placed(symbols: list[Symbol], taken: list[Box], *, width: float, height: float) -> list[Box]:
    """Return the box of the text of each symbol, in their order. `taken` is what else stands in the frame.

    Small symbols choose first: large ones are seen wherever their name is.
    """
    boxes: dict[int, Box] = {}
    circles = [symbol.box for symbol in symbols]

    def cost(box: Box) -> float:
        names = sum(_common(box, other) for other in chain(boxes.values(), taken))
        covered = sum(_common(box, circle) for circle in circles)
        return ON_A_NAME * names + ON_A_SYMBOL * covered + OUTSIDE * _outside(box, width, height)

    for index in sorted(range(len(symbols)), key=lambda index: (symbols[index].radius, index)):
        boxes[index] = min(symbols[index].places(), key=cost)
    return [boxes[index] for index in range(len(symbols))]


def scale_bar(symbols: list[Symbol], lines: list[Points], *, length: float, width: float, height: float) -> Box:
    """Return the corner at the foot for a scale bar of `length`: the left one, unless less is drawn at the right."""
    across = length + ROOM_FOR_SCALE
    left, right = (0.0, height - 8, across, height), (width - across, height - 8, width, height)

    def cost(box: Box) -> float:
        corner = shapely.box(*box)
        drawn = sum(shapely.LineString(line).intersection(corner).length for line in lines)
        return drawn + sum(_common(box, symbol.box) for symbol in symbols)

    return min((left, right), key=cost)


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes have something in common."""
    return _common(one, other) > 0


def _common(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0


def _outside(box: Box, width: float, height: float) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) - _common(box, (0.0, 0.0, width, height))
