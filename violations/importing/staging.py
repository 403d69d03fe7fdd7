"""Where the lines of an imported set of events wait before they become reports: temporary tables, filled by COPY.

`staged` holds every line that could be read. `incoming` holds those that the record does not say yet, with the numbers
of the rows that they will become. Both go when the transaction ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any

from django.db import connection

from monitoring import canonical
from violations.codebook import Noticed, PlacePrecision
from violations.placing import BY_POLYGON, codes


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a set, as it will be filed. Days are the agreement's local ones, [first_day, after_last_day).

    `casualties` and `parties` are JSON; a party is [role, name, the whole name where several stand as one].
    """

    line: int
    external_id: str
    first_day: str
    after_last_day: str
    time_precision: str
    longitude: str
    latitude: str
    place_precision: str
    place_as_written: str
    area_as_written: str
    act: str
    means: str
    casualties: str
    narrative: str
    narrative_language: str
    parties: str
    noticed: list[str] = field(default_factory=list)
    content_sha256: str = ""

    def hashed(self) -> Event:
        """Return the event with the hash of what it tells: of all but where it stands and what was noticed."""
        told = {name: getattr(self, name) for name in _TOLD}
        return replace(self, content_sha256=canonical.sha256(told))


_TOLD = tuple(
    column.name for column in fields(Event) if column.name not in {"line", "external_id", "noticed", "content_sha256"}
)
_TYPES = {
    "line": "bigint",
    "first_day": "date",
    "after_last_day": "date",
    "longitude": "double precision",
    "latitude": "double precision",
    "casualties": "jsonb",
    "parties": "jsonb",
    "noticed": "text[]",
}
_COLUMNS = ", ".join(f"{column.name} {_TYPES.get(column.name, 'text')} not null" for column in fields(Event))


def hold(agreement_id: int, source: str) -> None:
    """Wait for another import of the same source into the same agreement, which may record the same events."""
    execute(
        "select pg_advisory_xact_lock(%(agreement)s::int, hashtext(%(source)s))",
        {"agreement": agreement_id, "source": source},
    )


