"""Incidents at a guarantor's tier, as SQL that COPY can send: the rule of the annex and no other.

What `reports.figures.annex` makes of the rows in Python is said here to PostgreSQL: place to the truce's level, time to
its step, only what is older than its delay, no party where none is named. A test holds each row to the annex. A large
period is asked day by day, so that the first rows leave before the last are read; rows stand in the order of the annex.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from monitoring.days import ONE_DAY, day_holding, day_of
from reports.exports.cells import guarded, in_order, instant, several, yes_no
from reports.figures import withheld
from reports.figures.annex import AGREED, BINDING, REFERENCE_DIGITS, WHOEVER_FIRED, dissented, dissents_from
from reports.figures.classification import CLASSIFIED, LIVE
from reports.figures.counting import named
from reports.figures.known import holds_at_cutoff
from reports.renderers.tables import INCIDENTS, PART
from violations.codebook import Scope
from violations.models import Finding
from violations.placing import codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitoring.days import Day
    from monitoring.models import MechanismVersion
    from reports.figures.known import Known

# What several incidents share is looked up once for all of them, in maps: PostgreSQL cannot know how few sets of
# parties or areas there are, and would sort a month to join it with them.
PARTY_CELLS = f"""
party_cells as materialized (
    select coalesce(jsonb_object_agg(ids::text, cell), '{{}}') as cells
    from (
        select ids, {several('array(select code collate "C" from monitoring_party where id = any(ids) order by 1)')}
               as cell
        from (
            select alleged as ids from classified union select target from classified
            union select involved from classified union select parties from classified
        ) sets
        where ids <> '{{}}'
    ) named
)"""


def _parties(column: str) -> str:
    return f"case when classified.{column} <> '{{}}' then party_cells.cells ->> classified.{column}::text end"


def sets_of(column: str) -> str:
    """SQL: each value of an array's column of the incidents, once."""
    return f"(select distinct {column} from classified where {column} <> '{{}}') sets"


REASONS = f"""case when jsonb_array_length(classified.scope_reasons) = 1
               then classified.scope_reasons -> 0 ->> 'class' else {
    several(
        f'''array(select reason ->> 'class' from jsonb_array_elements(classified.scope_reasons) reason group by 1
                 order by array_position(array[{codes(tuple(Scope.values))}]::text[], reason ->> 'class'))'''
    )
} end"""
PROVISIONS = f"""case when classified.finding_id is not null then {
    several(
        '''array(select instrument.code || '/' || provision.code collate "C"
             from violations_findingprovision named
             join monitoring_provision provision on provision.id = named.provision_id
             join monitoring_instrument instrument on instrument.id = provision.instrument_id
             where named.finding_id = classified.finding_id order by 1)'''
    )
} end"""
STANDING = f"""case when classified.finding_id is not null then classified.standing
             when classified.one_sided then 'one_sided'
             when exists (select from violations_finding proposal
                          where proposal.incident_id = classified.incident_id and proposal.standing = 'proposed'
                            and proposal.effect = '{Finding.Effect.FINDING.value}' and {holds_at_cutoff("proposal")}
                          offset 0) then 'proposed'
             else 'none' end"""
# How many dissented from what was agreed: counted as the annex counts, once for all incidents asked for.
DISSENTED = dissented(AGREED)
DISSENTS = dissents_from("classified.finding_id")
# The day of the period on which it is counted; one that is wider, or goes over the period's edge, has none.
DATE = """case when classified.occurred_until - classified.occurred_from <= day.ends_at - day.starts_at
                and classified.occurred_until <= %(ends_at)s then (%(dates_told)s::text[])[day.place] end"""
DIGITS = f"""left(replace(incident.public_id::text, '-', ''), {REFERENCE_DIGITS})"""

# The beginnings of the period's days and of those after it, up to the last that is asked for; and the day that each
# incident begins in.
STEPS = """
steps as materialized (select %(days_begin)s::timestamptz[] as begins)"""
DAY = """
cross join steps
cross join lateral (select width_bucket(classified.occurred_from, steps.begins) as place) holding_day
cross join lateral (
    select holding_day.place, steps.begins[holding_day.place] as starts_at,
           steps.begins[holding_day.place + 1] as ends_at
) day"""
# The time step in which an instant lies: a day of the truce, or an hour of it, counted from the day's beginning.
_LOWERED = {
    "day": "day.starts_at",
    "hour": "date_bin('1 hour', classified.occurred_from, day.starts_at)",
}
_ENDED_IN = {
    "day": "steps.begins[ended.day]",
    "hour": "date_bin('1 hour', classified.occurred_until, steps.begins[ended.day])",
}
_NEXT = {"day": "steps.begins[ended.day + 1]", "hour": "ended_in.begins + interval '1 hour'"}

