"""How a rendition leaves over HTTP: an attachment that no browser guesses at and no cache keeps."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

from reports import renderers

if TYPE_CHECKING:
    from reports.models import Rendition, SupplementFile


def attachment(rendition: Rendition | SupplementFile, stored: bytes) -> FileResponse:
    """Return the answer that hands out `stored`, under the name a reader saves it by and with its hash (RFC 9530)."""
    digest = base64.b64encode(bytes.fromhex(rendition.sha256)).decode()
    return FileResponse(
        io.BytesIO(stored),
        as_attachment=True,
        filename=rendition.file_name,
        content_type=renderers.MEDIA_TYPES[rendition.format],
        headers={
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            "Repr-Digest": f"sha-256=:{digest}:",
        },
    )


def as_csv(table: bytes, file_name: str) -> HttpResponse:
    """Return the answer that hands out a table made for the asker alone, under the name it is saved by."""
    return HttpResponse(
        table,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=file_name) or "attachment",
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
