"""Which incidents an imported set tells of, and what is found of each where the set is accepted: set by set, in SQL.

`selected` holds the incidents of the set as the record held them at an instant, and why one is left out. `accepting`
holds those that are to be found upon, with the axes. Both are temporary and go when the transaction ends. The same rule
says what a set that is told otherwise says of one incident (`said_of`).
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from monitoring.models import Adherence, InstrumentTerms, MechanismVersion, Party, Provision
from monitoring.models.intervals import holds_sql
from violations.codebook import (
    Attribution,
    Basis,
    Conduct,
    Confidence,
    LinkKind,
    Role,
    Scope,
    Standing,
    Verification,
)
from violations.decisions import Decision
from violations.models import Assessment, Finding, Incident
from violations.moderation_codes import Intent, Sequence
from violations.placing import codes

# Why an incident of the set is left alone: as the record held it when it was proposed, and what came since.
LEFT_OUT = ("found", "proposed", "other_reports", "told_otherwise", "found_since", "changed_since")


def _held_then(row: str) -> str:
    return f"{row}.recorded_at <= %(then)s and ({row}.superseded_at is null or {row}.superseded_at > %(then)s)"


# The links of an incident are read by its number alone, and each report by its own: as sets they would be joined loop
# in loop while the statistics of a large import are not yet taken.
_LINKS = """
(select * from violations_reportlink own where own.incident_id = assessment.incident_id offset 0) link"""
_SOURCE = "(select report.source from violations_incidentreport report where report.id = link.report_id)"
_NEWER = """
select from violations_incidentreport newer
where newer.chain = link.chain and newer.revision >
      (select report.revision from violations_incidentreport report where report.id = link.report_id)"""
# That a report be linked into an incident is a proposal on that incident, too.
_FOUND = """
select from violations_finding finding
where (finding.incident_id = assessment.incident_id or finding.effect_incident_id = assessment.incident_id)"""
_PROPOSED = f"finding.standing = '{Standing.PROPOSED.value}'"

GONE = "drop table if exists pg_temp.selected, pg_temp.accepting, pg_temp.lanes"

# One incident alone, as it is assessed now.
THE_ONE = """
create temporary table selected on commit drop as
select id as assessment_id, incident_id, null::text as left_out
from violations_assessment where incident_id = %s and superseded_at is null"""

# A report that was filed, or is of another source, makes it one for people: so nobody accepts what they filed.
SELECTED = f"""
create temporary table selected on commit drop as
select assessment.id as assessment_id, assessment.incident_id,
       case
           when exists ({_FOUND} and not {_PROPOSED} and {_held_then("finding")}) then 'found'
           when exists ({_FOUND} and {_PROPOSED} and {_held_then("finding")}) then 'proposed'
           when members.others then 'other_reports'
           when members.newer then 'told_otherwise'
       end as left_out
from violations_assessment assessment
cross join lateral (
    select bool_or({_SOURCE} = %(source)s) as of_set, bool_or({_SOURCE} <> %(source)s) as others,
           bool_or(exists ({_NEWER} and newer.recorded_at <= %(then)s)) as newer
    from {_LINKS}
    where link.kind <> '{LinkKind.RELATED.value}' and {_held_then("link")}
) members
where assessment.agreement_id = %(agreement)s and {_held_then("assessment")} and members.of_set"""

# What was found or proposed meanwhile, closed again or not; what the reports or the mechanism made of the incident.
SINCE = f"""
update selected set left_out = case when since.found then 'found_since' else 'changed_since' end
from (
    select assessment.id,
           exists ({_FOUND} and finding.recorded_at > %(then)s) as found,
           assessment.superseded_at is not null
           or exists (select from {_LINKS} where link.recorded_at > %(then)s or link.superseded_at > %(then)s
                      or (link.superseded_at is null and exists ({_NEWER}))) as changed
    from violations_assessment assessment join selected on selected.assessment_id = assessment.id
    where selected.left_out is null
) since
where since.id = selected.assessment_id and (since.found or since.changed)"""

# Only where one known party alone is said to have acted does the set name who did; a composite names nobody.
_ACTED = f"""
select min(named.party_id) as party_id
from violations_reportparty named
where named.report_id = assessment.lead_report_id and named.role = '{Role.ALLEGED.value}'
having count(*) = 1 and min(named.composite) = ''
   and min(named.party_id) in (select party_id from monitoring_partyterms where version_id = %(version)s)"""

# The provisions in force there and then that forbid the act to that party, in the common reading of the texts adopted.
_BREACHED = f"""
select array_agg(distinct terms.provision_id order by terms.provision_id) as provisions
from monitoring_provisionterms terms
join monitoring_provision provision on provision.id = terms.provision_id
join monitoring_instrumentterms text
  on text.version_id = terms.version_id and text.instrument_id = provision.instrument_id
 and text.kind = '{InstrumentTerms.Kind.ADOPTED.value}' and {holds_sql("text", "assessment.occurred_from")}
