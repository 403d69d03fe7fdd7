"""Incidents as moderators know them, as SQL that COPY can send: exact time and point, and no delay."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from reports.exports import tier
from reports.exports.cells import guarded, instant, several
from reports.figures.classification import CLASSIFIED
from reports.renderers.tables import INCIDENTS_IN_FULL

if TYPE_CHECKING:
    from reports.figures.known import Known

CELLS = {
    **tier.cells(parties_told=True, binding_told=True),
    "incident": "incident.public_id::text",
    "occurred_from": instant("classified.occurred_from"),
    "occurred_until": instant("classified.occurred_until"),
    "longitude": "st_x(assessment.point)",
    "latitude": "st_y(assessment.point)",
    "place_precision": "assessment.place_precision",
    "place_as_written": guarded("report.place_as_written"),
    "areas": "area_cells.cells ->> classified.areas::text",
    "zones": "zone_cells.cells ->> classified.zones::text",
}


def _cells(kind: str) -> str:
    found = several(
        f"""array(select code collate "C" from monitoring_{kind} where id = any(sets.{kind}s) order by 1)"""
    )
    return f"""
{kind}_cells as materialized (
    select coalesce(jsonb_object_agg(sets.{kind}s::text, {found}), '{{}}') as cells from {tier.sets_of(f"{kind}s")}
)"""


@cache
def rows() -> str:
    """SQL: rows of a stretch of the period by the names of `INCIDENTS_IN_FULL`, beside them what tells two apart."""
    listed = ",\n       ".join(f'{CELLS[name]} as "{name}"' for name in INCIDENTS_IN_FULL.names)
    return f"""
with recursive {CLASSIFIED},{tier.PARTY_CELLS},{tier.DISSENTED},{tier.STEPS},{_cells("area")},{_cells("zone")}
select {listed},
       incident.public_id::text as told_apart, null::text as area
from classified
join violations_incident incident on incident.id = classified.incident_id
join violations_assessment assessment on assessment.id = classified.id
join violations_incidentreport report on report.id = assessment.lead_report_id
cross join party_cells
cross join area_cells
cross join zone_cells{tier.DAY}
"""


def parameters(known: Known) -> dict[str, Any]:
    """What the statement asks for, whatever the day."""
    return {**known.parameters(), **tier.of_days(known)}
