"""Every provision of a truce's texts, and why it does or does not bear on an incident and bind each party, by reading.

`provisions.binding` says what the count follows: the common reading. Here every reading is heard alike: where a rival
reading of a provision or of an adherence would have it otherwise, or the adherence is disputed, whether the provision
binds is contested, whatever the common one says. An undertaking of a guarantor is told beside; it binds nobody by
itself. The rows of a version are read once, tens of them, however many incidents are asked of.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from monitoring.english_order import by_english_name
from monitoring.models import Adherence, InstrumentTerms, MechanismVersion, ProvisionTerms, Undertaking
from violations.bindings import stands_at

if TYPE_CHECKING:
    from collections.abc import Collection

    from monitoring.models import Provision
    from violations.models import Assessment

Standing = Literal["binding", "contested", "not_binding"]
STANDINGS: tuple[Standing, ...] = ("binding", "contested", "not_binding")
WhyNot = Literal["act", "time", "place"]
COMMON = ""  # The holder of the common reading.


@dataclass(frozen=True)
class Reading:
    """One reading of a provision: whose, what it asks, and what keeps it from bearing on the incident; () nothing."""

    holder: str
    text: dict[str, str]
    why_not: tuple[WhyNot, ...]


@dataclass(frozen=True)
class Bond:
    """Whether a provision binds a party: by its adherence then; who reads that otherwise; who answers for it.

    `common`: whether it binds by the common reading, which the count follows.
    """

    standing: Standing
    common: bool
    adherence: Adherence | None
    otherwise: tuple[str, ...]
    undertakings: tuple[Undertaking, ...]


@dataclass(frozen=True)
class Offer:
    """A provision as it bears on one incident: its readings, its text then, and its bond to each party by id."""

    provision: Provision
    readings: tuple[Reading, ...]
    instrument: InstrumentTerms | None
    bonds: dict[int, Bond]

    @property
    def offered(self) -> bool:
        """Whether it was in force there and then and forbids the act, by some reading: what a finding may name."""
        return any(not reading.why_not for reading in self.readings)

    @property
    def adopted(self) -> bool:
        """Whether its text was adopted and in force."""
        return self.instrument is not None and self.instrument.kind == InstrumentTerms.Kind.ADOPTED

    def standing(self, parties: Collection[int]) -> Standing:
        """Whether it binds one of `parties`, else is contested of one; of nobody named, of any party at all."""
        asked = [self.bonds[pk] for pk in parties if pk in self.bonds] if parties else list(self.bonds.values())
        found = {bond.standing for bond in asked}
        return next((standing for standing in STANDINGS if standing in found), "not_binding")


class Texts:
    """The texts of one mechanism version, with who is bound by them and who answers for whom."""

    def __init__(self, terms: MechanismVersion, parties: Collection[int]) -> None:
        self.terms, self.parties = terms, parties

    def offers(self, assessment: Assessment) -> list[Offer]:
        """All provisions, those offered and those not, by text and code."""
        return [self._offer(readings, assessment) for readings in self._provisions.values()]

    def _offer(self, rows: list[ProvisionTerms], assessment: Assessment) -> Offer:
        provision, at = rows[0].provision, assessment.occurred_from
        readings = tuple(Reading(row.reading, row.text, _why_not(row, assessment)) for row in rows)
        instrument = next((row for row in self._instruments[provision.instrument_id] if stands_at(row, at)), None)
        adopted = instrument is not None and instrument.kind == InstrumentTerms.Kind.ADOPTED
        return Offer(
            provision,
            readings,
            instrument,
            {party: self._bond(party, provision, readings, adopted, at) for party in self.parties},
        )

    def _bond(self, party: int, provision: Provision, readings: tuple[Reading, ...], adopted: bool, at: Any) -> Bond:
        adherences = {
            row.reading: row for row in self._adherences[provision.instrument_id, party] if stands_at(row, at)
        }
        applies = {reading.holder: not reading.why_not for reading in readings}

        def bound(holder: str) -> bool:
            adherence = adherences.get(holder, adherences.get(COMMON))
            kind = adherence.kind if adherence is not None else ""
            return kind in Adherence.BINDING and applies.get(holder, applies.get(COMMON, False))

        common = adopted and bound(COMMON)
        holders = sorted(({*applies} | {*adherences}) - {COMMON})
        otherwise = tuple(holder for holder in holders if adopted and bound(holder) != common)
        adherence = adherences.get(COMMON)
        disputed = (
            adopted and adherence is not None and adherence.kind == Adherence.Kind.DISPUTED and any(applies.values())
        )
        declared = not adopted and any(bound(holder) for holder in (COMMON, *holders))
        standing: Standing = "binding" if common else "not_binding"
        if otherwise or disputed or declared:
            standing = "contested"
        answers = tuple(row for row in self._undertakings[party] if stands_at(row, at))
        return Bond(standing, common, adherence, otherwise, answers)

    @cached_property
    def _provisions(self) -> dict[int, list[ProvisionTerms]]:
        rows = (
            ProvisionTerms.objects.filter(version=self.terms)
            .select_related("provision__instrument")
            .prefetch_related("zones")
            .order_by("provision__instrument__code", "provision__code", "reading", "pk")
        )
        return _by(rows, lambda row: row.provision_id)

    @cached_property
    def _instruments(self) -> dict[int, list[InstrumentTerms]]:
        return _by(InstrumentTerms.objects.filter(version=self.terms), lambda row: row.instrument_id)

    @cached_property
    def _adherences(self) -> dict[tuple[int, int], list[Adherence]]:
        rows = Adherence.objects.filter(version=self.terms).select_related("through", "inherited_from")
        return _by(rows, lambda row: (row.instrument_id, row.party_id))

    @cached_property
    def _undertakings(self) -> dict[int, list[Undertaking]]:
        rows = (
            Undertaking.objects.filter(version=self.terms)
            .select_related("guarantor")
            .order_by(*by_english_name("guarantor__"))
        )
        return _by(rows, lambda row: row.party_id)


def why_not(assessment: Assessment, terms: MechanismVersion, provision: Provision) -> tuple[WhyNot, ...]:
    """What keeps a provision from bearing on the incident, by the reading that comes nearest to it."""
    readings = [
        reading.why_not
        for offer in Texts(terms, ()).offers(assessment)
        if offer.provision == provision
        for reading in offer.readings
    ]
    return sorted(readings, key=len)[0] if readings else ()


def _why_not(row: ProvisionTerms, assessment: Assessment) -> tuple[WhyNot, ...]:
    zones = {zone.pk for zone in row.zones.all()}
    told: tuple[tuple[WhyNot, bool], ...] = (
        ("act", assessment.act in row.acts),
        ("time", stands_at(row, assessment.occurred_from)),
        ("place", not zones or not zones.isdisjoint(assessment.zones)),
    )
    return tuple(code for code, holds in told if not holds)


def _by(rows: Any, key: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
