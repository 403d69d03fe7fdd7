"""Opening an account: a name to log in by. What it may do comes from accreditations alone."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
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
