"""Section 2: the ledgers side by side by day and area: what each guarantor announced, and what its teams filed.

Announced and filed are two columns, never summed. A day not held, missing or not due is no zero: there is a total only
where every due day is held, none is contradicted and all are in one unit; else the section says why there is none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitoring import canonical
from monitoring.models import TeamTerms
from reports.figures import case_lists
from reports.figures.known import Known, holds_at_cutoff
from reports.figures.registrations import PARTY
from violations import placing
from violations.codebook import LedgerDay as State
from violations.codebook import LinkKind
from violations.ledger_days import LedgerDay, ToldReturn, ledger_days

if TYPE_CHECKING:
    from collections.abc import Sequence

# Reports in effect, by team and by the day and area of the report: a duplicate was filed too, a withdrawn one was not.
# Each is placed by itself, whatever it tells of: where it leads its incident the assessment has its areas already.
FILED = f"""
with drawn as (
    select coalesce(array_agg(boundary_set.id), '{{}}') as boundary_sets,
           coalesce(array_agg(boundary_set.level), '{{}}') as levels_drawn
    from monitoring_boundaryset boundary_set
    where boundary_set.agreement_id = %(agreement)s and {holds_at_cutoff("boundary_set")}
),
filed as (
    select report.id, link.incident_id, report.occurred_from, report.occurred_until, report.point, report.place_area,
           report.place_precision, report.stated_area_id, guarantor.code as owner,
           case when report.told_by_id is not null then '{PARTY}' else terms.kind end as kind
    from violations_reportlink link
    join violations_incidentreport report on report.id = link.report_id
    left join monitoring_teamterms terms on terms.version_id = %(version)s and terms.team_id = report.team_id
    left join monitoring_guarantorstate guarantor on guarantor.id = terms.guarantor_id
    where report.agreement_id = %(agreement)s and link.kind <> '{LinkKind.RELATED.value}'
      and report.occurred_from >= %(from)s and report.occurred_from < %(until)s and {holds_at_cutoff("link")}
),
calendar as (
    select unnest(%(dates)s::date[]) as date, unnest(%(days_from)s::timestamptz[]) as day_from,
           unnest(%(days_until)s::timestamptz[]) as day_until
)
select facts.owner, coalesce(facts.kind, 'none') as kind,
       case when facts.occurred_until <= %(until)s
                 and facts.occurred_until - facts.occurred_from <= day_until - day_from
            then calendar.date end as date,
       array(select code collate "C" from monitoring_area
             where level = %(level)s and id = any(placed.areas) order by 1) as areas,
       count(*) as reports
from (select * from filed cross join drawn) facts
join calendar on facts.occurred_from >= day_from and facts.occurred_from < day_until
left join violations_assessment assessment
  on assessment.incident_id = facts.incident_id and assessment.lead_report_id = facts.id
 and {holds_at_cutoff("assessment")}
