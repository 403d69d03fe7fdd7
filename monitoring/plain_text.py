"""What somebody wrote, made harmless to print: no marks that reorder it, nothing that a spreadsheet calculates."""

from __future__ import annotations

import unicodedata

from monitoring import spreadsheets

# Marks and overrides that change the order of what follows: nothing that is told to us may carry them.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """Return what somebody wrote without control characters and without marks that reorder text."""
    text = "".join(" " if character in "\t\r\n\u2028\u2029" else character for character in text)
    return "".join(
        character
        for character in text
        if character not in BIDI_CONTROLS and unicodedata.category(character) not in {"Cc", "Cs", "Co"}
    ).strip()


def guarded(value: int | str | None) -> int | str:
    """Return `value` so that a spreadsheet reads it as what it is: a number, or a text that is no formula."""
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    text = plain(value)
    formula = value.startswith(spreadsheets.FORMULA_STARTS) or text.startswith(spreadsheets.FORMULA_STARTS)
    return f"'{text}" if formula else text