FIXED = {
    "agreement": "%(agreement_code)s::text",
    "simulated": "%(simulated)s::text",
    "period": "%(period)s::text",
    "closing": "%(number)s::int",
}
WHAT = {
    "act": "classified.act",
    "objects_hit": in_order("classified.objects_hit"),
    "weapon": "nullif(classified.weapon_family, '')",
}
HARM = {
    f"{harm}_{name}": f"classified.{harm}_{column}"
    for harm in ("killed", "injured")
    for name, column in (("verified", "verified"), ("reported_low", "low"), ("reported_high", "high"))
}
WHOM = {name: _parties(name) for name in ("alleged", "target", "involved")}
FOUND = {
    "verification": "classified.verification",
    "conduct": "classified.conduct",
    "standing": STANDING,
    "attribution": "case when classified.finding_id is not null then classified.attribution end",
    "confidence": "nullif(classified.confidence, '')",
    "attributed": _parties("parties"),
    "basis": in_order("classified.basis"),
}
BOUND = {
    "column": "classified.stands_in",
    "scope": "classified.scope",
    "reasons": REASONS,
    "scope_overruled": yes_no("classified.overruled"),
    "provisions": PROVISIONS,
}
OF_PARTIES = (*WHOM, "attribution", "confidence", "attributed", "basis")


ZONES = """case when classified.zones <> '{}' then
             zone_cells.cells ->> (classified.areas::text || classified.zones::text) end"""


def cells(*, parties_told: bool, binding_told: bool) -> dict[str, str]:
    """The expression of each column; null is what would name a party that is withheld."""
    told = {
        **FIXED,
        **WHAT,
        **HARM,
        **WHOM,
        **FOUND,
        **BOUND,
        "reference": DIGITS,
        "occurred_from": instant("lowered.begins"),
        "occurred_until": instant("raised.ends"),
        "time_precision": "classified.time_precision",
        "date": DATE,
        "area": "places.codes ->> classified.areas::text",
        "area_name": "places.names ->> classified.areas::text",
        "level": "places.levels ->> classified.areas::text",
        "zones": ZONES,
        "dissents": DISSENTS,
        "withheld": "null::text",
    }
    if not parties_told:
        told |= dict.fromkeys(OF_PARTIES, "null::text") | {"withheld": "'parties'"}
    if not binding_told:
        kept = f"case when classified.stands_in in ({codes(WHOEVER_FIRED)}) then classified.stands_in end"
        told |= dict.fromkeys(BINDING, "null::text") | {"column": kept, "withheld": f"'parties{PART}binding'"}
    return told


AT_ONCE = 10_000  # incidents of a period that are asked for in one statement
MANY = f"""
with {LIVE}
select count(*) > %(most)s as more from (select from live limit %(most)s + 1) first_ones
""".replace("as materialized", "as not materialized")


