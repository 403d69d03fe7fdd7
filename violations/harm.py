"""How many were harmed, at least and at most, as reports tell it: one that is filed, and the live ones of an incident.

Of each report what is given for all together, else the sums over those known of civilians, combatants and unknown;
where a source breaks the order of low, best and high, the least and the greatest of what it gives. Nothing given: none.
The rule stands twice: what is filed is assessed by what was read of it, and a test holds the two to each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from violations.moderation_codes import Harm, People

if TYPE_CHECKING:
    from collections.abc import Mapping

# A group that is added here is added to what every incident counts; women and children are among these.
GROUPS = tuple(people.value for people in People)
ALL = "all"
BOUNDS = ("low", "best", "high")


class Harmed(NamedTuple):
    """At least and at most so many, or None where nothing is given: the columns of an assessment, in their order."""

    killed_low: int | None
    killed_high: int | None
    injured_low: int | None
    injured_high: int | None


def of_report(casualties: Mapping[str, Mapping[str, Mapping[str, int | None]]]) -> Harmed:
    """Return what one report gives."""
    return Harmed(*_bounds(casualties.get(Harm.KILLED.value)), *_bounds(casualties.get(Harm.INJURED.value)))


def _bounds(given: Mapping[str, Mapping[str, int | None]] | None) -> tuple[int | None, int | None]:
    """The least and the most of one harm."""
    if not given:
        return None, None
    numbers = {
        whom: [number for bound in BOUNDS if (number := bounds.get(bound)) is not None]
        for whom, bounds in given.items()
    }
    known = [numbers[whom] for whom in ((ALL,) if numbers.get(ALL) else GROUPS) if numbers.get(whom)]
    return (sum(map(min, known)), sum(map(max, known))) if known else (None, None)


_CELLS = ", ".join(f"('{harm.value}', '{whom}')" for harm in Harm for whom in (*GROUPS, ALL))
# SQL: a lateral subquery of one row, of `facts.report_ids`: low as `facts.report_id` has it, high the most.
CASUALTIES = f"""
lateral (
    select max(harm.killed_low) filter (where harm.report_id = facts.report_id) as killed_low,
           max(harm.killed_high) as killed_high,
           max(harm.injured_low) filter (where harm.report_id = facts.report_id) as injured_low,
           max(harm.injured_high) as injured_high
    from (
        select report.id as report_id,
               coalesce(max(bounds.low) filter (where cell.harm = 'killed' and cell.whom = 'all'),
                        sum(bounds.low) filter (where cell.harm = 'killed')) as killed_low,
               coalesce(max(bounds.high) filter (where cell.harm = 'killed' and cell.whom = 'all'),
                        sum(bounds.high) filter (where cell.harm = 'killed')) as killed_high,
               coalesce(max(bounds.low) filter (where cell.harm = 'injured' and cell.whom = 'all'),
                        sum(bounds.low) filter (where cell.harm = 'injured')) as injured_low,
               coalesce(max(bounds.high) filter (where cell.harm = 'injured' and cell.whom = 'all'),
                        sum(bounds.high) filter (where cell.harm = 'injured')) as injured_high
        from violations_incidentreport report
        cross join (values {_CELLS}) cell (harm, whom)
        cross join lateral (select report.casualties -> cell.harm -> cell.whom as given) entry
        cross join lateral (
            select least((given ->> 'low')::int, (given ->> 'best')::int, (given ->> 'high')::int) as low,
                   greatest((given ->> 'low')::int, (given ->> 'best')::int, (given ->> 'high')::int) as high
        ) bounds
        where report.id = any(facts.report_ids) and report.casualties <> '{{}}'
        group by report.id
    ) harm
) casualties"""
