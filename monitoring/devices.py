"""Device tokens: by what a phone or laptop speaks for its holder. Shown once, kept as a hash, revoked at once."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.errors import Malformed, NotNow
from monitoring.models import DeviceToken, User

LONGEST_NAME = 80


def issue(user: User, *, name: str, by: User | None) -> str:
    """Return a new token for the device `name` of `user`. It cannot be shown again.

    Raises Malformed where the name is empty or too long, NotNow where a device of that name already has a token.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Malformed(
            _("Give the device a name of 1 to %(longest)s characters.") % {"longest": LONGEST_NAME}, code="device_name"
        )
    with transaction.atomic():
        try:
            with transaction.atomic():
                _device, token = DeviceToken.objects.create(user=user, name=name)
        except IntegrityError:
            raise NotNow(
                _("A device of that name already has a token. Revoke it first, or choose another name."),
                code="device_exists",
            ) from None
        audit.done("device.issue", by=by, on=user)
    return token


def revoke(user: User, *, name: str | None = None, by: User | None) -> int:
    """Revoke the token of the device `name` of `user`, or of all their devices; return how many there were."""
    with transaction.atomic():
        devices = DeviceToken.objects.filter(user=user)
        if name is not None:
            devices = devices.filter(name=name.strip())
        count = devices.delete()[0]
        if count:
            audit.done("device.revoke", by=by, on=user)
    return count
