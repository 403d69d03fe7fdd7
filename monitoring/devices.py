"""Device tokens: by what a phone or laptop speaks for its holder. Shown once, kept as a hash, revoked at once.

A token runs out by itself: a phone that nobody missed must not speak for its holder for ever.
"""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.crypto import hash_token
from knox.settings import CONSTANTS

from monitoring import admission, audit
from monitoring.errors import Malformed, NotFound, NotNow
from monitoring.models import DeviceToken, User
from monitoring.prepared import Prepared

LONGEST_NAME = 80
LASTS = timedelta(days=180)


def issue(user: User, *, name: str, by: User | None, lasts: timedelta = LASTS) -> str:
    """Return a new token for the device `name` of `user`, good for `lasts`. It cannot be shown again.

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
                DeviceToken.objects.filter(user=user, name=name, expiry__lte=timezone.now()).delete()
                _device, token = DeviceToken.objects.create(user=user, name=name, expiry=lasts)
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


def revoke_one(devices: models.QuerySet[DeviceToken], device: UUID, *, by: User) -> DeviceToken:
    """Revoke the token of one of `devices`, by its public identifier; return it. Raises NotFound."""
    with transaction.atomic():
        row = devices.select_for_update(of=("self",)).filter(public_id=device).first()
        if row is None:
            raise NotFound(_("There is no such device, or its token was revoked before."), code="not_found")
        row.delete()
        audit.done("device.revoke", by=by, on=row.user)
    return row


def of(user: User) -> models.QuerySet[DeviceToken]:
    """The devices of `user` that have a token, the newest first."""
    return DeviceToken.objects.filter(user=user).order_by("-created")


_DEVICE = [field.column for field in DeviceToken._meta.concrete_fields]
_DEVICE_FIELDS = [field.attname for field in DeviceToken._meta.concrete_fields]
_PERSON = [field.column for field in User._meta.concrete_fields]
_PERSON_FIELDS = [field.attname for field in User._meta.concrete_fields]
# Few begin alike: whose it is, its hash tells.
_ALIKE = Prepared(
    "devices_alike",
    ["text", "timestamptz"],
    f"""
    select {", ".join(f"device.{column}" for column in _DEVICE)}, {", ".join(f"person.{column}" for column in _PERSON)},
           exists (
               select from {DeviceToken._meta.db_table} other where other.user_id = person.id and other.expiry < $2),
           {admission.ADMITTED}
    from {DeviceToken._meta.db_table} device
    join {User._meta.db_table} person on person.id = device.user_id
    where device.token_key = $1
    """,
)


def speaking(token: str) -> tuple[DeviceToken, admission.Admission] | None:
    """Return the device whose token this is, with its holder, and what they are admitted to now. One statement.

    None where it is no token, where it ran out, and where the account is closed. What ran out is forgotten.
    """
    now, digest = timezone.now(), hash_token(token)
    with connection.cursor() as cursor:
        cursor.execute(*_ALIKE.ask([token[: CONSTANTS.TOKEN_KEY_LENGTH], now]))
        alike = cursor.fetchall()
    for row in alike:
        device = DeviceToken.from_db(connection.alias, _DEVICE_FIELDS, row[: len(_DEVICE)])
        if not compare_digest(digest, device.digest):
            continue
        device.user = User.from_db(connection.alias, _PERSON_FIELDS, row[len(_DEVICE) : -4])
        if row[-4]:
            DeviceToken.objects.filter(user=device.user, expiry__lt=now).delete()
        alive = device.user.is_active and (device.expiry is None or device.expiry >= now)
        return (device, admission.read(*row[-3:])) if alive else None
    return None


def note_use(device: DeviceToken) -> None:
    """Note the hour in which the device spoke; no finer, or it would tell when somebody filed."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    if device.last_used_at is None or device.last_used_at < hour:
        DeviceToken.objects.filter(Q(last_used_at__isnull=True) | Q(last_used_at__lt=hour), pk=device.pk).update(
            last_used_at=hour
        )
