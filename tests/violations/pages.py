"""Where pages of moderators stand, what is handed in there, and what they refuse."""

from __future__ import annotations

from django.urls import reverse

from monitoring.models import AuditEntry
from tests.violations.occasions import incident_of, party, provision


def page(what, row):
    return reverse(f"admin:violations_{what}", args=[row.public_id])


def incident_page(report):
    return page("incident_change", incident_of(report))


def denials(action):
    return list(AuditEntry.objects.filter(action=action, outcome="denied").values_list("reason", flat=True))


def a_breach(exercise, **changes):
    decision = {
        "verification": "verified",
        "scope": "",
        "conduct": "breach",
        "provisions": [provision(exercise, "no-fire").pk],
        "attribution": "attributed",
        "parties": [party(exercise, "north-army").pk],
        "confidence": "high",
        "basis": ["observed", "sensor"],
        "grounds": "Two posts saw the muzzle flashes.",
    }
    return decision | changes
