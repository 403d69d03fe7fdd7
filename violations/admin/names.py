"""The names behind the ids that assessments hold, and what filters offer: parties, areas, zones, sides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from monitoring.models import Area, Party, PartyTerms, Zone


@dataclass
class Names:
    """The things that assessments point at by id, of some agreements, with the version of each that holds now."""

    agreements: Collection[int]

    @cached_property
    def areas(self) -> dict[int, Area]:
        """Areas by id, coarse to fine as the file has them."""
        return {area.pk: area for area in Area.objects.filter(agreement__in=self.agreements).order_by("level", "code")}

    @cached_property
    def zones(self) -> dict[int, Zone]:
        """Zones by id."""
        return {zone.pk: zone for zone in Zone.objects.filter(agreement__in=self.agreements)}

    @cached_property
    def terms(self) -> dict[int, PartyTerms]:
        """What the version in force says of each party, by party id; parties and sides come along."""
        rows = (
            PartyTerms.objects.filter(version__agreement__in=self.agreements, version__superseded_at__isnull=True)
            .select_related("party", "side")
            .order_by("party__code")
        )
        return {row.party_id: row for row in rows}

    def party(self, party_id: int) -> Party | None:
        """The party, if the version in force still has it."""
        terms = self.terms.get(party_id)
        return terms.party if terms else None

    def party_and_below(self, party_id: int) -> list[int]:
        """The ids of a party and of all that stand below it in the tree."""
        found, edge = {party_id}, {party_id}
        while edge:
            edge = {row.party_id for row in self.terms.values() if row.parent_id in edge} - found
            found |= edge
        return sorted(found)

    def parties_of_side(self, side_id: int) -> list[int]:
        """The ids of the parties of a side."""
        return [row.party_id for row in self.terms.values() if row.side_id == side_id]
