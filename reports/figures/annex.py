"""Section 10: the incidents at a guarantor's tier, one by one.

Place as finely as the truce lets out, time cut to its step, and only what is older than its delay; a reference that
tells neither order nor time. A zone is named beside an incident only where all its drawings hold the whole of the area
shown: a smaller one, or one that crosses the area, would tell the place more finely. No narrative, no team, no source,
no time of filing. Where the truce does not publish who fired, no party is named; nor is told where each incident stands
and what it breached, where that would name one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from monitoring import canonical
from reports import periods
from reports.figures import breakdowns, withheld
from reports.figures.classification import CLASSIFIED, LIVE
from reports.figures.known import Known, holds_at_cutoff
from violations import decisions
from violations.codebook import Scope, Standing
from violations.models import Finding

REFERENCE_DIGITS = 10

# Where an incident stands whoever fired, and what else of it hangs on how the texts bind those concerned.
WHOEVER_FIRED = ("discounted", "outside_period", "outside_area")
BINDING = ("column", "scope", "reasons", "scope_overruled", "provisions")

_CODES = """array(select code collate "C" from monitoring_party where id = any({column}) order by 1)"""

# Dissents from the agreed finding: as they were counted at first, from that row alone.
FROM_THE_ROW = """(select count(*) from violations_dissent dissent
        where dissent.finding_id = classified.finding_id and dissent.recorded_at <= %(known_at)s)"""

# And from the words in it, wherever they stood when somebody dissented: in the proposal that was seconded as it, or,
# where it only carries over what was agreed before, in that. Who dissented from several of these dissented once; who
# dissented from a move of reports alone did not dissent from what was found.
AGREED = "select finding.* from classified join violations_finding finding on finding.id = classified.finding_id"


def dissented(stated: str) -> str:
    """SQL: tables, of which one is recursive, that count the dissents from the words of the findings `stated`."""
    return f"""
said (stated_id, id, incident_id, recorded_at, standing, effect, changed, proposed_by_id) as (
    select stated.id, stated.id, stated.incident_id, stated.recorded_at, stated.standing, stated.effect,
           stated.changed, stated.proposed_by_id
    from ({stated}) stated
    union
    select said.stated_id, before.id, before.incident_id, before.recorded_at, before.standing, before.effect,
           before.changed, before.proposed_by_id
    from said
    join violations_finding before
      on before.incident_id = said.incident_id and before.superseded_at = said.recorded_at
    where said.standing <> '{Standing.PROPOSED.value}'
      and case when before.standing = '{Standing.PROPOSED.value}'
               then before.effect = '{Finding.Effect.FINDING.value}' and said.effect = before.effect
                and before.proposed_by_id = said.proposed_by_id
               else said.changed = array['{decisions.REPORTS}']::varchar[] end
),
dissented as materialized (
    select coalesce(jsonb_object_agg(stated_id, people), '{{}}') as counts
    from (
        select said.stated_id, count(distinct dissent.by_id) as people
        from said join violations_dissent dissent on dissent.finding_id = said.id
        where dissent.recorded_at <= %(known_at)s
        group by said.stated_id
    ) told
)"""


def dissents_from(finding: str) -> str:
    """SQL: how many people dissented from the words of a finding; 0 where there is none."""
    return f"coalesce(((select counts from dissented) ->> {finding}::text)::int, 0)"


def listed(dissents: str, also: str = "") -> str:
    """The statement of the annex, `dissents` as SQL counts them, by the tables `also`."""
    return f"""
with {"recursive " if also else ""}{CLASSIFIED},{also}{"," if also else ""}
holding as materialized (
    select line.zone_id, shape.area_id
    from monitoring_zoneline line
    cross join monitoring_areashape shape
    join monitoring_boundaryset boundary_set on boundary_set.id = shape.boundary_set_id
    where line.version_id = %(version)s and boundary_set.agreement_id = %(agreement)s
      and {holds_at_cutoff("boundary_set")}
    group by line.zone_id, shape.area_id
    having bool_and(st_covers(line.boundary, shape.boundary))
)
select incident.public_id, classified.stands_in, classified.occurred_from, classified.occurred_until,
       classified.time_precision, classified.act, classified.objects_hit, classified.weapon_family,
       classified.scope, classified.overruled, classified.verification, classified.conduct, classified.standing,
       classified.finding_id is not null as found, classified.one_sided, classified.attribution,
       classified.confidence, classified.basis,
       classified.killed_low, classified.killed_high, classified.killed_verified,
       classified.injured_low, classified.injured_high, classified.injured_verified,
       array(select distinct reason ->> 'class' from jsonb_array_elements(classified.scope_reasons) reason) as reasons,
       {_CODES.format(column="classified.alleged")} as alleged,
       {_CODES.format(column="classified.target")} as target,
       {_CODES.format(column="classified.involved")} as involved,
       {_CODES.format(column="classified.parties")} as attributed,
       array(select zone.code collate "C" from holding join monitoring_zone zone on zone.id = holding.zone_id
             where holding.area_id = place.id and zone.id = any(classified.zones) order by 1) as zones,
       place.code as area, place.level,
       array(select instrument.code || '/' || provision.code collate "C"
             from violations_findingprovision named
             join monitoring_provision provision on provision.id = named.provision_id
             join monitoring_instrument instrument on instrument.id = provision.instrument_id
             where named.finding_id = classified.finding_id order by 1) as provisions,
       {dissents} as dissents,
       exists (select from violations_finding proposal
               where proposal.incident_id = classified.incident_id and proposal.standing = 'proposed'
                 and proposal.effect = 'finding'
                 and proposal.recorded_at <= %(known_at)s
                 and (proposal.superseded_at is null or proposal.superseded_at > %(known_at)s) offset 0) as proposed
