"""Handing one mail to the operator's mail server. What a mailbox, and whoever reads on the way, may hold is little.

Every mail says the same: that something waits in a service named by its operator in words that tell no stranger which
it is. No truce, place, party, act or number; no name of this machine, neither in the mail nor in the greeting, which
servers write into it; nobody beside the person it is for. It is sent as settings.EMAIL_* have it, encrypted unless they
say otherwise, and not at all without them.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring.models import NoticeMailOutcome

Reason = NoticeMailOutcome.Reason
SECONDS = 30  # within which the server answers


class NotHandedOver(Exception):  # noqa: N818 - what became of it
    """The mail server did not take the mail; `reason` is a code. It carries nothing that the server said."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_set() -> bool:
    """Whether there is a mail server to hand mails to, and an address to send them from."""
    return bool(settings.EMAIL_HOST and settings.EMAIL_FROM)


def mail(address: str) -> EmailMessage:
    """The mail to `address`: in everything but address, time and number the same as every other.

    Raises NotHandedOver where no mail can bear the address, as one with a line end.
    """
    made = EmailMessage(policy=SMTP)
    made["From"] = settings.EMAIL_FROM
    try:
        made["To"] = address
    except ValueError:
        raise NotHandedOver(Reason.REFUSED) from None
    made["Subject"] = _("Something waits for you")
    made["Date"] = format_datetime(timezone.now())
    made["Message-ID"] = make_msgid(domain=_domain())
    made["Auto-Submitted"] = "auto-generated"
    said = _("Something waits for you in %(service)s. Log in to read it. Answers to this mail are not read.")
    made.set_content(said % {"service": settings.EMAIL_SERVICE_NAME} + "\n")
    return made


def hand_over(made: EmailMessage) -> None:
    """Hand the mail to the server. Raises NotHandedOver."""
    try:
        with _connected() as server:
            if settings.EMAIL_SECURITY == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                _log_in(server)
            server.send_message(made)
    except NotHandedOver:
        raise
    except Exception as fault:  # whatever it is, it may carry the address: it goes no further
        raise NotHandedOver(_reason(fault)) from None


def _connected() -> smtplib.SMTP:
    where: dict[str, Any] = {"local_hostname": _domain(), "timeout": SECONDS}
    if settings.EMAIL_SECURITY == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.EMAIL_HOST, settings.EMAIL_PORT, context=context, **where)
    return smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, **where)


def _log_in(server: smtplib.SMTP) -> None:
    """Log in; a server that hangs up over it did not accept the login, either."""
    try:
        server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except smtplib.SMTPException:
        raise NotHandedOver(Reason.NOT_LOGGED_IN) from None


def _domain() -> str:
    """The domain that mails are sent from: by it the service greets, not by the name of its machine."""
    return settings.EMAIL_FROM.rpartition("@")[2]


def _reason(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPConnectError | smtplib.SMTPServerDisconnected):
        return Reason.UNREACHABLE
    if isinstance(fault, smtplib.SMTPException):
        return Reason.REFUSED
    return Reason.UNREACHABLE if isinstance(fault, OSError) else Reason.OTHER
