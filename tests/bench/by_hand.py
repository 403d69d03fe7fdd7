"""The tables of a month's sections, as somebody who knows SQL and this one truce would write them by hand.

Plain: the incidents of the month with what was found of them in one temporary table, then one GROUP BY a table of the
report. It may assume what the service must not: that nothing in the file begins or ends within the month, that
attribution is published, that the boundaries are of one level, that every report leads an incident of its own.
`figures_of` brings the service's own sections into the same form, so that a run is checked figure by figure.

Of the hashed sections: what was filed, incidents, out of scope, and the counts that are compared with the month before.
Not by hand: what was announced, and figures of third parties, of which the record here holds none; reservations, which
count nothing; charts, which draw the same figures; the ratios, which no SQL gives.
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
       a.alleged, a.target, a.involved, a.alleged || a.target || a.involved as named,
       case when a.occurred_until <= %(until)s and a.occurred_until - a.occurred_from <= interval '1 day'
            then (a.occurred_from at time zone 'Etc/GMT+8')::date::text end as date,
       a.killed_high, a.injured_high, a.scope_reasons, a.scope as assessed_scope, nullif(f.scope, '') as found_scope,
       coalesce(nullif(f.scope, ''), a.scope) as scope,
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
        when standing = 'data_set' then 'probable_data_set'
        when scope = 'not_assessed' then 'scope_not_assessed'
        when conduct = 'undetermined' then 'conduct_undetermined'
        when conduct = 'no_breach' then 'no_breach'
        when {forbidden}.incident_id is null then 'no_provision'
        when standing = 'determined' then 'violations_determined'
        else 'violations_preliminary' end"""


CLASSIFIED = f"""
create temporary table classified on commit drop as
select month.*, {_column("forbidden")} as stands_in,
       case when attribution in ('not_attributable', 'contested') then '{{}}'::bigint[]
            else answerable end as concerned,
       case when attribution in ('not_attributable', 'contested') then attribution
            when answerable <> '{{}}' then 'party' when involved <> '{{}}' then 'involved'
            else 'not_named' end as naming
from month
left join (
    select distinct month.incident_id from month cross join unnest(answerable) party
    join rule on rule.reading = '' and rule.act = month.act and rule.party_id = party
     and (rule.zone_id is null or rule.zone_id = any(month.zones))
    where conduct = 'breach'
) forbidden using (incident_id);
analyze classified
"""

