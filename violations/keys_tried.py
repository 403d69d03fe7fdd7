"""Whether the keys of this process are those that sealed the record: asked after a restore; no backup holds keys."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import models
from django.utils.translation import gettext as _

from monitoring import second_factor
from monitoring.errors import NotNow
from violations import sealing
from violations.models import SealedSource
from violations.resealing import sealed_tables


def require() -> int:
    """Try the keys on the newest sealed row of each table and on a second factor; return how many were tried.

    What they open is seen by nobody. Raises NotNow where one opens with none of SEALING_KEYS, or where the tag of who
    filed is not of SEALING_TAG_KEY.
    """
    tried = sum(_opens(table) for table in sealed_tables())
    held = Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("pk").last()
    if held is not None:
        try:
            second_factor.decrypt(held.data["secret"])
        except InvalidToken:
            raise _other_keys() from None
    with sealing.counting():
        newest = SealedSource.objects.order_by("pk").last()
    if newest is not None and not sealing.fits_its_tag(newest):
        raise NotNow(_("SEALING_TAG_KEY is not the key of this record."), code="other_tag_key")
    return tried + bool(held)


def _opens(table: type[models.Model]) -> bool:
    with sealing.counting():
        token = table._default_manager.order_by("pk").values_list("sealed", flat=True).last()
    if token is None:
        return False
    try:
        sealing.sealed_anew(bytes(token))  # opened and closed again; what comes of it is thrown away
    except InvalidToken:
        raise _other_keys() from None
    return True


def _other_keys() -> NotNow:
    return NotNow(
        _("What is sealed in this record opens with none of SEALING_KEYS: these are the keys of another."),
        code="sealing_key_lost",
    )
