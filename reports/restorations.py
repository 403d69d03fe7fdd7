"""After a restore: that it was one; what had been released, and is lost with what the backup does not hold.

A release cannot be taken back: guarantors hold the files. A database that was restored from an older backup would close
the same periods again, under the same numbers, with other figures. So nothing of a truce is closed until two people
have said what is lost (closings.held).
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement, User
from monitoring.models.record import Recorded
from monitoring.querysets import RecordQuerySet


class Restoration(Recorded):
    """That this database was restored from a backup, written once when it was.

    `witnessed`: a log of releases that is kept apart from database and files was there to be read, so that what had
    been released after the backup is known. Where none was, it is not known whether anything had.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    taken_at = models.DateTimeField(help_text="When the backup was begun.")
    witnessed = models.BooleanField()

    def __str__(self) -> str:
        return str(self.public_id)


class ResumptionQuerySet(RecordQuerySet):
    """Resumptions."""

    def agreed(self) -> Any:
        """Those that two people stand for."""
        return self.filter(seconded_at__isnull=False)

    def waiting(self) -> Any:
        """Those that one person proposed, and no later proposal took the place of."""
        return self.filter(seconded_at__isnull=True, superseded_at__isnull=True)


class Resumption(Recorded):
    """That a truce's closings go on after a restore, knowing what is lost: one person proposes, another agrees.

    Its lost releases are written with it. A later proposal takes the place of one that waits.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="resumptions")
    grounds = models.TextField(help_text="How it is known what had been released. Names nobody.")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True, help_text="When another proposal took its place.")

    objects: ClassVar[Any] = ResumptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(seconded_at__isnull=True, superseded_at__isnull=True),
                name="reports_one_resumption_waits",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("proposed_by")),
                name="reports_resumption_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True, seconded_at__isnull=True)
                | Q(seconded_by__isnull=False, seconded_at__gt=F("recorded_at"), superseded_at__isnull=True),
                name="reports_resumption_seconded",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("recorded_at")),
                name="reports_resumption_superseded",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class LostRelease(models.Model):
    """A closing that had been released and that the record does not hold any more: its number stays taken.

    Where `sheet` is set, a corrigendum or addendum to that closing, by its identifier, kind and number.
    """

    resumption = models.ForeignKey(Resumption, models.PROTECT, related_name="lost")
    kind = models.CharField(max_length=8)
    period = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    content_sha256 = models.CharField(max_length=64)
    released_at = models.DateTimeField(null=True, help_text="As the log says; null where a file alone tells of it.")

    sheet_kind = models.CharField(max_length=4, db_default="", blank=True)
    sheet_number = models.PositiveIntegerField(db_default=0)
    sheet = models.CharField(max_length=36, db_default="", blank=True)

    class Meta:
        ordering = ["kind", "period", "number", "sheet_kind", "sheet_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["resumption", "kind", "period", "number", "content_sha256", "sheet"], name="reports_lost_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="reports_lost_numbered"),
        ]

    def __str__(self) -> str:
        sheet = f", {self.sheet_kind} {self.sheet_number}" if self.sheet else ""
        return f"{self.kind} {self.period}, {self.number}{sheet}"
