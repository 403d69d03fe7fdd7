"""Which other incidents may be the same event, the likeliest first, by a score that docs/candidates.md explains.

A hint, never a decision: nothing is linked by it, however alike two are. One statement for a set of incidents; the
index on (agreement, occurred_from) bounds what is looked at. It reads what moderators are shown of an incident and
nothing else: no team, nobody who filed, and no more of an observer than is left of one that was erased.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from violations import likeness

# What is listed: at least eight times likelier one event than two, and neither place nor time that speaks against it.
LEAST, AGAINST = 3, -3
AT_MOST = 20
# Others that began up to so much before; of an incident that is dated to more, its first month is looked at.
BEFORE, AFTER, LONGEST = f"{likeness.DAYS} days", "1 day", "31 days"

_FOUND = ("apart", "metres", "within", "seconds", "shared", "alike")
_TERMS = ("place", "time", "act", "bearing")


def _pairs(others: str) -> str:
    """SQL: the incidents asked for, each with those of its agreement that `others` lets through, likeliest first."""
    return f"""
select mine.incident_id, other.*
from violations_assessment mine
cross join {likeness.said("mine")} here
cross join lateral (
    select near.incident_id, score.score, {", ".join(f"found.{name}" for name in _FOUND)},
           {", ".join(f"terms.{name}" for name in _TERMS)}
    from violations_assessment near
    cross join {likeness.said("near")} there
    cross join lateral (
        select {likeness.APART} as apart, {likeness.METRES} as metres,
               sqrt(here.within ^ 2 + there.within ^ 2) as within, {likeness.SECONDS} as seconds,
               {likeness.COARSER} as coarser, {likeness.SHARED} as shared, {likeness.ALIKE} as alike
        offset 0
    ) found
    cross join lateral (
        select ({likeness.PLACE})::float8 as place, ({likeness.TIME})::float8 as time,
               ({likeness.ACT})::float8 as act, ({likeness.BEARING})::float8 as bearing
        offset 0
    ) terms
    cross join lateral (select terms.place + terms.time + terms.act + coalesce(terms.bearing, 0) as score) score
    where near.agreement_id = mine.agreement_id
      and near.superseded_at is null
      and near.incident_id <> mine.incident_id
      and {others}
    order by score desc, found.seconds, found.metres nulls last, near.incident_id
    limit %(at_most)s
) other
where mine.superseded_at is null and mine.incident_id = any(%(incidents)s)
order by mine.incident_id, other.score desc, other.seconds, other.metres nulls last, other.incident_id
"""


_LISTED = _pairs(
    f"""near.occurred_from >= mine.occurred_from - interval '{BEFORE}'
      and near.occurred_from
          < least(mine.occurred_until, mine.occurred_from + interval '{LONGEST}') + interval '{AFTER}'
      and score.score >= {LEAST} and terms.place > {AGAINST} and terms.time > {AGAINST}"""
)
_THIS_ONE = _pairs("near.incident_id = %(other)s")


@dataclass(frozen=True)
class Candidate:
    """Another incident beside one: how alike the two are, in bits, and what makes them so.

    `metres` lie between the places, each known so finely that the two may lie `within` so many of each other; both are
    None where one is known to a district or coarser, and then `apart` says whether the areas exclude each other.
    `seconds` between the times, `shared` how much of the finer time lies within the coarser. `alike`: how the acts are,
    same, family, other, or open where one is undetermined. `bearing`: None where no direction says anything.
    """

    incident_id: int
    score: float
    apart: bool
    metres: float | None
    within: float | None
    seconds: float
    shared: float
    alike: str
    place: float
    time: float
    act: float
    bearing: float | None


def of(incident_ids: Iterable[int], *, at_most: int = AT_MOST) -> dict[int, list[Candidate]]:
    """Return, for each live incident that has any, up to `at_most` live others that may be the same event."""
    return _asked(_LISTED, {"incidents": list(incident_ids), "at_most": at_most})


def between(incident_id: int, other_id: int) -> Candidate | None:
    """Return how alike two incidents are, however little; None where one is not live or of another agreement."""
    found = _asked(_THIS_ONE, {"incidents": [incident_id], "other": other_id, "at_most": 1})
    return found[incident_id][0] if found else None


def _asked(statement: str, parameters: dict[str, Any]) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for incident_id, *told in cursor.fetchall():
            found.setdefault(incident_id, []).append(Candidate(*told))
    return found
