"""An edition as one long table: a line for each figure, its row and measure by code and by name.

Codes are stable and in no language; names are in the reader's. A value that is not there has an empty value and a note
that says why: it is not zero. Nor is what nobody filed a report of. Every figure in a unit says out of what it counts,
and what is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from reports.renderers.reading import Reading
from reports.renderers.tidy import (
    cases,
    choices,
    comments,
    comparison,
    effort,
    incidents,
    ledgers,
    nothing,
    record,
    registrations,
    replies,
)
from reports.renderers.tidy.denominators import with_denominators
from reports.renderers.tidy.line import ORDER, Line

__all__ = ["ORDER", "Line", "lines"]


def lines(reading: Reading) -> Iterator[Line]:
    """Every figure of the edition, section by section in the order of the report."""
    yield from with_denominators(reading, nothing.no_claims(reading, _told(reading)))


def _told(reading: Reading) -> Iterator[Line]:
    yield from record.header(reading)
    yield from ledgers.ledgers(reading)
    if reading.registrations_only:
        yield from registrations.registrations(reading)
        return
    yield from incidents.incidents(reading)
    yield from cases.cases(reading)
    yield from record.out_of_scope(reading)
    yield from effort.effort(reading)
    yield from comparison.comparison(reading)
    yield from replies.replies(reading)
    yield from record.accessions(reading)
    yield from choices.choices(reading)
    yield from record.reservations(reading)
    yield from record.third_party(reading)
    yield from record.changes(reading)
    yield from record.corrigenda(reading)
    yield from comments.comments(reading)
    yield from record.annex(reading)
    yield from record.concerns(reading)
