"""What workers do for what is filed, asked and found. Each task may run twice."""

from __future__ import annotations

import logging

from celery import shared_task

from violations import requests

logger = logging.getLogger(__name__)


@shared_task
def remind_of_due_replies() -> None:
    """Every quarter of an hour: remind whoever was asked and has not answered, by a row. No mail is sent."""
    reminded = requests.remind_of_due()
    if reminded:
        logger.info("Reminded of %s replies.", reminded)
