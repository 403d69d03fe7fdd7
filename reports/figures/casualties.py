"""Killed and injured: the minimum that findings verified, the maximum reported, and how many incidents say nothing.

Unknown is not zero; a best guess is never summed. An incident belongs to the period in which it began: what those that
reach beyond its end tell of is counted here, and said apart. What a data set brings is verified by nobody here. Where
more was verified than any report told of, the maximum is what was verified.
"""

from __future__ import annotations

from typing import Any

from reports.figures.classification import CLASSIFIED
from reports.figures.columns import VIOLATIONS
from reports.figures.known import Known

_HARM = ", ".join(
    f"""
    coalesce(sum({harm}_verified) filter (where verified), 0) as {harm}_verified_minimum,
    count({harm}_verified) filter (where verified) as {harm}_verified_incidents,
    coalesce(sum(greatest({harm}_high, case when verified then {harm}_verified end)), 0) as {harm}_reported_maximum,
    count(*) filter (where {harm}_high is null and not (verified and {harm}_verified is not null))
        as {harm}_incidents_unknown"""
    for harm in ("killed", "injured")
)
CASUALTIES = f"""
with {CLASSIFIED},
counted as (
    select classified.*,
           coalesce(verification in ('verified', 'probable') and standing <> 'data_set', false) as verified
    from classified where stands_in <> 'discounted'
)
select population, {_HARM}
from counted
join unnest(array['not_discounted', 'across_the_edge', 'violations']) population
  on case population when 'violations' then stands_in = any(%(violations)s)
                     when 'across_the_edge' then occurred_until > %(until)s else true end
group by population
"""


def casualties(known: Known) -> list[dict[str, Any]]:
    """Return the casualties of all registered incidents but the discounted, of those of them that reach beyond the
    period, and of the violations.
    """
    rows = known.rows(CASUALTIES, violations=list(VIOLATIONS))
    given = {row["population"]: row for row in rows}
    fields = ("verified_minimum", "verified_incidents", "reported_maximum", "incidents_unknown")
    return [
        {
            "of": population,
            **{
                harm: {field: int(given.get(population, {}).get(f"{harm}_{field}", 0)) for field in fields}
                for harm in ("killed", "injured")
            },
        }
        for population in ("not_discounted", "across_the_edge", "violations")
    ]
