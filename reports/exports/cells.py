"""What stands in a cell, in SQL: as `monitoring.plain_text` and `monitoring.canonical` have it in Python.

COPY writes the cells, so what makes them harmless is said to PostgreSQL; a test holds the two to one another over every
sign. Codes and numbers need none of it.
"""

from __future__ import annotations

from monitoring.plain_text import BIDI_CONTROLS, NO_CHARACTERS
from monitoring.spreadsheets import FORMULA_STARTS
from reports.renderers.tables import PART

# What `str.strip` takes off besides what is taken out anyway.
_BLANKS = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_TO_BLANKS = "\t\r\n\u2028\u2029"
# Control characters, and private ones that print as whatever a font has there; PostgreSQL holds no half characters.
_TAKEN_OUT = ((0x01, 0x1F), (0x7F, 0x9F), (0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD), *NO_CHARACTERS)


def _literal(text: str) -> str:
    return "U&'" + "".join(f"\\+{ord(character):06x}" for character in text) + "'"


def _taken_out() -> str:
    ranges = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _TAKEN_OUT)
    marks = "".join(f"\\U{ord(mark):08x}" for mark in sorted(BIDI_CONTROLS))
    return f"[{ranges}{marks}]"


_STARTS = "array[" + ", ".join(_literal(sign) for sign in FORMULA_STARTS if sign != "\0") + "]"


def plain(text: str) -> str:
    """SQL: `text` without control characters and without marks that reorder it."""
    blanked = f"translate({text}, {_literal(_TO_BLANKS)}, {_literal(' ' * len(_TO_BLANKS))})"
    return f"btrim(regexp_replace({blanked}, '{_taken_out()}', '', 'g'), {_literal(_BLANKS)})"


def guarded(text: str) -> str:
    """SQL: `text` so that a spreadsheet reads it as a text that is no formula; null stays null."""
    formula = f"left({text}, 1) = any({_STARTS}) or left({plain(text)}, 1) = any({_STARTS})"
    return f"case when {formula} then '''' || {plain(text)} else {plain(text)} end"


def instant(at: str) -> str:
    """SQL: an instant as canonical text: UTC, six places, 'Z'."""
    return f"""to_char({at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def several(codes: str) -> str:
    """SQL: an array of codes, in its order, as one cell; null where there is none."""
    return f"nullif(array_to_string({codes}, '{PART}'), '')"


def in_order(codes: str) -> str:
    """SQL: an array of codes as one cell, by code."""
    return several(f"""array(select code::text collate "C" from unnest({codes}) code order by 1)""")


def yes_no(condition: str) -> str:
    """SQL: yes or no; null where it is not known."""
    return f"case when {condition} then 'yes' when not ({condition}) then 'no' end"
