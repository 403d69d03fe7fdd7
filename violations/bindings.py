"""Whether a provision binds, asked of many incidents: what `provisions.binding` asks of one, from rows read once.

The file of a truce has tens of these rows, however many incidents there are.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from monitoring.models import Adherence, InstrumentTerms, MechanismVersion, ProvisionTerms

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from violations.models import Assessment


class Bindings:
    """What binds whom by one mechanism version."""

    def __init__(self, terms: MechanismVersion) -> None:
        self.terms = terms

    def bind(self, assessment: Assessment, parties: Collection[int]) -> bool:
        """Whether `provisions.binding(assessment, self.terms, parties)` has any."""
        anybody = not parties and self.terms.attribution == MechanismVersion.Attribution.NOT_MADE
        at = assessment.occurred_from
        return any(
            stands_at(row, at)
            and assessment.act in row.acts
            and (not zones or not zones.isdisjoint(assessment.zones))
            and self._adopted(row.provision.instrument_id, at)
            and self._bound(row.provision.instrument_id, at, None if anybody else parties)
            for row, zones in self._provisions
        )

    @cached_property
    def _provisions(self) -> list[tuple[ProvisionTerms, set[int]]]:
        rows = ProvisionTerms.objects.filter(version=self.terms, reading="").select_related("provision")
        return [(row, {zone.pk for zone in row.zones.all()}) for row in rows.prefetch_related("zones")]

    @cached_property
    def _instruments(self) -> dict[int, list[Any]]:
        return _by_instrument(InstrumentTerms.objects.filter(version=self.terms, kind=InstrumentTerms.Kind.ADOPTED))

    @cached_property
    def _adherences(self) -> dict[int, list[Any]]:
        return _by_instrument(Adherence.objects.filter(version=self.terms, reading="", kind__in=Adherence.BINDING))

    def _adopted(self, instrument: int, at: datetime) -> bool:
        return any(stands_at(row, at) for row in self._instruments[instrument])

    def _bound(self, instrument: int, at: datetime, parties: Collection[int] | None) -> bool:
        rows = self._adherences[instrument]
        return any(stands_at(row, at) and (parties is None or row.party_id in parties) for row in rows)


def _by_instrument(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.instrument_id].append(row)
    return found


def stands_at(row: Any, at: datetime) -> bool:
    """Whether the row's interval holds the instant: [valid_from, valid_until), a null end open."""
    return (row.valid_from is None or row.valid_from <= at) and (row.valid_until is None or row.valid_until > at)
