"""What workers do for accounts, and that people are mailed."""

from __future__ import annotations

import logging

from celery import shared_task

from monitoring import leftovers, mailing

logger = logging.getLogger(__name__)


@shared_task
def clear_leftovers() -> None:
    """Every hour: remove sessions and devices that are over."""
    sessions, devices = leftovers.clear()
    logger.info("Removed %s sessions and %s devices that were over.", sessions, devices)


@shared_task
def send_mails() -> None:
    """Every five minutes: mail whom something new waits for, where there is a mail server."""
    sent = mailing.mail_all()
    if sent:
        logger.info("Handed over %s mails.", sent)