def open_tables() -> None:
    """Make the table of lines, for this transaction; those of an import before in the same one go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "drop table if exists pg_temp.staged, pg_temp.known_party, pg_temp.known_area,"
            " pg_temp.incoming, pg_temp.moved"
        )
        cursor.execute(f"create temporary table staged ({_COLUMNS}) on commit drop")


@contextmanager
def copying() -> Iterator[Callable[[Event], None]]:
    """Yield what writes one line into `staged`, as the stream of one COPY."""
    names = [column.name for column in fields(Event)]
    with connection.cursor() as cursor:
        with cursor.copy(f"copy staged ({', '.join(names)}) from stdin") as copy:
            cells = attrgetter(*names)
            yield lambda event: copy.write_row(cells(event))
        cursor.execute(
            "analyze staged (line, external_id)"
        )  # what it is joined by: of wide rows that is the quick part


def contradicted() -> Iterator[tuple[int, int, str]]:
    """Yield (line, the earlier line, the id) of each line whose id stood in an earlier one that tells otherwise."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            """
            select line, first_line, external_id
            from (select line, external_id, content_sha256,
                         first_value(line) over once as first_line,
                         first_value(content_sha256) over once as first_content
                  from staged window once as (partition by external_id order by line)) lines
            where content_sha256 <> first_content
            order by line
            """
        )
        while found := cursor.fetchmany(1000):
            yield from found


def drop_repeated() -> int:
    """Take only the first line of each id; return how many others there were."""
    return execute(
        """
        delete from staged using (
            select line, row_number() over (partition by external_id order by line) as turn from staged
        ) lines
        where lines.line = staged.line and lines.turn > 1
        """
    )


def party_names() -> dict[str, int]:
    """Return the names of parties that the lines write, each with how many lines do."""
    return _counted(
        "select party ->> 1, count(distinct line) from staged, jsonb_array_elements(parties) party"
        " group by 1 order by 1"
    )


def area_names() -> dict[str, int]:
    """Return the names of areas that the lines write, each with how many lines do."""
    return _counted("select area_as_written, count(*) from staged where area_as_written <> '' group by 1 order by 1")


def _counted(statement: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return dict(cursor.fetchall())


def tell_names(parties: dict[str, int], areas: dict[str, int]) -> None:
    """Write down which party and which area each name stands for; the others stay as written."""
    with connection.cursor() as cursor:
        for table, known in (("known_party", parties), ("known_area", areas)):
            cursor.execute(f"create temporary table {table} (name text primary key, id bigint) on commit drop")
            cursor.executemany(f"insert into {table} values (%s, %s)", list(known.items()))
            cursor.execute(f"analyze {table}")


# Who is named, in one text: what a name stands for may come to be known though the line is the same.
_NAMED_NOW = """
(select string_agg(party ->> 0 || ':' || (party ->> 1) || ':' || coalesce(known.id::text, ''), '|'
                   order by party ->> 0, party ->> 1)
 from (select distinct on (party ->> 0, party ->> 1) party from jsonb_array_elements(staged.parties) party) parties
 left join known_party known on known.name = party ->> 1)"""
_NAMED_BEFORE = """
(select string_agg(named.role || ':' || named.as_written || ':' || coalesce(named.party_id::text, ''), '|'
                   order by named.role, named.as_written)
 from violations_reportparty named where named.report_id = newest.id)"""


def find_incoming(agreement_id: int, source: str) -> None:
    """Make `incoming`: the lines that are new, tell something else, or whose names are known only now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            create temporary table incoming on commit drop as
            select staged.*, known_area.id as stated_area_id,
                   st_setsrid(st_makepoint(staged.longitude, staged.latitude), 4326) as point,
                   newest.id as before_id, coalesce(newest.revision, 0) + 1 as revision,
                   newest.content_sha256 = staged.content_sha256 as only_named,
                   coalesce(newest.chain, gen_random_uuid()) as chain,
                   nextval(pg_get_serial_sequence('violations_incidentreport', 'id')) as report_id,
                   case when newest.id is null
                        then nextval(pg_get_serial_sequence('violations_incident', 'id')) end as incident_id
            from (select * from staged order by line) staged
            left join known_area on known_area.name = staged.area_as_written
            left join lateral (
                select report.id, report.chain, report.revision, report.content_sha256, report.stated_area_id
                from violations_incidentreport report
                where report.agreement_id = %s and report.source = %s and report.external_id = staged.external_id
                order by report.revision desc limit 1
            ) newest on true
            where newest.id is null or newest.content_sha256 <> staged.content_sha256
               or newest.stated_area_id is distinct from known_area.id
               or {_NAMED_NOW} is distinct from {_NAMED_BEFORE}
            """,
            [agreement_id, source],
        )
        cursor.execute("create index on incoming (report_id)")
        cursor.execute("analyze incoming (line, chain, before_id, report_id, incident_id)")


def notice(agreement_id: int) -> None:
    """Note what is odd about a line only beside the shapes and the other lines of the set."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            update incoming set noticed = incoming.noticed || odd.noticed
            from (
                select here.line, array_remove(array[
                    case when drawn.levels > 0 and covering.areas is null and here.place_precision not in
                              ({codes((PlacePrecision.OUTSIDE,))}) then '{Noticed.ON_NO_SHAPE.value}' end,
                    case when here.stated_area_id <> all (covering.areas) and stated.level = any (covering.levels)
                              and here.place_precision not in ({codes(BY_POLYGON)})
                         then '{Noticed.PLACE_DIFFERS.value}' end,
                    case when here.alike > 1 then '{Noticed.SAME_KEYS.value}' end], null) as noticed
                from (
                    select incoming.*, twins.alike
                    from incoming
                    join (select line, count(*) over (partition by first_day, after_last_day, longitude, latitude,
                                                      parties, casualties) as alike from staged) twins using (line)
                ) here
                left join monitoring_area stated on stated.id = here.stated_area_id
                cross join (select count(*) as levels from monitoring_boundaryset
                            where agreement_id = %s and superseded_at is null) drawn
                left join lateral (
                    select array_agg(piece.area_id) as areas, array_agg(area.level) as levels
                    from monitoring_areapiece piece
                    join monitoring_boundaryset boundary on boundary.id = piece.boundary_set_id
                     and boundary.superseded_at is null and boundary.agreement_id = %s
                    join monitoring_area area on area.id = piece.area_id
                    where st_covers(piece.piece, here.point)
                ) covering on true
            ) odd
            where odd.line = incoming.line and odd.noticed <> '{{}}'
            """,
            [agreement_id, agreement_id],
        )


def outside(agreement_id: int) -> int:
    """Return how many of the incoming lines lie in no area: by the shapes, or by the area named where none is drawn.

    Ask after `notice`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select count(*)
            from incoming
            cross join (select exists (select from monitoring_boundaryset
                                       where agreement_id = %s and superseded_at is null) as shapes) drawn
            where place_precision in ({codes((PlacePrecision.OUTSIDE,))})
               or case when shapes then '{Noticed.ON_NO_SHAPE.value}' = any (noticed) else stated_area_id is null end
            """,
            [agreement_id],
        )
        count: int = cursor.fetchone()[0]
    return count


def counts() -> dict[str, int]:
    """Return how many lines are new, revised, read anew (only their names are known now), or known."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select count(*) filter (where before_id is null), count(*) filter (where not only_named),
                   count(*) filter (where only_named), (select count(*) from staged) - count(*)
            from incoming
            """
        )
        return dict(zip(("new", "revised", "read_anew", "known"), cursor.fetchone(), strict=True))


def noticed() -> dict[str, int]:
    """Return how many of the incoming lines each oddity was noticed on."""
    return _counted("select what, count(*) from incoming, unnest(noticed) what group by what order by what")


def distinct_chains(table: str) -> int:
    """Return how many chains `table` holds: one that is noted as related, too, stands in it more than once."""
    with connection.cursor() as cursor:
        cursor.execute(f"select count(distinct chain) from {table}")
        count: int = cursor.fetchone()[0]
    return count


def execute(statement: str, parameters: dict[str, Any] | None = None) -> int:
    """Run one set-based statement over the staged rows and return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount
