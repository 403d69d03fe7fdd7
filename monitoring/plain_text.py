"""What somebody wrote, made harmless to print: no marks that reorder it, nothing that a spreadsheet calculates."""

from __future__ import annotations

import unicodedata

from monitoring import spreadsheets

# Marks and overrides that change the order of what follows: nothing that is told to us may carry them.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What Unicode says is no character, and the mark of byte order, which within a text is none: PDF/A takes none of them.
NO_CHARACTERS = (
    (0xFDD0, 0xFDEF),
    (0xFEFF, 0xFEFF),
    *((plane | 0xFFFE, plane | 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
)
_NO_CHARACTERS = frozenset(chr(code) for first, last in NO_CHARACTERS for code in range(first, last + 1))
# Letters, by their class, that print nothing.
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def plain(text: str) -> str:
    """Return what somebody wrote without control characters, what is no character, and marks that reorder text."""
    text = "".join(" " if character in "\t\r\n\u2028\u2029" else character for character in text)
    return "".join(
        character
        for character in text
        if character not in BIDI_CONTROLS
        and character not in _NO_CHARACTERS
        and unicodedata.category(character) not in {"Cc", "Cs", "Co"}
    ).strip()


def is_seen(text: str) -> bool:
    """Whether anything of a text is seen when it is printed: a letter, a digit, a sign."""
    return any(unicodedata.category(sign)[0] in "LNPS" and sign not in _FILLERS for sign in plain(text))


def guarded(value: int | str | None) -> int | str:
    """Return `value` so that a spreadsheet reads it as what it is: a number, or a text that is no formula."""
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    text = plain(value)
    formula = value.startswith(spreadsheets.FORMULA_STARTS) or text.startswith(spreadsheets.FORMULA_STARTS)
    return f"'{text}" if formula else text
