"""Each live incident in its column: the one classification that all breakdowns share, as pieces of an SQL statement.

`CLASSIFIED` gives, for each incident of the period that has an assessment as known at the cut-off, its column, the
agreed finding's axes, and `concerned`: the parties that it counts under (those attributed, else those alleged; none
where people found it not attributable or contested it), and `naming`, which says why where there is none: parties may
be involved without anybody saying who acted. How the same stand under another reading of the texts and lines is
`reports.figures.readings`.

What the file says changes only at the ends of its intervals. So whether a provision forbids what happened is asked once
for each act, party and stretch of time between two such ends, and not for each incident.
"""

from __future__ import annotations

from monitoring.models import Adherence, InstrumentTerms, PartyTerms
from monitoring.models.intervals import holds_sql
from reports.figures.known import holds_at_cutoff
from violations.codebook import Attribution, Conduct, Scope, Standing, Verification
from violations.models import Finding
from violations.placing import codes

OWN_FORCES = PartyTerms.Kind.GUARANTOR_FORCES
NAMED = (Attribution.ATTRIBUTED, Attribution.TO_SEVERAL_PARTIES)
NOT_NAMED = (Attribution.NOT_ATTRIBUTABLE, Attribution.CONTESTED)
UNVERIFIED = (Verification.NOT_CHECKED, Verification.INCONCLUSIVE)

LIVE = f"""
live as materialized (
    select assessment.id, assessment.incident_id, assessment.occurred_from, assessment.occurred_until,
           assessment.time_precision, assessment.areas, assessment.zones, assessment.act, assessment.objects_hit,
           assessment.weapon_family, assessment.alleged, assessment.target, assessment.involved,
           assessment.killed_low, assessment.killed_high, assessment.injured_low, assessment.injured_high,
           assessment.scope, assessment.scope_reasons
    from violations_assessment assessment
    where assessment.agreement_id = %(agreement)s
      and assessment.occurred_from >= %(from)s and assessment.occurred_from < %(until)s
      and {holds_at_cutoff("assessment")}
)"""

# The instants at which something that the file says begins or ends, in order.
TURNING = """
turning as materialized (
    select coalesce(array_agg(distinct turn order by turn), '{}') as turns
    from (
        select valid_from as turn from monitoring_adherence where version_id = %(version)s
        union all select valid_until from monitoring_adherence where version_id = %(version)s
        union all select valid_from from monitoring_instrumentterms where version_id = %(version)s
        union all select valid_until from monitoring_instrumentterms where version_id = %(version)s
        union all select valid_from from monitoring_provisionterms where version_id = %(version)s
        union all select valid_until from monitoring_provisionterms where version_id = %(version)s
    ) turns
    where turn is not null
)"""
# The first instant of a stretch; the one before all turns has none.
BEGINS = "coalesce(turning.turns[{stretch}], '-infinity')"

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
# Looked up for each incident alone, which `offset 0` ensures: else the proposals of the whole history would be hashed.
PROPOSED_TOO_LATE = f"""exists (
               select from violations_finding proposal
               where proposal.incident_id = live.incident_id and proposal.standing = '{Standing.PROPOSED.value}'
                 and proposal.effect = '{Finding.Effect.FINDING.value}' and {holds_at_cutoff("proposal")}
                 and proposal.second_by <= %(known_at)s offset 0)"""

# Of an incident and its agreed finding: who answers for it, those attributed, else those alleged.
ATTRIBUTION = f"coalesce(agreed.attribution, '{Attribution.NOT_ASSESSED.value}')"
ANSWERABLE = f"""case when agreed.attribution in ({codes(NAMED)}) and agreed.parties <> '{{}}' then agreed.parties
                else live.alleged end"""
# And of what these come to: under whom it counts, or why under nobody.
CONCERNED = f"""case when attribution in ({codes(NOT_NAMED)}) then '{{}}'::bigint[] else answerable end as concerned,
           case when attribution in ({codes(NOT_NAMED)}) then attribution
                when answerable <> '{{}}' then 'party'
                when involved <> '{{}}' then 'involved' else 'not_named' end as naming"""

# What is asked of each incident: its facts and its agreed finding. `answerable`: those attributed, else those alleged.
# An overruled scope is people's; else it is as assessed. The figures of the report are in the common reading, named ''.
EXAMINED = f"""
examined as materialized (
    select live.id, live.incident_id, live.occurred_from, live.occurred_until, live.time_precision, live.areas,
           live.zones, live.act, live.objects_hit, live.weapon_family, live.alleged, live.target, live.involved,
           live.killed_low, live.killed_high, live.injured_low, live.injured_high, live.scope_reasons,
           live.scope as assessed_scope, nullif(agreed.scope, '') as found_scope,
           coalesce(nullif(agreed.scope, ''), live.scope) as scope,
           coalesce(agreed.scope, '') <> '' and agreed.scope <> live.scope as overruled,
           agreed.id as finding_id, agreed.standing, agreed.verification, agreed.conduct, agreed.confidence,
           {ATTRIBUTION} as attribution, agreed.basis,
           coalesce(agreed.attribution in ({codes(NAMED)}) and agreed.parties <> '{{}}', false) as attributed,
           agreed.parties, ''::text as reading, live.zones as zones_read,
           width_bucket(live.occurred_from, (select turns from turning)) as stretch,
           {ANSWERABLE} as answerable,
           agreed.killed_verified, agreed.injured_verified,
           agreed.id is null and {PROPOSED_TOO_LATE} as one_sided
    from live {FOUND}
)"""


