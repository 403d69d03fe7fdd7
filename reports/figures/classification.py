"""Each live incident in its column: the one classification that all breakdowns share, as pieces of an SQL statement.

`CLASSIFIED` gives, for each incident of the period that has an assessment as known at the cut-off, its column, the
agreed finding's axes, and `concerned`: the parties that it counts under (those attributed, else those alleged; none
where people found it not attributable or contested it), and `naming`, which says why where there is none: parties may
be involved without anybody saying who acted. `IN_READING` gives the same under one holder's reading of the
texts and lines: of how parties adhere, of provisions, of drawings of zones.
"""

from __future__ import annotations

from monitoring.models import Adherence, InstrumentTerms
from monitoring.models.intervals import holds_sql
from reports.figures.known import holds_at_cutoff
from violations.codebook import Attribution, Conduct, Scope, Standing, Verification
from violations.models import Finding
from violations.placing import BY_POLYGON, FINE, codes
from violations.scope import class_bound

NAMED = (Attribution.ATTRIBUTED, Attribution.TO_SEVERAL_PARTIES)
NOT_NAMED = (Attribution.NOT_ATTRIBUTABLE, Attribution.CONTESTED)
UNVERIFIED = (Verification.NOT_CHECKED, Verification.INCONCLUSIVE)

LIVE = f"""
live as materialized (
    select assessment.*
    from violations_assessment assessment
    where assessment.agreement_id = %(agreement)s
      and assessment.occurred_from >= %(from)s and assessment.occurred_from < %(until)s
      and {holds_at_cutoff("assessment")}
)"""

# The agreed finding of each; and whether somebody proposed one that nobody seconded in time: that a report be moved is
# no word on the incident. Looked up row by row: as sets they would be joined loop in loop while the statistics of a
# large import are not yet taken.
FOUND = f"""
    left join lateral (
        select finding.*,
               array(select party_id from violations_findingparty party where party.finding_id = finding.id
                     order by party_id) as parties
        from violations_finding finding
        where finding.incident_id = live.incident_id and finding.standing <> '{Standing.PROPOSED.value}'
          and {holds_at_cutoff("finding")}
    ) agreed on true"""
PROPOSED_TOO_LATE = f"""exists (
               select from violations_finding proposal
               where proposal.incident_id = live.incident_id and proposal.standing = '{Standing.PROPOSED.value}'
                 and proposal.effect = '{Finding.Effect.FINDING.value}' and {holds_at_cutoff("proposal")}
                 and proposal.second_by <= %(known_at)s)"""


def _examined(scope: str, zones: str) -> str:
    """What is asked of each incident: its facts and its agreed finding, its scope and zones as `scope` and `zones` say.

    `answerable`: those attributed, else those alleged. An overruled scope is people's; else it is as assessed or read.
    """
    return f"""
examined as materialized (
    select live.incident_id, live.occurred_from, live.occurred_until, live.time_precision, live.areas, live.zones,
           live.act, live.objects_hit, live.weapon_family, live.alleged, live.target, live.involved,
           live.killed_low, live.killed_high, live.injured_low, live.injured_high, live.scope_reasons,
           live.scope as assessed_scope, coalesce(nullif(agreed.scope, ''), {scope}, live.scope) as scope,
           coalesce(agreed.scope, '') <> '' and agreed.scope <> live.scope as overruled,
           agreed.id as finding_id, agreed.standing, agreed.verification, agreed.conduct, agreed.confidence,
           coalesce(agreed.attribution, '{Attribution.NOT_ASSESSED.value}') as attribution, agreed.basis,
           coalesce(agreed.attribution in ({codes(NAMED)}) and agreed.parties <> '{{}}', false) as attributed,
           agreed.parties, {zones} as zones_read,
           case when agreed.attribution in ({codes(NAMED)}) and agreed.parties <> '{{}}' then agreed.parties
                else live.alleged end as answerable,
           agreed.killed_verified, agreed.injured_verified,
           agreed.id is null and {PROPOSED_TOO_LATE} as one_sided
    from live {FOUND}
)"""


# Which provisions of the texts adopted forbid which act to whom, taking the reading where it speaks, else the common.
# Whether a rival reading speaks is asked for the instant of the incident.
FORBIDDEN = f"""
forbidden as materialized (
    select distinct answered.incident_id
    from (
        select incident_id, act, occurred_from, zones_read, unnest(answerable) as party_id from examined
        where conduct = '{Conduct.BREACH.value}'
        union all
        select incident_id, act, occurred_from, zones_read, null from examined
        where conduct = '{Conduct.BREACH.value}' and answerable = '{{}}' and %(attribution)s = 'not_made'
    ) answered
    join (
        select unnest(acts) as act, terms.* from monitoring_provisionterms terms where terms.version_id = %(version)s
    ) terms
      on terms.act = answered.act and terms.reading in ('', %(reading)s)
     and {holds_sql("terms", "answered.occurred_from")}
    join monitoring_provision provision on provision.id = terms.provision_id
    join monitoring_instrumentterms text
      on text.version_id = %(version)s and text.instrument_id = provision.instrument_id
     and text.kind = '{InstrumentTerms.Kind.ADOPTED.value}' and {holds_sql("text", "answered.occurred_from")}
    join monitoring_adherence adherence
      on adherence.version_id = %(version)s and adherence.instrument_id = provision.instrument_id
     and adherence.kind in ({codes(Adherence.BINDING)}) and adherence.reading in ('', %(reading)s)
     and (adherence.party_id = answered.party_id or answered.party_id is null)
     and {holds_sql("adherence", "answered.occurred_from")}
    where (terms.reading = %(reading)s or not exists (
              select from monitoring_provisionterms rival
              where rival.version_id = %(version)s and rival.provision_id = terms.provision_id
                and rival.reading = %(reading)s and {holds_sql("rival", "answered.occurred_from")}))
      and (adherence.reading = %(reading)s or not exists (
              select from monitoring_adherence rival
              where rival.version_id = %(version)s and rival.party_id = adherence.party_id
                and rival.instrument_id = adherence.instrument_id and rival.reading = %(reading)s
                and {holds_sql("rival", "answered.occurred_from")}))
      and (not exists (select from monitoring_provisionterms_zones everywhere
                       where everywhere.provisionterms_id = terms.id)
           or exists (select from monitoring_provisionterms_zones somewhere
                      where somewhere.provisionterms_id = terms.id
                        and somewhere.zone_id = any(answered.zones_read)))
)"""

