"""What a spreadsheet makes of a cell: text that it would take for a formula is marked by an apostrophe before it.

Files of ours are opened in spreadsheets by the people who argue over them, and what stands in the cells was written by
others. The mark can be taken off again without loss: a text that bears it already gets another.
"""

from __future__ import annotations

import re

# The full-width forms too, which a spreadsheet reads as the others; and what it skips before a formula.
FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")
_STARTS = re.escape("".join(FORMULA_STARTS))
_FORMULA = re.compile(rf"'*\s*[{_STARTS}]")
_GUARDED = re.compile(rf"'+\s*[{_STARTS}]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)


def guarded(text: str) -> str:
    """Return `text` so that no spreadsheet calculates it; a plain number stays one."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text
