"""A rotation of keys: the key before and the new one, two who agree to it, and what stands under which."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken

from monitoring import accreditation
from monitoring.models import User
from violations import resealing, sealing
from violations.models import KeyRotation, SealedSource

SOURCE = {"name": "A. Weaver", "contact": "at the mill"}
NEW = Fernet.generate_key().decode()


def an_auditor(exercise) -> User:
    """Who may agree to a rotation."""
    user = User.objects.create(username="auditor")
    accreditation.accredit(user, exercise, "auditor", by=None)
    return user


def with_new_key(settings) -> list[str]:
    """From now on the new key is the first; return those before."""
    old = list(settings.SEALING_KEYS)
    settings.SEALING_KEYS = [NEW, *old]
    return old


def agreed(people, auditor) -> KeyRotation:
    return resealing.second(resealing.propose(by=people.operator), by=auditor)


def rows() -> list[dict]:
    """Every sealed row, whole."""
    with sealing.counting():
        return list(SealedSource.objects.order_by("pk").values())


def opens(key: str, row: dict) -> bool:
    try:
        Fernet(key).decrypt(bytes(row["sealed"]))
    except InvalidToken:
        return False
    return True
