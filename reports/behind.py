"""What readers ask of an edition's figures: the figure at a path, the incidents behind it, another closing beside it.

Of a content that somebody may read; who may read which is asked of the rows before. Lists go page by page, each from
the last row that was shown: a page costs the same however far down it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from monitoring.errors import Malformed, NotFound, NotNow
from reports import compare
from reports.figures import paths, rows
from reports.figures.changes import VIEWS, figures
from reports.figures.paths import Counted, Found
from reports.largest import is_too_large
from reports.models import Edition
from reports.renderers.print_order import as_printed
from reports.renderers.reading import Reading
from reports.renderers.uncounted import Uncounted, uncounted

if TYPE_CHECKING:
    from monitoring.models import User
    from reports.models import Closing

A_PAGE = 100  # incidents
FIGURES_A_PAGE = 200

PERSONS = frozenset({"killed", "injured", "verified_minimum", "reported_maximum"})

T = TypeVar("T")


class Part(NamedTuple):
    """A page of a list, and the last of its rows where others follow, else ''."""

    rows: list[Any]
    next_after: str


class Read(NamedTuple):
    """A released closing and its content."""

    closing: Closing
    content: dict[str, Any]


class Beside(NamedTuple):
    """Two closings, the one that was cut off earlier first, and what differs."""

    before: Read
    now: Read
    found: compare.Compared


def readable(public_id: UUID, *, by: User) -> Edition:
    """Return the edition with its closing, which `by` may read now. Raises NotFound, and NotNow as `read` does."""
    mine = Edition.objects.visible_to(by).select_related("agreement", "guarantor", "closing__version")
    edition: Edition | None = mine.filter(public_id=public_id).first()
    if edition is None:
        raise NotFound(_("There is no such edition among those that are yours to read."), code="not_found")
    _require_size(edition.closing_id)
    return edition


def read(closing: Closing) -> Read:
    """The content of a closing that is released: it has one. Raises NotNow where it is too large to be read whole."""
    _require_size(closing.pk)
    return Read(closing, json.loads(closing.content() or ""))


def _require_size(closing_id: int) -> None:
    if is_too_large(closing_id):
        raise NotNow(
            _(
                "This report is too large for its figures to be shown one by one or beside another's. Take its files, "
                "or the tables of what lies behind it."
            ),
            code="too_large_to_be_shown",
        )


def figure_at(content: dict[str, Any], path: str) -> Found:
    """Return the figure at `path`. Raises NotFound where the content has none."""
    found = paths.found(content, path)
    if found is None:
        raise NotFound(
            _("This report has no figure of that path. Take one from its list of figures: a row may be there no more."),
            code="no_such_figure",
        )
    return found


def numbers(content: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Every number of a content: section, path, number; in the order in which the report prints them."""
    sections = [row["code"] for row in content["head"]["sections"] if row["code"] not in VIEWS]
    return [
        (code, path, figure)
        for code in sections
        for path, figure in figures(as_printed(content["sections"][code]), code)
        if isinstance(figure, int) and not isinstance(figure, bool)
    ]


def no_counts(content: dict[str, Any]) -> Uncounted:
    """Return what of a content is no count though it holds 0: readers are told no number there, and why."""
    return uncounted(Reading(content, None, "en"))  # names nothing of which a language has another name


def incidents(content: dict[str, Any], found: Found) -> rows.Listed | None:
    """The incidents of the annex behind a figure; None of one that counts none."""
    return rows.listed(content, found) if isinstance(found.counts, Counted) else None


def unit_of(found: Found) -> str:
    """What a figure is a number of: incidents, persons, or what it is made of that is neither."""
    if isinstance(found.counts, Counted):
        return "persons" if found.counts.measure in PERSONS else "incidents"
    return found.counts.value


def beside(one: Read, other: Read) -> Beside:
    """Lay two closings beside one another. Raises Malformed where they are of two truces."""
    if one.closing.agreement_id != other.closing.agreement_id:
        raise Malformed(
            _("These are reports of two truces, which are not compared. Choose two of one truce."), code="two_truces"
        )
    before, now = sorted((one, other), key=lambda read: (read.closing.cutoff_at, read.closing.pk))
    return Beside(before, now, compare.compare(before.content, now.content))


def differing(found: compare.Compared) -> list[tuple[str, str, Any]]:
    """The incidents that two closings list otherwise, by reference: how, reference, and the row or what differs."""
    told = found.incidents
    if told is None:
        return []
    lines: list[tuple[str, str, Any]] = [
        *(("came", row["reference"], row) for row in told.came),
        *(("went", row["reference"], row) for row in told.went),
        *(("differs", one.reference, one) for one in told.differing),
    ]
    return sorted(lines, key=lambda line: line[1])


def part(listed: Sequence[T], name: Callable[[T], str], *, after: str, most: int) -> Part:
    """Return the rows that follow the one named `after`. Raises Malformed where none is named so."""
    begins = 0
    if after:
        begins = next((number for number, row in enumerate(listed, start=1) if name(row) == after), -1)
        if begins < 0:
            said = _("The list has no such row to go on from. Begin at its first page.")
            raise Malformed(said, code="malformed", fields={"/after": [said]})
    shown = list(listed[begins : begins + most])
    return Part(shown, name(shown[-1]) if begins + most < len(listed) else "")
