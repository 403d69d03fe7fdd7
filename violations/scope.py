"""Whether the truce applies to an incident, as far as its file says: pieces of one SQL statement.

The pieces are common table expressions that `violations.assessment` strings together. They read `facts` and give
`judged`: for each incident every class that applies, with whom or what it comes from, and of these the first in the
precedence of `codebook.Scope`. The truce's period and area are judged, and every party that the lead report names, in
whatever role, firing or fired at, by how the instruments in force at the earliest instant bind it. What people rule
otherwise is a finding.
"""

from __future__ import annotations

from monitoring.models import Adherence, InstrumentTerms, PartyTerms
from violations.codebook import Role, Scope
from violations.placing import OUTSIDE_SCOPE_AREA, codes

Bound = Adherence.Kind


def _holds(row: str, instant: str) -> str:
    """SQL: the interval of `row` holds `instant`."""
    return (
        f"({row}.valid_from is null or {row}.valid_from <= {instant})"
        f" and ({row}.valid_until is null or {row}.valid_until > {instant})"
    )


_PRECEDENCE = "array[" + codes(tuple(Scope.values)) + "]"
_ROLES = "array[" + codes(tuple(Role.values)) + "]"

PARTIES = f"""
named as (
    select facts.incident_id, facts.version_id, facts.occurred_from as instant,
           party.role, party.as_written, party.party_id
    from facts join violations_reportparty party on party.report_id = facts.report_id
),
-- Those that an umbrella name stands for, at every depth.
kin as (
    with recursive below as (
        select terms.version_id, terms.party_id as umbrella_id, terms.party_id
        from monitoring_partyterms terms
        where terms.kind = '{PartyTerms.Kind.UMBRELLA.value}'
          and terms.version_id in (select version_id from facts)
        union
        select below.version_id, below.umbrella_id, terms.party_id
        from below
        join monitoring_partyterms terms
          on terms.version_id = below.version_id and terms.parent_id = below.party_id
    )
    select version_id, umbrella_id, party_id from below where party_id <> umbrella_id
),
asked as (
    select version_id, instant, party_id from named where party_id is not null
    union
    select kin.version_id, named.instant, kin.party_id
    from named join kin on kin.version_id = named.version_id and kin.umbrella_id = named.party_id
),
-- How the adopted instruments in force at the instant bind each of them, in the common reading ('') and in rival ones.
binding as (
    select asked.version_id, asked.instant, asked.party_id, adherence.instrument_id, adherence.reading, adherence.kind,
           adherence.inherited_from_id is null as own
    from asked
    join monitoring_adherence adherence
      on adherence.version_id = asked.version_id and adherence.party_id = asked.party_id
     and {_holds("adherence", "asked.instant")}
    where exists (
        select from monitoring_instrumentterms terms
        where terms.version_id = asked.version_id and terms.instrument_id = adherence.instrument_id
          and terms.kind = '{InstrumentTerms.Kind.ADOPTED.value}' and {_holds("terms", "asked.instant")}
    )
),
-- A rival reading speaks of the instruments that it names; for the others it follows the common one.
reading as (
    select version_id, instant, party_id, '' as reading from binding
    union
    select version_id, instant, party_id, reading from binding
),
class_of_reading as (
    select reading.version_id, reading.instant, reading.party_id, reading.reading,
           case
               when bool_or(binding.kind = '{Bound.DESIGNATED.value}') then '{Scope.EXCLUDED_DESIGNATED.value}'
               when bool_or(binding.kind in ({codes(Adherence.BINDING)})) then '{Scope.IN_SCOPE.value}'
               when bool_or(binding.kind = '{Bound.DISPUTED.value}') then '{Scope.DISPUTED.value}'
               when bool_or(binding.kind = '{Bound.NON_SIGNATORY.value}') then '{Scope.EXCLUDED_NON_SIGNATORY.value}'
               else '{Scope.NOT_ASSESSED.value}'
           end as class
    from reading
    left join binding
      on binding.version_id = reading.version_id and binding.instant = reading.instant
     and binding.party_id = reading.party_id
     and (binding.reading = reading.reading
       or (binding.reading = '' and not exists (
            select from binding rival
            where rival.version_id = reading.version_id and rival.instant = reading.instant
              and rival.party_id = reading.party_id and rival.reading = reading.reading
              and rival.instrument_id = binding.instrument_id)))
    group by reading.version_id, reading.instant, reading.party_id, reading.reading
),
-- Readings that give different classes leave the party disputed. A name that is no one party, unknown or umbrella, has
-- a class only by an adherence of its own.
class_of_party as (
    select classes.version_id, classes.instant, classes.party_id, terms.kind,
           case
               when terms.kind in ('{PartyTerms.Kind.UNKNOWN.value}', '{PartyTerms.Kind.UMBRELLA.value}')
                    and not owned.own then '{Scope.NOT_ASSESSED.value}'
               when classes.several then '{Scope.DISPUTED.value}'
               else classes.class
           end as class
    from (
        select version_id, instant, party_id, count(distinct class) > 1 as several, min(class) as class
        from class_of_reading group by version_id, instant, party_id
    ) classes
    join (
        select version_id, instant, party_id, bool_or(own) as own
        from binding group by version_id, instant, party_id
    ) owned using (version_id, instant, party_id)
    left join monitoring_partyterms terms
      on terms.version_id = classes.version_id and terms.party_id = classes.party_id
),
-- An umbrella that the file says nothing of, over parties of different classes: nobody can say which of them it was.
mixed as (
    select kin.version_id, class_of_party.instant, kin.umbrella_id
    from kin
    join class_of_party on class_of_party.version_id = kin.version_id and class_of_party.party_id = kin.party_id
    where class_of_party.class <> '{Scope.NOT_ASSESSED.value}'
    group by kin.version_id, class_of_party.instant, kin.umbrella_id
    having count(distinct class_of_party.class) > 1
)"""

