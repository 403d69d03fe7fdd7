"""The register of cases: which incidents people took up, since when, and whether they are decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement
from monitoring.models.record import Closable
from violations.models.incidents import Incident


class Case(Closable):
    """An incident that people took up, as far as that was known over [recorded_at, superseded_at).

    It says nothing that the record does not: `violations.cases` works it out from review steps, links and findings
    whenever one of them changes it. It stands here so that open cases are found without asking all the others.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="cases")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField(help_text="When a report of it first came under review, or was found upon.")
    closed_at = models.DateTimeField(null=True, help_text="When it was agreed whether it stands; null: pending.")

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["incident"], condition=Q(superseded_at__isnull=True), name="violations_one_case_an_incident"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="violations_case_closed_after_opened",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["agreement"],
                condition=Q(superseded_at__isnull=True, closed_at__isnull=True),
                name="violations_case_pending",
            ),
            models.Index(
                fields=["agreement", "opened_at"],
                condition=Q(superseded_at__isnull=True),
                name="violations_case_opened",
            ),
            models.Index(
                fields=["agreement", "closed_at"],
                condition=Q(superseded_at__isnull=True, closed_at__isnull=False),
                name="violations_case_closed",
            ),
            models.Index(
                fields=["agreement", "superseded_at"],
                condition=Q(superseded_at__isnull=False),
                name="violations_case_superseded",
            ),
        ]
