"""What was done, refused, looked at and taken away, by whom: the audit."""

from __future__ import annotations

from datetime import UTC

from django.conf import settings
from django.db import models

from monitoring.models.agreements import Agreement
from monitoring.models.record import Recorded


class AuditEntry(Recorded):
    """One act or refusal. Holds codes and public identifiers; never free text, names, addresses or coordinates."""

    class Outcome(models.TextChoices):
        """Whether the act was done or refused."""

        DONE = "done"
        DENIED = "denied"

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60, help_text="What was done, as 'finding.second' or 'rendition.download'.")
    outcome = models.CharField(max_length=6, choices=Outcome)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=64, blank=True, help_text="Public identifier.")
    reason = models.CharField(max_length=60, blank=True, help_text="Code of the refusal.")

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["object_kind", "object_id"], name="monitoring_audit_object")]

    def __str__(self) -> str:
        return f"{self.action}, {self.recorded_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
