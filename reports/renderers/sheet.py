"""A corrigendum or addendum as files: pure functions of the content that it is to, and of its words."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from monitoring import canonical
from reports.renderers import pdf
from reports.renderers.reading import Reading

FORMATS = ("pdf", "json")


def render(form: str, content: dict[str, Any], told: dict[str, Any], *, language: str) -> bytes:
    """Return the bytes of the sheet `told` to the closing of this `content`. Equal input gives equal bytes."""
    if form == "json":
        return (canonical.dumps({"supplement": told}) + "\n").encode()
    with translation.override(language):
        return pdf.render_sheet(Reading(content, None, language), told)
