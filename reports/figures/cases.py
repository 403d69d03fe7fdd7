"""Section 4: determinations in this period on earlier incidents; cases opened, closed and pending, by age and side.

Which incidents are cases, since when and until when, `violations.cases` tells: those that people took up. What nobody
took up is no case yet: it is told for this period, and stands as pending in the report of its own.

Everything is as known at the cut-off; "in this period" is when it was recorded. Of a period that was over before the
record of the truce began, nothing could be recorded in it: that is said, and is not zero. The section stands beside the
content hash, for ages are counted to the cut-off and grow with it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from monitoring import canonical
from monitoring.models import MechanismVersion
from reports import periods
from reports.figures import breakdowns
from reports.figures.breakdowns import Key
from reports.figures.classification import CLASSIFYING, COUNTED_UNDER, sided
from reports.figures.columns import Tally, tally
from reports.figures.incidents import side_rows
from reports.figures.known import Known, holds_at_cutoff
from violations.cases import BY_PEOPLE
from violations.codebook import Standing
from violations.models import Finding
from violations.placing import codes

# How long a case has been open at the cut-off, or was until it was closed: days, each with its upper bound.
AGES = {"days_0_7": 7, "days_8_30": 30, "days_31_90": 90, "days_91_more": None}

SIDED = sided("classified", "incident_id, stands_in")

# Earlier incidents on which people agreed a finding within the period. That a report be moved is no word on one.
DETERMINATIONS = f"""
with found as materialized (
    select incident_id, bool_or(standing = '{Standing.DETERMINED.value}') as determined
    from violations_finding
    where agreement_id = %(agreement)s and recorded_at >= %(from)s and recorded_at < %(until)s
      and recorded_at <= %(known_at)s
      and standing in ({codes(BY_PEOPLE)}) and effect = '{Finding.Effect.FINDING.value}'
    group by incident_id
),
live as materialized (
    select assessment.*
    from found join violations_assessment assessment on assessment.incident_id = found.incident_id
    where assessment.occurred_from < %(from)s and {holds_at_cutoff("assessment")}
),{CLASSIFYING},{SIDED},
months as (
    select unnest(%(months)s::text[]) as month, unnest(%(months_from)s::timestamptz[]) as month_from,
           unnest(%(months_until)s::timestamptz[]) as month_until
),
placed (breakdown, first_key, second_key, incident_id, stands_in) as (
    select 'all', null, null, incident_id, stands_in from classified
    union all
    select 'standing', case when determined then '{Standing.DETERMINED.value}' else '{Standing.PRELIMINARY.value}' end,
           null, incident_id, stands_in
    from classified join found using (incident_id)
    union all
    select 'month', months.month, null, incident_id, stands_in
    from classified left join months on occurred_from >= month_from and occurred_from < month_until
    union all
    select 'side', side, forces, incident_id, stands_in from sided where %(named)s
    union all
    select 'side', null, naming, incident_id, stands_in from classified where naming <> 'party' and %(named)s
)
select breakdown, first_key, second_key, stands_in, count(*) as incidents
from placed group by breakdown, first_key, second_key, stands_in
union all
select 'joint', null, null, null, count(*)
from (select incident_id from placed where breakdown = 'side' group by 1 having count(*) > 1) several
union all
select 'data_set', null, null, null, count(distinct finding.incident_id)
from violations_finding finding
join violations_assessment assessment on assessment.incident_id = finding.incident_id
where finding.agreement_id = %(agreement)s
  and finding.recorded_at >= %(from)s and finding.recorded_at < %(until)s and finding.recorded_at <= %(known_at)s
  and finding.standing = '{Standing.DATA_SET.value}'
  and assessment.occurred_from < %(from)s and {holds_at_cutoff("assessment")}
