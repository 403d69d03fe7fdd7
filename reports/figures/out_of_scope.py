"""Section 5: out of scope, by reason and reading. An answer of its own, never a filter.

Where texts, adherences or lines are read in rival ways, the section says for each holder of a reading how many
incidents would stand in another column if that reading were taken instead.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from reports.figures.classification import CLASSIFIED, IN_READING
from reports.figures.columns import COLUMNS, OUT_OF_SCOPE
from reports.figures.known import Known, in_period

REASONS = f"""
with {CLASSIFIED}
select reason.code as reason,
       count(*) filter (where stands_in = reason.code) as incidents,
       count(*) filter (where stands_in = reason.code and verification in ('verified', 'probable')
                          and standing <> 'data_set') as verified,
       count(*) filter (where stands_in = reason.code and overruled) as overruled,
       count(*) filter (
           where stands_in <> reason.code
             and scope_reasons @> jsonb_build_array(jsonb_build_object('class', reason.code))
       ) as also_applies
from unnest(%(reasons)s::text[]) reason (code)
cross join classified
group by reason.code
"""

OVERRULED = f"""
with {CLASSIFIED}
select count(*) filter (where stands_in = any(%(reasons)s)) as total,
       count(*) filter (where stands_in = 'scope_disputed') as disputed,
       count(*) filter (where overruled and scope = 'in_scope' and assessed_scope = any(%(reasons)s)) as into_scope
from classified
"""

# Every holder of a rival reading that speaks within the period, and what of; '' is the common reading of an adherence.
HOLDERS = f"""
with contested as (
    select reading, 'adherence' as kind, party.code
    from monitoring_adherence adherence join monitoring_party party on party.id = adherence.party_id
    where adherence.version_id = %(version)s and adherence.reading <> '' and {in_period("adherence")}
)
select reading collate "C" as reading, kind collate "C" as kind, code collate "C" as code
from (
    select * from contested
    union
    select '', kind, code from contested
    union
    select terms.reading, 'provision', instrument.code || '/' || provision.code
    from monitoring_provisionterms terms
    join monitoring_provision provision on provision.id = terms.provision_id
    join monitoring_instrument instrument on instrument.id = provision.instrument_id
    where terms.version_id = %(version)s and terms.reading <> '' and {in_period("terms")}
    union
    select line.drawn_by, 'zone', zone.code
    from monitoring_zoneline line join monitoring_zone zone on zone.id = line.zone_id
    where line.version_id = %(version)s and line.drawn_by <> '' and {in_period("line")}
) held
order by 1, 2, 3
"""

# A full join, though both hold the same incidents: it cannot be planned as a loop over loops.
CHANGES = f"""
select stood.stands_in as was, would.stands_in as becomes, count(*) as incidents
from (with {CLASSIFIED} select incident_id, stands_in from classified) stood
full join (with {IN_READING} select incident_id, stands_in from classified) would using (incident_id)
group by 1, 2
"""


def section(known: Known) -> dict[str, Any]:
    """Return section 5."""
    counts = known.rows(OVERRULED, reasons=list(OUT_OF_SCOPE))[0]
    given = {row["reason"]: row for row in known.rows(REASONS, reasons=list(OUT_OF_SCOPE))}
    fields = ("incidents", "verified", "overruled", "also_applies")
    return {
        "total": counts["total"],
        "by_reason": [
            {"reason": reason, **{field: given.get(reason, {}).get(field, 0) for field in fields}}
            for reason in OUT_OF_SCOPE
        ],
        "overruled_into_scope": counts["into_scope"],
        "disputed": counts["disputed"],
        "by_reading": _by_reading(known),
    }


def _by_reading(known: Known) -> list[dict[str, Any]]:
    held: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in known.rows(HOLDERS):
        held[row["reading"]].append({"kind": row["kind"], "code": row["code"]})
    return [{"reading": reading, "on": on, **_changes(known, reading)} for reading, on in held.items()]


def _changes(known: Known, reading: str) -> dict[str, Any]:
    """How many incidents would stand in which other column in this reading."""
    moves = {(row["was"], row["becomes"]): row["incidents"] for row in known.rows(CHANGES, reading=reading)}
    changes = sorted((move for move in moves if move[0] != move[1]), key=lambda move: list(map(COLUMNS.index, move)))
    return {
        "same": sum(incidents for (was, becomes), incidents in moves.items() if was == becomes),
        "changed": sum(moves[move] for move in changes),
        "changes": [{"from": was, "to": becomes, "incidents": moves[was, becomes]} for was, becomes in changes],
    }
