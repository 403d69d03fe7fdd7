"""Recording figures of third parties: kept as published, beside what is counted here, never mixed with it.

A figure is known by where it stands (address), over which span as worded, and of what. Told otherwise at the same
place it is a revision; told otherwise at another, both stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from monitoring import audit, canonical, ledger
from monitoring.accreditation import Role, held_by
from monitoring.errors import Forbidden
from monitoring.models import Agreement, User
from violations.models import ThirdPartyFigure


class Outcome(StrEnum):
    """What recording a figure came to."""

    RECORDED = "recorded"
    REVISED = "revised"
    KNOWN = "known"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number as published; see ThirdPartyFigure. Days are dates as written, not bound to a zone."""

    source: str
    publisher: str
    definition: str
    counted: str
    breakdown: str
    category: str
    cumulative: bool
    counts_from: date
    counts_until: date
    span_precision: str
    span_as_written: str
    span_basis: str
    number: int
    language: str
    url: str
    note: str
    contested: bool

    @property
    def place(self) -> tuple[str, ...]:
        """What makes two tellings the same figure."""
        return tuple(getattr(self, name) for name in PLACE)

    def sha256(self) -> str:
        """Return the hash of what is told."""
        days = {"counts_from": self.counts_from.isoformat(), "counts_until": self.counts_until.isoformat()}
        return canonical.sha256(asdict(self) | days)


PLACE = ("source", "counted", "breakdown", "category", "span_as_written", "url")


def record_figures(agreement: Agreement, figures: Sequence[Figure], *, by: User | None) -> Counter[Outcome]:
    """Record `figures`, each place once, at one instant; return how many came to what. Nothing new: nothing is written.

    `by`: an operator of the agreement, or None for the operator at the machine. Raises Forbidden to others.
    """
    if by is not None and not held_by(by, Role.OPERATOR, agreement=agreement).exists():
        raise Forbidden(
            _("Figures of third parties are recorded by an operator of the agreement."), code="not_accredited"
        )
    with ledger.writing() as entry:
        # One at a time for a truce: two importers must not both find nothing and both write.
        Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
        held = _held(agreement)
        outcomes: Counter[Outcome] = Counter()
        closed, rows = [], []
        for figure in figures:
            row, sha256 = held.get(figure.place), figure.sha256()
            if row is not None and row.content_sha256 == sha256:
                outcomes[Outcome.KNOWN] += 1
                continue
            outcomes[Outcome.REVISED if row else Outcome.RECORDED] += 1
            if row is not None:
                closed.append(row.pk)
            rows.append(ThirdPartyFigure(agreement=agreement, content_sha256=sha256, **asdict(figure)))
        if rows:
            entry.close(ThirdPartyFigure.objects.filter(pk__in=closed), expected=len(closed))
            for row in rows:
                row.recorded_at = entry.stamp()
            ThirdPartyFigure.objects.bulk_create(rows)
            audit.done("figures.record", by=by, on=agreement, agreement=agreement)
    return outcomes


def _held(agreement: Agreement) -> dict[tuple[Any, ...], ThirdPartyFigure]:
    rows = ThirdPartyFigure.objects.open().filter(agreement=agreement)
    return {tuple(getattr(row, name) for name in PLACE): row for row in rows}
