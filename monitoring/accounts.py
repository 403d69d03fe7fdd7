"""An account: a name to log in by, a password, sessions. What it may do comes from accreditations alone."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from monitoring import audit, ledger
from monitoring.errors import Malformed, NotNow
from monitoring.models import User


def open_account(username: str, *, password: str | None, by: User | None) -> User:
    """Open the account `username` and return it; without a password nobody logs in, and device tokens still work.

    Raises Malformed where the name is none for an account or the password too weak, NotNow where there is one of that
    name.
    """
    username = User.normalize_username(username)
    try:
        User(username=username).clean_fields(exclude=["password"])
    except ValidationError as error:
        raise Malformed(
            _("“%(name)s” is no name for an account: %(why)s")
            % {"name": username, "why": " ".join(error.message_dict["username"])},
            code="username",
        ) from None
    if password is not None:
        try:
            validate_password(password, User(username=username))
        except ValidationError as error:
            raise Malformed(" ".join(error.messages), code="password") from None
    with ledger.writing():
        if User.objects.filter(username=username).exists():
            raise NotNow(_("There is an account of that name already."), code="account_exists")
        user = User.objects.create_user(username, password=password)
        audit.done("account.open", by=by, on=user)
    return user


def change_password(user: User, password: str) -> None:
    """Note that `user` chose another password; every session of the account ends. Raises Malformed where it is weak."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Malformed(" ".join(error.messages), code="password") from None
    with ledger.writing():
        set_password(user, password)
        audit.done("password.change", by=user, on=user)


def set_password(user: User, password: str) -> None:
    """Set the password of `user`, already found good. Sessions show the old one's hash and end."""
    user.set_password(password)
    user.save(update_fields=["password"])


def end_sessions(user: User) -> None:
    """End every session of the account at once, also the one that asks: its door may begin it anew."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])


def end_sessions_of(user: User, *, by: User | None) -> None:
    """End every session of `user` because an operator says so."""
    with ledger.writing():
        end_sessions(user)
        audit.done("session.end_all", by=by, on=user)


def end_all_sessions(*, by: User | None) -> None:
    """End every session of every account because an operator says so."""
    with ledger.writing():
        User.objects.update(sessions_ended=F("sessions_ended") + 1)
        audit.done("session.end_all", by=by)