def forbidden(name: str, examined: str) -> str:
    """Which acts of `examined`, found in breach, provisions of the texts adopted forbid to those who answer for them.

    A reading (column `reading`) is taken where it speaks, else the common one; whether it speaks is asked for the
    stretch of time in which the incident lies. Gives what the answer hangs on, `FORBIDDEN_BY`, as table `name`.
    """
    return f"""
{name} as materialized (
    select distinct answered.reading, answered.act, answered.stretch, answered.zones_read, answered.answerable
    from (
        select alike.*, {BEGINS.format(stretch="alike.stretch")} as instant, named.party_id
        from (
            select distinct reading, act, stretch, zones_read, answerable
            from {examined} where conduct = '{Conduct.BREACH.value}'
        ) alike
        cross join turning
        cross join lateral (
            select unnest(alike.answerable) as party_id
            union all
            select null where alike.answerable = '{{}}' and %(attribution)s = 'not_made'
        ) named
    ) answered
    join (
        select unnest(acts) as act, terms.* from monitoring_provisionterms terms where terms.version_id = %(version)s
    ) terms
      on terms.act = answered.act and terms.reading in ('', answered.reading)
     and {holds_sql("terms", "answered.instant")}
    join monitoring_provision provision on provision.id = terms.provision_id
    join monitoring_instrumentterms text
      on text.version_id = %(version)s and text.instrument_id = provision.instrument_id
     and text.kind = '{InstrumentTerms.Kind.ADOPTED.value}' and {holds_sql("text", "answered.instant")}
    join monitoring_adherence adherence
      on adherence.version_id = %(version)s and adherence.instrument_id = provision.instrument_id
     and adherence.kind in ({codes(Adherence.BINDING)}) and adherence.reading in ('', answered.reading)
     and (adherence.party_id = answered.party_id or answered.party_id is null)
     and {holds_sql("adherence", "answered.instant")}
    where (terms.reading = answered.reading or not exists (
              select from monitoring_provisionterms rival
              where rival.version_id = %(version)s and rival.provision_id = terms.provision_id
                and rival.reading = answered.reading and {holds_sql("rival", "answered.instant")}))
      and (adherence.reading = answered.reading or not exists (
              select from monitoring_adherence rival
              where rival.version_id = %(version)s and rival.party_id = adherence.party_id
                and rival.instrument_id = adherence.instrument_id and rival.reading = answered.reading
                and {holds_sql("rival", "answered.instant")}))
      and (not exists (select from monitoring_provisionterms_zones everywhere
                       where everywhere.provisionterms_id = terms.id)
           or exists (select from monitoring_provisionterms_zones somewhere
                      where somewhere.provisionterms_id = terms.id
                        and somewhere.zone_id = any(answered.zones_read)))
)"""


def stands_in(forbidden: str) -> str:
    """SQL: the column in which an incident stands, the first that fits; `forbidden` names the table of what is."""
    return f"""case
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
               when (reading, act, stretch, zones_read, answerable) not in (
                   select reading, act, stretch, zones_read, answerable from {forbidden}) then 'no_provision'
               when standing = '{Standing.DETERMINED.value}' then 'violations_determined'
               else 'violations_preliminary'
           end"""


IN_COLUMNS = f"""
classified as materialized (
    select examined.*,
           {CONCERNED},
           {stands_in("forbidden")} as stands_in
    from examined
)"""

# `CLASSIFYING` is the classification of whatever `live` holds before it; `CLASSIFIED` that of the period's incidents.
CLASSIFYING = f"{TURNING},{EXAMINED},{forbidden('forbidden', 'examined')},{IN_COLUMNS}"
CLASSIFIED = f"{LIVE},{CLASSIFYING}"

# Whom what `live` holds counts under, and nothing else of it: for what is not told by columns.
COUNTED_UNDER = f"""
classified as materialized (
    select incident_id, {CONCERNED}
    from (
        select live.incident_id, live.involved, {ATTRIBUTION} as attribution, {ANSWERABLE} as answerable
        from live {FOUND}
    ) answered
)"""


def sided(classified: str, columns: str) -> str:
    """`columns` of `classified`, once for each side of the parties they count under, guarantors' own forces apart."""
    return f"""
sided as (
    select distinct {columns}, side.code as side,
           case when terms.kind = '{OWN_FORCES.value}' then '{OWN_FORCES.value}' else 'parties' end as forces
    from {classified}
    cross join unnest(concerned) concern (party_id)
    left join monitoring_partyterms terms
      on terms.version_id = %(version)s and terms.party_id = concern.party_id
    left join monitoring_side side on side.id = terms.side_id
)"""