join monitoring_adherence adherence
  on adherence.version_id = terms.version_id and adherence.instrument_id = provision.instrument_id
 and adherence.party_id = acted.party_id and adherence.reading = ''
 and adherence.kind in ({codes(Adherence.BINDING)}) and {holds_sql("adherence", "assessment.occurred_from")}
where terms.version_id = %(version)s and terms.reading = '' and assessment.act = any(terms.acts)
  and {holds_sql("terms", "assessment.occurred_from")}
  and (not exists (select from monitoring_provisionterms_zones here where here.provisionterms_id = terms.id)
       or exists (select from monitoring_provisionterms_zones here
                  where here.provisionterms_id = terms.id and here.zone_id = any(assessment.zones)))"""

ACCEPTING = f"""
create temporary table accepting on commit drop as
select axes.*, breached.provisions is not null as breach,
       breached.provisions is not null and axes.lane = 'grave' as grave_breach, breached.provisions,
       case when %(attribution)s <> '{MechanismVersion.Attribution.NOT_MADE.value}' then axes.acted_by end as party_id,
       nextval(pg_get_serial_sequence('violations_finding', 'id')) as finding_id
from (
    select assessment.id as assessment_id, assessment.incident_id, lanes.lane, acted.party_id as acted_by
    from selected
    join violations_assessment assessment on assessment.id = selected.assessment_id
    join lanes on lanes.assessment_id = assessment.id
    left join lateral ({_ACTED}) acted on true
    where selected.left_out is null
    order by assessment.incident_id
) axes
join violations_assessment assessment on assessment.id = axes.assessment_id
cross join lateral (select axes.acted_by as party_id) acted
left join lateral ({_BREACHED}) breached on assessment.scope = '{Scope.IN_SCOPE.value}'"""

# What is found of each, whole: no scope overruled, no casualties verified.
AXES = f"""
       '{Verification.PROBABLE.value}' as verification,
       case when breach then '{Conduct.BREACH.value}' else '{Conduct.UNDETERMINED.value}' end as conduct,
       case when party_id is null then '{Attribution.NOT_ASSESSED.value}'
            else '{Attribution.ATTRIBUTED.value}' end as attribution,
       case when party_id is null then '' else '{Confidence.LOW.value}' end as confidence,
       case when party_id is null then '{{}}' else array['{Basis.OPEN_SOURCE.value}'] end as basis,
       case when grave_breach then '{Intent.UNKNOWN.value}' else '' end as intent,
       case when grave_breach then '{Sequence.UNKNOWN.value}' else '' end as sequence"""

FINDINGS = f"""
insert into violations_finding (
    id, recorded_at, public_id, incident_id, agreement_id, standing, effect, effect_kind, scope, verification, conduct,
    attribution, confidence, basis, intent, sequence, grounds, changed, proposed_by_id, proposed_side_id,
    seconded_by_id, seconded_side_id)
