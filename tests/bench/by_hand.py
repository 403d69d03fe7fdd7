"""The tables of a month's sections, as somebody who knows SQL and this one truce would write them by hand.

Plain: the incidents of the month with what was found of them in one temporary table, then one GROUP BY a table of the
report. It may assume what the service must not: that nothing in the file begins or ends within the month, that
attribution is published, that the boundaries are of one level. `figures_of` brings the service's own sections into the
same form, so that a run is checked figure by figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from monitoring.models import Adherence
from reports.figures.known import Known
from violations.codebook import Scope
from violations.placing import codes

Key = tuple[str, str | None, str | None, str | None]  # table, key, second key, column
Figures = dict[Key, int]

KNOWN = "{row}.recorded_at <= %(known_at)s and ({row}.superseded_at is null or {row}.superseded_at > %(known_at)s)"
CLASSES = "array[" + codes(tuple(Scope.values)) + "]"

MONTH = f"""
create temporary table month on commit drop as
select a.id, a.incident_id, a.occurred_from, a.occurred_until, a.areas, a.zones, a.act, a.objects_hit, a.weapon_family,
       a.alleged || a.target || a.involved as named, a.killed_high, a.injured_high, a.scope_reasons,
       a.scope as assessed_scope, nullif(f.scope, '') as found_scope, coalesce(nullif(f.scope, ''), a.scope) as scope,
       f.id as finding_id, f.standing, f.verification, f.conduct, f.confidence, f.killed_verified, f.injured_verified,
       coalesce(f.attribution, 'not_assessed') as attribution,
       coalesce(f.attribution in ('attributed', 'to_several_parties') and p.parties is not null, false) as attributed,
       case when f.attribution in ('attributed', 'to_several_parties') and p.parties is not null then p.parties
            else a.alleged end as answerable,
       f.id is null and late.incident_id is not null as one_sided
from violations_assessment a
left join violations_finding f
  on f.incident_id = a.incident_id and f.standing <> 'proposed' and {KNOWN.format(row="f")}
left join (select finding_id, array_agg(party_id order by party_id) as parties
           from violations_findingparty group by finding_id) p on p.finding_id = f.id
left join (select distinct incident_id from violations_finding proposal
           where standing = 'proposed' and effect = 'finding' and second_by <= %(known_at)s
             and {KNOWN.format(row="proposal")}) late on late.incident_id = a.incident_id
where a.agreement_id = %(agreement)s and a.occurred_from >= %(from)s and a.occurred_from < %(until)s
  and {KNOWN.format(row="a")}
"""

# Per reading: what the adopted texts forbid to whom, and the class of those over whom readings differ.
RULES = f"""
create temporary table bound on commit drop as
select holder.reading, a.party_id, a.instrument_id, a.kind
from (values (''), ('North side'), ('South side')) holder (reading)
join monitoring_adherence a on a.version_id = %(version)s and a.reading in ('', holder.reading)
join monitoring_instrumentterms i
  on i.version_id = %(version)s and i.instrument_id = a.instrument_id and i.kind = 'adopted'
where a.reading = holder.reading or not exists (
    select from monitoring_adherence rival where rival.version_id = %(version)s and rival.party_id = a.party_id
      and rival.instrument_id = a.instrument_id and rival.reading = holder.reading);

create temporary table rule on commit drop as
select distinct bound.reading, act, bound.party_id, z.zone_id
from bound
join monitoring_provision provision on provision.instrument_id = bound.instrument_id
join monitoring_provisionterms t
  on t.version_id = %(version)s and t.provision_id = provision.id and t.reading in ('', bound.reading)
cross join unnest(t.acts) act
left join monitoring_provisionterms_zones z on z.provisionterms_id = t.id
where bound.kind in ({codes(Adherence.BINDING)})
  and (t.reading = bound.reading or not exists (
      select from monitoring_provisionterms rival where rival.version_id = %(version)s
        and rival.provision_id = t.provision_id and rival.reading = bound.reading));

create temporary table class_read on commit drop as
select bound.reading, bound.party_id, party.code,
       case when bool_or(kind = 'designated') then 'excluded_designated'
            when bool_or(kind in ({codes(Adherence.BINDING)})) then 'in_scope'
            when bool_or(kind = 'disputed') then 'disputed'
            when bool_or(kind = 'non_signatory') then 'excluded_non_signatory' end as class
