"""Canonical JSON: one text for one content, so that a hash means the content (RFC 8785 manner, narrowed).

Integers, strings, booleans, null, lists and dictionaries with ASCII keys, nothing else: a decimal is a string with
stated places, an instant is UTC with six places. Strings are NFC, keys sorted, no white space.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

# Integers beyond this are not the same number to every reader of JSON (RFC 8785, I-JSON).
LARGEST = 2**53 - 1
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class NotCanonicalError(ValueError):
    """A value that canonical JSON does not hold; the message says where."""


def dumps(content: Any) -> str:
    """Return the canonical JSON of `content`. Raises NotCanonicalError where it holds anything else."""
    return _WRITER.encode(_checked(content, ""))


def sha256(content: Any) -> str:
    """Return the SHA-256, in hexadecimal, over the canonical JSON of `content` in UTF-8."""
    return hashlib.sha256(dumps(content).encode()).hexdigest()


def instant(at: datetime) -> str:
    """Return an aware instant as canonical text: UTC, six places, 'Z'."""
    if at.tzinfo is None:
        raise NotCanonicalError(f"The instant {at!r} has no time zone.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _checked(value: Any, place: str) -> Any:
    """Return the value with its texts normalised; what is at a glance as it should be is not asked further."""
    if value is None or isinstance(value, bool):
        return value
    if type(value) is int:
        return _checked_integer(value, place)
    if isinstance(value, str):
        return value if type(value) is str and value.isascii() else _checked_text(value, place)
    if isinstance(value, list | tuple):
        return [
            item if item is None or (type(item) is str and item.isascii()) else _checked(item, f"{place}/{index}")
            for index, item in enumerate(value)
        ]
    if isinstance(value, dict):
        return {
            key if type(key) is str and key.isascii() else _checked_key(key, place): (
                item if item is None or (type(item) is str and item.isascii()) else _checked(item, f"{place}/{key}")
            )
            for key, item in value.items()
        }
    raise NotCanonicalError(f"At {place or '/'}: {type(value).__name__} is not canonical; give integers and strings.")


def _checked_integer(value: int, place: str) -> int:
    if abs(value) > LARGEST:
        raise NotCanonicalError(f"At {place or '/'}: {value} is too large for every reader of JSON; give a string.")
    return value


def _checked_text(value: str, place: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotCanonicalError(f"At {place or '/'}: the text holds half a character (a lone surrogate).") from None
    return unicodedata.normalize("NFC", str.__str__(value))


def _checked_key(key: Any, place: str) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise NotCanonicalError(f"At {place or '/'}: the key {key!r} is not an ASCII text.")
    return str.__str__(key)
