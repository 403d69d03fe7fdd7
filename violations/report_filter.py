"""Narrowing a list of reports to what is looked for: when, where, what, who, how it stands, in what words.

Where is asked of each report as filed, never of its incident: that may be placed by what somebody else filed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point, Polygon
from django.contrib.gis.measure import D
from django.db.models import Exists, OuterRef, Q

from monitoring.models import Agreement, Area, AreaPiece, AreaShape, Party, Zone, ZoneLine
from violations.models import ReportParty
from violations.placing import BY_POLYGON, FINE, LEVELS_ALLOWED

Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class ReportFilter:
    """What is looked for; what is not given narrows nothing. `box`: west, south, east, north; west > east over 180°."""

    agreement: Agreement | None = None
    since: datetime | None = None
    until: datetime | None = None
    areas: Collection[Area] | None = None
    zones: Collection[Zone] | None = None
    acts: Collection[str] = ()
    parties: Collection[Party] | None = None
    states: Collection[str] = ()
    box: Box | None = None
    near: tuple[Point, float] | None = None
    text: str = ""

    def narrow(self, reports: Any) -> Any:
        """Narrow `reports`, which have their standing, to what is looked for."""
        for asked in (self._when(), self._what(), self._where(), self._words()):
            reports = reports.filter(asked)
        if self.near is not None:
            point, kilometres = self.near
            reports = reports.alias(metres=Distance("point", point)).filter(metres__lte=D(km=kilometres))
        return reports

    def _when(self) -> Q:
        """Those that may have happened within [since, until)."""
        begins = Q(occurred_until__gt=self.since) if self.since else Q()
        return begins & (Q(occurred_from__lt=self.until) if self.until else Q())

    def _what(self) -> Q:
        asked = Q(agreement=self.agreement) if self.agreement else Q()
        if self.acts:
            asked &= Q(act__in=self.acts)
        if self.states:
            asked &= Q(state__in=self.states)
        if self.parties is not None:
            asked &= Q(Exists(ReportParty.objects.filter(report=OuterRef("pk"), party__in=self.parties)))
        return asked

    def _where(self) -> Q:
        asked = Q()
        if self.areas is not None:
            asked &= in_areas(self.areas)
        if self.zones is not None:
            asked &= in_zones(self.zones)
        if self.box is not None:
            asked &= in_box(self.box)
        return asked

    def _words(self) -> Q:
        return Q(narrative__icontains=self.text) | Q(place_as_written__icontains=self.text) if self.text else Q()


def in_areas(areas: Collection[Area]) -> Q:
    """Reports that say they were in one of `areas`, or whose place lies there and is known finely enough to tell."""
    asked = Q(pk__in=[])
    for area in areas:
        fine = [precision for precision, levels in LEVELS_ALLOWED.items() if area.level in levels]
        within = with_all_within(area)
        pieces = AreaPiece.objects.filter(area__in=within, boundary_set__superseded_at__isnull=True)
        shapes = AreaShape.objects.filter(area__in=within, boundary_set__superseded_at__isnull=True)
        covered = Q(Exists(pieces.filter(piece__covers=OuterRef("point")))) & ~Q(place_precision__in=BY_POLYGON)
        enclosed = Q(Exists(shapes.filter(boundary__covers=OuterRef("place_area"))), place_precision__in=BY_POLYGON)
        asked |= Q(place_precision__in=fine) & (covered | enclosed) | Q(stated_area__in=within)
    return asked


def in_zones(zones: Collection[Zone]) -> Q:
    """Reports whose place lies in one of `zones` by a line, agreed or rival, that stood when it happened."""
    lines = ZoneLine.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=OuterRef("occurred_from")),
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("occurred_from")),
        zone__in=zones,
        version__superseded_at__isnull=True,
    )
    covered = Q(Exists(lines.filter(boundary__covers=OuterRef("point"))), place_precision__in=FINE)
    return covered | Q(Exists(lines.filter(boundary__covers=OuterRef("place_area"))), place_precision__in=BY_POLYGON)


def in_box(box: Box) -> Q:
    """Reports whose point lies in the box, or whose polygon meets it."""
    west, south, east, north = box
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    asked = Q()
    for left, right in spans:
        drawn = Polygon.from_bbox((left, south, right, north))
        drawn.srid = 4326
        asked |= Q(point__coveredby=drawn) | Q(place_area__intersects=drawn)
    return asked


def with_all_within(area: Area) -> set[int]:
    """The area, and all that lie in it by the tree or, of a grouping, are its members."""
    found: set[int] = set()
    waiting = {area.pk}
    while waiting:
        found |= waiting
        inner = Area.objects.filter(Q(parent__in=waiting) | Q(groupings__in=waiting))
        waiting = set(inner.values_list("pk", flat=True)) - found
    return found
