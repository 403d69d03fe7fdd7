"""The statements by which the incoming lines of a set become reports, incidents and links, each for the whole set.

They read the tables that `staging` makes, and are told agreement, source, time zone and the entry's stamp.
"""

from __future__ import annotations

from violations.codebook import LinkKind, ReviewState

NEW = "select incident_id from incoming where incident_id is not null"

REPORTS = """
insert into violations_incidentreport (
    id, recorded_at, public_id, chain, revision, agreement_id, source, external_id, occurred_from, occurred_until,
    time_precision, point, place_precision, place_as_written, stated_area_id, act, objects_hit, weapon_family,
    weapon_assessed, means, count_qualifier, count_unit, casualties, narrative, narrative_language, consent,
    noticed, content_sha256)
select report_id, %(recorded_at)s, gen_random_uuid(), chain, revision, %(agreement)s, %(source)s, external_id,
       first_day::timestamp at time zone %(zone)s, after_last_day::timestamp at time zone %(zone)s,
       time_precision, point, place_precision, place_as_written, stated_area_id, act, '{}', '', false, means, '', '',
       casualties, narrative, narrative_language, '', noticed, content_sha256
from incoming order by report_id"""

PARTIES = """
insert into violations_reportparty (report_id, role, as_written, party_id, composite)
select distinct on (report_id, party ->> 0, party ->> 1)
       report_id, party ->> 0, party ->> 1, known_party.id, party ->> 2
from incoming
cross join jsonb_array_elements(parties) party
left join known_party on known_party.name = party ->> 1
order by report_id, party ->> 0, party ->> 1, party ->> 2"""

STEPS = f"""
insert into violations_reviewstep (recorded_at, chain, report_id, state, grounds)
select %(recorded_at)s, chain, report_id, state, ''
from (
    select chain, before_id as report_id, '{ReviewState.SUPERSEDED.value}' as state, 1 as turn
    from incoming where before_id is not null
    union all
    select chain, report_id, '{ReviewState.SUBMITTED.value}', 2 from incoming
) steps
order by report_id, turn"""

INCIDENTS = """
insert into violations_incident (id, recorded_at, public_id, agreement_id)
select incident_id, %(recorded_at)s, gen_random_uuid(), %(agreement)s
from incoming where incident_id is not null order by incident_id"""

LINKS = f"""
insert into violations_reportlink (recorded_at, report_id, chain, incident_id, kind, grounds)
select %(recorded_at)s, report_id, chain, incident_id, '{LinkKind.SAME_EVENT.value}', ''
from incoming where incident_id is not null order by incident_id"""

# Every incident that the import tells of anew, whether or not what it tells takes effect.
CONCERNED = """
select link.incident_id from incoming
join violations_reportlink link on link.chain = incoming.chain and link.superseded_at is null"""

# A revision takes effect at once only where nothing was ever found or proposed on the incident, or of the chain.
MOVED = f"""
create temporary table moved on commit drop as
select link.id as link_id, link.incident_id, link.kind, link.grounds, link.chain, incoming.report_id
from incoming
join violations_reportlink link on link.chain = incoming.chain and link.superseded_at is null
where incoming.before_id is not null
  and not exists (
      select from violations_reportlink here
      join violations_finding finding
        on finding.incident_id = here.incident_id or finding.effect_incident_id = here.incident_id
      where here.chain = incoming.chain and here.kind <> '{LinkKind.RELATED.value}')
  and not exists (
      select from violations_finding finding
      join violations_incidentreport report on report.id = finding.effect_report_id
      where report.chain = incoming.chain)"""

MOVED_FROM = """
update violations_reportlink link set superseded_at = %(recorded_at)s
from moved where link.id = moved.link_id"""

MOVED_TO = """
insert into violations_reportlink (recorded_at, report_id, chain, incident_id, kind, grounds)
select %(recorded_at)s, report_id, chain, incident_id, kind, grounds from moved order by link_id"""
