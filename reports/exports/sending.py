"""What lies behind a closing as tables to be sent, at a guarantor's tier or in full: CSV, and incidents as GeoJSON.

What is of incidents is asked stretch by stretch: the first lines leave while the last days are not read yet.

GeoJSON to a guarantor shows no point: an incident has the outline of its area as the edition's own map draws it, and
none where it is not placed so finely. What its geometry is, each feature says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from monitoring import canonical
from reports.exports import findings, full, returns, tier
from reports.exports.copying import AS_THEY_ARE, Part, Table
from reports.renderers import tables

if TYPE_CHECKING:
    from reports.exports.behind import Behind

AN_HOUR = timedelta(hours=1)
BOM = b"\xef\xbb\xbf"

# What the geometry of a feature is: the point of the incident, the outline of its area, or why there is none.
POINT = """case when told.longitude is not null
            then '{"type":"Point","coordinates":[' || told.longitude || ',' || told.latitude || ']}' end"""
SHOWS_POINT = "case when told.longitude is null then 'nothing: no point is known' else 'point' end"
SHOWS_AREA = """case when outline.area is not null then 'outline of the area'
                 when told.area is null then 'nothing: not placed at a level that is let out'
                 else 'nothing: no shape of the area is held' end"""


def head(table: tables.Table, *, hxl: bool) -> bytes:
    """The head of a CSV, with the HXL tags of its columns under it where they are asked for."""
    lines = [table.names, table.tags] if hxl else [table.names]
    return BOM + "".join(",".join(line) + "\n" for line in lines).encode()


def as_csv(behind: Behind, name: str, *, in_full: bool = False, hxl: bool = False, account: int | None = None) -> Table:
    """The table `name` as CSV: UTF-8 with its mark, a line each, lines end with a line feed."""
    table = tables.IN_FULL[name] if in_full else tables.AT_THE_TIER[name]
    make = (_IN_FULL if in_full else _AT_THE_TIER)[name]
    return Table(head(table, hxl=hxl), lambda: make(behind, table), account=account)


def as_geojson(behind: Behind, *, in_full: bool = False, account: int | None = None) -> Table:
    """The incidents of the closing as a GeoJSON collection (RFC 7946) that ends with its last feature."""
    table = tables.INCIDENTS_IN_FULL if in_full else tables.INCIDENTS
    rows, parameters = _asked(behind, in_full=in_full)
    geometry, shows = (POINT, SHOWS_POINT) if in_full else ("outline.shape", SHOWS_AREA)
    outlined = "left join outlines outline on outline.area = told.area"
    listed = ", ".join(f'told."{name}"' for name in table.names)
    statement = f"""
with outlines as materialized (select key as area, value as shape from json_each_text(%(outlines)s::json))
select ',{{"type":"Feature","id":"' || told.reference || '","geometry":' || coalesce({geometry}, 'null')
       || ',"properties":' || (select row_to_json(property) from (
              select {listed}, {shows} as geometry_shows) property) || '}}'
from ({rows}) told {"" if in_full else outlined}
order by {tier.ORDER}
"""
    outlines = "{}" if in_full else json.dumps(behind.outlines())
    return Table(
        _collection(behind, table).encode(),
        lambda: _stretches(behind, statement, {**parameters, "outlines": outlines}, whole=_by_the_day(behind, table)),
        written=AS_THEY_ARE,
        parting=b",",
        tail=b"]}\n",
        account=account,
    )


def _incidents(behind: Behind, table: tables.Table) -> Iterator[Part]:
    rows, parameters = _asked(behind, in_full=table is tables.INCIDENTS_IN_FULL)
    return _stretches(behind, _listed(table, rows, tier.ORDER), parameters, whole=_by_the_day(behind, table))


def _findings(behind: Behind, table: tables.Table) -> Iterator[Part]:
    parameters = {**_fixed(behind), **behind.known.parameters(), "old_enough": tier.old_enough(behind.known)}
    on_these, on_earlier = (
        _listed(table, findings.statement(behind.known, earlier=earlier), findings.ORDER) for earlier in (False, True)
    )
    yield from _stretches(behind, on_these, parameters, whole=True)
    yield Part(on_earlier, parameters)


def _findings_in_full(behind: Behind, table: tables.Table) -> Iterator[Part]:
    statement = _listed(table, findings.rows_in_full(), findings.ORDER_IN_FULL)
    return _stretches(behind, statement, {**_fixed(behind), **behind.known.parameters()})


def _returns(behind: Behind, table: tables.Table) -> Iterator[Part]:
    rows = returns.rows() if table is tables.RETURNS else returns.rows_of_lines()
    yield Part(rows, {**_fixed(behind), **returns.parameters(behind.known)})


_AT_THE_TIER = {
    "incidents": _incidents,
    "findings": _findings,
    "returns": _returns,
    "return-lines": _returns,
}
_IN_FULL = {"incidents": _incidents, "findings": _findings_in_full}


def _by_the_day(behind: Behind, table: tables.Table) -> bool:
    """Whether the truce lets out no hour."""
    return table is tables.INCIDENTS and behind.known.version.guarantor_time_step == "day"


def _listed(table: tables.Table, rows: str, order: str) -> str:
    listed = ", ".join(f'"{name}"' for name in table.names)
    return f"select {listed} from ({rows}) told order by {order}"


def _fixed(behind: Behind) -> dict[str, Any]:
    return {
        "agreement_code": behind.known.agreement.code,
        "simulated": "yes" if behind.known.agreement.simulated else "no",
        "period": behind.known.period.code,
        "number": behind.closing.number,
    }


def _asked(behind: Behind, *, in_full: bool) -> tuple[str, dict[str, Any]]:
    if in_full:
        return full.rows(), {**_fixed(behind), **full.parameters(behind.known)}
    asked = tier.parameters(behind.known, area_names=behind.area_names())
    return tier.statement(behind.known), {**_fixed(behind), **asked}


def _stretches(behind: Behind, statement: str, parameters: dict[str, Any], *, whole: bool = False) -> Iterator[Part]:
    """A COPY for each stretch of the period, in order.

    `whole`: no day is cut, for rows of one day are to stand in an order that tells nothing of when.
    """
    for bounds in tier.stretches(behind.known, finest=None if whole else AN_HOUR):
        yield Part(statement, {**parameters, **bounds})


def _collection(behind: Behind, table: tables.Table) -> str:
    """The beginning of a collection, up to its first feature: of what it is, and what lines on a map do not say."""
    told = {
        "type": "FeatureCollection",
        "name": table.name,
        "agreement": behind.known.agreement.code,
        "simulated": behind.known.agreement.simulated,
        "period": behind.known.period.code,
        "closing": behind.closing.number,
        "cutoff_at": canonical.instant(behind.closing.cutoff_at),
        "content_sha256": behind.closing.content_sha256,
        "marking": behind.known.version.handling_marking,
        "boundaries": _(
            "The boundaries, lines and names shown are without prejudice to status, recognition or boundaries."
        ),
    }
    return canonical.dumps(told)[:-1] + ',"features":[\n'
