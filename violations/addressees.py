"""Whom moderators can ask for information: guarantors, and parties through their guarantor or directly.

The mechanism file says how parties are asked. Through a guarantor is through one that has itself undertaken for the
party, or whose own forces they are; what others attribute, infer or contest decides nothing here and is said beside. A
party for which nobody has undertaken is asked directly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring.english_order import by_english_name, english
from monitoring.errors import Malformed
from monitoring.models import Agreement, GuarantorState, GuarantorTerm, MechanismVersion, Party, PartyTerms, Undertaking

Basis = Undertaking.Basis


@dataclass(frozen=True)
class Addressee:
    """Who is asked: a guarantor; or a party, `through` a guarantor, else by its liaison. `said`: what is contested."""

    guarantor: GuarantorState | None = None
    party: Party | None = None
    through: GuarantorState | None = None
    said: tuple[tuple[GuarantorState, str], ...] = ()

    @property
    def code(self) -> str:
        """By which a form and the API name it: 'guarantor:alder', 'party:south-guard', 'party:south-guard:birch'."""
        if self.guarantor is not None:
            return f"guarantor:{self.guarantor.code}"
        assert self.party is not None  # noqa: S101 - it is one of the two
        return f"party:{self.party.code}" + (f":{self.through.code}" if self.through else "")

    @property
    def answers(self) -> GuarantorState | Party:
        """Who reads it and answers."""
        found = self.guarantor or self.through or self.party
        assert found is not None  # noqa: S101 - it is one of them
        return found


def addressees(agreement: Agreement, *, at: datetime | None = None) -> list[Addressee]:
    """Return whom to ask at `at` (now): guarantors in their term, then every party, as the mechanism file has it."""
    at, terms = at or timezone.now(), agreement.terms
    in_term = _valid(GuarantorTerm.objects.filter(version=terms), at).select_related("guarantor")
    guarantors = sorted({row.guarantor for row in in_term}, key=english)
    own_forces = {row.own_forces_id: row.guarantor for row in in_term if row.own_forces_id}
    undertaken = _undertakings(terms, at)
    parties = PartyTerms.objects.filter(version=terms).exclude(
        kind__in=(PartyTerms.Kind.UMBRELLA, PartyTerms.Kind.UNKNOWN)
    )
    found = [Addressee(guarantor=state) for state in guarantors]
    for row in parties.select_related("party").order_by(*by_english_name("party__")):
        held = undertaken.get(row.party_id, [])
        said = tuple((state, basis) for state, basis in held if basis != Basis.UNDERTAKEN)
        answering = [state for state, basis in held if basis == Basis.UNDERTAKEN]
        if row.party_id in own_forces:
            answering = [own_forces[row.party_id]]
        if terms.party_requests == MechanismVersion.PartyRequests.DIRECT or not answering:
            found.append(Addressee(party=row.party, said=said))
        else:
            found += [Addressee(party=row.party, through=state, said=said) for state in answering]
    return found


def addressee(agreement: Agreement, code: str) -> Addressee:
    """Return whom a code names. Raises Malformed (`/addressee`) where nobody is asked so now."""
    for one in addressees(agreement):
        if one.code == code:
            return one
    message = _("Choose whom to ask: a guarantor in its term, or a party as the mechanism file has it asked.")
    raise Malformed(message, fields={"/addressee": [message]})


def _undertakings(terms: MechanismVersion, at: datetime) -> dict[int, list[tuple[GuarantorState, str]]]:
    rows = _valid(Undertaking.objects.filter(version=terms), at).select_related("guarantor")
    found: dict[int, list[tuple[GuarantorState, str]]] = {}
    for row in rows.order_by(*by_english_name("guarantor__")):
        found.setdefault(row.party_id, []).append((row.guarantor, row.basis))
    return found


def _valid(rows: Any, at: datetime) -> Any:
    begun, ended = Q(valid_from__isnull=True) | Q(valid_from__lte=at), Q(valid_until__isnull=False, valid_until__lte=at)
    return rows.filter(begun).exclude(ended)


def named(found: Iterable[tuple[GuarantorState, str]]) -> list[str]:
    """What is said of who answers for a party and decided nothing, in words."""
    words = {
        Basis.ATTRIBUTED_BY_OTHERS: _("others say that %(state)s answers for it"),
        Basis.CONTESTED: _("that %(state)s answers for it is contested"),
        Basis.INFERRED: _("that %(state)s answers for it is inferred"),
    }
    return [words[Basis(basis)] % {"state": state.name} for state, basis in found]
