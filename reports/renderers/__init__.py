"""Renditions of an edition: pure functions of its content. No database, no clock, no network."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from reports.renderers import csv, json, pdf
from reports.renderers.reading import Reading

FORMATS = {"pdf": pdf.render, "csv": csv.render, "json": json.render}
MEDIA_TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "json": "application/json"}


def render(format: str, content: dict[str, Any], edition: dict[str, Any] | None, *, language: str) -> bytes:  # noqa: A002
    """Return the bytes of one rendition. Equal content, edition and language give equal bytes.

    Without an edition: of the common content, arranged for nobody.
    """
    with translation.override(language):
        return FORMATS[format](Reading(content, edition, language))
