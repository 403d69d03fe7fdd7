"""What a verb refuses at the command line: told as it says, and audited like everywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import models

from monitoring import audit
from monitoring.errors import Refusal
from monitoring.models import User


@contextmanager
def told(action: str, *, by: User | None, on: models.Model | None = None) -> Iterator[None]:
    """Within this block a refusal ends the command with its sentence; the audit says who was refused what."""
    try:
        yield
    except Refusal as refusal:
        audit.denied(action, by=by, reason=refusal.code, on=on)
        raise CommandError(refusal.message) from None
