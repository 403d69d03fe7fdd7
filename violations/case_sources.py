"""The rows of a list of cases as they are told, and as they are compared: with how finely time and place are stated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitoring import canonical
from monitoring.models import Area
from violations.cases_compared import Case
from violations.codebook import PlacePrecision, TimePrecision
from violations.models import CaseListRow
from violations.naming import plain

if TYPE_CHECKING:
    from monitoring.models import Agreement

Told = dict[str, Any]

# Metres by which a point of that precision may be wrong.
METRES = {
    PlacePrecision.EXACT: 10,
    PlacePrecision.VICINITY: 100,
    PlacePrecision.LOCALITY: 1_000,
    PlacePrecision.SURROUNDINGS: 25_000,
}
# Two clocks that both tell the minute may be so far apart, each.
SLACK = {TimePrecision.MINUTE: timedelta(minutes=15)}


def areas_holding(agreement: Agreement) -> dict[str, frozenset[str]]:
    """Return by each area's code the codes of itself, of what it lies in, and of the groupings of all of these."""
    areas = {area.pk: area for area in Area.objects.filter(agreement=agreement).prefetch_related("groupings")}
    holding: dict[str, frozenset[str]] = {}
    for area in areas.values():
        codes: set[str] = set()
        above: Area | None = area
        while above is not None:
            codes |= {above.code, *(grouping.code for grouping in above.groupings.all())}
            above = areas.get(above.parent_id) if above.parent_id else None
        holding[area.code] = frozenset(codes)
    return holding


def as_cases(rows: Iterable[CaseListRow], holding: dict[str, frozenset[str]]) -> list[Case]:
    """Return the rows for comparison, keyed by their number in the list."""
    return [_case(row, holding) for row in rows]


def told_of(row: CaseListRow) -> Told:
    """A row as it is told to whoever may read its list."""
    return {
        "number": row.number,
        "reference": row.reference,
        "occurred_from": canonical.instant(row.occurred_from),
        "occurred_until": canonical.instant(row.occurred_until),
        "area": row.area.code if row.area else None,
        "place": row.place_as_written or row.area_as_written,
        "act": row.act,
        "alleged": row.alleged.code if row.alleged else row.alleged_as_written,
        "killed": row.killed,
        "injured": row.injured,
    }


def _case(row: CaseListRow, holding: dict[str, frozenset[str]]) -> Case:
    slack = SLACK.get(TimePrecision(row.time_precision), timedelta(0))
    area = row.area.code if row.area else ""
    named = row.alleged.code if row.alleged else ""
    unknown = f"~{plain(row.alleged_as_written)}" if row.alleged_as_written and not named else ""
    return Case(
        key=str(row.number),
        earliest=row.occurred_from - slack,
        latest=row.occurred_until + slack,
        act=row.act,
        reference=row.reference,
        their_reference=row.their_reference,
        area=area,
        areas=holding.get(area, frozenset()),
        point=(row.point.x, row.point.y) if row.point else None,
        metres=METRES.get(PlacePrecision(row.place_precision), 0) if row.place_precision else 0,
        alleged=frozenset(filter(None, (named, unknown))),
        killed=None if row.killed is None else (row.killed, row.killed),
        injured=None if row.injured is None else (row.injured, row.injured),
    )