cross join lateral (
    select case when assessment.id is not null then assessment.areas
                else (select in_areas.areas from {placing.AREAS}) end as areas
) placed
group by 1, 2, 3, 4
"""


def section(known: Known) -> dict[str, Any]:
    """Return section 2; `case_lists` holds each two told lists beside one another, nothing where there are none."""
    return {**_sides(known), "case_lists": case_lists.beside_one_another(known)}


def section_1(known: Known) -> dict[str, Any]:
    """The section as it was before lists of cases were read, and as a day has it: lists are told later."""
    return {**_sides(known), "case_lists": False}


def _sides(known: Known) -> dict[str, Any]:
    level = known.levels[0] if known.levels else None
    filed = known.rows(FILED, level=level)
    others = Counter(dict.fromkeys((TeamTerms.Kind.JOINT.value, TeamTerms.Kind.INDEPENDENT.value, "none"), 0))
    for row in filed:
        if row["owner"] is None:
            others[row["kind"]] += row["reports"]
    return {
        "ledgers": [
            _ledger(known, owner, days, [row for row in filed if row["owner"] == owner])
            for owner, days in sorted(known.once(days_by_owner).items())
        ],
        "filed_by_others": [{"team_kind": kind, "total": total} for kind, total in others.items()],
        "area_level": level,
    }


def days_by_owner(known: Known) -> dict[str, list[LedgerDay]]:
    """Return the days of the period in every guarantor's ledger, by the guarantor's code."""
    by_owner: dict[str, list[LedgerDay]] = defaultdict(list)
    for day in ledger_days(
        known.agreement,
        known.version,
        from_date=known.period.dates[0],
        until_date=known.period.dates[-1] + timedelta(days=1),
        known_at=known.known_at,
    ):
        by_owner[day.owner].append(day)
    return by_owner


def _ledger(known: Known, owner: str, days: list[LedgerDay], filed: list[dict[str, Any]]) -> dict[str, Any]:
    by_date: Counter[Any] = Counter()
    by_area: Counter[str | None] = Counter()
    for row in filed:
        by_date[row["date"]] += row["reports"]
        for area in row["areas"] or [None]:
            by_area[area] += row["reports"]
    areas = sorted(by_area, key=lambda area: (area is None, area or ""))
    return {
        "guarantor": owner,
        "taken_from": str(known.version.ledgers_from),
        "announced": announced(days),
        "filed": {
            "total": sum(by_date.values()),
            "not_dated": by_date[None],
            "by_area": [{"area": area, "count": by_area[area]} for area in areas],
            "by_area_joint": sum(row["reports"] for row in filed if len(row["areas"]) > 1),
        },
        "days": [
            {
                "date": day.day.isoformat(),
                "state": day.state,
                "contradicted": contradicted(day),
                "filed": by_date[day.day],
                "returns": [_return(told) for told in day.returns],
            }
            for day in days
        ],
    }


def announced(days: Sequence[LedgerDay]) -> dict[str, Any]:
    """Return what a ledger's days hold, with the total where there can be one, and else why there is none."""
    states = Counter(day.state for day in days)
    held = [day for day in days if day.held]
    units = {told.unit for day in held for told in day.returns}
    why_none = _no_total(days, units)
    return {
        "days_in_period": len(days),
        "days_due": len(days) - states[State.NOT_DUE],
        "days_held": len(held),
        "states": {state: states[state] for state in State.values},
        "contradicted_days": sum(contradicted(day) for day in days),
        "total": None if why_none else sum(day.returns[0].total for day in held),
        "no_total": why_none,
        "unit": units.pop() if len(units) == 1 else None,
    }


def _no_total(days: Sequence[LedgerDay], units: set[str]) -> str:
    """Why the days cannot be summed; '' where they can."""
    due = [day for day in days if day.held or day.state != State.NOT_DUE]
    if not due:
        return "none_due"
    if not all(day.held for day in due):
        return "days_not_held"
    if any(contradicted(day) for day in due):
        return "contradicted"
    return "units_differ" if len(units) > 1 else ""


def contradicted(day: LedgerDay) -> bool:
    """Whether returns of the day give other numbers: both are shown, neither is summed."""
    return len({(told.total, told.unit) for told in day.returns}) > 1 or any(told.variant > 1 for told in day.returns)


def _return(told: ToldReturn) -> dict[str, Any]:
    return {
        "teller": told.teller,
        "acknowledged": told.acknowledged,
        "variant": told.variant,
        "window_from": canonical.instant(told.window_from),
        "window_until": canonical.instant(told.window_until),
        "window_basis": told.window_basis,
        "total": told.total,
        "unit": told.unit,
        "headline_total": told.headline_total,
        "breakdown": told.breakdown,
        "confirmed": told.confirmed,
        "not_confirmed": told.not_confirmed,
        "attributed_elsewhere": told.attributed_elsewhere,
        "note": told.note,
        "lines": [{"area": line.area, "as_written": line.as_written, "count": line.count} for line in told.lines],
        "sources": sorted(
            ({"outlet": source.outlet, "url": source.url, "note": source.note} for source in told.sources),
            key=lambda source: (source["outlet"], source["url"]),
        ),
    }
