"""The keyed hash that stands for an account where its name may not."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from monitoring.models import User


def tag_of(user: User) -> str:
    """Return the tag of `user`: HMAC-SHA256 of the account's number. The same for ever, and no use without the key."""
    return hmac.digest(settings.SEALING_TAG_KEY.encode(), str(user.pk).encode(), "sha256").hex()
