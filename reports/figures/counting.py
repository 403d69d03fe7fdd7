"""Sections 3, 5 and 6 counted in one statement: the incidents are classified once, and read once for all breakdowns.

Incidents alike in what a breakdown asks of them are gathered first (`tallied`); only then is a group told apart by
party, area, provision: thousands of groups where there are a million incidents. Each row says in `part` what it is of.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection

from monitoring.models import MechanismVersion
from reports.figures.classification import CLASSIFIED, sided
from reports.figures.columns import OUT_OF_SCOPE
from reports.figures.known import Known, in_period
from reports.figures.readings import READ, WOULD_STAND_IN

MEMORY = "64MB"  # of a sort or a hash; small periods take little of it

# What is counted of a group in whatever row it stands.
COUNTED = "number, stands_in, date, incidents, attributed, killed, injured"
# Verified by people: what a data set brings is verified by nobody here.
CHECKED = "coalesce(verification in ('verified', 'probable') and standing <> 'data_set', false) as checked"

# Each incident with what breakdowns ask of it.
KEYED = """
keyed as (
    select incident_id, stands_in, attributed, concerned, naming, alleged, target, involved, act, objects_hit,
           nullif(weapon_family, '') as weapon, areas, zones,
           array(select provision_id from violations_findingprovision named
                 where named.finding_id = classified.finding_id order by 1) as provisions,
           case when occurred_until <= %(until)s and occurred_until - occurred_from <= day.length
                then (%(dates)s::date[])[day.number]::text end as date,
           case when occurred_until > %(until)s then 'across_the_edge'
                when occurred_until - occurred_from > day.length then 'not_dated_to_the_day'
                else 'day' end as dated,
           attribution, coalesce(nullif(confidence, ''), 'none') as confidence, killed_verified, injured_verified
    from classified
    cross join lateral (select width_bucket(occurred_from, %(days_from)s::timestamptz[]) as number) numbered
    cross join lateral (
        select number, (%(days_until)s::timestamptz[])[number] - (%(days_from)s::timestamptz[])[number] as length
    ) day
)"""

# A column that a group is not made by is null in it; `breakdown` says which it is made by. Those of parties are also by
# the day: section 6 asks how the incidents of a side are spread over the days.
TALLIED = f"""
{KEYED},
tallied as materialized (
    select row_number() over () as number, *
    from (
        select case when grouping(concerned) = 0 then 'party' when grouping(alleged) = 0 then 'party_named'
                    when grouping(provisions) = 0 then 'provision' when grouping(act) = 0 then 'act'
                    when grouping(objects_hit) = 0 then 'object' when grouping(weapon) = 0 then 'weapon'
                    when grouping(areas) = 0 then 'area' when grouping(zones) = 0 then 'zone'
                    when grouping(dated) = 0 then 'day' when grouping(attribution) = 0 then 'attribution'
                    else 'total' end as breakdown,
               stands_in, concerned, naming, alleged, target, involved, provisions, act, objects_hit, weapon, areas,
               zones, date, dated, attribution, confidence, count(*) as incidents,
               count(*) filter (where attributed) as attributed,
               coalesce(sum(killed_verified), 0) as killed, coalesce(sum(injured_verified), 0) as injured
        from keyed
        group by grouping sets (
            (stands_in), (stands_in, concerned, naming, date), (stands_in, alleged, target, involved),
            (stands_in, provisions), (stands_in, act), (stands_in, objects_hit), (stands_in, weapon),
            (stands_in, areas), (stands_in, zones), (stands_in, date, dated), (stands_in, attribution, confidence))
    ) made
)"""

# Each places groups in the rows of one breakdown, by two keys.
PLACED = f"""
{sided("tallied", COUNTED)},
placed (part, first_key, second_key, {COUNTED}) as materialized (
    select 'total', null, null, {COUNTED} from tallied where breakdown = 'total'
    union all
    select 'side', side, forces, {COUNTED} from sided where %(named)s
    union all
    select 'side', null, naming, {COUNTED} from tallied where breakdown = 'party' and naming <> 'party' and %(named)s
    union all
    select 'party', party.code, 'party', {COUNTED}
    from tallied
    cross join unnest(concerned) concern (party_id)
    join monitoring_party party on party.id = concern.party_id
    where breakdown = 'party' and %(named)s
    union all
    select 'party', null, naming, {COUNTED} from tallied where breakdown = 'party' and naming <> 'party' and %(named)s
    union all
    select 'party_named', party.code, named.role, {COUNTED}
    from tallied
    cross join lateral (
        select 'alleged' as role, unnest(alleged) as party_id
        union all select 'target', unnest(target)
        union all select 'involved', unnest(involved)
    ) named
    join monitoring_party party on party.id = named.party_id
    where breakdown = 'party_named' and %(named)s
    union all
    select 'provision', instrument.code, provision.code, {COUNTED}
    from tallied
    left join lateral unnest(provisions) provision_id on true
    left join monitoring_provision provision on provision.id = provision_id
    left join monitoring_instrument instrument on instrument.id = provision.instrument_id
    where breakdown = 'provision'
    union all
    select 'act', act, null, {COUNTED} from tallied where breakdown = 'act'
    union all
    select distinct 'object', object, null, {COUNTED}
    from tallied left join lateral unnest(objects_hit) object on true where breakdown = 'object'
    union all
    select 'weapon', weapon, null, {COUNTED} from tallied where breakdown = 'weapon'
    union all
    select distinct 'area', shown.level, area.code, {COUNTED}
    from tallied
    cross join unnest(%(levels)s::text[]) shown (level)
    left join monitoring_area area on area.level = shown.level and area.id = any(areas)
    where breakdown = 'area'
    union all
    select 'zone', zone.code, null, {COUNTED}
    from tallied
    left join lateral unnest(zones) zone_id on true
    left join monitoring_zone zone on zone.id = zone_id
    where breakdown = 'zone'
    union all
    select 'day', date, dated, {COUNTED} from tallied where breakdown = 'day'
    union all
    select 'attribution', attribution, confidence, {COUNTED} from tallied where breakdown = 'attribution' and %(named)s
)"""

# Casualties of all but the discounted, by column, those that reach beyond the period apart.
HARM = ", ".join(
    f"""coalesce(sum({harm}_verified) filter (where checked), 0), count({harm}_verified) filter (where checked),
           coalesce(sum(greatest({harm}_high, case when checked then {harm}_verified end)), 0),
           count(*) filter (where {harm}_high is null and not (checked and {harm}_verified is not null))"""
    for harm in ("killed", "injured")
)
HARMED = f"""
harmed as (
    select stands_in, case when occurred_until > %(until)s then 'across_the_edge' else 'within' end as reaching,
           array[{HARM}]::bigint[] as numbers
    from (select classified.*, {CHECKED} from classified where stands_in <> 'discounted') counted
    group by stands_in, 2
)"""

# Incidents that are alike in what section 5 asks of them; the reasons are looked into once for each such group.
REASONED = f"""
reasoned as materialized (
    select stands_in, scope_reasons, overruled, scope, assessed_scope, {CHECKED}, count(*) as incidents
    from classified group by 1, 2, 3, 4, 5, 6
)"""

STATEMENT = f"""
with {CLASSIFIED}, {TALLIED}, {PLACED}, {HARMED}, {REASONED}, {READ}
select part, first_key, second_key, case when part = 'side' then date end as date, stands_in,
       array[sum(incidents), sum(attributed), sum(killed), sum(injured)]::bigint[] as numbers
