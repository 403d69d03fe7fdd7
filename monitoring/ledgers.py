"""For whose ledger a person files the daily return: a guarantor's, which the mechanism file ties them to.

A guarantor's own people file for it. A duty officer files, from paper, for the guarantor whose own team they serve. A
party's liaison files where the file says that the party is a guarantor's own forces, while that term holds: other
parties have no ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from monitoring import accreditation, duty_officers
from monitoring.accreditation import Role
from monitoring.models import Agreement, GuarantorState, GuarantorTerm, TeamTerms, User

if TYPE_CHECKING:
    from monitoring.models import Accreditation

# Who files returns; of these, who says a guarantor's word on another's ledger is its own people alone.
FILERS = (Role.GUARANTOR, Role.DUTY_OFFICER, Role.PARTY_LIAISON)


def ledger_of(user: User, agreement: Agreement) -> GuarantorState | None:
    """Return the guarantor whose own return `user` files now; None: no one's."""
    held = accreditation.held_by(user, *FILERS, agreement=agreement).select_related("sent_by_guarantor")
    found = (_ledger(row, user, agreement) for row in held.order_by("pk"))
    return next((guarantor for guarantor in found if guarantor is not None), None)


def _ledger(held: Accreditation, user: User, agreement: Agreement) -> GuarantorState | None:
    if held.role == Role.GUARANTOR:
        return held.sent_by_guarantor
    if held.role == Role.DUTY_OFFICER:
        served = duty_officers.teams_filed_for_by(user, agreement)
        own = TeamTerms.objects.filter(version=agreement.terms, team__in=served, guarantor__isnull=False)
        return GuarantorState.objects.filter(pk__in=own.values("guarantor")).order_by("code").first()
    now = timezone.now()
    terms = GuarantorTerm.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=now),
        Q(valid_until__isnull=True) | Q(valid_until__gt=now),
        version=agreement.terms,
        own_forces=held.sent_by_party_id,
    )
    return GuarantorState.objects.filter(pk__in=terms.values("guarantor")).order_by("code").first()
