"""Bars, days and areas are told apart by pattern on a grey printer; text stands out from every tint it is set on."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
import typst

from reports.renderers import pdf
from tests.looked.pictures import FINE, contrast, pages

LOOK = pdf.TEMPLATES / "look.typ"
SIDE = 60  # points of the square in which a pattern is laid out
SQUARES = """
#import "look.typ": patterns
#set page(width: {width}pt, height: {side}pt, margin: 0pt)
#for (number, name) in ({names}).enumerate() {{
  place(dx: number * {side}pt, rect(width: {side}pt, height: {side}pt, ..patterns.at(name)))
}}
"""


def names() -> list[str]:
    """The patterns by name, as the template has them."""
    held = re.search(r"#let patterns = \((.*?)\n\)", LOOK.read_text(), re.DOTALL)
    return re.findall(r"^ {2}(\w+): \(fill", held[1], re.MULTILINE)


def colour(name: str) -> float:
    """A colour of the look by its name, in grey."""
    digits = re.search(rf'#let {name} = rgb\("#([0-9a-f]{{6}})"\)', LOOK.read_text())[1]
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


@pytest.fixture(scope="module")
def squares(tmp_path_factory) -> dict[str, np.ndarray]:
    """The grey of the middle of a square of each pattern, drawn as fine as a printer does."""
    folder: Path = tmp_path_factory.mktemp("patterns")
    for path in pdf.TEMPLATES.glob("*.typ"):
        (folder / path.name).write_text(path.read_text())
    listed = ", ".join(f'"{name}"' for name in names())
    source = SQUARES.format(width=SIDE * len(names()), side=SIDE, names=listed)
    (folder / "squares.typ").write_text(source)
    fonts, families = pdf.fonts()
    printed = typst.compile(
        str(folder / "squares.typ"),
        root=str(folder),
        font_paths=[fonts],
        sys_inputs={"fonts": json.dumps(families), "report": "{}"},
    )
    (page,) = pages(printed, dots=FINE)
    wide = page.grey.shape[1] // len(names())
    inner = slice(wide // 6, wide - wide // 6)
    return {name: page.grey[inner, number * wide :][:, inner] for number, name in enumerate(names())}


def test_there_are_patterns_to_be_told_apart():
    assert len(names()) >= 6


def test_every_two_patterns_differ_in_grey_by_their_tone_or_by_their_lines(squares):
    for (one, first), (other, second) in itertools.combinations(squares.items(), 2):
        tone = contrast(first.mean(), second.mean())
        plain = {name for name, square in ((one, first), (other, second)) if square.std() < 2}
        if len(plain) == 2:
            assert tone >= 1.4, (one, other, tone)
        elif len(plain) == 1:
            assert tone >= 1.4 or abs(first.std() - second.std()) >= 12, (one, other, tone)
        else:  # lines against lines: how they lie tells them apart, and they are drawn, not faint
            assert likeness(first, second) < 0.6, (one, other)


def likeness(first: np.ndarray, second: np.ndarray) -> float:
    """How alike two patterns are, 0 to 1, wherever each begins: the highest of their correlations."""
    rows, columns = (min(sizes) for sizes in zip(first.shape, second.shape, strict=True))
    one, other = (square[:rows, :columns].astype(float) for square in (first, second))
    one, other = ((square - square.mean()) / square.std() for square in (one, other))
    found = np.fft.ifft2(np.fft.fft2(one) * np.conj(np.fft.fft2(other))).real / one.size
    return float(found.max())


@pytest.mark.parametrize("name", ["hatch", "cross", "dots"])
def test_the_lines_of_a_pattern_are_seen(squares, name):
    square = squares[name]
    assert contrast(square.min(), square.max()) >= 3


@pytest.mark.parametrize("ground", ["tint", "white"])
@pytest.mark.parametrize("text", ["ink", "soft", "faint"])
def test_text_stands_out_from_every_ground(text, ground):
    assert contrast(colour(text), 255 if ground == "white" else colour(ground)) >= 4.5
