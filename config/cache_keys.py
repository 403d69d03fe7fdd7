"""How what is counted for a while is named in Redis: by a keyed hash, so that no address, name or code stands there."""

from __future__ import annotations

from django.utils.crypto import salted_hmac


def hashed(key: object, prefix: str, version: int) -> str:
    """Return the name under which Redis keeps `key`."""
    named = salted_hmac("config.cache_keys", str(key), algorithm="sha256").hexdigest()
    return f"{prefix}:{version}:{named}"
