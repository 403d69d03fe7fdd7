"""Which other incidents lie near in time and place: a hint that two filings may tell of one event, never a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, IntegerField
from django.db.models.expressions import RawSQL

HOURS = 6
KILOMETRES = 10
AT_MOST = 20

# When another assessment, `near`, lies near `{mine}`.
IS_NEAR = """
      near.agreement_id = {mine}.agreement_id
      and near.superseded_at is null
      and near.incident_id <> {mine}.incident_id
      and near.occurred_from >= {mine}.occurred_from - %(within)s::interval - interval '1 day'
      and near.occurred_from < {mine}.occurred_until + %(within)s::interval
      and near.occurred_until > {mine}.occurred_from - %(within)s::interval
      and case when near.point is null or {mine}.point is null then near.areas && {mine}.areas
               else st_distancesphere(near.point, {mine}.point) <= %(metres)s end"""

# One query for a set. What is dated to the day or coarser lies near by its whole interval; where one of the two has no
# point, they are near if they share an area. The index on (agreement, occurred_from) bounds the search to a day before.
NEAR = f"""
select mine.incident_id, other.incident_id, other.metres, other.seconds
from violations_assessment mine
cross join lateral (
    select near.incident_id,
           st_distancesphere(near.point, mine.point) as metres,
           greatest(0, extract(epoch from near.occurred_from - mine.occurred_until),
                       extract(epoch from mine.occurred_from - near.occurred_until))::float as seconds
    from violations_assessment near
    where {IS_NEAR.format(mine="mine")}
    order by seconds, metres nulls last, near.incident_id
    limit %(at_most)s
) other
where mine.superseded_at is null and mine.incident_id = any(%(incidents)s)
order by mine.incident_id, other.seconds, other.metres nulls last, other.incident_id
"""


@dataclass(frozen=True)
class Near:
    """Another incident beside one: metres between their points (None: same area), seconds between their intervals."""

    incident_id: int
    metres: float | None
    seconds: float


def _beside_assessed() -> str:
    """SQL: the assessments that lie near that of a query of assessments."""
    within, metres = f"interval '{HOURS} hours'", str(KILOMETRES * 1000)
    condition = IS_NEAR.format(mine="violations_assessment")
    condition = condition.replace("%(within)s::interval", within).replace("%(metres)s", metres)
    return f"select 1 from violations_assessment near where {condition}"


def has_any() -> RawSQL:
    """The condition that another incident lies near that of an assessment: to ask of one by one."""
    condition = f"exists ({_beside_assessed()})"
    return RawSQL(condition, [], output_field=BooleanField())  # noqa: S611 - nothing typed stands in it


def how_many() -> RawSQL:
    """How many others lie near the incident of an assessment, up to AT_MOST."""
    number = f"cardinality(array({_beside_assessed()} limit {AT_MOST}))"
    return RawSQL(number, [], output_field=IntegerField())  # noqa: S611 - nothing typed stands in it


def near(incident_ids: Iterable[int], *, hours: int = HOURS, kilometres: int = KILOMETRES) -> dict[int, list[Near]]:
    """Return, for each incident that has any, up to AT_MOST live others near it, the nearest in time first."""
    found: dict[int, list[Near]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            NEAR,
            {
                "within": f"{hours} hours",
                "metres": kilometres * 1000,
                "at_most": AT_MOST,
                "incidents": list(incident_ids),
            },
        )
        for incident_id, *other in cursor.fetchall():
            found.setdefault(incident_id, []).append(Near(*other))
    return found
