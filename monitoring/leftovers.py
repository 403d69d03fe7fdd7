"""What is over and kept for nothing is removed: sessions that ended by themselves, devices whose tokens ran out.

A session that nobody came back to still says whose it was and how they proved themselves, or that somebody opened a
link of invitation and left; so beat asks for this every hour. The links themselves are stored nowhere (`invitations`).
"""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from monitoring.models import DeviceToken

# So long its holder is shown that a device's token ran out; it opens nothing meanwhile.
DEVICES_SHOWN = timedelta(days=7)


def clear() -> tuple[int, int]:
    """Remove them; return how many sessions and how many devices there were."""
    now = timezone.now()
    sessions = Session.objects.filter(expire_date__lt=now).count()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    devices, _by_table = DeviceToken.objects.filter(expiry__lt=now - DEVICES_SHOWN).delete()
    return sessions, devices
