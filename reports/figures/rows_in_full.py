"""Which incidents a figure counts, in full, as known at its closing's cut-off: for moderators.

The statement that counts a figure (`reports.figures.counting`) is asked for each incident alone, where it has groups of
incidents that are alike: so the list is of what was counted, by the code of today. Of an old closing whose code has
been retired it can differ from the figure; then both numbers are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from reports.figures import registrations
from reports.figures.casualties import FIELDS as HARM_FIELDS
from reports.figures.classification import CLASSIFIED
from reports.figures.columns import OUT_OF_SCOPE, VIOLATIONS
from reports.figures.counting import CHECKED, KEYED, PLACED, holders, named
from reports.figures.known import Known
from reports.figures.paths import Counted
from reports.figures.readings import READ, WOULD_STAND_IN
from violations.placing import codes

_IN_COLUMNS = "(%(columns)s::text[] is null or stands_in = any(%(columns)s::text[]))"

# Each incident is its own group. Who is concerned is laid out only where it is asked by whom an incident counts.
ALONE = f"""
{KEYED},
tallied as materialized (
    select incident_id as number, %(breakdown)s::text as breakdown, stands_in,
           case when %(breakdown)s = 'party' then concerned end as concerned, naming, alleged, target, involved,
           provisions, act, objects_hit, weapon, areas, zones, date, dated, attribution, confidence, 1 as incidents,
           attributed::integer as attributed, coalesce(killed_verified, 0) as killed,
           coalesce(injured_verified, 0) as injured
    from keyed
    where {_IN_COLUMNS}
)"""

_CHOSEN = "chosen (incident_id, number, becomes) as"

IN_ROW = f"""
{_CHOSEN} (
    select number, {{measure}}, null
    from placed
    where part = %(part)s and first_key is not distinct from %(first)s
      and (second_key is not distinct from %(second)s or (part = 'attribution' and %(second)s::text is null))
)"""
MEASURES = ("incidents", "attributed", "killed", "injured")

IN_SEVERAL_ROWS = f"""
{_CHOSEN} (
    select number, 1, null from placed
    where part = %(part)s and (part <> 'area' or first_key = %(first)s)
    group by number having count(*) > 1
)"""

_HARM = {
    "verified_minimum": "case when checked then {harm}_verified end",
    "verified_incidents": "(checked and {harm}_verified is not null)::integer",
    "reported_maximum": "greatest({harm}_high, case when checked then {harm}_verified end)",
    "incidents_unknown": "({harm}_high is null and not (checked and {harm}_verified is not null))::integer",
}
OF_POPULATION = {
    "not_discounted": "stands_in <> 'discounted'",
    "across_the_edge": "stands_in <> 'discounted' and occurred_until > %(until)s",
    "violations": f"stands_in in ({codes(VIOLATIONS)})",
}

_OF_REASON = "stands_in = %(first)s"
OF_REASON = {
    "incidents": _OF_REASON,
    "verified": f"{_OF_REASON} and checked",
    "overruled": f"{_OF_REASON} and overruled",
    "also_applies": """stands_in <> %(first)s
        and scope_reasons @> jsonb_build_array(jsonb_build_object('class', %(first)s::text))""",
}
INTO_SCOPE = f"overruled and scope = 'in_scope' and assessed_scope in ({codes(OUT_OF_SCOPE)})"

WHERE = f"""
{_CHOSEN} (
    select incident_id, {{number}}, null
    from (select classified.*, {CHECKED} from classified) classified
    where {{condition}}
)"""

MOVED = f"""
{_CHOSEN} (
    select incident_id, 1, becomes
    from (select read_as.*, {WOULD_STAND_IN} as becomes from read_as) moved
    where reading = %(first)s and was <> becomes
      and (%(second)s::text is null or becomes = %(second)s)
      and (%(columns)s::text[] is null or was = any(%(columns)s::text[]))
)"""
NOT_MOVED = f"""
{_CHOSEN} (
    select incident_id, 1, null from classified
    where not exists (
        select from (select read_as.*, {WOULD_STAND_IN} as becomes from read_as) moved
        where moved.incident_id = classified.incident_id and reading = %(first)s and was <> becomes)
)"""

OF_A_DAY = f"""
{_CHOSEN} (
    select incident_id, 1, null from placed
    where breakdown = %(part)s
      and first_key is not distinct from %(first)s and second_key is not distinct from %(second)s
)"""
OF_A_DAY_SEVERAL = f"""
{_CHOSEN} (
    select incident_id, 1, null from placed where breakdown = %(part)s group by 1 having count(*) > 1
)"""

# The whole is counted before a page of it is taken. After the incident `after`, in the order of the list.
LISTED = """
with {counting}, {chosen},
numbered as (
    select chosen.incident_id, live.occurred_from, live.occurred_until, live.time_precision, live.act, live.areas,
           chosen.number, {stands_in} as stands_in, becomes, sum(chosen.number) over () as figure,
           count(*) over () as incidents
    from chosen join live on live.incident_id = chosen.incident_id {classified}
    where chosen.number > 0
)
select incident.public_id, occurred_from, occurred_until, time_precision, act, number, stands_in, becomes,
       figure::bigint as figure, incidents,
       array(select area.code collate "C" from monitoring_area area
             where area.id = any(areas) and area.level <> 'grouping' order by area.level, 1) as areas
from numbered join violations_incident incident on incident.id = numbered.incident_id
where %(after)s::uuid is null
   or (occurred_from, numbered.incident_id) > (
       select occurred_from, numbered.incident_id from numbered
       join violations_incident last on last.id = numbered.incident_id where last.public_id = %(after)s::uuid)
order by occurred_from, numbered.incident_id
limit %(most)s
"""


@dataclass(frozen=True)
class Row:
    """An incident that a figure counts: what it adds, where it stands, and under the reading asked of would stand."""

    public_id: UUID
    occurred_from: datetime
    occurred_until: datetime
    time_precision: str
    act: str
    number: int
    stands_in: str | None
    becomes: str | None
    areas: list[str]


@dataclass(frozen=True)
class Page:
    """A page of the list: `figure` is what all of it comes to, over `incidents`; `more` whether others follow."""

    figure: int
    incidents: int
    rows: tuple[Row, ...]
    more: bool


def listed(known: Known, counts: Counted, *, most: int, after: UUID | None = None) -> Page | None:
    """Return the incidents that a figure counts, earliest first, `most` after the incident `after`.

    None where nothing follows `after`, or it is not in the list. Of a figure of 0 the page is empty.
    """
    counting, chosen, asked = _statement(known, counts)
    of_a_day = counts.part.startswith("registered_")
    statement = LISTED.format(
        counting=counting,
        chosen=chosen,
        stands_in="null" if of_a_day else "classified.stands_in",
        classified="" if of_a_day else "join classified on classified.incident_id = chosen.incident_id",
    )
    rows = known.rows(statement, after=after, most=most + 1, **asked)
    if not rows:
        return None if after else Page(0, 0, (), more=False)
    told = [{name: value for name, value in row.items() if name not in {"figure", "incidents"}} for row in rows[:most]]
    return Page(rows[0]["figure"], rows[0]["incidents"], tuple(Row(**row) for row in told), more=len(rows) > most)


def _statement(known: Known, counts: Counted) -> tuple[str, str, dict[str, Any]]:
    """What is counted from, which of it is chosen, and what these ask."""
    asked: dict[str, Any] = {"part": counts.part, "first": counts.first, "second": counts.second}
    asked["columns"] = None if counts.columns is None else list(counts.columns)
    joint = counts.measure == "joint"
    if counts.part.startswith("registered_"):
        asked |= registrations.parameters(known) | {"part": counts.part.removeprefix("registered_")}
        return registrations.PLACED, OF_A_DAY_SEVERAL if joint else OF_A_DAY, asked
    if counts.part in {"harm", "reason", "into_scope"}:
        return CLASSIFIED, _where(counts), asked
    if counts.part == "reading":
        asked["readings"] = list(known.once(holders))
        return f"{CLASSIFIED}, {READ}", NOT_MOVED if counts.measure == "same" else MOVED, asked
    asked |= {"levels": known.levels, "named": named(known)}
    asked["breakdown"] = "party" if counts.part == "side" else counts.part
    chosen = IN_SEVERAL_ROWS if joint else IN_ROW.format(measure=MEASURES[MEASURES.index(counts.measure)])
    return f"{CLASSIFIED}, {ALONE}, {PLACED}", chosen, asked


def _where(counts: Counted) -> str:
    if counts.part == "harm":
        number = _HARM[HARM_FIELDS[HARM_FIELDS.index(counts.measure)]].format(harm=_one_of(counts.second))
        return WHERE.format(number=f"coalesce({number}, 0)", condition=OF_POPULATION[str(counts.first)])
    return WHERE.format(number="1", condition=OF_REASON[counts.measure] if counts.part == "reason" else INTO_SCOPE)


def _one_of(harm: str | None) -> str:
    return {"killed": "killed", "injured": "injured"}[str(harm)]