REASONS = f"""
reason as (
    select named.incident_id, named.role, named.as_written, party.code as party,
           case
               when class_of_party.class <> '{Scope.NOT_ASSESSED.value}' then class_of_party.class
               when mixed.umbrella_id is not null then '{Scope.DISPUTED.value}'
               else '{Scope.NOT_ASSESSED.value}'
           end as class
    from named
    left join monitoring_party party on party.id = named.party_id
    left join class_of_party
      on class_of_party.version_id = named.version_id and class_of_party.instant = named.instant
     and class_of_party.party_id = named.party_id
    left join mixed
      on mixed.version_id = named.version_id and mixed.instant = named.instant and mixed.umbrella_id = named.party_id
    union all
    select facts.incident_id, null, null, null, '{Scope.NOT_ASSESSED.value}'
    from facts
    where not exists (select from violations_reportparty party where party.report_id = facts.report_id)
    union all
    select facts.incident_id, null, null, null, '{Scope.OUTSIDE_PERIOD.value}'
    from facts join monitoring_mechanismversion version on version.id = facts.version_id
    where facts.occurred_from < version.in_force_from or facts.occurred_from >= version.in_force_until
    union all
    select facts.incident_id, null, null, null, '{Scope.OUTSIDE_AREA.value}'
    from facts join monitoring_mechanismversion version on version.id = facts.version_id
    where version.scope_area is not null and {OUTSIDE_SCOPE_AREA}
),
judged as (
    select incident_id,
           ({_PRECEDENCE})[min(array_position({_PRECEDENCE}, class))] as scope,
           jsonb_agg(
               jsonb_build_object('class', class, 'party', party, 'role', role, 'as_written', as_written)
               order by array_position({_PRECEDENCE}, class), array_position({_ROLES}, role::text) nulls first,
                        party collate "C" nulls last, as_written collate "C" nulls last
           ) as scope_reasons
    from reason
    group by incident_id
)"""
