"""An invitation: a link by which a person sets their password, once, and then their second factor.

The link is a keyed hash over the account's state (Django's token of a password reset), so none is stored: it holds
until it is used, until another is made, until the person logs in otherwise, or for settings.PASSWORD_RESET_TIMEOUT.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import accounts, audit, ledger, second_factor
from monitoring.errors import Forbidden, NotNow
from monitoring.models import Accreditation, User


class Invitations(PasswordResetTokenGenerator):
    """Links of invitation: one of an account holds, the newest."""

    key_salt = "monitoring.invitations"

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        assert isinstance(user, User)  # noqa: S101 - there are no other accounts
        return f"{super()._make_hash_value(user, timestamp)}:{user.invitations}"


tokens = Invitations()


def invite(user: User, *, by: User | None, without_second_factor: bool = False) -> str:
    """Return the address, without the host, at which `user` sets a password; links made before hold no more.

    `without_second_factor`: theirs is lost and is taken away now; who uses the link sets up another. Raises NotNow
    where the account is not active.
    """
    if not user.is_active:
        raise NotNow(_("The account is not active."), code="inactive")
    with ledger.writing():
        User.objects.filter(pk=user.pk).update(invitations=F("invitations") + 1)
        user.refresh_from_db()
        if without_second_factor:
            second_factor.remove(user, by=by)
        audit.done("account.invite", by=by, on=user)
    return reverse("invitation", args=[user.public_id, tokens.make_token(user)])


def invite_as_operator(user: User, *, by: User) -> str:
    """The same, in the administration, where an operator may invite those who have set no password yet.

    A link to an account that is in use would let an operator take it over, and a person may act in another truce, too.
    Who lost a password is helped at the machine (`manage.py invite`), where the audit is not all that tells. Raises
    Forbidden.
    """
    if user.has_usable_password():
        raise Forbidden(
            _("The account is in use. A new link for it is made at the machine: manage.py invite."), code="in_use"
        )
    operated = Accreditation.objects.not_ended(timezone.now()).filter(user=by, role=Accreditation.Role.OPERATOR)
    elsewhere = Accreditation.objects.filter(user=user).exclude(agreement__in=operated.values("agreement"))
    if elsewhere.exists():
        raise Forbidden(_("The person acts in an agreement that you do not operate, too."), code="elsewhere")
    return invite(user, by=by)


def holds_until() -> datetime:
    """Until when a link that is made now holds."""
    return timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def accept(user: User, token: str, *, password: str) -> None:
    """Set the password that the person chose by the link, which holds no more: they are in from now on.

    Raises NotNow where the link does not hold any more: of two who use it at once one does.
    """
    with ledger.writing():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not tokens.check_token(locked, token):
            raise NotNow(_("The link does not hold any more."), code="used")
        accounts.set_password(locked, password)
        audit.done("invitation.accept", by=user, on=user)
    user.refresh_from_db()
