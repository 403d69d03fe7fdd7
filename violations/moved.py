"""What changed place: incidents that one instant of the record puts into other areas, or another scope, than another.

Counts alone, from where to where, of incidents whose lead report is the same at both: what differs then comes from
boundaries or from the mechanism, never from somebody telling it otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from monitoring.models import Agreement, Area, BoundarySet

SCOPE = "scope"
WHAT = (*Area.Level.values[1:], Area.Level.GROUPING.value, SCOPE)
AN_INSTANT = timedelta(microseconds=1)  # the record's clock knows nothing finer


@dataclass(frozen=True)
class Move:
    """So many incidents were in the areas `was` of a level, or of the scope `was`, and are in `now`; none: ()."""

    what: str
    was: tuple[str, ...]
    now: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Moved:
    """Of the incidents compared, how many differ in anything, and in what."""

    compared: int
    differing: int
    moves: tuple[Move, ...]

    def of(self, what: str) -> tuple[Move, ...]:
        """Those of one level of area, or of the scope; the most frequent first."""
        return tuple(move for move in self.moves if move.what == what)


def at_loading(boundary_set: BoundarySet) -> Moved:
    """What changed when the set was recorded: its stamp is that of every assessment that it changed."""
    return between(boundary_set.agreement, boundary_set.recorded_at - AN_INSTANT, boundary_set.recorded_at)


def between(agreement: Agreement, before: datetime, after: datetime) -> Moved:
    """Compare how the incidents of `agreement` are assessed as known at two instants of the record."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARED, {"agreement": agreement.pk, "before": before, "after": after, "what": list(WHAT)})
        rows = cursor.fetchall()
    compared, differing, *moves = rows
    return Moved(
        compared[3],
        differing[3],
        tuple(Move(what, tuple(was), tuple(now), count) for what, was, now, count, _place in moves),
    )


def _known_at(instant: str) -> str:
    return f"(recorded_at <= %({instant})s and (superseded_at is null or superseded_at > %({instant})s))"


# One pass and no join, whatever the planner believes: of each incident at most one row is known at an instant. Few
# kinds of answer differ, however many incidents: they are counted first, and only then told by code.
_COMPARED = f"""
with compared as (
    select max(areas) filter (where {_known_at("before")}) as areas_were,
           max(areas) filter (where {_known_at("after")}) as areas_are,
           max(scope) filter (where {_known_at("before")}) as scope_was,
           max(scope) filter (where {_known_at("after")}) as scope_is
    from violations_assessment
    where agreement_id = %(agreement)s and ({_known_at("before")} or {_known_at("after")})
    group by incident_id, lead_report_id
    having bool_or({_known_at("before")}) and bool_or({_known_at("after")})
),
pair as (
    select areas_were, areas_are, scope_was, scope_is, count(*) as count
    from compared group by areas_were, areas_are, scope_was, scope_is
),
differing as (select * from pair where areas_were <> areas_are or scope_was <> scope_is),
told as (
    select level.code as what,
           array(select area.code::text from monitoring_area area
                 where area.id = any(areas_were) and area.level = level.code order by area.code collate "C") as was,
           array(select area.code::text from monitoring_area area
                 where area.id = any(areas_are) and area.level = level.code order by area.code collate "C") as now,
           count
    from differing cross join unnest(%(what)s::text[]) level (code)
    where level.code <> '{SCOPE}'
    union all
    select '{SCOPE}', array[scope_was::text], array[scope_is::text], count from differing
)
select '' as what, '{{}}'::text[] as was, '{{}}'::text[] as now, coalesce(sum(count), 0)::bigint as count, 0 as place
from pair
union all
select '', '{{}}', '{{}}', coalesce(sum(count), 0)::bigint, 1 from differing
union all
select what, was, now, sum(count)::bigint, 1 + array_position(%(what)s::text[], what)
from told where was <> now group by what, was, now
order by place, count desc, was, now
"""
