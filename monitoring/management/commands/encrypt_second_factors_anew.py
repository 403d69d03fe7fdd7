"""Encrypt what is kept of second factors under the newest key, before an older one is taken out of SEALING_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from monitoring import second_factor


class Command(BaseCommand):
    """Without it, whose secret is under the key that is gone can no longer log in."""

    help = "Encrypt the second factors of all accounts under the first of SEALING_KEYS. Run it before one is removed."

    def handle(self, *args: object, **options: Any) -> None:
        """Do it, and say how many."""
        count = second_factor.encrypt_anew()
        told = ngettext("%(count)d is encrypted anew.", "%(count)d are encrypted anew.", count)
        self.stdout.write(told % {"count": count})
