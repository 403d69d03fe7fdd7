"""Reading what is sent to the API: JSON of a bounded size and depth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

LARGEST = 256 * 1024


class TooLargeError(APIException):
    """The body is larger than any document of ours."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class BoundedJSONParser(BaseParser):
    """JSON in UTF-8, of a bounded size, 256 KiB unless said; no NaN or Infinity, no member named twice."""

    media_type = "application/json"
    largest = LARGEST

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the document. Raises TooLargeError, ParseError; neither repeats what was sent."""
        body = stream.read(self.largest + 1)
        if len(body) > self.largest:
            raise TooLargeError(_("The document is larger than %(most)s KiB.") % {"most": self.largest // 1024})
        try:
            return json.loads(body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_once_each)
        except (ValueError, RecursionError):
            raise ParseError(_("This is not JSON in UTF-8, or a member stands twice in one object.")) from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members