select finding_id, %(recorded_at)s, gen_random_uuid(), incident_id, %(agreement)s, '{Standing.DATA_SET.value}',
       '{Finding.Effect.FINDING.value}', '', '',{AXES},
       %(grounds)s,
       array_remove(array['verification', case when breach then 'conduct' end]
                    || case when party_id is not null then array['attribution', 'confidence', 'basis'] end
                    || case when grave_breach then array['intent', 'sequence'] end
                    || case when party_id is not null then array['parties'] end
                    || case when breach then array['provisions'] end, null),
       %(proposed_by)s, %(proposed_side)s, %(seconded_by)s, %(seconded_side)s
from accepting order by finding_id"""
PARTIES = """
insert into violations_findingparty (finding_id, party_id)
select finding_id, party_id from accepting where party_id is not null order by finding_id"""
PROVISIONS = """
insert into violations_findingprovision (finding_id, provision_id)
select finding_id, unnest(provisions) from accepting where breach order by 1, 2"""


def select(agreement_id: int, source: str, *, then: Any, until_now: bool) -> dict[str, int]:
    """Make `selected` as the record held the set at the instant `then`; return how many are left out, by reason.

    `until_now`: what was found or changed since is left out as well. Call where no verb of the truce can be under way.
    """
    how = {"agreement": agreement_id, "source": source, "then": then}
    with connection.cursor() as cursor:
        cursor.execute(GONE)
        cursor.execute(SELECTED, how)
        cursor.execute("create index on selected (assessment_id)")
        cursor.execute("analyze selected")
        if until_now:
            cursor.execute(SINCE, how)
        cursor.execute("select left_out, count(*) from selected where left_out is not null group by left_out")
        left_out = dict(cursor.fetchall())
    return {reason: left_out[reason] for reason in LEFT_OUT if reason in left_out}


def weigh(version: MechanismVersion) -> list[tuple[str, str, str, int]]:
    """Make `accepting`, the axes of what is selected; return (scope, attribution, conduct, how many)."""
    lanes = Assessment.objects.with_lane().filter(agreement=version.agreement).values("pk", "lane")
    statement, parameters = lanes.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table lanes on commit drop as select assessment_id, lane"
            f" from ({statement}) as lanes (assessment_id, lane) join selected using (assessment_id)",
            parameters,
        )
        cursor.execute("create index on lanes (assessment_id)")
        cursor.execute("analyze lanes")
        cursor.execute(ACCEPTING, {"version": version.pk, "attribution": version.attribution})
        cursor.execute("analyze accepting")
        cursor.execute(
            f"""
            select assessment.scope,
                   case when party_id is null then '{Attribution.NOT_ASSESSED.value}'
                        else '{Attribution.ATTRIBUTED.value}' end as attribution,
                   case when breach then '{Conduct.BREACH.value}' else '{Conduct.UNDETERMINED.value}' end as conduct,
                   count(*)
            from accepting join violations_assessment assessment on assessment.id = accepting.assessment_id
            group by 1, 2, 3 order by 1, 2, 3
            """
        )
        return cursor.fetchall()


def write(**how: Any) -> int:
    """Write the findings of `accepting` with their parties and provisions; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(FINDINGS, how)
        written = cursor.rowcount
        cursor.execute(PARTIES)
        cursor.execute(PROVISIONS)
    return written


def said_of(incident: Incident, *, grounds: str) -> Decision:
    """What would be found of a live incident now, were the set that its lead report is of accepted now."""
    with connection.cursor() as cursor:
        cursor.execute(GONE)
        cursor.execute(THE_ONE, [incident.pk])
        weigh(incident.agreement.terms)
        cursor.execute(f"select {AXES}, party_id, provisions from accepting")
        *axes, party, breached = cursor.fetchone()
        names = [column.name for column in cursor.description[: len(axes)]]
    return Decision(
        **dict(zip(names, axes, strict=True)) | {"basis": tuple(axes[names.index("basis")])},
        grounds=grounds,
        parties=tuple(Party.objects.filter(pk=party)),
        provisions=tuple(Provision.objects.filter(pk__in=breached or []).order_by("pk")),
    )
