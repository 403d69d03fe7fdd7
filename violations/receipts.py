"""Receipts: a short reference by which a filer quotes a filing, over a bad line too.

Eight random signs and a check sign (ISO 7064, the hybrid scheme, over an alphabet of thirty), as K7M-D3X-Q2F. Signs
that are taken for one another when read are left out (0, O, 1, I, L, U); one misheard sign is always told, two swapped
ones nearly always. It says nothing of when or by whom something was filed. Its owner finds by it what they filed, and a
moderator to whom they read it out the report, among those of their agreements.
"""

from __future__ import annotations

import secrets

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from monitoring.errors import Malformed

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 9
# The radiotelephony alphabet of the ITU (Radio Regulations, appendix 14), for the letters that receipts have.
WORDS = {
    "A": _lazy("Alfa"),
    "B": _lazy("Bravo"),
    "C": _lazy("Charlie"),
    "D": _lazy("Delta"),
    "E": _lazy("Echo"),
    "F": _lazy("Foxtrot"),
    "G": _lazy("Golf"),
    "H": _lazy("Hotel"),
    "J": _lazy("Juliett"),
    "K": _lazy("Kilo"),
    "M": _lazy("Mike"),
    "N": _lazy("November"),
    "P": _lazy("Papa"),
    "Q": _lazy("Quebec"),
    "R": _lazy("Romeo"),
    "S": _lazy("Sierra"),
    "T": _lazy("Tango"),
    "V": _lazy("Victor"),
    "W": _lazy("Whiskey"),
    "X": _lazy("X-ray"),
    "Y": _lazy("Yankee"),
    "Z": _lazy("Zulu"),
    "2": _lazy("two"),
    "3": _lazy("three"),
    "4": _lazy("four"),
    "5": _lazy("five"),
    "6": _lazy("six"),
    "7": _lazy("seven"),
    "8": _lazy("eight"),
    "9": _lazy("nine"),
}
WAITING = "W"
_FIRST = ALPHABET.replace(WAITING, "")


def draw(*, waits: bool = False) -> str:
    """Return a new receipt as it is written. Those of filings that wait for their turn begin with a sign of their own.

    So none that was given out can meet one of a report; that of two of a kind none is the same, the tables see to.
    """
    drawn = WAITING if waits else secrets.choice(_FIRST)
    number = secrets.randbelow(len(ALPHABET) ** (LENGTH - 2))  # one reading of the source of chance for all these
    for _sign in range(LENGTH - 2):
        number, sign = divmod(number, len(ALPHABET))
        drawn += ALPHABET[sign]
    return _written(drawn + mod_37_36.calc_check_digit(drawn, alphabet=ALPHABET))


def read(said: str) -> str:
    """Return a receipt as it is written, whatever case, spaces and dashes it was said with.

    Raises Malformed where it is none: a sign was misheard.
    """
    signs = "".join(said.split()).replace("-", "").upper()
    try:
        if len(signs) != LENGTH or set(signs) - set(ALPHABET):
            raise ValidationError
        return _written(mod_37_36.validate(signs, alphabet=ALPHABET))
    except ValidationError:
        sentence = _("This is no receipt: a sign is wrong or missing. Read it again, sign by sign.")
        raise Malformed(sentence, code="not_a_receipt", fields={"/receipt": [sentence]}) from None


def spelled(receipt: str) -> list[tuple[str, str]]:
    """Return the groups of a receipt, each with the words by which it is read out on a bad line."""
    return [(group, " ".join(str(WORDS[sign]) for sign in group)) for group in receipt.split("-")]


def _written(signs: str) -> str:
    return "-".join((signs[:3], signs[3:6], signs[6:]))
