"""The provisions that the form of a finding offers: grouped by whom they bind, each with why, and those not offered.

The parties are those chosen or attributed, else those alleged in the reports; of the others a line says whom it binds.
What is not offered can be chosen as well and is refused with its reason: the form decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.models import Adherence, InstrumentTerms, Undertaking
from violations.admin.case import Case
from violations.offering import STANDINGS, Bond, Offer, Reading, Texts

GROUPS = {
    "binding": gettext_lazy("Binding those concerned"),
    "contested": gettext_lazy("Contested whether they bind those concerned"),
    "not_binding": gettext_lazy("In force there and then for this act, and binding none of those concerned"),
}
STANDS = {
    "binding": gettext_lazy("binding"),
    "contested": gettext_lazy("contested"),
    "not_binding": gettext_lazy("not binding"),
}
ADHERES = {
    Adherence.Kind.SIGNATORY: gettext_lazy("it signed the text"),
    Adherence.Kind.DECLARED: gettext_lazy("it declared itself bound"),
    Adherence.Kind.BOUND_THROUGH: gettext_lazy("it is bound through another"),
    Adherence.Kind.NON_SIGNATORY: gettext_lazy("it did not sign the text"),
    Adherence.Kind.DESIGNATED: gettext_lazy("it is designated and left out of the text"),
    Adherence.Kind.DISPUTED: gettext_lazy("whether it adheres is disputed"),
}
ANSWERS = {
    Undertaking.Basis.UNDERTAKEN: gettext_lazy("%(guarantor)s has undertaken for it"),
    Undertaking.Basis.ATTRIBUTED_BY_OTHERS: gettext_lazy("others say that %(guarantor)s answers for it"),
    Undertaking.Basis.CONTESTED: gettext_lazy("that %(guarantor)s answers for it is contested"),
    Undertaking.Basis.INFERRED: gettext_lazy("it is inferred that %(guarantor)s answers for it"),
}
WHY_NOT = {
    "act": gettext_lazy("does not forbid this act"),
    "time": gettext_lazy("was not in force then"),
    "place": gettext_lazy("stands in another zone"),
}


@dataclass(frozen=True)
class Offered:
    """A provision as the form shows it: what it asks, why it is offered or not, and a line for each concerned."""

    pk: int
    name: str
    lines: list[str]


class Provisions:
    """What the form offers on one incident."""

    def __init__(self, case: Case, chosen: Collection[int] = ()) -> None:
        self.case = case
        terms = case.names.terms
        alleged = case.assessment.alleged if case.assessment else []
        self.concerned = [pk for pk in (chosen or alleged) if pk in terms]
        self.names = {pk: row.party.name for pk, row in terms.items()}

    @cached_property
    def offers(self) -> list[Offer]:
        """Every provision of the truce's texts."""
        if self.case.assessment is None:
            return []
        return Texts(self.case.version, list(self.names)).offers(self.case.assessment)

    @cached_property
    def groups(self) -> list[tuple[str, list[Offered]]]:
        """Those offered, by whether they bind those concerned; a group that is empty is left out."""
        standing = {offer.provision.pk: offer.standing(self.concerned) for offer in self.offers}
        found = [
            (
                str(GROUPS[code]),
                [self._shown(row) for row in self.offers if row.offered and standing[row.provision.pk] == code],
            )
            for code in STANDINGS
        ]
        return [group for group in found if group[1]]

    @cached_property
    def others(self) -> list[Offered]:
        """Those not offered, with why."""
        return [
            Offered(offer.provision.pk, _name(offer), [_read(reading) for reading in offer.readings])
            for offer in self.offers
            if not offer.offered
        ]

    def _shown(self, offer: Offer) -> Offered:
        lines = [_read(reading) for reading in offer.readings]
        lines.append(_text(offer))
        lines += [
            _("%(party)s: %(bond)s") % {"party": self.names[pk], "bond": _bond(offer.bonds[pk], offer)}
            for pk in self.concerned
        ]
        lines += self._rest(offer)
        return Offered(offer.provision.pk, _name(offer), lines)

    def _rest(self, offer: Offer) -> list[str]:
        """Of the other parties: whom it binds, of whom that is contested, whom it does not bind."""
        said = []
        for code in STANDINGS:
            names = [
                self.names[pk] for pk, bond in offer.bonds.items() if bond.standing == code and pk not in self.concerned
            ]
            if names:
                told = {"standing": STANDS[code], "parties": ", ".join(names)}
                said.append(_("Of others %(standing)s: %(parties)s") % told)
        return said


