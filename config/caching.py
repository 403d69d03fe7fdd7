"""How what is counted lies in Redis: as JSON. Django would pickle it: whoever writes to Redis would run code here."""

from __future__ import annotations

import json
from typing import Any


class JSONSerializer:
    """For Django's cache (OWASP ASVS 5.0, 1.5.2): what Redis gives back is data, whatever was put there."""

    def dumps(self, value: Any) -> bytes:
        """Return `value` as JSON; a whole number as Redis itself counts on."""
        return json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """Return what stood there. Raises ValueError where it is no JSON."""
        return json.loads(data)