from classified
join violations_incident incident on incident.id = classified.incident_id
left join lateral (
    select area.id, area.code, area.level from monitoring_area area
    where area.id = any(classified.areas) and area.level = any(%(levels)s)
    order by array_position(%(levels)s::text[], area.level::text) desc, area.code collate "C" limit 1
) place on true
where classified.occurred_until <= %(old_enough)s
"""


YOUNG = f"""
with {LIVE}
select count(*) filter (where occurred_until > %(old_enough)s) as young from live
"""


def annex(known: Known) -> dict[str, Any]:
    """Return the annex, by the time and place that it shows; null is what would name a party that is withheld."""
    return {
        **_withholding(known, _told(known, listed(dissents_from("classified.finding_id"), dissented(AGREED)))),
        "version": 3,
    }


def annex_2(known: Known) -> dict[str, Any]:
    """Return the annex as it was before dissent from what was proposed was counted with what was agreed."""
    return _withholding(known, annex_1(known))


def _withholding(known: Known, told: dict[str, Any]) -> dict[str, Any]:
    withholds = known.once(withheld.binding_withheld)
    if withholds:
        told["incidents"] = [_withheld(incident) for incident in told["incidents"]]
    return {"version": 2, "binding_withheld": withholds, **told}


def annex_1(known: Known) -> dict[str, Any]:
    """Return the annex as it was before anything but parties was withheld."""
    return _told(known, listed(FROM_THE_ROW))


def _told(known: Known, statement: str) -> dict[str, Any]:
    old_enough = known.known_at - timedelta(hours=known.version.guarantor_delay_hours)
    rows = known.rows(statement, levels=known.levels, old_enough=old_enough)
    incidents = [_incident(known, row) for row in rows]
    return {
        "tier": "guarantor",
        "place_level": known.version.guarantor_place_level,
        "time_step": known.version.guarantor_time_step,
        "parties_withheld": not breakdowns.named(known),
        "withheld_recent": known.rows(YOUNG, old_enough=old_enough)[0]["young"],
        "incidents": sorted(
            incidents, key=lambda incident: (incident["occurred_from"], incident["area"] or "~", incident["reference"])
        ),
    }


def reference(public_id: Any) -> str:
    """The reference by which a reader quotes an incident: the first digits of its random public id."""
    return public_id.hex[:REFERENCE_DIGITS]


def meant(written: str) -> Q:
    """The condition that a row is quoted as `written`: so many digits of its public id, or more; else that of none."""
    signs = written.strip().replace("-", "").lower()
    if not REFERENCE_DIGITS <= len(signs) <= 32 or any(sign not in "0123456789abcdef" for sign in signs):
        return Q(pk__in=[])
    return Q(public_id__range=(UUID(signs.ljust(32, "0")), UUID(signs.ljust(32, "f"))))


def _incident(known: Known, row: dict[str, Any]) -> dict[str, Any]:
    told = breakdowns.named(known)
    found = row["found"]
    return {
        "reference": reference(row["public_id"]),
        "column": row["stands_in"],
        "occurred_from": canonical.instant(periods.lowered(known.version, row["occurred_from"])),
        "occurred_until": canonical.instant(periods.raised(known.version, row["occurred_until"])),
        "time_precision": row["time_precision"],
        "date": _date(known, row),
        "area": row["area"],
        "level": row["level"],
        "zones": row["zones"],
        "act": row["act"],
        "objects_hit": sorted(row["objects_hit"]),
        "weapon": row["weapon_family"] or None,
        "alleged": row["alleged"] if told else [],
        "target": row["target"] if told else [],
        "involved": row["involved"] if told else [],
        "scope": row["scope"],
        "reasons": sorted(row["reasons"], key=Scope.values.index),
        "verification": row["verification"],
        "conduct": row["conduct"],
        "standing": _standing(row),
        "scope_overruled": row["overruled"],
        "attribution": row["attribution"] if found and told else None,
        "confidence": (row["confidence"] or None) if told else None,
        "attributed": row["attributed"] if told else [],
        "basis": sorted(row["basis"] or []) if told else [],
        "provisions": [_provision(named) for named in row["provisions"]],
        "killed": _harm(row, "killed"),
        "injured": _harm(row, "injured"),
        "dissents": row["dissents"],
    }


def _withheld(incident: dict[str, Any]) -> dict[str, Any]:
    """The incident without what hangs on how the texts bind those concerned."""
    kept = {"column": incident["column"]} if incident["column"] in WHOEVER_FIRED else {}
    return {**incident, **dict.fromkeys(BINDING), **kept}


def _standing(row: dict[str, Any]) -> str:
    """Of the agreed finding; else whether one is proposed, and whether nobody seconded it in time."""
    if row["found"]:
        standing: str = row["standing"]
        return standing
    if row["one_sided"]:
        return "one_sided"
    return "proposed" if row["proposed"] else "none"


def _date(known: Known, row: dict[str, Any]) -> str | None:
    """The day that the incident is counted on; none where it is not dated to the day or goes over the edge."""
    for day in known.period.days:
        if day.starts_at <= row["occurred_from"] < day.ends_at:
            wide = row["occurred_until"] - row["occurred_from"] > day.ends_at - day.starts_at
            return None if wide or row["occurred_until"] > known.period.ends_at else day.date.isoformat()
    return None


def _harm(row: dict[str, Any], harm: str) -> dict[str, int | None]:
    return {
        "verified": row[f"{harm}_verified"],
        "reported_low": row[f"{harm}_low"],
        "reported_high": row[f"{harm}_high"],
    }


def _provision(named: str) -> dict[str, str]:
    instrument, _slash, provision = named.partition("/")
    return {"instrument": instrument, "provision": provision}
