"""The rows of section 3: which incidents stand in which row of which breakdown, counted by column in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from monitoring.models import MechanismVersion, PartyTerms
from reports.figures.classification import CLASSIFIED
from reports.figures.columns import VIOLATIONS, tally
from reports.figures.known import Known

OWN_FORCES = PartyTerms.Kind.GUARANTOR_FORCES

# What is counted of an incident in whatever row it stands.
COUNTED = "incident_id, stands_in, attributed, killed_verified, injured_verified"

# Each incident under each side of the parties that it counts under, guarantors' own forces apart.
SIDED = f"""
sided as (
    select distinct {COUNTED}, side.code as side,
           case when terms.kind = '{OWN_FORCES.value}' then '{OWN_FORCES.value}' else 'parties' end as forces
    from classified
    cross join unnest(concerned) concern (party_id)
    left join monitoring_partyterms terms
      on terms.version_id = %(version)s and terms.party_id = concern.party_id
    left join monitoring_side side on side.id = terms.side_id
)"""
CALENDAR = """
calendar as (
    select unnest(%(dates)s::date[]) as date, unnest(%(days_from)s::timestamptz[]) as day_from,
           unnest(%(days_until)s::timestamptz[]) as day_until
)"""
# The day of the calendar that an incident is dated to; null where it is wider than a day or reaches beyond the period.
DATE = """
case when occurred_until <= %(until)s and occurred_until - occurred_from <= day_until - day_from
     then calendar.date::text end"""

# Each places incidents in the rows of one breakdown, by two keys. `classified` gives the columns.
PLACED = f"""
{SIDED},
{CALENDAR},
placed (breakdown, first_key, second_key, {COUNTED}) as (
    select 'total', null, null, {COUNTED} from classified
    union all
    select 'side', side, forces, {COUNTED} from sided where %(named)s
    union all
    select 'side', null, naming, {COUNTED} from classified where naming <> 'party' and %(named)s
    union all
    select 'party', party.code, 'party', {COUNTED}
    from classified
    cross join unnest(concerned) concern (party_id)
    join monitoring_party party on party.id = concern.party_id
    where %(named)s
    union all
    select 'party', null, naming, {COUNTED} from classified where naming <> 'party' and %(named)s
    union all
    select 'party_named', party.code, named.role, {COUNTED}
    from classified
    cross join lateral (
        select 'alleged' as role, unnest(alleged) as party_id
        union all select 'target', unnest(target)
        union all select 'involved', unnest(involved)
    ) named
    join monitoring_party party on party.id = named.party_id
    where %(named)s
    union all
    select distinct 'provision', instrument.code, provision.code, {COUNTED}
    from classified
    left join violations_findingprovision named on named.finding_id = classified.finding_id
    left join monitoring_provision provision on provision.id = named.provision_id
    left join monitoring_instrument instrument on instrument.id = provision.instrument_id
    union all
    select 'act', act, null, {COUNTED} from classified
    union all
    select distinct 'object', object, null, {COUNTED}
    from classified left join lateral unnest(objects_hit) object on true
    union all
    select 'weapon', nullif(weapon_family, ''), null, {COUNTED} from classified
    union all
    select distinct 'area', shown.level, area.code, {COUNTED}
    from classified
    cross join unnest(%(levels)s::text[]) shown (level)
    left join monitoring_area area on area.level = shown.level and area.id = any(classified.areas)
    union all
    select 'zone', zone.code, null, {COUNTED}
    from classified
    left join lateral unnest(zones) zone_id on true
    left join monitoring_zone zone on zone.id = zone_id
    union all
    select 'day', {DATE},
           case when occurred_until > %(until)s then 'across_the_edge'
                when occurred_until - occurred_from > day_until - day_from then 'not_dated_to_the_day'
                else 'day' end,
           {COUNTED}
    from classified join calendar on occurred_from >= day_from and occurred_from < day_until
    union all
    select 'attribution', attribution, coalesce(nullif(confidence, ''), 'none'), {COUNTED}
    from classified where %(named)s
)"""

COUNTS = f"""
with {CLASSIFIED}, {PLACED}
select breakdown, first_key, second_key, stands_in, count(*) as incidents,
       count(*) filter (where attributed) as attributed,
       coalesce(sum(killed_verified), 0) as killed, coalesce(sum(injured_verified), 0) as injured
from placed
group by breakdown, first_key, second_key, stands_in
"""

JOINT = f"""
with {CLASSIFIED}, {PLACED}
select breakdown, level, count(*) as incidents
from (
    select breakdown, incident_id, case when breakdown = 'area' then first_key end as level
    from placed where breakdown in ('side', 'party', 'provision', 'object', 'zone', 'area')
    group by 1, 2, 3 having count(*) > 1
) several
group by breakdown, level
"""

Key = tuple[str | None, str | None]


class Counts:
    """The counts of one breakdown: by row and column."""

    def __init__(self) -> None:
        self.columns: dict[Key, dict[str, int]] = defaultdict(dict)
        self.attributed: dict[Key, dict[str, int]] = defaultdict(dict)
        self.harm: dict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0))

    def add(self, row: dict[str, Any]) -> None:
        """Take in one row of the statement."""
        key = (row["first_key"], row["second_key"])
        self.columns[key][row["stands_in"]] = row["incidents"]
        self.attributed[key][row["stands_in"]] = row["attributed"]
        if row["stands_in"] in VIOLATIONS:
            killed, injured = self.harm[key]
            self.harm[key] = (killed + int(row["killed"]), injured + int(row["injured"]))

    def row(self, first: str | None = None, second: str | None = None) -> dict[str, Any]:
        """The row of these keys; zeros where no incident stands in it."""
        return tally(self.columns.get((first, second), {}))

    def keys(self) -> list[Key]:
        """The keys of the rows that hold incidents, by code, those without one last."""
        return in_order(self.columns)


def in_order(keys: Iterable[Key]) -> list[Key]:
    """The keys of rows by code, those without one last."""
    return sorted(keys, key=lambda key: [(part is None, part or "") for part in key])


def named(known: Known) -> bool:
    """Whether the truce publishes who fired: else nothing is broken down by party, side or attribution."""
    return bool(known.version.attribution == MechanismVersion.Attribution.PUBLISHED)


def count(known: Known) -> tuple[dict[str, Counts], dict[tuple[str, str | None], int]]:
    """Return the counts by breakdown, and by breakdown (and level of area) how many stand in more than one row."""
    parameters = {"levels": known.levels, "named": named(known)}
    counts: dict[str, Counts] = defaultdict(Counts)
    for row in known.rows(COUNTS, **parameters):
        counts[row["breakdown"]].add(row)
    joint: dict[tuple[str, str | None], int] = defaultdict(int)
    for row in known.rows(JOINT, **parameters):
        joint[row["breakdown"], row["level"]] = row["incidents"]
    return counts, joint
