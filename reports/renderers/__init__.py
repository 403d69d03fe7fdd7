"""Renditions of an edition: pure functions of its content. No database, no clock, no network."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from reports.renderers import csv, json, pdf
from reports.renderers.reading import Reading

FORMATS = {"pdf": pdf.render, "csv": csv.render, "json": json.render}
MEDIA_TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "json": "application/json"}


def render(
    format: str,  # noqa: A002
    content: dict[str, Any],
    edition: dict[str, Any] | None,
    *,
    language: str,
    draft: bool = False,
    comments: dict[str, Any] | None = None,
) -> bytes:
    """Return the bytes of one rendition. Equal content, edition, comments and language give equal bytes.

    Without an edition: of the common content, arranged for nobody. A `draft` says so everywhere. `comments`: what the
    guarantors said on the draft, where the truce asks them.
    """
    with translation.override(language):
        return FORMATS[format](Reading(content, edition, language, draft=draft, comments=comments))
