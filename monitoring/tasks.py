"""What workers do for accounts."""

from __future__ import annotations

import logging

from celery import shared_task

from monitoring import leftovers

logger = logging.getLogger(__name__)


@shared_task
def clear_leftovers() -> None:
    """Every hour: remove sessions and devices that are over."""
    sessions, devices = leftovers.clear()
    logger.info("Removed %s sessions and %s devices that were over.", sessions, devices)
