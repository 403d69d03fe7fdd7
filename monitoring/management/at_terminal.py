"""Who sits at the terminal: each of two people gives their own password, typed in, never an argument or a pipe."""

from __future__ import annotations

import sys

from django.contrib.auth import authenticate
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from monitoring import audit
from monitoring.management import terminal
from monitoring.models import Agreement, User


def authenticated(name: str, action: str, *, agreement: Agreement | None = None) -> User:
    """Ask for the password of the account `name`, and return who it is. Raises CommandError; a wrong one is audited."""
    if not sys.stdin.isatty():
        raise CommandError(_("Run this at a terminal: the password is typed in, by the person whose it is."))
    user = authenticate(username=name, password=terminal.password(_("Password of %(name)s: ") % {"name": name}))
    if not isinstance(user, User):
        audit.denied(action, by=None, reason="not_authenticated", agreement=agreement)
        raise CommandError(_("The account or the password is not right."))
    return user