from bound join monitoring_party party on party.id = bound.party_id
where bound.party_id in (select party_id from monitoring_adherence where version_id = %(version)s and reading <> '')
group by 1, 2, 3
"""


def _column(forbidden: str) -> str:
    return f"""case
        when verification = 'discounted' then 'discounted'
        when scope in ('outside_period', 'outside_area', 'excluded_designated', 'excluded_non_signatory') then scope
        when scope = 'disputed' then 'scope_disputed'
        when one_sided then 'one_sided'
        when finding_id is null or verification in ('not_checked', 'inconclusive') then 'pending'
        when scope = 'not_assessed' then 'scope_not_assessed'
        when conduct = 'undetermined' then 'conduct_undetermined'
        when conduct = 'no_breach' then 'no_breach'
        when {forbidden}.incident_id is null then 'no_provision'
        when standing = 'data_set' then 'probable_data_set'
        when standing = 'determined' then 'violations_determined'
        else 'violations_preliminary' end"""


CLASSIFIED = f"""
create temporary table classified on commit drop as
select month.*, {_column("forbidden")} as stands_in,
       case when attribution in ('not_attributable', 'contested') then '{{}}'::bigint[]
            else answerable end as concerned,
       case when attribution in ('not_attributable', 'contested') then attribution
            when answerable = '{{}}' then 'not_named' else 'party' end as naming
from month
left join (
    select distinct month.incident_id from month cross join unnest(answerable) party
    join rule on rule.reading = '' and rule.act = month.act and rule.party_id = party
     and (rule.zone_id is null or rule.zone_id = any(month.zones))
    where conduct = 'breach'
) forbidden using (incident_id);
analyze classified
"""

# In one holder's reading: the scope of those that name a contested party, the zones of those in one that it drew.
IN_READING = f"""
create temporary table as_read on commit drop as
select m.incident_id, m.act, m.answerable, m.verification, m.conduct, m.standing, m.one_sided, m.finding_id,
       m.stands_in as was, coalesce(m.found_scope, s.scope, m.assessed_scope) as scope,
       coalesce(z.zones, m.zones) as zones
