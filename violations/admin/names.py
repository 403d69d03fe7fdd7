"""The names behind the ids that assessments hold, and what filters offer: parties, areas, zones, sides."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection

from monitoring.models import Area, Party, PartyTerms, Side, Zone

# In one statement, for every page asks for all: what it is, number, code and names; of an area its level, of a party
# what it stands below, and its side.
KNOWN = """
select 'area', id, code, names, level, null::bigint, null::bigint from monitoring_area where agreement_id = any(%(of)s)
union all
select 'zone', id, code, names, '', null::bigint, null::bigint from monitoring_zone where agreement_id = any(%(of)s)
union all
select 'side', id, code, names, '', null::bigint, null::bigint from monitoring_side where agreement_id = any(%(of)s)
union all
select 'party', party.id, party.code, party.names, '', terms.parent_id, terms.side_id
from monitoring_mechanismversion version
join monitoring_partyterms terms on terms.version_id = version.id
join monitoring_party party on party.id = terms.party_id
where version.agreement_id = any(%(of)s)
  and (version.superseded_at is null or version.superseded_at > %(at)s)
  and version.recorded_at <= coalesce(%(at)s, version.recorded_at)
order by 5, 3
"""


@dataclass
class Names:
    """The things that assessments point at by id, of some agreements, with the version of each that holds now.

    Or with that which held as known at `at`.
    """

    agreements: Collection[int]
    at: datetime | None = None

    @cached_property
    def areas(self) -> dict[int, Area]:
        """Areas by id, coarse to fine as the file has them."""
        return {pk: Area(pk=pk, code=code, names=names, level=level) for pk, code, names, level, *_ in self._of("area")}

    @cached_property
    def zones(self) -> dict[int, Zone]:
        """Zones by id."""
        return {pk: Zone(pk=pk, code=code, names=names) for pk, code, names, *_ in self._of("zone")}

    @cached_property
    def sides(self) -> dict[int, Side]:
        """Sides by id."""
        return {pk: Side(pk=pk, code=code, names=names) for pk, code, names, *_ in self._of("side")}

    @cached_property
    def terms(self) -> dict[int, PartyTerms]:
        """What the version in force says of each party, by party id; parties and sides come along."""
        return {
            pk: PartyTerms(
                party=Party(pk=pk, code=code, names=names), parent_id=parent, side=self.sides[side] if side else None
            )
            for pk, code, names, _level, parent, side in self._of("party")
        }

    def _of(self, what: str) -> list[tuple[Any, ...]]:
        return [row[1:] for row in self._known if row[0] == what]

    @cached_property
    def _known(self) -> list[tuple[Any, ...]]:
        """All of them, coarse to fine and by code."""
        with connection.cursor() as cursor:
            cursor.execute(KNOWN, {"of": list(self.agreements), "at": self.at})
            rows = cursor.fetchall()
        return [(what, pk, code, json.loads(names), *rest) for what, pk, code, names, *rest in rows]

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
