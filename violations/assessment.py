"""What the system makes of incidents: assessed in sets, one statement to close what no longer holds and one to write.

An incident has an open assessment while a report is a member of it. Its facts are those of the lead report: that of the
chain that was first made a member, duplicates last; a correction keeps the lead. Casualties: low as the lead has it,
high the most that any live report has. Areas and zones come from `violations.placing`, scope from `violations.scope`,
by the mechanism version and the boundary sets that hold now. A new row is written only where the answer differs: a new
version of the mechanism that changes nothing for an incident leaves its assessment, and the version it names, alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from monitoring.ledger import Conflict
from monitoring.models import Agreement
from violations import placing, scope
from violations.codebook import LinkKind


@dataclass(frozen=True)
class Reassessed:
    """How many assessments were closed and how many written."""

    closed: int
    written: int


THESE = "select unnest(%(incidents)s::bigint[]) as incident_id"
OF_AGREEMENT = "select id as incident_id from violations_incident where agreement_id = %(agreement)s"

# The answer: what is compared. The version and the boundary sets say by what it was found and are not part of it.
ANSWER = (
    "lead_report_id",
    "occurred_from",
    "occurred_until",
    "time_precision",
    "point",
    "place_precision",
    "areas",
    "zones",
    "act",
    "objects_hit",
    "weapon_family",
    "alleged",
    "target",
    "involved",
    "killed_low",
    "killed_high",
    "injured_low",
    "injured_high",
    "scope",
    "scope_reasons",
)

MEMBERS = f"""
member as (
    select link.incident_id, link.report_id, link.kind, link.superseded_at,
           min(link.recorded_at) over chain_here as since, min(link.id) over chain_here as first_link
    from asked_for join violations_reportlink link using (incident_id)
    where link.kind <> '{LinkKind.RELATED.value}'
    window chain_here as (partition by link.incident_id, link.chain)
),
live as (select * from member where superseded_at is null),
lead as (
    select distinct on (incident_id) incident_id, report_id
    from live
    order by incident_id, kind = '{LinkKind.DUPLICATE.value}', since, first_link
),
facts as materialized (
    select lead.incident_id, lead.report_id, incident.agreement_id, version.id as version_id,
           report.occurred_from, report.occurred_until, report.time_precision, report.point, report.place_area,
           report.place_precision, report.stated_area_id, report.act, report.objects_hit, report.weapon_family
    from lead
    join violations_incident incident on incident.id = lead.incident_id
    join violations_incidentreport report on report.id = lead.report_id
    join monitoring_mechanismversion version
      on version.agreement_id = incident.agreement_id and version.superseded_at is null
)"""

# Per report the sums over those known of civilians, combatants and unknown; where a source breaks the order of low,
# best and high, the least and the greatest of what it gives. Nothing given: null, never 0.
CASUALTIES = """
harm as (
    select live.incident_id, live.report_id,
           sum(bounds.low) filter (where cell.harm = 'killed') as killed_low,
           sum(bounds.high) filter (where cell.harm = 'killed') as killed_high,
           sum(bounds.low) filter (where cell.harm = 'injured') as injured_low,
           sum(bounds.high) filter (where cell.harm = 'injured') as injured_high
    from live
    join violations_incidentreport report on report.id = live.report_id and report.casualties <> '{}'
    cross join (values ('killed', 'civilian'), ('killed', 'combatant'), ('killed', 'unknown'),
                       ('injured', 'civilian'), ('injured', 'combatant'), ('injured', 'unknown')) cell (harm, whom)
    cross join lateral (select report.casualties -> cell.harm -> cell.whom as given) entry
    cross join lateral (
        select least((given ->> 'low')::int, (given ->> 'best')::int, (given ->> 'high')::int) as low,
               greatest((given ->> 'low')::int, (given ->> 'best')::int, (given ->> 'high')::int) as high
    ) bounds
    group by live.incident_id, live.report_id
),
casualties as (
    select harm.incident_id,
           max(harm.killed_low) filter (where harm.report_id = lead.report_id) as killed_low,
           max(harm.killed_high) as killed_high,
           max(harm.injured_low) filter (where harm.report_id = lead.report_id) as injured_low,
           max(harm.injured_high) as injured_high
    from harm join lead using (incident_id)
    group by harm.incident_id
)"""

ANSWERS = """
roles as (
    select incident_id,
           array_agg(distinct party_id order by party_id) filter (where role = 'alleged') as alleged,
           array_agg(distinct party_id order by party_id) filter (where role = 'target') as target,
           array_agg(distinct party_id order by party_id) filter (where role = 'involved') as involved
    from named where party_id is not null group by incident_id
),
sets_used as (
    select agreement_id, array_agg(boundary_set_id order by boundary_set_id) as boundary_sets
    from drawn group by agreement_id
),
answer as (
    select facts.incident_id, facts.agreement_id, facts.version_id,
           coalesce(sets_used.boundary_sets, '{}') as boundary_sets,
           facts.report_id as lead_report_id, facts.occurred_from, facts.occurred_until, facts.time_precision,
           facts.point, facts.place_precision,
           coalesce(in_areas.areas, '{}') as areas, coalesce(in_zones.zones, '{}') as zones,
           facts.act, facts.objects_hit, facts.weapon_family,
           coalesce(roles.alleged, '{}') as alleged, coalesce(roles.target, '{}') as target,
           coalesce(roles.involved, '{}') as involved,
           casualties.killed_low, casualties.killed_high, casualties.injured_low, casualties.injured_high,
           judged.scope, judged.scope_reasons
    from facts
    join judged using (incident_id)
    left join in_areas using (incident_id)
    left join in_zones using (incident_id)
    left join roles using (incident_id)
    left join casualties using (incident_id)
    left join sets_used on sets_used.agreement_id = facts.agreement_id
)"""

PIECES = (MEMBERS, CASUALTIES, placing.AREAS, placing.ZONES, scope.PARTIES, scope.REASONS, ANSWERS)


def reassess(incident_ids: Collection[int], *, recorded_at: datetime) -> Reassessed:
    """Assess the incidents anew, at the stamp `recorded_at` of the verb that changed something about them.

    Call it once a verb, inside `ledger.writing()`, after everything else is written: an assessment written at a stamp
    cannot be closed at the same one. Raises Conflict where another verb assessed one of them later than `recorded_at`.
    """
    wanted = sorted(set(incident_ids))
    if not wanted:
        return Reassessed(0, 0)
    return _reassess(
        THESE,
        {"incidents": wanted, "recorded_at": recorded_at},
        "select distinct agreement_id from violations_incident where id = any(%(incidents)s::bigint[])",
    )


def reassess_agreement(agreement: Agreement, *, recorded_at: datetime) -> Reassessed:
    """Assess every incident of `agreement` anew: after its mechanism or its boundary sets changed."""
    return _reassess(OF_AGREEMENT, {"agreement": agreement.pk, "recorded_at": recorded_at}, "select %(agreement)s")


def _reassess(incidents: str, parameters: dict[str, Any], agreements: str) -> Reassessed:
    answers = ",".join(PIECES)
    with connection.cursor() as cursor:
        # For verbs that did not hold the mechanism before their stamp (violations.holding): hold it now at the latest.
        cursor.execute(
            f"select id from monitoring_agreement where id in ({agreements}) order by id for key share", parameters
        )
        cursor.execute(
            f"""
            select exists (
                select from violations_assessment assessment
                join ({incidents}) asked_for using (incident_id)
                where assessment.superseded_at is null and assessment.recorded_at > %(recorded_at)s
            )
            """,
            parameters,
        )
        if cursor.fetchone()[0]:
            raise Conflict("An incident was assessed by another entry that was stamped later; try again.")
        cursor.execute(
            f"""
            with asked_for as ({incidents}), {answers}
            update violations_assessment assessment set superseded_at = %(recorded_at)s
            from asked_for left join answer using (incident_id)
            where assessment.incident_id = asked_for.incident_id and assessment.superseded_at is null
              and (answer.incident_id is null
                or ({", ".join(f"assessment.{column}" for column in ANSWER)})
                   is distinct from ({", ".join(f"answer.{column}" for column in ANSWER)}))
            """,
            parameters,
        )
        closed = cursor.rowcount
        columns = ", ".join(("incident_id", "agreement_id", "version_id", "boundary_sets", *ANSWER))
        cursor.execute(
            f"""
            with asked_for as (
                select incident_id from ({incidents}) wanted
                where not exists (
                    select from violations_assessment assessment
                    where assessment.incident_id = wanted.incident_id and assessment.superseded_at is null)
            ), {answers}
            insert into violations_assessment (recorded_at, {columns})
            select %(recorded_at)s, {columns} from answer order by incident_id
            """,
            parameters,
        )
        return Reassessed(closed=closed, written=cursor.rowcount)
