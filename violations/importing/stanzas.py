"""Names that the mechanism knows nothing of, as what an operator pastes into the mechanism file.

A party's stanza is loaded as it stands: then the name is known, and the truce's application to it is not assessed until
an adherence says more. Which name is another spelling of a party listed already, only people can say.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from django.utils.translation import gettext as _

from monitoring.faults import steers

LONGEST_CODE = 80
_NOT_IN_A_CODE = re.compile(r"[^a-z0-9]+")


def of_parties(names: Mapping[str, int], *, scheme: str, taken: Collection[str]) -> Iterator[str]:
    """Yield a stanza for each of `names`, those of most events first; its code is none of `taken`."""
    codes = set(taken)
    for name, events in _by_events(names):
        code = _code(name, codes)
        codes.add(code)
        yield "\n".join(
            (
                f"[[parties]] # {_told(events)}",
                f'code = "{code}"',
                f"names = {{ en = {quoted(name)} }}",
                'kind = "armed_group" # '
                + _("or another of docs/mechanism-file.md; side and adherences, if there are any, with their source"),
                f"aliases = {{ {scheme} = [{quoted(name)}] }}",
            )
        )


def of_areas(names: Mapping[str, int], *, scheme: str) -> Iterator[str]:
    """Yield the line to be added to the area that each of `names` stands for, those of most events first."""
    for name, events in _by_events(names):
        yield f"aliases = {{ {scheme} = [{quoted(name)}] }} # {_told(events)}"


def quoted(text: str) -> str:
    """Return `text` as a string of TOML, in which what could steer a terminal is written as its number."""
    return "".join(
        f"\\U{ord(character):08X}" if steers(character) else character
        for character in json.dumps(text, ensure_ascii=False)
    )


def _by_events(names: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(names.items(), key=lambda item: (-item[1], item[0]))


def _told(events: int) -> str:
    return _("events that write this name: %(count)d") % {"count": events}


def _code(name: str, taken: Collection[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = _NOT_IN_A_CODE.sub("-", plain).strip("-")[: LONGEST_CODE - 5].rstrip("-") or "party"
    code, turn = stem, 1
    while code in taken:
        turn += 1
        code = f"{stem}-{turn}"
    return code
