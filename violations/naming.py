"""Which party a name as written stands for, by the mechanism version that holds."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from monitoring.models import MechanismVersion, Party, PartyAlias, PartyTerms

if TYPE_CHECKING:
    from collections.abc import Iterable


def parties_named(version: MechanismVersion, names: Iterable[str], *, scheme: str = "") -> dict[str, Party]:
    """Return the party of each of `names` that is known: by code, else by a name or alias that only one party bears.

    Aliases of `scheme` and those of every source. Case, spacing and the way accents are encoded do not matter. A name
    that nobody or several bear is not in the answer: it stays as written.
    """
    parties = {
        terms.party_id: terms.party for terms in PartyTerms.objects.filter(version=version).select_related("party")
    }
    by_code = {party.code: party for party in parties.values()}
    bearers: dict[str, set[int]] = defaultdict(set)
    for party in parties.values():
        for name in party.names.values():
            bearers[plain(name)].add(party.pk)
    for alias in PartyAlias.objects.filter(version=version, scheme__in={"", scheme}):
        bearers[plain(alias.alias)].add(alias.party_id)
    found: dict[str, Party] = {}
    for name in names:
        bearing = bearers.get(plain(name), set())
        if name.strip() in by_code:
            found[name] = by_code[name.strip()]
        elif len(bearing) == 1:
            found[name] = parties[next(iter(bearing))]
    return found


def plain(name: str) -> str:
    """Return a name as names are compared: case, spacing and the way accents are encoded do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
