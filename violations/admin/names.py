"""The names behind the ids that assessments hold, and what filters offer: parties, areas, zones, sides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from monitoring.english_order import by_english_name
from monitoring.models import Area, MechanismVersion, Party, PartyTerms, Side, Zone
from monitoring.together import together


@dataclass
class Names:
    """The things that assessments point at by id, of some agreements, with the version of each that holds now.

    Or with that which held as known at `at`.
    """

    agreements: Collection[int]
    at: datetime | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """The questions for them, which a page asks together with what else it asks.

        Areas coarse to fine and by code, sides and parties by name.
        """
        of = {"agreement__in": list(self.agreements)}
        versions = MechanismVersion.objects.holding(self.at).filter(**of)
        return {
            "areas": Area.objects.filter(**of).order_by("level", "code"),
            "zones": Zone.objects.filter(**of).order_by("code"),
            "sides": Side.objects.filter(**of).order_by(*by_english_name()),
            "terms": PartyTerms.objects.filter(version__in=versions)
            .select_related("party")
            .order_by(*by_english_name("party__")),
        }

    @cached_property
    def known(self) -> Mapping[str, list[Any]]:
        """The rows, by the name of the question."""
        return together(**self.asked)

    @cached_property
    def areas(self) -> dict[int, Area]:
        """Areas by id, coarse to fine as the file has them."""
        return {area.pk: area for area in self.known["areas"]}

    @cached_property
    def zones(self) -> dict[int, Zone]:
        """Zones by id."""
        return {zone.pk: zone for zone in self.known["zones"]}

    @cached_property
    def sides(self) -> dict[int, Side]:
        """Sides by id."""
        return {side.pk: side for side in self.known["sides"]}

    @cached_property
    def terms(self) -> dict[int, PartyTerms]:
        """What the version in force says of each party, by party id; parties and sides come along."""
        for terms in self.known["terms"]:
            terms.side = self.sides[terms.side_id] if terms.side_id else None
        return {terms.party_id: terms for terms in self.known["terms"]}

    def party(self, party_id: int) -> Party | None:
        """The party, if the version in force still has it."""
        terms = self.terms.get(party_id)
        return terms.party if terms else None

    def side(self, side_id: int | None) -> Side | None:
        """A side by its number; None for that of independents."""
        return self.sides[side_id] if side_id else None

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