@cache
def rows(step: str, *, parties_told: bool, binding_told: bool) -> str:
    """SQL: rows of a stretch of the period by the names of `INCIDENTS`, beside them what tells two apart."""
    expressions = cells(parties_told=parties_told, binding_told=binding_told)
    listed = ",\n       ".join(f'{expressions[name]} as "{name}"' for name in INCIDENTS.names)
    return f"""
with recursive {CLASSIFIED},{PARTY_CELLS},{DISSENTED},{STEPS},
holding as materialized (
    select line.zone_id, shape.area_id
    from monitoring_zoneline line
    cross join monitoring_areashape shape
    join monitoring_boundaryset boundary_set on boundary_set.id = shape.boundary_set_id
    where line.version_id = %(version)s and boundary_set.agreement_id = %(agreement)s
      and {holds_at_cutoff("boundary_set")}
      and line.zone_id in (select unnest(zones) from classified)
    group by line.zone_id, shape.area_id
    having bool_and(st_covers(line.boundary, shape.boundary))
),
places as materialized (
    select coalesce(jsonb_object_agg(sets.areas::text, finest.id), '{{}}') as ids,
           coalesce(jsonb_object_agg(sets.areas::text, finest.code), '{{}}') as codes,
           coalesce(jsonb_object_agg(sets.areas::text, finest.level), '{{}}') as levels,
           coalesce(jsonb_object_agg(sets.areas::text, {guarded("%(area_names)s::jsonb ->> finest.code")}), '{{}}')
               as names
    from {sets_of("areas")}
    cross join lateral (
        select area.id, area.code, area.level from monitoring_area area
        where area.id = any(sets.areas) and area.level = any(%(levels)s)
        order by array_position(%(levels)s::text[], area.level::text) desc, area.code collate "C" limit 1
    ) finest
),
zone_cells as materialized (
    select coalesce(jsonb_object_agg(sets.areas::text || sets.zones::text, {
        several('''array(
               select zone.code collate "C" from holding join monitoring_zone zone on zone.id = holding.zone_id
               where holding.area_id = (places.ids ->> sets.areas::text)::bigint and zone.id = any(sets.zones)
               order by 1)''')
    }), '{{}}') as cells
    from (select distinct areas, zones from classified where areas <> '{{}}' and zones <> '{{}}') sets
    cross join places
)
select {listed},
       incident.public_id::text as told_apart
from classified
join violations_incident incident on incident.id = classified.incident_id
cross join party_cells
cross join places
cross join zone_cells{DAY}
cross join lateral (select {_LOWERED[step]} as begins) lowered
cross join lateral (select width_bucket(classified.occurred_until, steps.begins) as day) ended
cross join lateral (select {_ENDED_IN[step]} as begins) ended_in
cross join lateral (
    select case when ended_in.begins = classified.occurred_until then ended_in.begins else {_NEXT[step]} end as ends
) raised
where classified.occurred_until <= %(old_enough)s
"""


ORDER = """told.occurred_from collate "C", coalesce(told.area, '~') collate "C", told.told_apart collate "C" """


def statement(known: Known) -> str:
    """SQL: the rows of a stretch of the period at the tier of `known`, in no order."""
    return rows(
        str(known.version.guarantor_time_step),
        parties_told=named(known),
        binding_told=not known.once(withheld.binding_withheld),
    )


def parameters(known: Known, *, area_names: Mapping[str, str]) -> dict[str, Any]:
    """What the statement asks for, whatever the day."""
    return {
        **known.parameters(),
        "levels": known.levels,
        "old_enough": old_enough(known),
        **of_days(known),
        "days_begin": begins(known.version, known.period.days[0], old_enough(known)),
        "area_names": json.dumps(dict(area_names)),
    }


def of_days(known: Known) -> dict[str, Any]:
    """What the statement asks for of the period's days."""
    days = known.period.days
    return {
        "ends_at": known.period.ends_at,
        "dates_told": [day.date.isoformat() for day in days],
        "days_begin": [*(day.starts_at for day in days), known.period.ends_at],
    }


def old_enough(known: Known) -> datetime:
    """What had ended by this instant is listed."""
    return known.known_at - timedelta(hours=known.version.guarantor_delay_hours)


def stretches(known: Known, *, finest: timedelta | None) -> Iterator[dict[str, Any]]:
    """The bounds of the stretches of the period that are asked for one after another.

    A month of some thousands at once; a larger one day by day, so that no more than a day is sorted, and of its first
    day `finest` by itself, so that the first rows leave at once. Rows of one time step stand together, whatever their
    instant: so it is never cut finer than that, for their order would tell.
    """
    period = known.period
    cuts = {period.starts_at, period.ends_at}
    if known.rows(MANY, most=AT_ONCE)[0]["more"]:
        cuts |= {day.starts_at for day in period.days}
        first = period.days[0]
        if finest is not None and finest < first.ends_at - first.starts_at:
            cuts.add(first.starts_at + finest)
    for starts_at, ends_at in pairwise(sorted(cuts)):
        yield {"from": starts_at, "until": ends_at}


def begins(version: MechanismVersion, first: Day, until: datetime) -> list[datetime]:
    """The beginnings of the days from `first` to the one after that which holds `until`, in order."""
    last = max(first.date, day_holding(version, until).date) + ONE_DAY
    count = (last - first.date).days + 1
    return [day_of(version, first.date + ONE_DAY * number).starts_at for number in range(count)]
