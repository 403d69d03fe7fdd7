"""What would stand in another column, were one holder's reading of the texts and lines taken: pieces of a statement.

A reading is of how parties adhere, of provisions, of drawings of zones. Only incidents that hang on one of these are
looked at: those that name a party over whose adherence readings differ, and those found in breach by an act, in a zone
or by a party that the holder reads otherwise. All others stand where they stood. `READ`, after `CLASSIFIED`, gives
those, once for each of the holders `readings`, with the scope and the zones that the reading gives them. Section 5
counts them; `reports.figures.readings_listed` names them.
"""

from __future__ import annotations

from monitoring.models import InstrumentTerms, MechanismVersion
from monitoring.models.intervals import holds_sql
from reports.figures.classification import BEGINS, forbidden, stands_in
from violations.codebook import Conduct, Scope
from violations.placing import BY_POLYGON, FINE, codes
from violations.scope import class_bound

_PRECEDENCE = "array[" + codes(tuple(Scope.values)) + "]"

# What each holder reads otherwise: the acts of the provisions it reads, in its reading and the common one, the zones
# that it drew. Over whose adherence readings differ is asked of all together: none speaking, the common one does.
HOLDERS = """
contested as materialized (
    select coalesce(array_agg(distinct party_id), '{}') as parties
    from monitoring_adherence where version_id = %(version)s and reading <> ''
),
holder as materialized (
    select holder.reading,
           array(select distinct act
                 from monitoring_provisionterms rival
                 join monitoring_provisionterms terms
                   on terms.version_id = rival.version_id and terms.provision_id = rival.provision_id
                  and terms.reading in ('', rival.reading)
                 cross join unnest(terms.acts) act
                 where rival.version_id = %(version)s and rival.reading = holder.reading
                   and rival.reading <> '') as acts,
           array(select distinct zone_id from monitoring_zoneline
                 where version_id = %(version)s and drawn_by = holder.reading) as zones
    from unnest(%(readings)s::text[]) holder (reading)
)"""

# The class of each contested party in each reading and stretch of time; null where nothing binds it.
CLASSES = f"""
class_read as materialized (
    select holder.reading, party.code, stretch, (
        select {class_bound("adherence.kind")}
        from monitoring_adherence adherence
        join monitoring_instrumentterms text
          on text.version_id = %(version)s and text.instrument_id = adherence.instrument_id
         and text.kind = '{InstrumentTerms.Kind.ADOPTED.value}' and {holds_sql("text", "begins.instant")}
        where adherence.version_id = %(version)s and adherence.party_id = party.id
          and adherence.reading in ('', holder.reading) and {holds_sql("adherence", "begins.instant")}
          and (adherence.reading = holder.reading or not exists (
              select from monitoring_adherence rival
              where rival.version_id = %(version)s and rival.party_id = adherence.party_id
                and rival.instrument_id = adherence.instrument_id and rival.reading = holder.reading
                and {holds_sql("rival", "begins.instant")}))
    ) as class
    from holder
    cross join contested
    join monitoring_party party on party.id = any(contested.parties)
    cross join turning
    cross join lateral generate_series(0, cardinality(turning.turns)) stretch
    cross join lateral (select {BEGINS.format(stretch="stretch")} as instant) begins
)"""

_NAMES_CONTESTED = """(classified.alleged && contested.parties or classified.target && contested.parties
           or classified.involved && contested.parties)"""

AFFECTED = f"""
affected as materialized (
    select classified.id, classified.incident_id, classified.occurred_from, classified.stretch, classified.act,
           classified.zones, classified.answerable, classified.verification, classified.conduct, classified.standing,
           classified.one_sided, classified.finding_id, classified.found_scope, classified.assessed_scope,
           classified.scope_reasons, classified.stands_in as was, holder.reading, holder.zones as drawn,
           {_NAMES_CONTESTED} as names_contested
    from classified cross join contested cross join holder
    where {_NAMES_CONTESTED}
       or (classified.conduct = '{Conduct.BREACH.value}'
           and (classified.act = any(holder.acts) or classified.zones && holder.zones
                or classified.answerable && contested.parties
                or (classified.answerable = '{{}}'
                    and %(attribution)s = '{MechanismVersion.Attribution.NOT_MADE.value}')))
)"""

# What does not hang on a contested party stays as assessed.
_SCOPE_READ = f"""
(select ({_PRECEDENCE})[min(array_position({_PRECEDENCE}, coalesce((
            select class_read.class from class_read
            where class_read.reading = affected.reading and class_read.stretch = affected.stretch
              and class_read.code = reason ->> 'party'), reason ->> 'class')))]
 from jsonb_array_elements(affected.scope_reasons) reason)"""

_DRAWN = f"""
select from monitoring_zoneline line
where line.version_id = %(version)s and line.zone_id = here.zone_id and line.drawn_by = affected.reading
  and {holds_sql("line", "affected.occurred_from")}"""

# A zone that the holder drew holds what that drawing holds; of the others, what any drawing holds.
_ZONES_READ = f"""
(select array(
     select here.zone_id from unnest(affected.zones) here (zone_id)
     where not exists ({_DRAWN})
        or exists ({_DRAWN}
           and ((place.place_precision in ({codes(FINE)}) and st_covers(line.boundary, place.point))
             or (place.place_precision in ({codes(BY_POLYGON)}) and st_covers(line.boundary, (
                 select place_area from violations_incidentreport report where report.id = place.lead_report_id)))))
     order by here.zone_id)
 from violations_assessment place where place.id = affected.id)"""

READ_AS = f"""
read_as as materialized (
    select affected.incident_id, affected.occurred_from, affected.reading, affected.stretch, affected.act,
           affected.answerable, affected.verification, affected.conduct, affected.standing, affected.one_sided,
           affected.finding_id, affected.was,
           coalesce(affected.found_scope, case when affected.names_contested then {_SCOPE_READ} end,
                    affected.assessed_scope) as scope,
           case when affected.conduct = '{Conduct.BREACH.value}' and affected.zones && affected.drawn
                then {_ZONES_READ} else affected.zones end as zones_read
    from affected
)"""

READ = f"{HOLDERS},{CLASSES},{AFFECTED},{READ_AS},{forbidden('forbidden_as_read', 'read_as')}"
WOULD_STAND_IN = stands_in("forbidden_as_read")
