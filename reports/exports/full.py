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
    "areas": "sited.areas",
    "zones": "zoned.cell",
}


@cache
def rows() -> str:
    """SQL: the rows of one day by the names of `INCIDENTS_IN_FULL`, and beside them what tells two apart."""
    listed = ",\n       ".join(f'{CELLS[name]} as "{name}"' for name in INCIDENTS_IN_FULL.names)
    return f"""
with {CLASSIFIED},{tier.NAMED},
sited as materialized (
    select sets.areas as ids, {
        several('''array(
               select area.code collate "C" from monitoring_area area where area.id = any(sets.areas) order by 1)''')
    }
           as areas
    from (select distinct areas from classified) sets
),
zoned as materialized (
    select sets.zones, {
        several('''array(
               select zone.code collate "C" from monitoring_zone zone where zone.id = any(sets.zones) order by 1)''')
    }
           as cell
    from (select distinct zones from classified) sets
)
select {listed},
       incident.public_id::text as told_apart, null::text as area
from classified
join violations_incident incident on incident.id = classified.incident_id
join violations_assessment assessment on assessment.id = classified.id
join violations_incidentreport report on report.id = assessment.lead_report_id
join sited on sited.ids = classified.areas
join zoned on zoned.zones = classified.zones
{tier.PARTIES}
"""


def parameters(known: Known) -> dict[str, Any]:
    """What the statement asks for, whatever the day."""
    return {**known.parameters(), "ends_at": known.period.ends_at}
