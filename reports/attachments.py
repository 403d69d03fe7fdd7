"""How a rendition leaves over HTTP: an attachment that no browser guesses at and no cache keeps."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from monitoring.errors import Malformed
from reports import renderers

if TYPE_CHECKING:
    from reports.exports.taking import Taken
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


def streamed(taken: Taken, request: HttpRequest) -> HttpResponseBase:
    """Return the answer that sends what was taken, block by block; to HEAD its headers alone.

    How long it will be nobody knows. What tells the end is the last chunk of HTTP/1.1; where it does not come, whatever
    came is no file. HTTP/1.0 has no such end: the connection closes, be it the end or a failure. So it is refused, and
    a proxy has to ask by 1.1, too. Raises Malformed.
    """
    if request.META.get("SERVER_PROTOCOL") == "HTTP/1.0":
        taken.blocks.close()
        raise Malformed(
            _("Ask by HTTP/1.1: by 1.0 nobody could tell the end of this file from a failure."), code="http_1_0"
        )
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=taken.file_name) or "attachment",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == "HEAD":
        taken.blocks.close()
        return HttpResponse(content_type=taken.media_type, headers=headers)
    return StreamingHttpResponse(taken.blocks, content_type=taken.media_type, headers=headers)


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
