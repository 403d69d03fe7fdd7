"""Names of the codes of a closing, by kind, code and language: a snapshot beside the hash."""

from __future__ import annotations

from itertools import chain
from typing import Any

from monitoring.models import Provision
from monitoring.models.record import Identity
from reports.figures.known import Known

Names = dict[str, dict[str, str]]


def labels(known: Known) -> dict[str, Names]:
    """Return the names that identities of the agreement bear now; the codes of lists have theirs in the codebook.

    Levels of area are the exception: a truce may call them as its country does.
    """
    agreement = known.agreement
    provisions = Provision.objects.filter(instrument__agreement=agreement).select_related("instrument")
    return {
        "agreement": _names([agreement]),
        "guarantor": _names(agreement.guarantors.all()),
        "observer": _names(agreement.observers.all()),
        "side": _names(agreement.sides.all()),
        "party": _names(agreement.parties.all()),
        "zone": _names(agreement.zones.all()),
        "area": _names(agreement.areas.all()),
        "level": known.version.level_names,
        "settlement": {told["code"]: dict(told["names"]) for told in known.version.accessions},
        "instrument": _names(agreement.instruments.all()),
        "provision": {f"{row.instrument.code}/{row.code}": dict(row.names) for row in provisions},
    }


def _names(rows: Any) -> Names:
    identities: chain[Identity] = chain(rows)
    return {row.code: dict(row.names) for row in identities}
