"""What a guarantor can state on: incidents that a report or a request named to it, and editions that it received.

What it was not told of is refused in the same words as what is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from monitoring import days
from monitoring.errors import Malformed
from reports.figures.annex import meant, reference
from reports.models import Closing, Edition
from violations import replies_seen, requests
from violations.models import Assessment, Incident
from violations.replies_seen import Voice
from violations.statements import Said

if TYPE_CHECKING:
    from monitoring.models import Agreement, GuarantorState


def said_on(
    agreement: Agreement,
    guarantor: GuarantorState,
    code: str,
    *,
    incident: str = "",
    period: str = "",
    closing_number: int | None = None,
    words: str = "",
    language: str = "",
) -> Said:
    """Return the statement on what is named: an incident by its reference, a period, or an edition of a period.

    Raises Malformed (`fields` by pointer) where the guarantor was told of no such thing.
    """
    incident, period = incident.strip(), period.strip()
    if period:
        days.dates(period)
    if period and closing_number is not None and not _received(agreement, guarantor, period, closing_number):
        message = _("You received no edition of this number for this period.")
        raise Malformed(message, fields={"/closing_number": [message]})
    return Said(
        code=code,
        words=words,
        language=language,
        incident=_named(agreement, guarantor, incident) if incident else None,
        period=period,
        closing_number=closing_number,
    )


def _named(agreement: Agreement, guarantor: GuarantorState, written: str) -> Incident:
    for incident in Incident.objects.filter(meant(written), agreement=agreement)[:2]:
        if _asked_about(agreement, guarantor, incident) or _reported(agreement, guarantor, incident):
            return incident
    message = _("No report that you received and no request to you names an incident by this reference.")
    raise Malformed(message, fields={"/incident": [message]})


def _asked_about(agreement: Agreement, guarantor: GuarantorState, incident: Incident) -> bool:
    voice = Voice(agreement, guarantor=guarantor)
    with replies_seen.reading_as([voice]):
        found: bool = requests.visible_to([voice]).filter(incident=incident).exists()
    return found


def _reported(agreement: Agreement, guarantor: GuarantorState, incident: Incident) -> bool:
    """Whether the list of incidents of a released edition names it: asked of the periods in which it ever lay."""
    lay = Assessment.objects.filter(
        incident=incident,
        occurred_from__lt=OuterRef("period_until"),
        occurred_until__gt=OuterRef("period_from"),
    )
    received = Edition.objects.filter(closing=OuterRef("pk"), guarantor=guarantor, released_at__isnull=False)
    closings = Closing.objects.filter(Exists(lay), Exists(received), agreement=agreement)
    return closings.filter(common__content__contains=f'"reference":"{reference(incident.public_id)}"').exists()


def _received(agreement: Agreement, guarantor: GuarantorState, period: str, number: int) -> bool:
    return Edition.objects.filter(
        agreement=agreement,
        guarantor=guarantor,
        closing__period=period,
        closing__number=number,
        released_at__isnull=False,
    ).exists()