"""

_AGE = " ".join(
    f"when lasted <= interval '{days} days' then '{age}'" if days else f"else '{age}'" for age, days in AGES.items()
)

# The register tells what each case was as known at the cut-off. Four ways in, each by an index of its own, so that the
# cases that nothing happened to in the period are not read: what is known to this day and pending, opened or closed in
# the period, and what became known otherwise after the cut-off.
CASES = f"""
with told as materialized (
    select incident_id, opened_at, closed_at from (
        select * from violations_case
        where agreement_id = %(agreement)s and superseded_at is null and closed_at is null
        union
        select * from violations_case
        where agreement_id = %(agreement)s and superseded_at is null
          and opened_at >= %(from)s and opened_at < %(until)s
        union
        select * from violations_case
        where agreement_id = %(agreement)s and superseded_at is null
          and closed_at >= %(from)s and closed_at < %(until)s
        union
        select * from violations_case where agreement_id = %(agreement)s and superseded_at > %(known_at)s
    ) registered
    where recorded_at <= %(known_at)s
      and (closed_at is null or (opened_at >= %(from)s and opened_at < %(until)s)
           or (closed_at >= %(from)s and closed_at < %(until)s))
),
live as materialized (
    select told.incident_id, assessment.alleged, assessment.involved
    from told
    cross join lateral (
        select alleged, involved from violations_assessment assessment
        where assessment.incident_id = told.incident_id
          and assessment.occurred_from < %(until)s and {holds_at_cutoff("assessment")}
        offset 0
    ) assessment
),{COUNTED_UNDER},{sided("classified", "incident_id")},
moved (incident_id, move, lasted) as (
    select incident_id, 'opened', null from told where opened_at >= %(from)s and opened_at < %(until)s
    union all
    select incident_id, 'closed', closed_at - opened_at from told
    where closed_at >= %(from)s and closed_at < %(until)s
    union all
    select incident_id, 'pending', %(known_at)s - opened_at from told where closed_at is null
),
placed (breakdown, first_key, second_key, incident_id) as (
    select 'all', null, null, incident_id from classified
    union all
    select 'side', side, forces, incident_id from sided where %(named)s
    union all
    select 'side', null, naming, incident_id from classified where naming <> 'party' and %(named)s
)
select breakdown, first_key, second_key, move, case when lasted is null then null {_AGE} end as age, count(*) as cases
from placed join moved using (incident_id)
group by 1, 2, 3, 4, 5
union all
select 'joint', null, null, null, null, count(*)
from (select incident_id from placed where breakdown = 'side' group by 1 having count(*) > 1) several
union all
select 'not_taken_up', null, null, null, null, count(*)
from violations_assessment assessment
where assessment.agreement_id = %(agreement)s
  and assessment.occurred_from >= %(from)s and assessment.occurred_from < %(until)s
  and {holds_at_cutoff("assessment")}
  and not exists (
      select from violations_case registered
      where registered.incident_id = assessment.incident_id and {holds_at_cutoff("registered")} offset 0)
"""


def section(known: Known) -> dict[str, Any]:
    """Return section 4."""
    began = (
        MechanismVersion.objects.filter(agreement=known.agreement)
        .order_by("recorded_at")
        .values_list("recorded_at", flat=True)[0]
    )
    period = known.period
    recorded = "whole" if began <= period.starts_at else "part" if began < period.ends_at else "none"
    return {
        "version": 1,
        "record_began_at": canonical.instant(began),
        "recorded": recorded,
        "determinations": None if recorded == "none" else _determinations(known),
        "cases": _cases(known, recorded=recorded != "none"),
    }


def _determinations(known: Known) -> dict[str, Any]:
    """Earlier incidents on which a finding was agreed in this period, in the columns in which they stand now."""
    months = periods.earlier_months(known.version, known.period)
    counts: dict[str, dict[Key, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    alone: dict[str, int] = {}
    for row in known.rows(
        DETERMINATIONS,
        named=breakdowns.named(known),
        months=[month.code for month in months],
        months_from=[month.starts_at for month in months],
        months_until=[month.ends_at for month in months],
    ):
        if row["stands_in"] is None:
            alone[row["breakdown"]] = row["incidents"]
        else:
            counts[row["breakdown"]][row["first_key"], row["second_key"]][row["stands_in"]] = row["incidents"]

    def told(breakdown: str, key: Key) -> Tally:
        return tally(counts[breakdown].get(key, {}))

    return {
        "all": told("all", (None, None)),
        "standings": {
            standing.value: told("standing", (standing.value, None))["registered"] for standing in reversed(BY_PEOPLE)
        },
        "by_month": [
            {"period": month, **told("month", (month, None))}
            for month in [None, *(month.code for month in months)]
            if (month, None) in counts["month"]
        ],
        "by_side": [
            {"side": side, "forces": forces, **told("side", (side, forces))}
            for side, forces in side_rows(known, counts["side"])
        ],
        "by_side_joint": alone["joint"],
        "data_set": alone["data_set"],
    }


def _cases(known: Known, *, recorded: bool) -> dict[str, Any]:
    """The cases by side; null of what was opened and closed where nothing could be `recorded` in the period."""
    counts: dict[str, dict[Key, dict[tuple[str, str | None], int]]] = defaultdict(lambda: defaultdict(dict))
    alone: dict[str, int] = {}
    for row in known.rows(CASES, named=breakdowns.named(known)):
        if row["move"] is None:
            alone[row["breakdown"]] = row["cases"]
        else:
            counts[row["breakdown"]][row["first_key"], row["second_key"]][row["move"], row["age"]] = row["cases"]

    def told(breakdown: str, key: Key) -> dict[str, Any]:
        row = counts[breakdown].get(key, {})
        return {
            "opened": row.get(("opened", None), 0) if recorded else None,
            "closed": _by_age(row, "closed") if recorded else None,
            "pending": _by_age(row, "pending"),
        }

    return {
        "all": told("all", (None, None)),
        "by_side": [
            {"side": side, "forces": forces, **told("side", (side, forces))}
            for side, forces in side_rows(known, counts["side"])
        ],
        "by_side_joint": alone["joint"],
        "not_taken_up": alone["not_taken_up"],
    }


def _by_age(row: dict[tuple[str, str | None], int], move: str) -> dict[str, int]:
    ages = {age: row.get((move, age), 0) for age in AGES}
    return {"all": sum(ages.values()), **ages}