from placed group by part, first_key, second_key, 4, stands_in
union all
select 'joint', part, level, null, null, array[sum(incidents)]::bigint[]
from (
    select part, case when part = 'area' then first_key end as level, min(incidents) as incidents
    from placed where part in ('side', 'party', 'provision', 'object', 'zone', 'area')
    group by part, 2, number having count(*) > 1
) several
group by part, level
union all
select 'harm', reaching, null, null, stands_in, numbers from harmed
union all
select 'reason', reason.code, null, null, null, array[
           sum(incidents) filter (where stands_in = reason.code),
           sum(incidents) filter (where stands_in = reason.code and checked),
           sum(incidents) filter (where stands_in = reason.code and overruled),
           sum(incidents) filter (
               where stands_in <> reason.code
                 and scope_reasons @> jsonb_build_array(jsonb_build_object('class', reason.code)))]::bigint[]
from reasoned cross join unnest(%(reasons)s::text[]) reason (code)
group by reason.code
union all
select 'into_scope', null, null, null, null,
       array[sum(incidents) filter (
           where overruled and scope = 'in_scope' and assessed_scope = any(%(reasons)s))]::bigint[]
from reasoned
union all
select 'move', reading, becomes, null, was, array[count(*)]
from (select reading, was, {WOULD_STAND_IN} as becomes from read_as) moved
group by reading, becomes, was
"""

# Every holder of a rival reading that speaks within the period, and what of; '' is the common reading of an adherence.
HOLDERS = f"""
with contested as (
    select reading, 'adherence' as kind, party.code
    from monitoring_adherence adherence join monitoring_party party on party.id = adherence.party_id
    where adherence.version_id = %(version)s and adherence.reading <> '' and {in_period("adherence")}
)
select reading collate "C" as reading, kind collate "C" as kind, code collate "C" as code
from (
    select * from contested
    union
    select '', kind, code from contested
    union
    select terms.reading, 'provision', instrument.code || '/' || provision.code
    from monitoring_provisionterms terms
    join monitoring_provision provision on provision.id = terms.provision_id
    join monitoring_instrument instrument on instrument.id = provision.instrument_id
    where terms.version_id = %(version)s and terms.reading <> '' and {in_period("terms")}
    union
    select line.drawn_by, 'zone', zone.code
    from monitoring_zoneline line join monitoring_zone zone on zone.id = line.zone_id
    where line.version_id = %(version)s and line.drawn_by <> '' and {in_period("line")}
) held
order by 1, 2, 3
"""


@dataclass(frozen=True)
class CountedRow:
    """A row of the statement: keys, day (of a side's alone), column, and the numbers that its part has."""

    first: str | None
    second: str | None
    date: str | None
    stands_in: str
    numbers: tuple[int, ...]


def named(known: Known) -> bool:
    """Whether the truce publishes who fired: else nothing is broken down by party, side or attribution."""
    return bool(known.version.attribution == MechanismVersion.Attribution.PUBLISHED)


def holders(known: Known) -> dict[str, list[dict[str, str]]]:
    """Who holds a rival reading within the period, and of what."""
    held: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in known.rows(HOLDERS):
        held[row["reading"]].append({"kind": row["kind"], "code": row["code"]})
    return dict(held)


def counted(known: Known) -> dict[str, list[CountedRow]]:
    """Return the rows by part."""
    parts: dict[str, list[CountedRow]] = defaultdict(list)
    with connection.cursor() as cursor:  # for the rest of the transaction: groups are hashed, not sorted ten times over
        cursor.execute("select set_config('work_mem', %s, true)", [MEMORY])
    rows: list[dict[str, Any]] = known.rows(
        STATEMENT,
        levels=known.levels,
        named=named(known),
        reasons=list(OUT_OF_SCOPE),
        readings=list(known.once(holders)),
    )
    for row in rows:
        numbers = tuple(number or 0 for number in row["numbers"])
        keys = (row["first_key"], row["second_key"], row["date"], row["stands_in"])
        parts[row["part"]].append(CountedRow(*keys, numbers))
    return parts
