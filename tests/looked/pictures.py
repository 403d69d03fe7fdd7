"""Pages of a PDF as pictures, in colour and as a grey printer would have them, and what can be measured of them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pypdfium2

DOTS = 110  # an inch, of the pictures that are looked at
FINE = 300  # and where letters are measured, as coarse as a printer is
POINT = 72  # to an inch


@dataclass(frozen=True)
class Letter:
    """One letter of a page's text and the box that it takes, in points from the lower left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Page:
    """One page: its size in points, its text, its letters, and its pixels (height, width, red green blue)."""

    number: int
    width: float
    height: float
    text: str
    letters: tuple[Letter, ...]
    pixels: np.ndarray

    @cached_property
    def grey(self) -> np.ndarray:
        """The page in grey, 0 black to 255 white, as it is made of colours for a grey printer (Rec. 601)."""
        return (self.pixels @ np.array([0.299, 0.587, 0.114])).round().astype(np.uint8)

    def strip(self, points: float) -> np.ndarray:
        """The grey of what lies within so many points of the paper's edge."""
        edge = round(points / self.width * self.pixels.shape[1])
        grey = self.grey
        return np.concatenate([part.ravel() for part in (grey[:edge], grey[-edge:], grey[:, :edge], grey[:, -edge:])])

    def box(self, letter: Letter) -> np.ndarray:
        """The grey of a letter's box, with a little around it."""
        rows, columns = self.pixels.shape[:2]
        across, down = columns / self.width, rows / self.height
        top, bottom = (self.height - letter.top) * down, (self.height - letter.bottom) * down
        return self.grey[
            max(0, int(top) - 1) : min(rows, int(bottom) + 2),
            max(0, int(letter.left * across) - 1) : min(columns, int(letter.right * across) + 2),
        ]


def pages(pdf: bytes, *, dots: int = DOTS) -> Iterator[Page]:
    """Yield the pages of a PDF, drawn with so many dots an inch."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            drawn = page.render(scale=dots / POINT, rev_byteorder=True, no_smoothtext=False).to_numpy()
            yield Page(
                number=number + 1,
                width=page.get_width(),
                height=page.get_height(),
                text=text.get_text_range(),
                letters=tuple(_letters(text)),
                pixels=np.ascontiguousarray(drawn[:, :, :3]),
            )
    finally:
        document.close()


def _letters(text: pypdfium2.PdfTextPage) -> Iterator[Letter]:
    for index in range(text.count_chars()):
        letter = text.get_text_range(index, 1)
        if letter.strip():
            left, bottom, right, top = text.get_charbox(index)
            yield Letter(letter, left, bottom, right, top)


def contrast(one: float, other: float) -> float:
    """The contrast of two greys of 0 to 255 (WCAG 2.2: 1 none, 21 black on white)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(grey: float) -> float:
    share = grey / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def save(path: Path, pixels: np.ndarray) -> None:
    """Write pixels as a PNG: of three colours, or of greys."""
    rows, columns = pixels.shape[:2]
    kind = 2 if pixels.ndim == 3 else 0
    lines = np.concatenate([np.zeros((rows, 1), np.uint8), pixels.reshape(rows, -1)], axis=1)

    def chunk(name: bytes, told: bytes) -> bytes:
        return struct.pack(">I", len(told)) + name + told + struct.pack(">I", zlib.crc32(name + told))

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, kind, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(lines.tobytes(), 6))
        + chunk(b"IEND", b"")
    )
