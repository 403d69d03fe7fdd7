"""What lies behind a closing: the record as known at its cut-off, and what its content tells of names and outlines.

Of the content only what is asked for is read, by the database: a whole one is held by no process that hands out tables.
The database runs over its text and makes no tree of it: of a million incidents that would be too large for it to make.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from monitoring.errors import NotNow
from reports.closings.computing import known_at
from reports.figures import assemble
from reports.models import Closing, PeriodKind

if TYPE_CHECKING:
    from reports.figures.known import Known

MICRODEGREES = 1_000_000
_OF_CONTENT = "select (content::json #> %s::text[])::text from reports_commoncontent where closing_id = %s"


@dataclass(frozen=True)
class Behind:
    """A released closing, and the record that it was computed from."""

    closing: Closing
    known: Known
    language: str = "en"

    def area_names(self) -> dict[str, str]:
        """The name of each area in the language, else in English, as the closing froze them."""
        names = _of_content(self.closing, "beside", "labels", "area") or {}
        return {code: told.get(self.language) or told.get("en") or code for code, told in sorted(names.items())}

    def names(self) -> dict[str, dict[str, dict[str, str]]]:
        """The names of identities by kind, code and language, as the closing froze them."""
        return _of_content(self.closing, "beside", "labels") or {}

    def outlines(self) -> dict[str, Any]:
        """The outline of each area that the closing's map draws, as GeoJSON."""
        drawn = _of_content(self.closing, "beside", "map", "areas") or []
        return {told["area"]: geometry(told["shape"]) for told in drawn}


def behind(closing: Closing, *, language: str) -> Behind:
    """Return what lies behind a released closing.

    Raises NotNow where code that gave a figure of it is gone: what would be listed now need not be what it counted.
    """
    told = _of_content(closing, "head", "sections") or []
    if any((section["code"], section["version"]) not in assemble.FUNCTIONS for section in told):
        raise NotNow(
            _(
                "This edition was computed by rules that the service no longer has. "
                "Take its files as they were released."
            ),
            code="only_as_stored",
        )
    return Behind(closing, known_at(closing, closing.cutoff_at), language)


def require_incidents(closing: Closing) -> None:
    """Raise NotNow where the closing lists no incidents: a day tells of registrations alone."""
    if closing.kind == PeriodKind.DAY:
        raise NotNow(
            _("A day tells of registrations alone. Its incidents stand in the edition of the month."),
            code="registrations_only",
        )


def _of_content(closing: Closing, *path: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(_OF_CONTENT, [list(path), closing.pk])
        (told,) = cursor.fetchone()
    return told and json.loads(told)


def geometry(shape: Iterable[Any]) -> dict[str, Any]:
    """An outline of the edition's map as GeoJSON: degrees, whole millionths as they are."""
    return {
        "type": "MultiPolygon",
        "coordinates": [[[*_points(ring)] for ring in polygon] for polygon in shape],
    }


def _points(ring: list[int]) -> Iterator[list[float]]:
    for longitude, latitude in zip(ring[::2], ring[1::2], strict=True):
        yield [longitude / MICRODEGREES, latitude / MICRODEGREES]
