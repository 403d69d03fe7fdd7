"""What an operator names on a command line, found; or refused, with what there is to be named."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from monitoring.local_time import LocalTimeError, instant_of
from monitoring.models import Agreement, User


def agreement(code: str) -> Agreement:
    """The truce of that code. Raises CommandError."""
    refusal = _("There is no agreement “%(code)s”; loaded are: %(known)s. If it is new, load its mechanism file first.")
    return of(Agreement.objects.order_by("code"), code, refusal)


def account(username: str) -> User:
    """The account of that name. Raises CommandError."""
    try:
        return User.objects.get_by_natural_key(username)
    except User.DoesNotExist:
        raise CommandError(_("There is no account “%(name)s”.") % {"name": username}) from None


def of(rows: Any, code: str, refusal: str) -> Any:
    """The one of `rows` that has the code. Raises CommandError with `refusal`, told the code and those known."""
    row = rows.filter(code=code).first()
    if row is None:
        known = ", ".join(rows.values_list("code", flat=True)) or _("none yet")
        raise CommandError(refusal % {"code": code, "known": known})
    return row


def instant(written: str | None, zone: ZoneInfo) -> datetime | None:
    """An instant as mechanism files write it: a date (its first instant), a local time of `zone`, or with an offset.

    None for nothing. Raises CommandError.
    """
    if written is None:
        return None
    try:
        try:
            value: date = date.fromisoformat(written)
        except ValueError:
            value = datetime.fromisoformat(written)
        return instant_of(value, zone)
    except LocalTimeError as error:
        raise CommandError(f"{error}.") from None
    except (ValueError, OverflowError):
        raise CommandError(
            _("“%(written)s” is no instant: write 2026-03-01, 2026-03-01T08:00 or 2026-03-01T08:00+02:00.")
            % {"written": written}
        ) from None
