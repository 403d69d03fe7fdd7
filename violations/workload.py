"""How much is open, whoever does it: told beside the queue by lane and by side, never of a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from violations.codebook import Standing
from violations.incident_querysets import GRAVITY
from violations.models import Docket, Finding

# How much is open of an agreement, no further than is told: work by lane, and words to be seconded by side.
WORKLOAD = f"""
select 'work', wanted.gravity, cardinality(array(
           select 1 from violations_docket
           where superseded_at is null and agreement_id = any(%s)
             and stage = '{Docket.Stage.WORK.value}' and gravity = wanted.gravity limit %s)), null
from unnest(%s::int[]) wanted (gravity)
union all
select 'proposed', proposed_side_id, sum(1)::int, min(recorded_at)
from (
    select proposed_side_id, recorded_at from violations_finding
    where superseded_at is null and standing = '{Standing.PROPOSED.value}' and effect = '{Finding.Effect.FINDING.value}'
      and agreement_id = any(%s) limit %s
) open
group by proposed_side_id
"""
MOST_TOLD = 1000


@dataclass(frozen=True)
class Workload:
    """What is open, whoever does it: work by gravity; findings to be seconded by the side that proposed, and since.

    Nothing is counted past MOST_TOLD, and nothing of a person.
    """

    work: dict[int, int]
    proposed: dict[int | None, tuple[int, datetime]]


def workload(agreements: Collection[int]) -> Workload:
    """How much is open in these agreements."""
    of, most = list(agreements), MOST_TOLD + 1
    with connection.cursor() as cursor:
        cursor.execute(WORKLOAD, [of, most, list(GRAVITY.values()), of, most])
        rows = cursor.fetchall()
    return Workload(
        {key: number for what, key, number, _since in rows if what == "work" and number},
        {key: (number, since) for what, key, number, since in rows if what == "proposed"},
    )
