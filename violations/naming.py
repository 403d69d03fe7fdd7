"""Which party a name as written stands for, by the mechanism version that holds."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from monitoring.models import MechanismVersion, Party, PartyAlias, PartyTerms

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


@dataclass(frozen=True)
class Names:
    """Who bears which name by one mechanism version, which never changes: by code, and by name as it is compared."""

    by_code: dict[str, Party]
    bearers: dict[str, frozenset[Party]]

    def of(self, names: Iterable[str]) -> dict[str, Party]:
        """Return the party of each of `names` that is known."""
        found: dict[str, Party] = {}
        for name in names:
            bearing = self.bearers.get(plain(name), frozenset())
            if name.strip() in self.by_code:
                found[name] = self.by_code[name.strip()]
            elif len(bearing) == 1:
                found[name] = next(iter(bearing))
        return found


def parties_named(version: MechanismVersion, names: Iterable[str], *, scheme: str = "") -> dict[str, Party]:
    """Return the party of each of `names` that is known: by code, else by a name or alias that only one party bears.

    Aliases of `scheme` and those of every source. Case, spacing and the way accents are encoded do not matter. A name
    that nobody or several bear is not in the answer: it stays as written.
    """
    return names_by(version.pk, version.recorded_at, scheme).of(names)


@lru_cache(maxsize=64)
def names_by(version_id: int, _recorded_at: datetime, scheme: str = "") -> Names:
    """Return the names of a version; each process reads those of one version once. Two numbers alike: two stamps."""
    parties = {
        terms.party_id: terms.party for terms in PartyTerms.objects.filter(version=version_id).select_related("party")
    }
    bearers: dict[str, set[Party]] = defaultdict(set)
    for party in parties.values():
        for name in party.names.values():
            bearers[plain(name)].add(party)
    for alias in PartyAlias.objects.filter(version=version_id, scheme__in={"", scheme}):
        bearers[plain(alias.alias)].add(parties[alias.party_id])
    by_code = {party.code: party for party in parties.values()}
    return Names(by_code, {name: frozenset(bearing) for name, bearing in bearers.items()})


def plain(name: str) -> str:
    """Return a name as names are compared: case, spacing and the way accents are encoded do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