IN_COLUMNS = f"""
classified as materialized (
    select examined.*,
           case when examined.attribution in ({codes(NOT_NAMED)}) then '{{}}'::bigint[] else examined.answerable
           end as concerned,
           case when examined.attribution in ({codes(NOT_NAMED)}) then examined.attribution
                when examined.answerable <> '{{}}' then 'party'
                when examined.involved <> '{{}}' then 'involved' else 'not_named' end as naming,
           case
               when verification = '{Verification.DISCOUNTED.value}' then 'discounted'
               when scope = '{Scope.OUTSIDE_PERIOD.value}' then 'outside_period'
               when scope = '{Scope.OUTSIDE_AREA.value}' then 'outside_area'
               when scope = '{Scope.EXCLUDED_DESIGNATED.value}' then 'excluded_designated'
               when scope = '{Scope.EXCLUDED_NON_SIGNATORY.value}' then 'excluded_non_signatory'
               when scope = '{Scope.DISPUTED.value}' then 'scope_disputed'
               when one_sided then 'one_sided'
               when finding_id is null or verification in ({codes(UNVERIFIED)}) then 'pending'
               when standing = '{Standing.DATA_SET.value}' then 'probable_data_set'
               when scope = '{Scope.NOT_ASSESSED.value}' then 'scope_not_assessed'
               when conduct = '{Conduct.UNDETERMINED.value}' then 'conduct_undetermined'
               when conduct = '{Conduct.NO_BREACH.value}' then 'no_breach'
               when incident_id not in (select incident_id from forbidden) then 'no_provision'
               when standing = '{Standing.DETERMINED.value}' then 'violations_determined'
               else 'violations_preliminary'
           end as stands_in
    from examined
)"""

# The figures of the report are in the common reading, which is named ''. `CLASSIFYING` is the classification of
# whatever `live` holds before it; `CLASSIFIED` that of the period's incidents.
_AS_ASSESSED = _examined("live.scope", "live.zones")
CLASSIFYING = f"{_AS_ASSESSED},{FORBIDDEN},{IN_COLUMNS}".replace("%(reading)s", "''")
CLASSIFIED = f"{LIVE},{CLASSIFYING}"

_PRECEDENCE = "array[" + codes(tuple(Scope.values)) + "]"

# Parties over whose adherence readings differ.
CONTESTED = """
contested as (
    select distinct party.code, party.id as party_id
    from monitoring_adherence adherence join monitoring_party party on party.id = adherence.party_id
    where adherence.version_id = %(version)s and adherence.reading <> ''
)"""

# The class of the contested party that a reason names, as the reading binds it at the instant of the incident.
_CLASS_READ = f"""
(select {class_bound("adherence.kind")}
 from contested
 join monitoring_adherence adherence
   on adherence.version_id = %(version)s and adherence.party_id = contested.party_id
  and adherence.reading in ('', %(reading)s) and {holds_sql("adherence", "live.occurred_from")}
 join monitoring_instrumentterms text
   on text.version_id = %(version)s and text.instrument_id = adherence.instrument_id
  and text.kind = '{InstrumentTerms.Kind.ADOPTED.value}' and {holds_sql("text", "live.occurred_from")}
 where contested.code = reason ->> 'party'
   and (adherence.reading = %(reading)s or not exists (
       select from monitoring_adherence rival
       where rival.version_id = %(version)s and rival.party_id = adherence.party_id
         and rival.instrument_id = adherence.instrument_id and rival.reading = %(reading)s
         and {holds_sql("rival", "live.occurred_from")})))"""

# What does not hang on a contested party stays as assessed.
_SCOPE_READ = f"""
(select ({_PRECEDENCE})[min(array_position({_PRECEDENCE}, coalesce({_CLASS_READ}, reason ->> 'class')))]
 from jsonb_array_elements(live.scope_reasons) reason)"""

_DRAWN = f"""
select from monitoring_zoneline line
where line.version_id = %(version)s and line.zone_id = here.zone_id and line.drawn_by = %(reading)s
  and {holds_sql("line", "live.occurred_from")}"""

# A zone that the holder drew holds what that drawing holds; of the others, what any drawing holds.
_ZONES_READ = f"""
array(select here.zone_id from unnest(live.zones) here (zone_id)
      where not exists ({_DRAWN})
         or exists ({_DRAWN}
            and ((live.place_precision in ({codes(FINE)}) and st_covers(line.boundary, live.point))
              or (live.place_precision in ({codes(BY_POLYGON)}) and st_covers(line.boundary, (
                  select place_area from violations_incidentreport report where report.id = live.lead_report_id)))))
      order by here.zone_id)"""

_AS_READ = _examined(_SCOPE_READ, _ZONES_READ)
IN_READING = f"{LIVE},{CONTESTED},{_AS_READ},{FORBIDDEN},{IN_COLUMNS}"
