"""Whom to mail that something waits, and when: once a period, once, and again where the mail server did not take it.

A mail is a row before it is sent, numbered by person, so that of two workers one sends it; what came of it is another.
Where a worker dies between the two, nobody knows whether it went out: it is not sent again, as if it had, and once the
period is over the next mail tells of the same notices if they still wait. What failed is tried again after a while,
longer each time; when that is over, operators are told, and it is tried once a day.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring import accreditation, audit, ledger, mail_server, notices
from monitoring.errors import Malformed
from monitoring.models import Accreditation, Agreement, Notice, NoticeMail, NoticeMailOutcome, User
from monitoring.notices import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

Outcome = NoticeMailOutcome.Outcome
# After each failure in a row the next attempt waits so long; after the last of them operators are told.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480))
GIVEN_UP = timedelta(days=1)


def set_address(user: User, address: str, *, by: User | None) -> None:
    """Set where `user` is mailed; '' for nowhere. Raises Malformed where it is no address that a mail can bear."""
    if address:
        try:
            validate_email(address)
            User._meta.get_field("email").run_validators(address)  # as long as may be kept
            mail_server.mail(address)
        except (ValidationError, mail_server.NotHandedOver):
            raise Malformed(_("This is no mail address."), code="address") from None
    with ledger.writing():
        User.objects.filter(pk=user.pk).update(email=address)
        audit.done("account.set_address" if address else "account.remove_address", by=by, on=user)
    user.refresh_from_db(fields=["email"])


def to_be_mailed() -> Any:
    """Those who have an address and may have notices; whether one waits is asked of each."""
    held = Accreditation.objects.not_ended(timezone.now()).filter(role__in=notices.ROLES)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(email="").order_by("pk")


def mail_all() -> int:
    """Mail everybody who is to be mailed now; return how many mails the server took. Nothing without a server."""
    if not mail_server.is_set():
        return 0
    sent = 0
    for user in to_be_mailed():
        begun = begin(user)
        if begun is not None:
            sent += _send(begun)
    return sent


def begin(user: User, *, at: datetime | None = None) -> NoticeMail | None:
    """Write that a mail to `user` is begun at `at` (now), and return it; None where none is to be sent now.

    Of two who begin at once one does.
    """
    at = at or timezone.now()
    history = NoticeMail.objects.filter(user=user).select_related("outcome").order_by("-number")
    last = history.first()
    if last is not None and at < _not_before(user, last):
        return None
    told = history.filter(outcome__outcome=Outcome.SENT).values_list("up_to", flat=True).first() or 0
    newest = notices.waiting_for(user).filter(pk__gt=told).first()
    if newest is None:
        return None
    number = last.number + 1 if last is not None else 1
    try:
        with ledger.writing() as entry:
            return NoticeMail.objects.create(user=user, number=number, up_to=newest, recorded_at=entry.stamp())
    except IntegrityError:  # another worker was first
        return None


def note(begun: NoticeMail, *, failed: str = "") -> NoticeMailOutcome:
    """Note what came of a mail: the server took it, or `failed`, the code of why not. Operators are told in the end."""
    with ledger.writing() as entry:
        outcome = NoticeMailOutcome.objects.create(
            mail=begun,
            outcome=Outcome.FAILED if failed else Outcome.SENT,
            reason=failed,
            recorded_at=entry.stamp(),
        )
        if failed and failures(begun.user) == len(WAITS) + 1:
            _tell_operators(begun, failed)
    return outcome


def failures(user: User) -> int:
    """How many of the last mails to `user` failed in a row, counting to one more than there are waits."""
    recent = NoticeMail.objects.filter(user=user).select_related("outcome").order_by("-number")[: len(WAITS) + 2]
    count = 0
    for one in recent:
        if _outcome(one) != Outcome.FAILED:
            break
        count += 1
    return count


def _send(begun: NoticeMail) -> bool:
    try:
        mail_server.hand_over(mail_server.mail(begun.user.email))
    except mail_server.NotHandedOver as fault:
        logger.warning("A mail was not handed over: %s.", fault.reason)
        note(begun, failed=fault.reason)
        return False
    note(begun)
    return True


def _not_before(user: User, last: NoticeMail) -> datetime:
    """When the next mail may be begun, after `last`."""
    if _outcome(last) != Outcome.FAILED:
        return last.recorded_at + timedelta(hours=settings.EMAIL_HOURS)
    count = failures(user)
    return last.recorded_at + (WAITS[count - 1] if count <= len(WAITS) else GIVEN_UP)


def _outcome(mail: NoticeMail) -> str:
    """What came of it; '' where nobody knows, or not yet."""
    outcome = getattr(mail, "outcome", None)
    return outcome.outcome if outcome is not None else ""


def _tell_operators(begun: NoticeMail, reason: str) -> None:
    person = str(begun.user.public_id)
    for agreement in _agreements(begun.user):
        notices.give(
            agreement,
            [
                Told(
                    Notice.Kind.MAIL_FAILED,
                    once=f"{person}:{begun.number}",
                    object_kind="user",
                    object_id=person,
                    details={"reason": reason, "attempts": len(WAITS) + 1},
                    role=accreditation.Role.OPERATOR,
                )
            ],
        )


def _agreements(user: User) -> Iterable[Agreement]:
    return Agreement.objects.filter(pk__in=accreditation.held_by(user, *notices.ROLES).values("agreement"))
