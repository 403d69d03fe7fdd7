"""What a day's report counts of incidents: those registered, whoever filed them, and nothing that was found of them.

No findings, no attribution, no columns: a day is told before anybody could examine it. An incident told of by several
filers, or placed in several areas, counts in each of their rows and once in the total; `joint` says how many do.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from monitoring import canonical
from monitoring.models import GuarantorTerm, TeamTerms
from monitoring.models.intervals import holds_sql
from reports.figures.classification import LIVE
from reports.figures.known import Known, holds_at_cutoff
from violations.codebook import LinkKind

Key = tuple[str | None, str | None]

HOUR = timedelta(hours=1)
GUARANTOR = TeamTerms.Kind.GUARANTOR.value
# What parties' liaisons filed: their own word, which no team observed. A row where there is any.
PARTY = "party"
# Those who file for no side; 'none': imported, no team.
OF_NO_SIDE = (TeamTerms.Kind.JOINT.value, TeamTerms.Kind.INDEPENDENT.value, "none")

# Each places live incidents in the rows of one breakdown, by two keys. Who filed is asked of the reports in effect.
PLACED = f"""
{LIVE},
filed as (
    select live.incident_id,
           case when report.told_by_id is not null then '{PARTY}' else coalesce(terms.kind, 'none') end as kind,
           coalesce(side.code, party_side.code) as side
    from live
    join violations_reportlink link
      on link.incident_id = live.incident_id and link.kind <> '{LinkKind.RELATED.value}' and {holds_at_cutoff("link")}
    join violations_incidentreport report on report.id = link.report_id
    left join monitoring_teamterms terms on terms.version_id = %(version)s and terms.team_id = report.team_id
    left join monitoring_guarantorterm term
      on term.version_id = %(version)s and term.guarantor_id = terms.guarantor_id
     and {holds_sql("term", "report.occurred_from")}
    left join monitoring_side side on side.id = term.side_id
    left join monitoring_partyterms party
      on party.version_id = %(version)s and party.party_id = report.told_by_id
    left join monitoring_side party_side on party_side.id = party.side_id
),
clock as (
    select hour, number from unnest(%(hours)s::timestamptz[]) with ordinality given (hour, number)
),
placed (breakdown, first_key, second_key, incident_id) as (
    select 'total', null, null, incident_id from live
    union all
    select distinct 'filer', kind, side, incident_id from filed
    union all
    select 'act', act, null, incident_id from live
    union all
    select distinct 'area', area.code, null, live.incident_id
    from live left join monitoring_area area on area.level = %(level)s and area.id = any(live.areas)
    union all
    select 'hour',
           case when live.occurred_until > %(old_enough)s then 'withheld_recent'
                when live.occurred_until - live.occurred_from > interval '1 hour' then 'not_dated'
                else 'hour' end,
           case when live.occurred_until <= %(old_enough)s
                 and live.occurred_until - live.occurred_from <= interval '1 hour'
                then (select max(number) from clock where hour <= live.occurred_from)::text end,
           live.incident_id
    from live
)"""

REGISTERED = f"""
with {PLACED}
select breakdown, first_key, second_key, count(*) as incidents, null::bigint as joint
from placed group by breakdown, first_key, second_key
union all
select breakdown, null, null, null, count(*)
from (
    select breakdown, incident_id from placed where breakdown in ('filer', 'area') group by 1, 2 having count(*) > 1
) several
group by breakdown
"""


def section(known: Known) -> dict[str, Any]:
    """Return the registrations of a day."""
    asked = parameters(known)
    counts: dict[str, dict[Key, int]] = defaultdict(dict)
    joint: dict[str, int] = defaultdict(int)
    for row in known.rows(REGISTERED, **asked):
        if row["joint"] is None:
            counts[row["breakdown"]][row["first_key"], row["second_key"]] = row["incidents"]
        else:
            joint[row["breakdown"]] = row["joint"]
    return {
        "total": sum(counts["total"].values()),
        "by_filer": _by_filer(known, counts["filer"]),
        "by_filer_joint": joint["filer"],
        "by_act": [{"act": act, "count": count} for (act, _none), count in sorted(counts["act"].items())],
        "by_area": _by_area(asked["level"], counts["area"], joint["area"]),
        "by_hour": _by_hour(known, asked["hours"], counts["hour"]),
    }


def parameters(known: Known) -> dict[str, Any]:
    """What the statement asks beside what all do: the level of area, the hours, and what is old enough to be dated."""
    return {
        "level": known.levels[-1] if known.levels else None,
        "hours": _hours(known),
        "old_enough": known.known_at - timedelta(hours=known.version.guarantor_delay_hours),
    }


def _by_filer(known: Known, counts: dict[Key, int]) -> list[dict[str, Any]]:
    """A row for the guarantors' teams of each side and for those of none, zero included."""
    sides = set(GuarantorTerm.objects.filter(version=known.version).values_list("side__code", flat=True))
    keys: list[Key] = [(GUARANTOR, side) for side in sorted(sides)]
    if (GUARANTOR, None) in counts:  # a team of a state that was not, or not yet, guarantor when it happened
        keys.append((GUARANTOR, None))
    keys += [(kind, None) for kind in OF_NO_SIDE]
    keys += sorted((key for key in counts if key[0] == PARTY), key=lambda key: (key[1] is None, key[1] or ""))
    return [{"team_kind": kind, "side": side, "count": counts.get((kind, side), 0)} for kind, side in keys]


def _by_area(level: str | None, counts: dict[Key, int], joint: int) -> dict[str, Any] | None:
    """The areas in which anything was registered, at the finest level that may leave; those in none last."""
    if level is None:
        return None
    areas: list[str | None] = [*sorted(area for area, _none in counts if area is not None), None]
    rows = [{"area": area, "count": counts.get((area, None), 0)} for area in areas]
    return {"level": level, "joint": joint, "rows": rows}


def _by_hour(known: Known, hours: list[datetime], counts: dict[Key, int]) -> dict[str, Any] | None:
    """The hours of the day from its beginning: 24, or 23 or 25 where the clock is moved. None where no hour leaves.

    What is no wider than an hour stands at the hour in which it began; what is younger than the truce's delay at none.
    """
    if known.version.guarantor_time_step != "hour":
        return None
    return {
        "rows": [
            {"from": canonical.instant(hour), "count": counts.get(("hour", str(number)), 0)}
            for number, hour in enumerate(hours, start=1)
        ],
        "not_dated": counts.get(("not_dated", None), 0),
        "withheld_recent": counts.get(("withheld_recent", None), 0),
    }


def _hours(known: Known) -> list[datetime]:
    """The instants at which the hours of the period begin."""
    period = known.period
    return [period.starts_at + HOUR * number for number in range(-(-(period.ends_at - period.starts_at) // HOUR))]
