"""The second factor of an account: an authenticator's secret and recovery codes, kept encrypted by the library's table.

Entering and checking codes is django-allauth's. Here is what the mechanism adds: how secrets are kept, that setting one
up ends every session that was begun without it, and that an operator can take a lost one away.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from monitoring import accounts, audit, ledger
from monitoring.models import User

ENCRYPTED = ("secret", "seed")  # members of Authenticator.data, by type


def encrypt(text: str) -> str:
    """Return a secret as it is kept; of settings.SEALING_KEYS the first one seals and all open."""
    return _kept(_keys().encrypt(text.encode()))


def decrypt(kept: str) -> str:
    """Return a secret as it was."""
    return _keys().decrypt(_token(kept)).decode()


def encrypt_anew() -> int:
    """Encrypt every kept secret under the key that seals now, before an older key is taken away; return how many."""
    with ledger.writing():
        rows = list(Authenticator.objects.select_for_update().order_by("pk"))
        for row in rows:
            row.data |= {
                name: _kept(_keys().rotate(_token(kept))) for name, kept in row.data.items() if name in ENCRYPTED
            }
            row.save(update_fields=["data"])
    return len(rows)


def has_recovery_codes(user: User) -> bool:
    """Whether `user` was given some, used up or not."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists()


def was_set_up(user: User) -> None:
    """Note that `user` has just set theirs up, and end every session of the account that was begun without it."""
    with ledger.writing():
        accounts.end_sessions(user)
        audit.done("second_factor.set_up", by=user, on=user)


def give(user: User, secret: str) -> None:
    """Set up an authenticator for `user` with a secret (base 32) that is known already; an older one is replaced."""
    with ledger.writing():
        Authenticator.objects.filter(user=user).delete()
        TOTP.activate(user, secret)
        was_set_up(user)


def remove(user: User, *, by: User | None) -> bool:
    """Take the second factor and its recovery codes away, and end all sessions; return whether there was one."""
    with ledger.writing():
        removed = bool(Authenticator.objects.filter(user=user).delete()[0])
        if removed:
            accounts.end_sessions(user)
            audit.done("second_factor.remove", by=by, on=user)
    return removed


def _keys() -> MultiFernet:
    """Keys of its own, drawn from those that seal sources: neither opens what the other sealed."""
    drawn = (hmac.digest(key.encode(), b"monitoring.second_factor", "sha256") for key in settings.SEALING_KEYS)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in drawn])


def _kept(token: bytes) -> str:
    """Write it in another alphabet than a sealed source, which must stand nowhere but in its table."""
    return urlsafe_b64decode(token).hex()


def _token(kept: str) -> bytes:
    return urlsafe_b64encode(bytes.fromhex(kept))
