"""Which provisions an incident may breach: those in force there and then that forbid the act, by the present file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from monitoring.models import Adherence, InstrumentTerms, ProvisionTerms
from monitoring.models.intervals import holds

if TYPE_CHECKING:
    from collections.abc import Collection

    from monitoring.models import MechanismVersion
    from violations.models import Assessment


def forbidding(assessment: Assessment, terms: MechanismVersion) -> Any:
    """Return the ProvisionTerms, in every reading and of every instrument, that forbid what the incident was.

    In force at its earliest instant, the act among those that breach them, and standing everywhere or in a zone that
    the incident lies in.
    """
    return (
        ProvisionTerms.objects.filter(holds(assessment.occurred_from), version=terms, acts__contains=[assessment.act])
        .filter(Q(zones__isnull=True) | Q(zones__in=assessment.zones))
        .select_related("provision__instrument")
        .order_by("provision__instrument__code", "provision__code", "reading")
        .distinct()
    )


def binding(assessment: Assessment, terms: MechanismVersion, parties: Collection[int]) -> Any:
    """Of those, the ones of an adopted instrument that binds one of `parties` (ids), in the common reading.

    Where nobody is named and the truce's mechanism names no firing party: that binds any party.
    """
    instant = assessment.occurred_from
    same = {"version": terms, "instrument": OuterRef("provision__instrument")}
    bound = Adherence.objects.filter(holds(instant), reading="", kind__in=Adherence.BINDING, **same)
    if parties or terms.attribution != terms.Attribution.NOT_MADE:
        bound = bound.filter(party__in=parties)
    adopted = InstrumentTerms.objects.filter(holds(instant), kind=InstrumentTerms.Kind.ADOPTED, **same)
    return forbidding(assessment, terms).filter(Exists(bound), Exists(adopted), reading="")