class ProvisionsWidget(forms.CheckboxSelectMultiple):
    """Boxes in their groups, each with its lines beneath; what is not offered is folded away."""

    template_name = "violations/provisions.html"

    def __init__(self, provisions: Provisions | None = None) -> None:
        super().__init__()
        self.provisions = provisions

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The groups with which boxes are ticked."""
        told = super().get_context(name, value, attrs)
        ticked = {str(chosen) for chosen in value or ()}
        if self.provisions is not None:
            others = self.provisions.others
            told |= {
                "groups": [(heading, _boxes(rows, ticked)) for heading, rows in self.provisions.groups],
                "others": _boxes(others, ticked),
                "opened": any(str(row.pk) in ticked for row in others),
            }
        return told


def _boxes(rows: Sequence[Offered], ticked: set[str]) -> list[dict[str, Any]]:
    return [{"row": row, "ticked": str(row.pk) in ticked} for row in rows]


def _name(offer: Offer) -> str:
    return f"{offer.provision.instrument.name}, {offer.provision.name}"


def _read(reading: Reading) -> str:
    """Whose reading it is, what it asks, and that it was in force there and then for this act, or what it lacks."""
    whose = _("as read by %(holder)s") % {"holder": reading.holder} if reading.holder else _("as commonly read")
    why = ", ".join(str(WHY_NOT[code]) for code in reading.why_not)
    bears = why or _("was in force there and then and forbids this act")
    text = reading.text.get("en", "")
    return f"{whose}: {bears}" + (f" – {text}" if text else "")


def _text(offer: Offer) -> str:
    """What its text was then: adopted, or put forward and by whom."""
    row = offer.instrument
    if row is None:
        return _("its text was not in force then")
    if row.kind == InstrumentTerms.Kind.ADOPTED:
        return _("its text was adopted")
    if row.holder:
        return _("its text was put forward by %(holder)s and not adopted") % {"holder": row.holder}
    return _("its text was put forward and not adopted")


def _bond(bond: Bond, offer: Offer) -> str:
    """Whether it binds the party, and by what."""
    return _("%(standing)s; %(why)s") % {"standing": STANDS[bond.standing], "why": "; ".join(_why(bond, offer))}


def _why(bond: Bond, offer: Offer) -> list[str]:
    said = [_adherence(bond)]
    if not offer.adopted:
        said.append(_("a text that was not adopted binds nobody in the count"))
    for holder in bond.otherwise:
        other = (
            _("not binding by the reading of %(holder)s") if bond.common else _("binding by the reading of %(holder)s")
        )
        said.append(other % {"holder": holder})
    if bond.standing == "contested" and offer.adopted:
        said.append(_("in the count it is binding") if bond.common else _("in the count it is not binding"))
    said += [ANSWERS[Undertaking.Basis(row.basis)] % {"guarantor": row.guarantor.name} for row in bond.undertakings]
    return said


def _adherence(bond: Bond) -> str:
    row = bond.adherence
    if row is None:
        return _("no adherence to the text is known")
    said = str(ADHERES[Adherence.Kind(row.kind)])
    if row.through is not None:
        said = _("it is bound through %(party)s") % {"party": row.through.name}
    if row.inherited_from is not None:
        said = _("%(adheres)s, as %(party)s") % {"adheres": said, "party": row.inherited_from.name}
    return said