FILED = f"""
create temporary table filed on commit drop as
select guarantor.code as owner, coalesce(terms.kind, 'none') as kind, month.date, month.areas
from violations_reportlink link
join violations_incidentreport report on report.id = link.report_id
join month on month.incident_id = link.incident_id
left join monitoring_teamterms terms on terms.version_id = %(version)s and terms.team_id = report.team_id
left join monitoring_guarantorstate guarantor on guarantor.id = terms.guarantor_id
where link.kind <> 'related' and {KNOWN.format(row="link")}
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
        coalesce(sum(greatest({harm}_high, case when checked then {harm}_verified end)), 0),
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
    """select 'party_named', party.code, role, stands_in, count(*) from (
           select stands_in, 'alleged' as role, unnest(alleged) as party_id from classified
           union all select stands_in, 'target', unnest(target) from classified
           union all select stands_in, 'involved', unnest(involved) from classified) n
       join monitoring_party party on party.id = party_id group by party.code, role, stands_in""",
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
    """select 'day', date, dated, stands_in, count(*)
       from (select date, stands_in,
                    case when occurred_until > %(until)s then 'across_the_edge'
                         when occurred_until - occurred_from > interval '1 day' then 'not_dated_to_the_day'
                         else 'day' end as dated from classified) n
       group by date, dated, stands_in""",
    "select 'attribution', attribution, null, stands_in, count(*) from classified group by attribution, stands_in",
    f"""select 'harm', population, field, null, (array[{HARM}])[number]
        from (select *, coalesce(verification in ('verified', 'probable') and standing <> 'data_set', false) as checked
              from classified where stands_in <> 'discounted') counted
        join unnest(array['not_discounted', 'across_the_edge', 'violations']) population
          on case population when 'violations' then stands_in like 'violations%%'
                             when 'across_the_edge' then occurred_until > %(until)s else true end
        cross join unnest(array['killed verified_minimum', 'killed verified_incidents', 'killed reported_maximum',
                                'killed incidents_unknown', 'injured verified_minimum', 'injured verified_incidents',
                                'injured reported_maximum', 'injured incidents_unknown'])
                   with ordinality field (field, number)
        group by population, field, number""",
    """select field, stands_in, null, null, count(*)
       from classified
       join unnest(array['reason', 'verified', 'overruled']) field
         on case field when 'verified' then verification in ('verified', 'probable') and standing <> 'data_set'
                       when 'overruled' then found_scope <> assessed_scope else true end
       where stands_in in ('outside_period', 'outside_area', 'excluded_designated', 'excluded_non_signatory')
       group by field, stands_in""",
    """select 'into_scope', null, null, null, count(*) from classified
       where found_scope = 'in_scope'
         and assessed_scope in ('outside_period', 'outside_area', 'excluded_designated', 'excluded_non_signatory')""",
    """select 'also_applies', class, null, null, count(*)
       from (select distinct incident_id, stands_in, reason ->> 'class' as class
             from classified cross join jsonb_array_elements(scope_reasons) reason) n
       where class in ('outside_period', 'outside_area', 'excluded_designated', 'excluded_non_signatory')
         and class <> stands_in
       group by class""",
    "select 'filed', owner, case when owner is null then kind end, null, count(*) from filed group by 2, 3",
    "select 'filed_on', owner, date, null, count(*) from filed where owner is not null group by owner, date",
    """select 'filed_in', owner, area.code, null, count(*) from filed
       left join monitoring_area area on area.level = 'district' and area.id = any(areas)
       where owner is not null group by owner, area.code""",
    """select 'filed_jointly', owner, null, null, count(*) from filed
       where owner is not null and (select count(*) from monitoring_area
                                    where level = 'district' and id = any(areas)) > 1 group by owner""",
)
# Of this month and of the one before.
COMPARED = (
    "select 'standing', %(which)s::text, null, stands_in, count(*) from classified group by stands_in",
    f"""select 'compared', side, forces, measure || ' ' || %(which)s::text, count(*)
        from (select null as side, null as forces, stands_in from classified
              union all select side, forces, stands_in from {SIDED}
              union all select null, naming, stands_in from classified where naming <> 'party') n
        join unnest(array['registered', 'violations']) measure
          on measure = 'registered' or stands_in like 'violations%%'
        group by side, forces, measure""",
)


def count(known: Known, before: Known, *, readings: list[str]) -> Figures:
    """Count the month by hand, and what is compared of the one `before`; figures that are 0 are left out.

    Within a transaction.
    """
    found: Figures = {}
    with connection.cursor() as cursor:
        cursor.execute("set local work_mem = '64MB'")

        def write(statements: str, of: Known) -> None:
            for statement in statements.split(";"):
                cursor.execute(statement, of.parameters())

        def read(statement: str, of: Known = known, **more: Any) -> None:
            cursor.execute(statement, of.parameters(**more))
            for table, first, second, column, number in cursor.fetchall():
                if number:
                    key = (table, first, second, column)
                    found[key] = found.get(key, 0) + int(number)

        for which, of in (("previous", before), ("current", known)):
            write(f"drop table if exists month, bound, rule, class_read, classified;{MONTH};{RULES};{CLASSIFIED}", of)
            for statement in COMPARED:
                read(statement, of, which=which)
        write(FILED, known)
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
    yield from _out_of_scope(sections["out_of_scope"])
    yield from _compared(sections["comparison"])
    yield from _filed(sections["ledgers"])


def _out_of_scope(section: dict[str, Any]) -> Iterator[tuple[Key, int]]:
    for row in section["by_reason"]:
        yield ("reason", row["reason"], None, None), row["incidents"]
        for field in ("verified", "overruled", "also_applies"):
            yield (field, row["reason"], None, None), row[field]
    yield ("into_scope", None, None, None), section["overruled_into_scope"]
    for row in section["by_reading"]:
        for change in row["changes"]:
            yield ("move", row["reading"], change["to"], change["from"]), change["incidents"]


def _compared(section: dict[str, Any]) -> Iterator[tuple[Key, int]]:
    for which in ("current", "previous"):
        for column, number in section["standing"][which]["columns"].items():
            yield ("standing", which, None, column), number
        for of in section["measures"]:
            yield ("compared", None, None, f"{of['measure']} {which}"), of["all"][which]
            for row in of["by_side"]:
                yield ("compared", row["side"], row["forces"], f"{of['measure']} {which}"), row[which]


def _filed(section: dict[str, Any]) -> Iterator[tuple[Key, int]]:
    for ledger in section["ledgers"]:
        owner, filed = ledger["guarantor"], ledger["filed"]
        yield ("filed", owner, None, None), filed["total"]
        yield ("filed_on", owner, None, None), filed["not_dated"]
        yield ("filed_jointly", owner, None, None), filed["by_area_joint"]
        yield from ((("filed_on", owner, day["date"], None), day["filed"]) for day in ledger["days"])
        yield from ((("filed_in", owner, row["area"], None), row["count"]) for row in filed["by_area"])
    for row in section["filed_by_others"]:
        yield ("filed", None, row["team_kind"], None), row["total"]


def _rows(incidents: dict[str, Any]) -> Iterator[tuple[str, str | None, str | None, dict[str, Any]]]:
    yield "total", None, None, incidents["total"]
    yield from (("side", row["side"], row["forces"], row) for row in incidents["by_side"])
    yield from (("party", row["party"], None if row["party"] else row["group"], row) for row in incidents["by_party"])
    yield from (("party_named", row["party"], row["role"], row) for row in incidents["by_party_named"])
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
