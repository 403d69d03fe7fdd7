"""What is counted for a while in Redis: named by a keyed hash, so that no address, name or code stands there, as JSON.

Django would pickle it: whoever writes to Redis would run code here.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.crypto import salted_hmac


def hashed(key: object, prefix: str, version: int) -> str:
    """Return the name under which Redis keeps `key`."""
    named = salted_hmac("config.caching", str(key), algorithm="sha256").hexdigest()
    return f"{prefix}:{version}:{named}"


class JSONSerializer:
    """For Django's cache (OWASP ASVS 5.0, 1.5.2): what Redis gives back is data, whatever was put there."""

    def dumps(self, value: Any) -> bytes:
        """Return `value` as JSON; a whole number as Redis itself counts on."""
        return json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """Return what stood there. Raises ValueError where it is no JSON."""
        return json.loads(data)