from classified m
left join (
    select m.incident_id,
           ({CLASSES})[min(array_position({CLASSES}, coalesce(c.class, reason ->> 'class')))] as scope
    from classified m
    cross join jsonb_array_elements(m.scope_reasons) reason
    left join class_read c on c.reading = %(reading)s and c.code = reason ->> 'party'
    where m.named && (select array_agg(party_id) from class_read)
    group by m.incident_id
) s using (incident_id)
left join (
    select m.incident_id, coalesce(array_agg(here.zone_id) filter (
               where line.id is null or st_covers(line.boundary, a.point)), '{{}}') as zones
    from classified m
    join violations_assessment a on a.id = m.id
    cross join unnest(m.zones) here (zone_id)
    left join monitoring_zoneline line
      on line.version_id = %(version)s and line.zone_id = here.zone_id and line.drawn_by = %(reading)s
    where m.conduct = 'breach'
    group by m.incident_id
) z using (incident_id)
"""
MOVES = f"""
select 'move', %(reading)s, would, was, count(*)
from (
    select was, {_column("forbidden")} as would
    from as_read
    left join (
        select distinct as_read.incident_id from as_read cross join unnest(answerable) party
        join rule on rule.reading = %(reading)s and rule.act = as_read.act and rule.party_id = party
         and (rule.zone_id is null or rule.zone_id = any(as_read.zones))
        where conduct = 'breach'
    ) forbidden using (incident_id)
) moved
where was <> would
group by was, would
"""

SIDED = """(select distinct incident_id, stands_in, side.code as side,
                   case when terms.kind = 'guarantor_forces' then 'guarantor_forces' else 'parties' end as forces
            from classified cross join unnest(concerned) party
            left join monitoring_partyterms terms on terms.version_id = %(version)s and terms.party_id = party
            left join monitoring_side side on side.id = terms.side_id) sided"""
HARM = ", ".join(
    f"""coalesce(sum({harm}_verified) filter (where checked), 0), count({harm}_verified) filter (where checked),
        coalesce(sum({harm}_high), 0),
        count(*) filter (where {harm}_high is null and not (checked and {harm}_verified is not null))"""
    for harm in ("killed", "injured")
)
# Each gives rows of (table, key, second key, column, count).
TABLES = (
    "select 'total', null, null, stands_in, count(*) from classified group by stands_in",
    f"select 'side', side, forces, stands_in, count(*) from {SIDED} group by side, forces, stands_in",
    f"""select 'joint', 'side', null, null, count(*)
        from (select from {SIDED} group by incident_id having count(*) > 1) n""",
    """select 'side', null, naming, stands_in, count(*) from classified where naming <> 'party'
       group by naming, stands_in""",
    """select 'party', party.code, null, stands_in, count(*) from classified cross join unnest(concerned) concern
       join monitoring_party party on party.id = concern group by party.code, stands_in""",
    """select 'party', null, naming, stands_in, count(*) from classified where naming <> 'party'
       group by naming, stands_in""",
    "select 'joint', 'party', null, null, count(*) from classified where cardinality(concerned) > 1",
    """select 'provision', null, provision.code, stands_in, count(*) from classified
       left join violations_findingprovision named using (finding_id)
       left join monitoring_provision provision on provision.id = named.provision_id group by 3, stands_in""",
    """select 'joint', 'provision', null, null, count(*)
       from (select from classified join violations_findingprovision using (finding_id)
             group by incident_id having count(*) > 1) n""",
    "select 'act', act, null, stands_in, count(*) from classified group by act, stands_in",
    """select 'object', object, null, stands_in, count(*) from classified left join unnest(objects_hit) object on true
       group by object, stands_in""",
    "select 'joint', 'object', null, null, count(*) from classified where cardinality(objects_hit) > 1",
    "select 'weapon', nullif(weapon_family, ''), null, stands_in, count(*) from classified group by 2, stands_in",
    """select 'area', area.code, null, stands_in, count(*) from classified
       left join monitoring_area area on area.level = 'district' and area.id = any(areas)
       group by area.code, stands_in""",
    """select 'joint', 'area', null, null, count(*)
       from (select from classified join monitoring_area area on area.level = 'district' and area.id = any(areas)
             group by incident_id having count(*) > 1) n""",
    """select 'zone', zone.code, null, stands_in, count(*) from classified left join unnest(zones) zone_id on true
       left join monitoring_zone zone on zone.id = zone_id group by zone.code, stands_in""",
    "select 'joint', 'zone', null, null, count(*) from classified where cardinality(zones) > 1",
    """select 'day', case when dated = 'day' then date end, dated, stands_in, count(*)
       from (select (occurred_from at time zone 'Etc/GMT+8')::date::text as date, stands_in,
                    case when occurred_until > %(until)s then 'across_the_edge'
                         when occurred_until - occurred_from > interval '1 day' then 'not_dated_to_the_day'
                         else 'day' end as dated from classified) n
       group by 2, dated, stands_in""",
    "select 'attribution', attribution, null, stands_in, count(*) from classified group by attribution, stands_in",
    f"""select 'harm', population, field, null, (array[{HARM}])[number]
        from (select *, coalesce(verification in ('verified', 'probable') and standing <> 'data_set', false) as checked
              from classified where stands_in <> 'discounted') counted
        join unnest(array['not_discounted', 'violations']) population
          on population = 'not_discounted' or stands_in like 'violations%%'
        cross join unnest(array['killed verified_minimum', 'killed verified_incidents', 'killed reported_maximum',
                                'killed incidents_unknown', 'injured verified_minimum', 'injured verified_incidents',
                                'injured reported_maximum', 'injured incidents_unknown'])
                   with ordinality field (field, number)
        group by population, field, number""",
    """select 'reason', stands_in, null, null, count(*) from classified
       where stands_in in ('outside_period', 'outside_area', 'excluded_designated', 'excluded_non_signatory')
       group by stands_in""",
    """select 'also_applies', class, null, null, count(*)
       from (select distinct incident_id, stands_in, reason ->> 'class' as class
             from classified cross join jsonb_array_elements(scope_reasons) reason) n
       where class in ('outside_period', 'outside_area', 'excluded_designated', 'excluded_non_signatory')
         and class <> stands_in
       group by class""",
    """select 'filed', guarantor.code, case when guarantor.id is null then coalesce(terms.kind, 'none') end, null,
              count(*)
       from violations_reportlink link
       join violations_incidentreport report on report.id = link.report_id
       left join monitoring_teamterms terms on terms.version_id = %(version)s and terms.team_id = report.team_id
       left join monitoring_guarantorstate guarantor on guarantor.id = terms.guarantor_id
       where report.agreement_id = %(agreement)s and link.kind <> 'related' and report.occurred_from >= %(from)s
         and report.occurred_from < %(until)s and {known}
       group by 2, 3""".replace("{known}", KNOWN.format(row="link")),
)


def count(known: Known, *, readings: list[str]) -> Figures:
    """Count the month by hand, within a transaction; figures that are 0 are left out."""
    found: Figures = {}
    with connection.cursor() as cursor:
        cursor.execute("set local work_mem = '64MB'")

        def read(statement: str, **more: Any) -> None:
            cursor.execute(statement, known.parameters(**more))
            for table, first, second, column, number in cursor.fetchall():
                if number:
                    key = (table, first, second, column)
                    found[key] = found.get(key, 0) + int(number)

        for statement in f"{MONTH};{RULES};{CLASSIFIED}".split(";"):
            cursor.execute(statement, known.parameters())
        for statement in TABLES:
            read(statement)
        for reading in readings:
            cursor.execute(IN_READING, known.parameters(reading=reading))
            read(MOVES, reading=reading)
            cursor.execute("drop table as_read")
    return found


def figures_of(sections: dict[str, Any]) -> Figures:
    """The same figures as the service's sections tell them; those that are 0 are left out."""
    return {key: number for key, number in _told(sections) if number}


