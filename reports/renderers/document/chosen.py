"""Page 1, (d): events of concern and improvements that two people of different sides chose, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.renderers import values
from reports.renderers.document.blocks import Block, paragraph, points
from reports.renderers.reading import Reading

LISTS = ("events_of_concern", "improvements")
NAMES = {"events_of_concern": gettext_lazy("Events of concern"), "improvements": gettext_lazy("Improvements")}
# What one side alone proposed is nobody's to know: not even that there is something.
NONE = {
    "events_of_concern": gettext_lazy(
        "No event of concern had been agreed on by people of two sides at the cut-off; what one side alone proposed is "
        "not told. This is not a finding that there was none."
    ),
    "improvements": gettext_lazy(
        "No improvement had been agreed on by people of two sides at the cut-off; what one side alone proposed is not "
        "told. This is not a finding that there was none."
    ),
}
REFERRING = {
    None: gettext_lazy("improvement %(reference)s"),
    "incident": gettext_lazy("incident %(reference)s"),
    "determination": gettext_lazy("determined in this period: incident %(reference)s"),
    "measure": gettext_lazy("measure agreed %(reference)s"),
    "request": gettext_lazy("request answered %(reference)s"),
}


@dataclass(frozen=True)
class ListTold:
    """One of the two lists in words: what was chosen, line by line, and what else is to be said."""

    name: str
    lines: list[str]
    said: str


def told(reading: Reading) -> list[ListTold]:
    """Both lists in words; none where the content was computed before there were such."""
    if reading.choices is None:
        return []
    return [
        ListTold(str(NAMES[name]), [_line(reading, item) for item in of["chosen"]], _said(name, of))
        for name, of in ((name, reading.choices[name]) for name in LISTS)
    ]


def chosen(reading: Reading) -> list[Block]:
    """Both lists as page 1 has them."""
    blocks: list[Block] = []
    for one in told(reading):
        if one.lines:
            lead = _("%(name)s, each in the words of two people of different sides, or of whom one is independent:")
            blocks += [paragraph(lead % {"name": one.name}), points(one.lines)]
        blocks.append(paragraph(one.said, tone="note"))
    return blocks


def why_none(name: str, of: dict[str, Any]) -> str:
    """Why a list is empty."""
    return "" if of["chosen"] or of["not_yet"] or of["no_longer"] else str(NONE[name])


def _said(name: str, of: dict[str, Any]) -> str:
    """Why there is nothing, or what was agreed on and is not printed."""
    return " ".join(filter(None, [why_none(name, of), _not_yet(of["not_yet"]), _no_longer(of["no_longer"])]))


def _not_yet(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(count)s was agreed on and is not printed yet: its incident is younger than the truce's delay.",
        "%(count)s were agreed on and are not printed yet: their incidents are younger than the truce's delay.",
        number,
    ) % {"count": values.count(number)}


def _no_longer(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(count)s was agreed on and is not printed: what it refers to no longer stands in this period.",
        "%(count)s were agreed on and are not printed: what they refer to no longer stands in this period.",
        number,
    ) % {"count": values.count(number)}


def _line(reading: Reading, item: dict[str, Any]) -> str:
    """The words, and a reference to quote: its own where it refers to nothing; an incident's with day and place."""
    quoted = str(REFERRING[item["refers_to"]]) % {"reference": values.code(item["reference"] or item["choice"])}
    listed = reading.content["beside"]["annex"]["incidents"]
    incident = next((row for row in listed if row["reference"] == item["reference"]), None)
    if incident is not None:
        day = [values.day(incident["date"])] if incident["date"] else []
        quoted = values.listed([quoted, *day, reading.area(incident["area"])])
    return _("%(words)s (%(quoted)s)") % {"words": values.name(item["words"]), "quoted": quoted}
