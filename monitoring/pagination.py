"""Pages of a list: by cursor, so that what is filed meanwhile neither shifts nor repeats an entry.

A cursor is encrypted: what it points at is the instant at which a row was recorded, and that of another side's row is
told no finer than elsewhere. The same place in a list has the same cursor.
"""

from __future__ import annotations

import base64
import hashlib
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.utils.urls import replace_query_param


class NewestFirst(CursorPagination):
    """Newest first, by the time of recording; the internal number never shows, not even inside a cursor."""

    ordering = ("-recorded_at", "public_id")
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page: on the first and the last there is nothing before or after, which is null."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def encode_cursor(self, cursor: Any) -> str:
        """Return the address of the page at `cursor`."""
        address = super().encode_cursor(cursor)
        plain = parse_qs(urlsplit(address).query)[self.cursor_query_param][0]
        sealed = base64.urlsafe_b64encode(_cipher().encrypt(plain.encode(), None)).decode().rstrip("=")
        return replace_query_param(address, self.cursor_query_param, sealed)

    def decode_cursor(self, request: Any) -> Any:
        """Read the cursor; a broken one is a malformed request, not a missing thing."""
        given = request.query_params.get(self.cursor_query_param)
        if given is None:
            return None
        try:
            sealed = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
            plain = _cipher().decrypt(sealed, None).decode()
            asked: Any = SimpleNamespace(query_params={self.cursor_query_param: plain})
            return super().decode_cursor(asked)
        except (NotFound, ValueError, InvalidTag):
            raise ValidationError(
                {"cursor": [_("This cursor is not one of ours; start from the first page.")]}
            ) from None


def _cipher() -> AESSIV:
    """The cipher of cursors, by a key drawn from SECRET_KEY: one that it opens was made here."""
    return AESSIV(hashlib.sha512(b"monitoring.pagination " + settings.SECRET_KEY.encode()).digest())