def _told(sections: dict[str, Any]) -> Iterator[tuple[Key, int]]:
    for table, first, second, row in _rows(sections["incidents"]):
        for column, number in row["columns"].items():
            yield (table, first, second, column), number
    yield from _beside_the_rows(sections["incidents"])
    for row in sections["out_of_scope"]["by_reason"]:
        yield ("reason", row["reason"], None, None), row["incidents"]
        yield ("also_applies", row["reason"], None, None), row["also_applies"]
    for row in sections["out_of_scope"]["by_reading"]:
        for change in row["changes"]:
            yield ("move", row["reading"], change["to"], change["from"]), change["incidents"]
    for ledger in sections["ledgers"]["ledgers"]:
        yield ("filed", ledger["guarantor"], None, None), ledger["filed"]["total"]
    for row in sections["ledgers"]["filed_by_others"]:
        yield ("filed", None, row["team_kind"], None), row["total"]


def _rows(incidents: dict[str, Any]) -> Iterator[tuple[str, str | None, str | None, dict[str, Any]]]:
    yield "total", None, None, incidents["total"]
    yield from (("side", row["side"], row["forces"], row) for row in incidents["by_side"])
    yield from (("party", row["party"], None if row["party"] else row["group"], row) for row in incidents["by_party"])
    yield from (("provision", None, row["provision"], row) for row in incidents["by_provision"])
    for table, name in (("act", "act"), ("object_hit", "object"), ("weapon", "weapon"), ("zone", "zone")):
        yield from ((name, row[name], None, row) for row in incidents[f"by_{table}"])
    yield from (("area", row["area"], None, row) for level in incidents["by_area"] for row in level["rows"])
    yield from (("day", row["date"], row["dated"], row) for row in incidents["by_day"])
    yield from (("attribution", row["attribution"], None, row) for row in incidents["attribution"])


def _beside_the_rows(incidents: dict[str, Any]) -> Iterator[tuple[Key, int]]:
    for name in ("side", "party", "provision", "zone", "object_hit"):
        yield ("joint", name.partition("_")[0], None, None), incidents[f"by_{name}_joint"]
    yield ("joint", "area", None, None), sum(level["joint"] for level in incidents["by_area"])
    for row in incidents["casualties"]:
        for harm in ("killed", "injured"):
            for field, number in row[harm].items():
                yield ("harm", row["of"], f"{harm} {field}", None), number
