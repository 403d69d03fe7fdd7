"""What whoever reviews a report should notice: flags of `moderation_codes.Flag`, worked out when they are asked for.

No row says so and nothing is decided by one: each may have a plain reason, and every report is asked the same, whoever
filed it. Whether its directions cross with those of another of its incident is told by `crossing`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from violations.codebook import LinkKind, Noticed
from violations.likeness import WITHIN, by_code, circled, seen_from
from violations.moderation_codes import Flag
from violations.placing import DEGREES_OF_FACTS, METRES_OF_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Where the truce gives no time for filing, or none at all: hours after the event from which on a filing is late.
LATE_HOURS = 72
# How many others of the same keys are named.
MOST_NAMED = 3

# What an import noticed of its own that a flag says as well.
ALSO_NOTICED: Mapping[str, str] = {
    Noticed.BOUNDS_OUT_OF_ORDER: Flag.CASUALTY_ORDER,
    Noticed.ON_NO_SHAPE: Flag.ON_NO_SHAPE,
    Noticed.PLACE_DIFFERS: Flag.OFF_NAMED_AREA,
    Noticed.SAME_KEYS: Flag.SAME_KEYS,
}


def known(row: str) -> str:
    """SQL: that a row that can be closed is known at %(at)s, or now where that is null."""
    at = "coalesce(%(at)s::timestamptz, 'infinity')"
    return f"({row}.recorded_at <= {at} and ({row}.superseded_at is null or {row}.superseded_at > {at}))"


_GRACE = f"coalesce(nullif(version.filing_grace_hours, 0), {LATE_HOURS})"
_PLACE = "coalesce(facts.point, facts.place_area)"
# How far from the place it may have been: of a shape, nothing beyond it.
_REACH = f"(case when facts.point is null then 0 else {METRES_OF_FACTS} end)"
_NEAR = f"""piece.boundary_set_id = any(drawn.sets)
    and piece.piece && st_expand(facts.point, {DEGREES_OF_FACTS})
    and st_dwithin(piece.piece::geography, facts.point::geography, {METRES_OF_FACTS})"""
_TURN = "degrees(atan(way.within / way.far))"
_ORDER = """exists (
    select from jsonb_each(facts.casualties) kind cross join jsonb_each(kind.value) told
    where (told.value ->> 'low')::int > (told.value ->> 'best')::int
       or (told.value ->> 'best')::int > (told.value ->> 'high')::int
       or (told.value ->> 'low')::int > (told.value ->> 'high')::int)"""
_PARTIES = """(
    select array_agg(party.role || ' ' || party.as_written order by party.role, party.as_written)
    from violations_reportparty party where party.report_id = {report}.id)"""
_SAME = f"""array(
    select other.public_id::text
    from violations_incidentreport other
    join violations_reportlink link
      on link.chain = other.chain and link.report_id = other.id
     and link.kind <> '{LinkKind.RELATED.value}' and {known("link")}
    where other.agreement_id = facts.agreement_id and other.occurred_from = facts.occurred_from
      and other.chain <> facts.chain
      and other.occurred_until = facts.occurred_until and other.act = facts.act
      and other.point is not distinct from facts.point
      and other.stated_area_id is not distinct from facts.stated_area_id
      and coalesce(other.point, other.place_area) is not null = ({_PLACE} is not null)
      and {_PARTIES.format(report="other")} is not distinct from {_PARTIES.format(report="facts")}
      and link.incident_id is distinct from belongs.incident_id
    order by other.id limit {MOST_NAMED})"""

# Each flag: when it stands, and the figures that its words need. Cheap ones ask nothing but the row itself.
_ASKED: dict[Flag, tuple[str, str]] = {
    Flag.BEFORE_TRUCE: (
        "facts.occurred_until <= version.in_force_from",
        "jsonb_build_object('from', version.in_force_from)",
    ),
    Flag.AFTER_TRUCE: (
        "facts.occurred_from >= version.in_force_until",
        "jsonb_build_object('until', version.in_force_until)",
    ),
    Flag.AHEAD_OF_FILING: ("facts.occurred_from > facts.recorded_at", "null"),
    Flag.FILED_LATE: (
        f"facts.source = '' and first.filed_at > facts.occurred_until + make_interval(hours => {_GRACE})",
        f"""jsonb_build_object('hours', extract(epoch from first.filed_at - facts.occurred_until) / 3600,
                               'limit', {_GRACE})""",
    ),
    Flag.ON_NO_SHAPE: (
        f"""facts.point is not null and cardinality(drawn.sets) > 0
            and not exists (select from monitoring_areapiece piece where {_NEAR})""",
        "null",
    ),
    Flag.OFF_NAMED_AREA: (
        f"""facts.stated_area_id is not null and {_PLACE} is not null
            and named.metres > {_REACH}""",
        "jsonb_build_object('metres', named.metres)",
    ),
    Flag.OFF_ITS_BEARING: (
        f"""way.within is not null and way.far > way.within and way.width < 360
            and {circled(f"way.towards - way.begins + {_TURN}")} > way.width + 2 * {_TURN}""",
        f"jsonb_build_object('towards', {circled('way.towards')})",
    ),
    Flag.OFF_ITS_RANGE: (
        """way.within is not null and facts.sighting ? 'range_km'
            and (way.far - way.within > (facts.sighting #>> '{range_km,high}')::float8 * 1000
              or way.far + way.within < (facts.sighting #>> '{range_km,low}')::float8 * 1000)""",
        "jsonb_build_object('metres', way.far)",
    ),
    Flag.CASUALTY_ORDER: (f"facts.casualties <> '{{}}' and {_ORDER}", "null"),
    Flag.PARTY_UNKNOWN: (
        """exists (select from violations_reportparty party
                   where party.report_id = facts.id and party.party_id is null)""",
        "null",
    ),
    Flag.SAME_KEYS: ("cardinality(same.others) > 0", "jsonb_build_object('others', same.others)"),
    Flag.ERASED: (
        """exists (select from violations_redaction redaction
                   where redaction.chain = facts.chain and redaction.seconded_at > facts.recorded_at
                     and redaction.seconded_at <= coalesce(%(at)s::timestamptz, 'infinity'))""",
        "null",
    ),
}

_VALUES = ", ".join(
    f"({place}, '{flag.value}', {stands}, {figures})" for place, (flag, (stands, figures)) in enumerate(_ASKED.items())
)

# By report: codes with their figures. Wants shown (ids of reports) and at.
STATEMENT = f"""
select facts.id, jsonb_agg(jsonb_build_array(flag.code, flag.figures) order by flag.place)
from violations_incidentreport facts
join monitoring_mechanismversion version on version.agreement_id = facts.agreement_id and {known("version")}
cross join lateral (
    select coalesce(array_agg(drawn.id), '{{}}') as sets from monitoring_boundaryset drawn
    where drawn.agreement_id = facts.agreement_id and {known("drawn")}
) drawn
cross join lateral (
    select revision.recorded_at as filed_at from violations_incidentreport revision
    where revision.chain = facts.chain and revision.revision = 1
) first
left join lateral (
    select link.incident_id from violations_reportlink link
    where link.chain = facts.chain and link.kind <> '{LinkKind.RELATED.value}' and {known("link")}
    limit 1
) belongs on true
left join lateral (
    select min(st_distance(shape.boundary::geography, {_PLACE}::geography)) as metres
    from monitoring_areashape shape
    where shape.area_id = facts.stated_area_id and shape.boundary_set_id = any(drawn.sets)
) named on true
left join lateral (
    select {by_code("facts.place_precision", WITHIN, "null")} as within, seen.begins, seen.width,
           st_distance(seen.observer::geography, facts.point::geography) as far,
           degrees(st_azimuth(seen.observer::geography, facts.point::geography)) as towards
    from (
        select from_there.observer, coalesce(arc.begins, 0) as begins, coalesce(arc.width, 360) as width
        from (select st_setsrid(st_makepoint((facts.sighting #>> '{{observer,longitude}}')::float8,
                                             (facts.sighting #>> '{{observer,latitude}}')::float8), 4326) as observer
              where facts.point is not null and facts.sighting -> 'observer' ? 'latitude') from_there
        left join (select seen.begins, seen.width from {seen_from("facts.sighting")}) arc on true
    ) seen
) way on true
cross join lateral (select {_SAME} as others offset 0) same
cross join lateral (
    values {_VALUES}
) flag (place, code, stands, figures)
where facts.id = any(%(shown)s) and flag.stands
group by facts.id
"""


@dataclass(frozen=True)
class Flagged:
    """A flag that stands at a report, and the figures that its words need."""

    flag: Flag
    figures: dict[str, Any] = field(default_factory=dict)


def read(rows: Iterable[tuple[int, str]]) -> dict[int, list[Flagged]]:
    """Read what STATEMENT found: the flags of each report that has any, in the order of the code list."""
    return {
        report: [Flagged(Flag(code), figures or {}) for code, figures in json.loads(found)] for report, found in rows
    }


def noticed_besides(noticed: Iterable[str], flagged: Iterable[Flagged]) -> list[Noticed]:
    """What an import noticed that no flag says."""
    standing = {one.flag for one in flagged}
    return [Noticed(code) for code in noticed if ALSO_NOTICED.get(code) not in standing]
