"""What two people chose for page 1, as lines: each with its reference and what it refers to; why a list is empty."""

from __future__ import annotations

from collections.abc import Iterator

from reports.renderers.document.chosen import LISTS, why_none
from reports.renderers.reading import Reading
from reports.renderers.tidy.line import Line


def choices(reading: Reading) -> Iterator[Line]:
    """Events of concern and improvements in their order; nothing where the content has no such section."""
    told = reading.choices or {}
    for name in LISTS if told else ():
        of = told[name]
        why = why_none(name, of)
        if why:
            yield Line("choices", name, "chosen_words", None, note=why)
        for item in of["chosen"]:
            which = {"row_by": "choice", "row_code": item["choice"]}
            on = {"within_by": item["refers_to"], "within_code": item["reference"]} if item["refers_to"] else {}
            yield Line("choices", name, "chosen_words", item["words"], **which, **on)
        for code in ("not_yet", "no_longer"):
            if of[code]:
                yield Line("choices", name, f"chosen_{code}", of[code], unit="choice")
