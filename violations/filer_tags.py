"""The keyed hash that stands for an account where its name may not."""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from monitoring.models import User


def tag_of(user: User) -> str:
    """Return the tag of `user`: HMAC-SHA256 of the account's number. The same for ever, and no use without the key."""
    return _tag(settings.SEALING_TAG_KEY, user.pk)


@lru_cache(maxsize=1024)
def _tag(key: str, account: int) -> str:
    """Asked several times of each filing."""
    return hmac.digest(key.encode(), str(account).encode(), "sha256").hex()
