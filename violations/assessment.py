"""What the system makes of incidents: assessed in sets, one statement to close what no longer holds and one to write.

An incident has an open assessment while a report is a member of it. Its facts are those of the lead report: that of the
chain that was first made a member, duplicates last, and a party's own word after all that teams filed; a correction
keeps the lead. Casualties: low as the lead has it, high the most that any live report has. Areas and zones come from
`violations.placing`, scope from `violations.scope`, by the mechanism version and the boundary sets that hold now. A new
row is written only where the answer differs: a new version of the mechanism that changes nothing for an incident leaves
its assessment, and the version it names, alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from monitoring.ledger import Conflict
from monitoring.models import Agreement
from violations import docket, harm, placing, scope
from violations.codebook import LinkKind, Role


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


def _terms(turns: str, which: str) -> str:
    """SQL: the versions `which`, the shapes that are drawn with each, and the instants at which something turns."""
    return f"""
terms as materialized (
    select version.agreement_id, version.id as version_id, {turns} as turns, drawn.boundary_sets, drawn.levels_drawn
    from monitoring_mechanismversion version
    cross join lateral (
        select coalesce(array_agg(drawn.id order by drawn.id), '{{}}') as boundary_sets,
               coalesce(array_agg(drawn.level), '{{}}') as levels_drawn
        from monitoring_boundaryset drawn
        where drawn.agreement_id = version.agreement_id and drawn.superseded_at is null
    ) drawn
    where {which}
)"""


# What is said of the lead report, and by what it is judged.
_SAID = """
terms.agreement_id, terms.version_id, terms.turns, terms.boundary_sets, terms.levels_drawn,
           width_bucket(report.occurred_from, terms.turns) as stretch, report.id as report_id,
           report.occurred_from, report.occurred_until, report.time_precision, report.point, report.place_area,
           report.place_precision, report.stated_area_id, report.act, report.objects_hit, report.weapon_family"""

# The live reports of each incident asked for, the lead first, and what the lead says; nulls where there is none. The
# links of an incident are read by its number alone: the index of all open ones would be read whole for each. What is
# read for an incident is looked up for it alone, which `offset 0` ensures. A set that was written just now counts as no
# rows until it is analysed: joined as sets, they would be planned loop in loop, and all worked out once for each.
FACTS = f"""
facts as materialized (
    select asked_for.incident_id, live.report_ids, {_SAID}
    from asked_for
    cross join lateral (select * from violations_incident one where one.id = asked_for.incident_id offset 0) incident
    join terms on terms.agreement_id = incident.agreement_id
    cross join lateral (
        select array_agg(member.report_id
                   order by member.is_word, member.kind = '{LinkKind.DUPLICATE.value}', member.since,
                            member.first_link) as report_ids
        from (
            select link.report_id, link.kind, link.superseded_at,
                   case when count(*) over () > 1 then (
                       select told.told_by_id is not null from violations_incidentreport told
                       where told.id = link.report_id) else false end as is_word,
                   min(link.recorded_at) over chain_here as since, min(link.id) over chain_here as first_link
            from violations_reportlink link
            where link.incident_id = asked_for.incident_id and link.kind <> '{LinkKind.RELATED.value}'
            window chain_here as (partition by link.chain)
        ) member
        where member.superseded_at is null
    ) live
    left join lateral (
        select * from violations_incidentreport lead where lead.id = live.report_ids[1] offset 0
    ) report on true
)"""


# The known parties that a lead report names, by role.
PARTIES = """
lateral (
    select array_agg(distinct party_id order by party_id) filter (where role = 'alleged') as alleged,
           array_agg(distinct party_id order by party_id) filter (where role = 'target') as target,
           array_agg(distinct party_id order by party_id) filter (where role = 'involved') as involved
    from violations_reportparty named
    where named.report_id = facts.report_id and named.party_id is not null
) parties"""


def _answer_of_each(*, parties: str, casualties: str, reasons: str) -> str:
    return f"""
