"""Pages of a list: by cursor, so that what is filed meanwhile neither shifts nor repeats an entry."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination


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

    def decode_cursor(self, request: Any) -> Any:
        """Read the cursor; a broken one is a malformed request, not a missing thing."""
        try:
            return super().decode_cursor(request)
        except (NotFound, ValueError):
            raise ValidationError(
                {"cursor": [_("This cursor is not one of ours; start from the first page.")]}
            ) from None
