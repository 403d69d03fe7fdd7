"""What django-allauth asks of us: who may try again and when, what is kept encrypted, what goes into the audit.

Somebody who guesses must not shut out whom they guess at. Failures are counted by address, and by account and address
together: a stranger's do not hold for the person elsewhere. Against many addresses at once an account is counted by
itself, generously, and not where the person has logged in before: that browser holds a cookie that says so (OWASP,
device cookies).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

from monitoring import accounts, audit, second_factor
from monitoring.models import User

KNOWN_HERE = f"{settings.COOKIE_PREFIX}known_here"
KNOWN_FOR = 90 * 24 * 3600  # seconds
# What the library says of its own is left unsaid, but for these.
SAID = {
    "account/messages/password_changed.txt": gettext_lazy(
        "Your password is changed. Wherever else you were logged in, you are no more."
    ),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("Your second factor is removed."),
}


@contextmanager
def counted() -> Iterator[None]:
    """Say so where Redis does not answer: what cannot be counted is not tried, or guessing would be free meanwhile."""
    try:
        yield
    except RedisError:
        raise ValidationError(
            _("Nobody can be logged in just now, and nothing you typed was looked at. Try again in a few minutes."),
            code="not_counted",
        ) from None


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up; a person logs in by name, password and, where they have one, second factor."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("Name and password do not go together."),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts failed, so this one was not looked at. Wait five minutes, then try again."
        ),
        "rate_limited": gettext_lazy("Too many attempts failed. Wait five minutes, then try again."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "enter_current_password": gettext_lazy("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by operators."""
        return False

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Say what a person needs to hear."""
        if args and args[0] in SAID:
            messages.add_message(request, level, str(SAID[args[0]]))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The account and the address together; by whichever of our host names somebody comes."""
        return f"{str(credentials.get('username', '')).lower()}:{ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse, in words and before the password is looked at, where too many failed; whether the name exists or not.

        Raises ValidationError.
        """
        with counted():
            self._count(request, **credentials)

    def _count(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._note_throttled(request)
            raise
        name = str(credentials.get("username", ""))
        if is_known_here(request, name):
            return
        usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed_anywhere", key=f"anywhere:{name.lower()}"
        )
        if usage is None:
            self._rollback_login_failed_rl_usage()
            self._note_throttled(request)
            raise self.validation_error("too_many_login_attempts")
        assert self._login_failed_rl_usage is not None  # noqa: S101 - super would have raised
        self._login_failed_rl_usage.usage += usage.usage  # taken back where the password is right

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave the row: of an account that exists; a name that was only guessed is written nowhere."""
        account = User.objects.filter(username=credentials.get("username", "")).first()
        audit.denied("session.begin", by=None, on=account, reason="password")

    def _note_throttled(self, request: HttpRequest) -> None:
        """One row for a spell of attempts from an address, not one for each."""
        if cache.add(f"throttled:{ratelimit.get_ip(request)}", True, timeout=300):
            audit.denied("session.begin", by=None, reason="throttled")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Leave the row, and the cookie by which this browser is known to be the person's."""
        by = next((row.get("type", "") for row in reversed(get_authentication_records(request, user))), "")
        audit.done("session.begin", by=user)
        if by == Authenticator.Type.RECOVERY_CODES:
            audit.done("recovery_code.use", by=user, on=user)
        response = super().post_login(request, user, **kwargs)
        response.set_cookie(
            KNOWN_HERE,
            _known(user.username),
            max_age=KNOWN_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def set_password(self, user: Any, password: str) -> None:
        """Change it by the verb."""
        accounts.change_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to one's account."""
        return reverse("account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who proved themselves within the last minutes, at the login too, is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0.0)
        return time.time() - newest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The second factor where there is one, else the password."""
        methods = super().get_reauthentication_methods(user)
        second = reverse("mfa_reauthenticate")
        return sorted(methods, key=lambda method: method["url"] != second)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are kept encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This code does not hold. A code of the app holds half a minute and once; take the next."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Return the secret as it is kept."""
        return second_factor.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return it as it was."""
        return second_factor.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Return what the app on the phone shows."""
        return _("Ceasefire monitoring")


def is_known_here(request: HttpRequest, username: str) -> bool:
    """Whether the person of that name has logged in from this browser before."""
    return constant_time_compare(request.COOKIES.get(KNOWN_HERE, ""), _known(username))


def _known(username: str) -> str:
    """The name as the cookie holds it: to nobody but the service does it say whose it is."""
    return salted_hmac("config.accounts.known_here", username, algorithm="sha256").hexdigest()
