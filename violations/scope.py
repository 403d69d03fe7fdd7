"""Whether the truce applies to an incident, as far as its file says: pieces of one SQL statement.

The truce's period and area are judged, and every party that the lead report names, in whatever role, firing or fired
at, by how the instruments in force at the earliest instant bind it. Of all classes that apply, each kept with whom or
what it comes from, the first in the precedence of `codebook.Scope` is the answer. What people rule otherwise is a
finding.

How parties are bound changes only at the ends of the file's intervals. So the classes are worked out once for every
party and every stretch of time between two such ends (`VERDICTS`, common table expressions), and each incident looks
up those that it names (`reasons`, a lateral subquery joined to `facts`). Where a source wrote several parties as one
and they are of different classes, nobody can say which of them it was: each is disputed.
"""

from __future__ import annotations

from enum import StrEnum

from monitoring.models import Adherence, InstrumentTerms, PartyTerms
from monitoring.models.intervals import holds_sql
from violations.codebook import Role, Scope
from violations.placing import OUTSIDE_SCOPE_AREA, OUTSIDE_SCOPE_LEVEL, codes

Bound = Adherence.Kind


def class_bound(kind: str) -> str:
    """SQL over a group of adherences: the class that they give a party, null where there are none.

    Designated before all else; then bound by one text is bound; `kind` is the expression of codebook Adherence.Kind.
    """
    return f"""case
               when bool_or({kind} = '{Bound.DESIGNATED.value}') then '{Scope.EXCLUDED_DESIGNATED.value}'
               when bool_or({kind} in ({codes(Adherence.BINDING)})) then '{Scope.IN_SCOPE.value}'
               when bool_or({kind} = '{Bound.DISPUTED.value}') then '{Scope.DISPUTED.value}'
               when bool_or({kind} = '{Bound.NON_SIGNATORY.value}') then '{Scope.EXCLUDED_NON_SIGNATORY.value}'
           end"""


_PRECEDENCE = "array[" + codes(tuple(Scope.values)) + "]::text[]"
_ROLES = "array[" + codes(tuple(Role.values)) + "]::text[]"

# The instants at which something that binds begins or ends, in order: between two of them nothing changes.
TURNS = """
select array_agg(distinct turn order by turn)
from (
    select version.in_force_from as turn
    union all select valid_from from monitoring_adherence where version_id = version.id
    union all select valid_until from monitoring_adherence where version_id = version.id
    union all select valid_from from monitoring_instrumentterms where version_id = version.id
    union all select valid_until from monitoring_instrumentterms where version_id = version.id
) turns
where turn is not null"""

VERDICTS = f"""
-- The stretches that are asked for, each by its first instant; the one before all turns has none.
stretch as (
    select distinct facts.version_id, facts.stretch, coalesce(facts.turns[facts.stretch], '-infinity') as instant
    from facts where facts.report_id is not null
),
-- How the adopted instruments in force bind each party, in the common reading ('') and in rival ones.
binding as (
    select stretch.version_id, stretch.stretch, adherence.party_id, adherence.instrument_id, adherence.reading,
           adherence.kind, adherence.inherited_from_id is null as own
    from stretch
    join monitoring_adherence adherence
      on adherence.version_id = stretch.version_id and {holds_sql("adherence", "stretch.instant")}
    join monitoring_instrumentterms terms
      on terms.version_id = stretch.version_id and terms.instrument_id = adherence.instrument_id
     and terms.kind = '{InstrumentTerms.Kind.ADOPTED.value}' and {holds_sql("terms", "stretch.instant")}
),
reading as (
    select version_id, stretch, party_id, '' as reading from binding
    union
    select version_id, stretch, party_id, reading from binding
),
-- A rival reading speaks of the instruments that it names; for the others it follows the common one.
followed as (
    select distinct on (reading.version_id, reading.stretch, reading.party_id, reading.reading, binding.instrument_id)
           reading.version_id, reading.stretch, reading.party_id, reading.reading, binding.kind
    from reading
    left join binding
      on binding.version_id = reading.version_id and binding.stretch = reading.stretch
     and binding.party_id = reading.party_id and binding.reading in ('', reading.reading)
    order by reading.version_id, reading.stretch, reading.party_id, reading.reading, binding.instrument_id,
             binding.reading = ''
),
class_of_reading as (
    select version_id, stretch, party_id,
           coalesce({class_bound("kind")}, '{Scope.NOT_ASSESSED.value}') as class
    from followed
    group by version_id, stretch, party_id, reading
),
-- Readings that give different classes leave the party disputed.
class_of_party as (
    select version_id, stretch, party_id,
           case when count(distinct class) > 1 then '{Scope.DISPUTED.value}' else min(class) end as class
    from class_of_reading
    group by version_id, stretch, party_id
),
-- A name that is no one party, unknown or umbrella, has a class only by an adherence of its own.
judged_party as (
    select class_of_party.version_id, class_of_party.stretch, class_of_party.party_id, class_of_party.class
    from class_of_party
    left join monitoring_partyterms terms
      on terms.version_id = class_of_party.version_id and terms.party_id = class_of_party.party_id
    where coalesce(terms.kind, '') not in ('{PartyTerms.Kind.UNKNOWN.value}', '{PartyTerms.Kind.UMBRELLA.value}')
       or exists (
           select from binding
           where binding.version_id = class_of_party.version_id and binding.stretch = class_of_party.stretch
             and binding.party_id = class_of_party.party_id and binding.own)
),
-- Those that an umbrella name stands for, at every depth.
kin as (
    with recursive below as (
        select terms.version_id, terms.party_id as umbrella_id, terms.party_id
        from monitoring_partyterms terms
        where terms.kind = '{PartyTerms.Kind.UMBRELLA.value}' and terms.version_id in (select version_id from stretch)
        union
        select below.version_id, below.umbrella_id, terms.party_id
        from below
        join monitoring_partyterms terms
          on terms.version_id = below.version_id and terms.parent_id = below.party_id
    )
    select version_id, umbrella_id, party_id from below where party_id <> umbrella_id
),
-- An umbrella that the file says nothing of, over parties of different classes: nobody can say which of them it was.
mixed as (
    select kin.version_id, judged_party.stretch, kin.umbrella_id as party_id
    from kin
    join judged_party on judged_party.version_id = kin.version_id and judged_party.party_id = kin.party_id
    where judged_party.class <> '{Scope.NOT_ASSESSED.value}'
    group by kin.version_id, judged_party.stretch, kin.umbrella_id
    having count(distinct judged_party.class) > 1
),
verdict as materialized (
    select version_id, stretch, jsonb_object_agg(party_id, class) as classes
    from (
        select version_id, stretch, party_id, class from judged_party
        union all
        select version_id, stretch, party_id, '{Scope.DISPUTED.value}' from mixed
        where not exists (
            select from judged_party
            where judged_party.version_id = mixed.version_id and judged_party.stretch = mixed.stretch
              and judged_party.party_id = mixed.party_id)
    ) every_party
    group by version_id, stretch
)"""


