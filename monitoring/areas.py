"""Shapes of areas: boundary sets recorded from an operator's GeoJSON or GeoPackage.

A boundary set is the shapes of one level from one source; a newer one of the level supersedes it. Points are placed by
the pieces into which PostGIS subdivides each shape: what an index answers quickly needs small boxes. Placing incidents
is part of assessing them, in one statement (violations.placing).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from monitoring import audit, canonical
from monitoring.area_files import Boundary, read
from monitoring.faults import Fault, FaultyFile, first
from monitoring.ledger import Entry
from monitoring.models import Agreement, Area, AreaShape, BoundarySet, User

MAX_VERTICES = 128


def load(
    agreement: Agreement,
    path: Path | str,
    *,
    level: str,
    source: str,
    by: User | None,
    entry: Entry,
    code_property: str,
    name_properties: Mapping[str, str] | None = None,
    parent_property: str = "",
    licence: str = "",
    valid_on: date | None = None,
    layer: str = "",
) -> BoundarySet:
    """Record the shapes of the areas of `level` as `path` draws them, and return their boundary set.

    Areas that the agreement does not have yet are made, with names by language from `name_properties` and what they lie
    in from `parent_property`; of those it has the names stay. Where the open set of the level says the same already, it
    is returned and nothing is written. Raises FaultyFile with what is wrong. Who calls it reassesses the
    agreement's incidents in the same transaction.
    """
    path = Path(path)
    boundaries = read(
        path,
        code_property=code_property,
        name_properties=name_properties or {},
        parent_property=parent_property,
        layer=layer,
    )
    Agreement.objects.select_for_update().get(pk=agreement.pk)
    sha256 = _sha256(boundaries)
    described = {"source": source, "licence": licence, "valid_on": valid_on, "file_sha256": sha256}
    before = BoundarySet.objects.open().filter(agreement=agreement, level=level).first()
    if before is not None and all(getattr(before, key) == value for key, value in described.items()):
        return before
    recorded_at = entry.stamp()
    areas = _areas(agreement, path.name, level, boundaries, recorded_at)
    if before is not None:
        entry.close(BoundarySet.objects.filter(pk=before.pk), expected=1)
    boundary_set = BoundarySet.objects.create(
        agreement=agreement,
        level=level,
        recorded_at=recorded_at,
        mended=[{"code": boundary.code, "why": boundary.mended} for boundary in boundaries if boundary.mended],
        **described,
    )
    AreaShape.objects.bulk_create(
        (
            AreaShape(boundary_set=boundary_set, area=areas[boundary.code], boundary=boundary.shape)
            for boundary in boundaries
        ),
        batch_size=200,
    )
    _subdivide(boundary_set)
    audit.done("areas.load", by=by, agreement=agreement, on=agreement)
    return boundary_set


def _sha256(boundaries: Iterable[Boundary]) -> str:
    """SHA-256 over what was read: the same for two files that draw the same, whatever their format."""
    content = [
        [boundary.code, boundary.names, boundary.parent, boundary.mended, boundary.shape.hex.decode()]
        for boundary in sorted(boundaries, key=lambda boundary: boundary.code)
    ]
    return canonical.sha256(content)


def _areas(
    agreement: Agreement, name: str, level: str, boundaries: list[Boundary], recorded_at: datetime
) -> dict[str, Area]:
    """Return the areas of the boundaries by code; make the new ones. Refuses what is recorded as something else."""
    known = {area.code: area for area in agreement.areas.select_related("parent")}
    faults = []
    new = []
    for boundary in boundaries:
        area, parent = known.get(boundary.code), known.get(boundary.parent)
        wrong = _as_recorded(area, level, boundary) if area is not None else _as_new(parent, level, boundary)
        faults += [Fault(name, message) for message in wrong]
        if area is None:
            names = {"en": boundary.code, **boundary.names}
            new.append(
                Area(
                    agreement=agreement,
                    code=boundary.code,
                    names=names,
                    level=level,
                    parent=parent,
                    recorded_at=recorded_at,
                )
            )
    if faults:
        raise FaultyFile(name, first(faults, name))
    return known | {area.code: area for area in Area.objects.bulk_create(new)}


def _as_recorded(area: Area, level: str, boundary: Boundary) -> Iterator[str]:
    """What the boundary says of an area of the record that never changes. Where the record is silent, it stays so."""
    if area.level != level:
        message = _("'%(code)s' is recorded as a %(level)s, and that never changes")
        yield message % {"code": boundary.code, "level": area.level}
    if boundary.parent and area.parent is not None and area.parent.code != boundary.parent:
        message = _("'%(code)s' is recorded in '%(was)s', and that never changes; the file says '%(now)s'")
        yield message % {"code": boundary.code, "was": area.parent.code, "now": boundary.parent}


def _as_new(parent: Area | None, level: str, boundary: Boundary) -> Iterator[str]:
    """What is wrong with where a new area is said to lie: in what is not there, or is no coarser than itself."""
    if not boundary.parent:
        return
    if parent is None:
        message = _("'%(code)s' lies in '%(parent)s', which the agreement does not have; load that level first")
        yield message % {"code": boundary.code, "parent": boundary.parent}
    elif parent.level == Area.Level.GROUPING or _fineness(parent.level) >= _fineness(level):
        message = _("'%(code)s' is a %(level)s and cannot lie in '%(parent)s', a %(above)s")
        yield message % {
            "code": boundary.code,
            "level": level,
            "parent": boundary.parent,
            "above": parent.level,
        }


def _fineness(level: str) -> int:
    return Area.Level.values.index(level)


def _subdivide(boundary_set: BoundarySet) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into monitoring_areapiece (boundary_set_id, area_id, piece)
            select boundary_set_id, area_id, piece.geom
            from monitoring_areashape shape,
                 lateral st_subdivide(shape.boundary, %s) as part,
                 lateral st_dump(part) as piece
            where boundary_set_id = %s and st_dimension(piece.geom) = 2
            """,
            [MAX_VERTICES, boundary_set.pk],
        )
