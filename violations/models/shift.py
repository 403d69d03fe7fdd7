"""What moderators leave one another: that somebody is at an incident, notes between shifts, filters with a name."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from monitoring.models import Agreement, Side, User
from monitoring.models.record import Closable, Recorded
from violations.models.incidents import Incident
from violations.shift_querysets import ClaimQuerySet, SavedFilterQuerySet, ShiftNoteQuerySet

LONGEST_CLAIM = timedelta(minutes=30)


class Claim(Closable):
    """That a moderator is at an incident for as long as it lasts, told to the others; it keeps nobody from deciding.

    It holds while it is open and has not run out by the database's clock; that it ran out is never written. It is
    closed by hand, by its holder's decision and by whoever claims next.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="claims")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")
    lasts = models.DurationField()

    objects: ClassVar[Any] = ClaimQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["incident"], condition=Q(superseded_at__isnull=True), name="violations_one_claim_an_incident"
            ),
            models.CheckConstraint(
                condition=Q(lasts__gt=timedelta(), lasts__lte=LONGEST_CLAIM),
                name="violations_claim_is_short",
            ),
        ]

    @property
    def until(self) -> datetime:
        """When it runs out."""
        return self.recorded_at + self.lasts


class SavedFilter(Closable):
    """A query of the queue under a name: of its owner alone, or shared with the moderators of their side."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: not shared.")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, help_text="A query string as the queue's own form wrote it.")

    objects: ClassVar[Any] = SavedFilterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=Q(superseded_at__isnull=True),
                name="violations_one_filter_of_a_name",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="violations_filter_has_a_name"),
        ]


class ShiftNote(Recorded):
    """What a moderator hands over to those who come after: to all of the agreement, or to their own side."""

    class Audience(models.TextChoices):
        """To whom."""

        ALL = "all"
        SIDE = "side"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")
    audience = models.CharField(max_length=4, choices=Audience)
    words = models.TextField()

    objects: ClassVar[Any] = ShiftNoteQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("shift note")
        verbose_name_plural = gettext_lazy("shift: notes and workload")
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(words=""), name="violations_note_has_words")]
        indexes: ClassVar = [models.Index(fields=["agreement", "-recorded_at"], name="violations_note_newest")]


class ShiftNoteRead(Recorded):
    """That somebody says they read a note; once a person."""

    note = models.ForeignKey(ShiftNote, models.PROTECT, related_name="readings")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["note", "by"], name="violations_note_read_once"),
        ]
