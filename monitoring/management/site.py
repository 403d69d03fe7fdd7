"""Where people reach the service, as far as a command line can know."""

from __future__ import annotations

from django.conf import settings


def address(path: str) -> str:
    """Return the address of `path`: by settings.SITE_ADDRESS, else by the first host name that is served."""
    host = next((name for name in settings.ALLOWED_HOSTS if not name.startswith(("*", "."))), "localhost")
    told = settings.SITE_ADDRESS or f"{'https' if settings.HTTPS else 'http'}://{host}"
    return told.rstrip("/") + path
