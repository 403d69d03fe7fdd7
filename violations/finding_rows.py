"""The rows of what was decided: read, and written whole with all their parts. For `findings` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from violations import casualties, decisions
from violations.decisions import Decision
from violations.models import Finding, FindingParty, FindingProvision, Incident

if TYPE_CHECKING:
    from datetime import datetime

    from monitoring.accreditation import Capacity
    from monitoring.models import User


def agreed(incident: Incident | int) -> Finding | None:
    """Return the agreed finding of the incident, if there is one."""
    return Finding.objects.open().agreed().filter(incident=incident).first()


def all_agreed(concerned: list[int]) -> list[Finding]:
    """Return the agreed findings of the incidents, in the order of these."""
    rows = Finding.objects.open().agreed().filter(incident__in=concerned).select_related("incident__agreement")
    return sorted(rows, key=lambda row: concerned.index(row.incident_id))


def by_both(proposal: Finding, capacity: Capacity, by: User) -> dict[str, Any]:
    """What an agreed row keeps of the proposal, and who seconded it."""
    kept = ("effect", "effect_report", "effect_incident", "effect_kind", "changed", "proposed_by", "proposed_side")
    return {name: getattr(proposal, name) for name in kept} | {"seconded_by": by, "seconded_side": capacity.side}


def write(incident: Incident, decision: Decision, *, recorded_at: datetime, **values: Any) -> Finding:
    """Write one row: who decided and with what standing stands in `values`."""
    finding = Finding.objects.create(
        incident=incident,
        agreement=incident.agreement,
        recorded_at=recorded_at,
        grounds=decision.grounds,
        **{column: getattr(decision, column) for column in decisions.COLUMNS if column != "basis"},
        basis=list(decision.basis),
        **values,
    )
    FindingParty.objects.bulk_create(FindingParty(finding=finding, party=party) for party in decision.parties)
    FindingProvision.objects.bulk_create(
        FindingProvision(finding=finding, provision=provision) for provision in decision.provisions
    )
    casualties.write(finding, decision.casualties)
    return finding