class BoundBy(StrEnum):
    """By what a version of the mechanism says where its truce applies."""

    DRAWING = "drawing"
    LEVEL = "level"
    NOTHING = "nothing"


# SQL over `version`: which of these it is.
BOUND_BY = f"""(case when version.scope_area is not null then '{BoundBy.DRAWING}'
            when version.scope_level <> '' then '{BoundBy.LEVEL}' else '{BoundBy.NOTHING}' end)"""
# SQL over `facts` and `version`: whether what is known of the place lies outside, by what bounds the truce.
_OUTSIDE = {
    BoundBy.DRAWING: OUTSIDE_SCOPE_AREA,
    BoundBy.LEVEL: OUTSIDE_SCOPE_LEVEL,
    BoundBy.NOTHING: "false",
    None: f"""case {BOUND_BY} when '{BoundBy.DRAWING}' then {OUTSIDE_SCOPE_AREA}
                   when '{BoundBy.LEVEL}' then {OUTSIDE_SCOPE_LEVEL} end""",
}


def reasons(parties: str = "violations_reportparty", *, bound_by: BoundBy | None = None) -> str:
    """SQL: the answer and what it comes from, of the parties that a report names.

    `bound_by`: what bounds the truce, where all are of one version of which that is known.
    """
    return f"""
lateral (
    select ({_PRECEDENCE})[min(array_position({_PRECEDENCE}, reason.class))] as scope,
           jsonb_agg(
               jsonb_build_object(
                   'class', reason.class, 'party', reason.party, 'role', reason.role, 'as_written', reason.as_written)
               order by array_position({_PRECEDENCE}, reason.class),
                        array_position({_ROLES}, reason.role) nulls first,
                        reason.party collate "C" nulls last, reason.as_written collate "C" nulls last
           ) as scope_reasons
    from (
        select case
                   when named.composite <> '' and min(named.known) over whole <> max(named.known) over whole
                   then '{Scope.DISPUTED.value}'
                   else coalesce(named.known, '{Scope.NOT_ASSESSED.value}')
               end as class,
               named.party, named.role, named.as_written
        from (
            select nullif(verdict.classes ->> named.party_id::text, '{Scope.NOT_ASSESSED.value}') as known,
                   party.code::text as party, named.role::text as role, named.as_written::text as as_written,
                   named.composite
            from {parties} named
            left join monitoring_party party on party.id = named.party_id
            where named.report_id = facts.report_id
        ) named
        window whole as (partition by named.role, named.composite)
        union all
        select '{Scope.NOT_ASSESSED.value}', null, null, null
        where not exists (select from {parties} named where named.report_id = facts.report_id)
        union all
        select '{Scope.OUTSIDE_PERIOD.value}', null, null, null
        where facts.occurred_from < version.in_force_from or facts.occurred_from >= version.in_force_until
        union all
        select '{Scope.OUTSIDE_AREA.value}', null, null, null
        where {_OUTSIDE[bound_by]}
    ) reason
) judged"""