answer as materialized (
    select facts.incident_id, facts.agreement_id, facts.version_id, facts.boundary_sets,
           facts.report_id as lead_report_id, facts.occurred_from, facts.occurred_until, facts.time_precision,
           facts.point, facts.place_precision,
           coalesce(in_areas.areas, '{{}}') as areas, coalesce(in_zones.zones, '{{}}') as zones,
           facts.act, facts.objects_hit, facts.weapon_family,
           coalesce(parties.alleged, '{{}}') as alleged, coalesce(parties.target, '{{}}') as target,
           coalesce(parties.involved, '{{}}') as involved,
           casualties.killed_low, casualties.killed_high, casualties.injured_low, casualties.injured_high,
           judged.scope, judged.scope_reasons
    from facts
    join monitoring_mechanismversion version on version.id = facts.version_id
    left join verdict on verdict.version_id = facts.version_id and verdict.stretch = facts.stretch
    left join {placing.AREAS} on true
    left join {placing.ZONES} on true
    left join {parties} on true
    left join {casualties} on true
    left join {reasons} on true
)"""


ANSWERS = f"""
{_terms(f"({scope.TURNS})", "version.superseded_at is null")},
{FACTS},
{scope.VERDICTS},
{_answer_of_each(parties=PARTIES, casualties=harm.CASUALTIES, reasons=scope.reasons())}"""


def _written(answers: str) -> str:
    """SQL: write the assessments that `answers` comes to, of incidents that have no open one."""
    return f"with {answers} {_insert('%(recorded_at)s')} order by incident_id"


def _insert(recorded_at: str) -> str:
    columns = ", ".join(("incident_id", "agreement_id", "version_id", "boundary_sets", *ANSWER))
    return f"""
        insert into violations_assessment (recorded_at, {columns})
        select {recorded_at}, {columns} from answer where lead_report_id is not null"""


def of_new(*, version: str, classes: str, parties: dict[Role, str], harmed: str, bound_by: scope.BoundBy) -> str:
    """SQL: common table expressions that assess an incident which a report just opened, and tell the docket.

    They follow `report`, `party` and `incident`, the rows that were just written: there is no other report. `version`:
    that of the mechanism, which the verb holds; `classes`: what it makes of each party then (`violations.verdicts`), so
    nothing turns; `bound_by`: by what it says where the truce applies. `parties`: those known that the report names, in
    order, by role; `harmed`: the numbers of `violations.harm`. What nobody decided on yet is work, in the lane that the
    rule has it in.
    """
    named = ", ".join(f"{numbers} as {role.value}" for role, numbers in parties.items())
    numbers = ", ".join(f"({harmed})[{place}] as {column}" for place, column in enumerate(harm.Harmed._fields, 1))
    lead = "assessed.act, assessed.objects_hit, assessed.weapon_family, assessed.harmed, facts.means"
    gravity = docket.gravity(f"violations_lane(rule.lanes, {lead})")
    return f"""
{_terms("'{}'::timestamptz[]", f"version.id = {version}")},
facts as materialized (
    select incident.id as incident_id, array[report.id] as report_ids, report.recorded_at, report.means, {_SAID}
    from report
    cross join incident
    cross join terms
),
verdict as (select {version} as version_id, 0 as stretch, {classes} as classes),
{
        _answer_of_each(
            parties=f"(select {named}) parties",
            casualties=f"(select {numbers}) casualties",
            reasons=scope.reasons("party", bound_by=bound_by),
        )
    },
assessed as (
    {_insert("(select recorded_at from facts)")}
    returning recorded_at, incident_id, agreement_id, act, objects_hit, weapon_family,
              greatest(killed_low, killed_high, injured_low, injured_high) as harmed
),
told as (
    insert into violations_docket (recorded_at, incident_id, agreement_id, stage, gravity)
    select assessed.recorded_at, assessed.incident_id, assessed.agreement_id, '{docket.Stage.WORK.value}', {gravity}
    from assessed
    join facts using (incident_id)
    join monitoring_mechanismversion rule on rule.id = {version}
)"""


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
    """Assess every incident of `agreement` anew: after its mechanism or its boundary sets changed.

    The docket follows: the rule of lanes is the mechanism's.
    """
    how = {"agreement": agreement.pk, "recorded_at": recorded_at}
    reassessed = _reassess(OF_AGREEMENT, how, "select %(agreement)s")
    docket.follow_agreement(agreement, recorded_at=recorded_at)
    return reassessed


def reassess_selected(incidents: str, *, recorded_at: datetime) -> Reassessed:
    """Assess anew the incidents that the statement `incidents` selects as `incident_id`: a set too large to list."""
    return _reassess(
        incidents,
        {"recorded_at": recorded_at},
        f"select distinct agreement_id from violations_incident where id in ({incidents})",
    )


def _open_assessment(incident: str) -> str:
    """SQL: the open assessment of the row `incident`, looked up for it alone."""
    return f"""
        select * from violations_assessment open_one
        where open_one.incident_id = {incident}.incident_id and open_one.superseded_at is null offset 0"""


def _reassess(incidents: str, parameters: dict[str, Any], agreements: str) -> Reassessed:
    with connection.cursor() as cursor:
        # For verbs that did not hold the mechanism before their stamp (violations.holding): hold it now at the latest.
        cursor.execute(
            f"""
            select id from monitoring_agreement where id in ({agreements}) order by id for key share;
            select exists (
                select from violations_assessment assessment
                join ({incidents}) asked_for using (incident_id)
                where assessment.superseded_at is null and assessment.recorded_at > %(recorded_at)s
            )
            """,
            parameters,
        )
        cursor.nextset()
        if cursor.fetchone()[0]:
            raise Conflict("An incident was assessed by another entry that was stamped later; try again.")
        cursor.execute(
            f"""
            with asked_for as ({incidents}), {ANSWERS}
            update violations_assessment set superseded_at = %(recorded_at)s
            where id = any(array(
                select assessment.id
                from answer
                cross join lateral ({_open_assessment("answer")}) assessment
                where answer.lead_report_id is null
                   or ({", ".join(f"assessment.{column}" for column in ANSWER)})
                      is distinct from ({", ".join(f"answer.{column}" for column in ANSWER)})
            ))
            """,
            parameters,
        )
        closed = cursor.rowcount
        without = f"select incident_id from ({incidents}) wanted where not exists ({_open_assessment('wanted')})"
        cursor.execute(_written(f"asked_for as ({without}), {ANSWERS}"), parameters)
        return Reassessed(closed=closed, written=cursor.rowcount)
