"""Every page of every kind of report: drawn into var/looked/ to be looked at, in colour and grey, and measured.

What was looked at, and when, is kept in docs/pages-looked-at.md: a kind that nobody has looked at fails.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from reports.models import PeriodKind
from tests.looked.documents import DOCUMENTS, OF_REAL_EVENTS
from tests.looked.pictures import FINE, contrast, pages, save
from tests.monitoring.truces import SHIPPED
from tests.violations import real_events

ROOT = Path(__file__).parents[2]
LOOKED = ROOT / "var" / "looked"
LIST = ROOT / "docs" / "pages-looked-at.md"
MARGIN = 14.0  # points at the edge of the paper, into which most printers do not print
LEGIBLE = 4.5  # WCAG 2.2 AA for text
SPOKEN = 40  # letters that a page has at least: its running head and foot alone have more
BIG = 40.0  # points; higher is only the one word across a page of an exercise
LETTERS = 400  # of a page that are measured, evenly through it

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]

_made: dict[str, bytes] = {}


def pdf_of(name: str) -> bytes:
    """The document, made once."""
    if name not in _made:
        _made[name] = DOCUMENTS[name]()
    return _made[name]


def each(*names: str) -> list:
    return [
        pytest.param(name, marks=[real_events.given, pytest.mark.by_hand] if name in OF_REAL_EVENTS else [], id=name)
        for name in names
    ]


@pytest.mark.parametrize("name", each(*DOCUMENTS))
def test_every_page_is_drawn_says_something_and_runs_off_nowhere(name):
    folder = LOOKED / re.sub(r"[^a-z0-9]+", "-", name.lower())
    for page in pages(pdf_of(name)):
        save(folder / f"{page.number:02d}.png", page.pixels)
        save(folder / f"{page.number:02d}-grey.png", page.grey)
        assert len(page.letters) > SPOKEN, (name, page.number)
        for letter in page.letters:
            assert 0 <= letter.left <= letter.right <= page.width, (name, page.number, letter)
            assert 0 <= letter.bottom <= letter.top <= page.height, (name, page.number, letter)
        assert page.strip(MARGIN).min() > 0xB0, (name, page.number, "something is printed at the edge of the paper")


@pytest.mark.parametrize("name", each(*DOCUMENTS))
def test_every_page_has_one_ink(name):
    for page in pages(pdf_of(name)):
        red, green, blue = (page.pixels[:, :, at].astype(int) for at in range(3))
        spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
        assert spread.max() <= 0x28, (name, page.number)
        assert (red - blue).max() <= 2, (name, page.number, "warmer than the ink")


@pytest.mark.parametrize("name", each(*DOCUMENTS))
def test_every_letter_is_legible_in_grey(name):
    """The darkest of a letter's box against the lightest of it: ink on its ground, whatever tint that is."""
    for page in pages(pdf_of(name), dots=FINE):
        small = [letter for letter in page.letters if letter.top - letter.bottom < BIG]
        for letter in small[:: max(1, len(small) // LETTERS)]:
            if letter.text.isalnum():
                box = page.box(letter)
                assert contrast(box.min(), box.max()) >= LEGIBLE, (name, page.number, letter)


# --- the list ---


def looked_at() -> dict[str, str]:
    """The documents that were looked at, each with the day."""
    return dict(re.findall(r"^\| (\S.*?) +\| \d+ +\| (\d{4}-\d\d-\d\d) ", LIST.read_text(), re.MULTILINE))


def test_every_document_was_looked_at_by_somebody_once():
    assert set(looked_at()) == set(DOCUMENTS)


def test_there_is_a_document_of_every_kind_of_every_truce():
    for truce in SHIPPED.glob("*.toml"):
        for kind in PeriodKind.values:
            assert any(name.startswith(f"{truce.stem}, {kind}") for name in DOCUMENTS), (truce.stem, kind)
