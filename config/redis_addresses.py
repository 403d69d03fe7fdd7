"""The address of Redis: as Celery writes it, and of the database beside it. One that is refused is not repeated."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ImproperlyConfigured
from redis.connection import parse_url


def _database(url: str) -> int:
    """Return the number of the database in an address of Redis. Raises ImproperlyConfigured, without the address."""
    try:
        return int(parse_url(url).get("db") or 0)
    except ValueError:  # quotes what it cannot read, in which a password may stand
        pass
    raise ImproperlyConfigured("REDIS_URL is no address of Redis, as redis://redis:6379/0 is.")


def broker_url(url: str) -> str:
    """Return `url` as Celery writes it: a unix socket is 'redis+socket://' with the database as virtual_host."""
    if not url.startswith("unix://"):
        return url
    path = url.removeprefix("unix://").partition("?")[0]
    return f"redis+socket://{path}?virtual_host={_database(url)}"


def beside(url: str) -> str:
    """Return `url` with the next of Redis' databases: what is counted there may be emptied without losing a message."""
    address, _, query = url.partition("?")
    others = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "db"]
    return f"{address}?{urlencode([*others, ('db', _database(url) + 1)])}"  # which goes before that of the path
