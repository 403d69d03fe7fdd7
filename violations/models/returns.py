"""Daily returns: what a side announced that it had registered."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement, Area, GuarantorState, User
from monitoring.models.record import Closable, Recorded
from violations import codebook
from violations.return_querysets import DailyReturnQuerySet


class DailyReturn(Closable):
    """One guarantor's count of a day, as its teller told it. Announced, not filed: never summed with reports.

    It stands in the day and period of `bears_date`; its window [window_from, window_until) is printed beside. Two
    outlets with equal numbers are two sources of one return; other numbers make a contradicting one (`variant` > 1).
    """

    class Breakdown(models.TextChoices):
        """Whether the lines by area make up the total."""

        COMPLETE = "complete"
        PARTIAL = "partial"
        NONE = "none"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="daily_returns")
    owner = models.ForeignKey(GuarantorState, models.PROTECT, related_name="+", help_text="Whose ledger.")
    teller = models.ForeignKey(GuarantorState, models.PROTECT, related_name="+", help_text="Whose telling.")
    acknowledged = models.BooleanField(
        default=False, help_text="When it was recorded, the owner had acknowledged what another told; later: a row."
    )
    bears_date = models.DateField()
    variant = models.PositiveIntegerField(default=1)
    window_from = models.DateTimeField()
    window_until = models.DateTimeField()
    window_basis = models.CharField(max_length=80, help_text="How the window is known, as 'the 24 hours before'.")
    total = models.PositiveIntegerField(help_text="Announced total; 0 is an explicit nil.")
    unit = models.CharField(max_length=16, choices=codebook.CountUnit)
    headline_total = models.PositiveIntegerField(null=True, help_text="Where the headline gives another number.")
    breakdown = models.CharField(max_length=8, choices=Breakdown)
    confirmed = models.PositiveIntegerField(null=True, help_text="Of these, what the teller confirms.")
    not_confirmed = models.PositiveIntegerField(null=True, help_text="Of these, what the teller does not confirm.")
    attributed_elsewhere = models.PositiveIntegerField(
        null=True, help_text="Of these, what the teller ascribes to a designated group."
    )
    note = models.TextField(blank=True, help_text="Why the return was corrected or read anew.")
    content_sha256 = models.CharField(max_length=64)

    objects: ClassVar[Any] = DailyReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "owner", "teller", "bears_date", "variant"],
                condition=Q(superseded_at__isnull=True),
                name="violations_return_once",
            ),
            models.CheckConstraint(
                condition=Q(window_until__gt=F("window_from")), name="violations_return_window_order"
            ),
        ]


class ReturnLine(models.Model):
    """The count of one area within a return: as written, and which area that is."""

    daily_return = models.ForeignKey(DailyReturn, models.PROTECT, related_name="lines")
    as_written = models.CharField(max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["daily_return", "as_written"], name="violations_line_once")]


class ReturnSource(Recorded):
    """Where a return was read. A second outlet with equal numbers is a second source, recorded when it was found."""

    daily_return = models.ForeignKey(DailyReturn, models.PROTECT, related_name="sources")
    outlet = models.CharField(max_length=120)
    url = models.TextField()
    note = models.TextField(blank=True, help_text="What is peculiar to this telling: spelling, contradiction, cuts.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["daily_return", "url"], name="violations_source_once")]


class ReturnAcknowledgement(Recorded):
    """That the owner of a ledger acknowledged what another told of it. It goes with that return: not with the next."""

    daily_return = models.OneToOneField(DailyReturn, models.PROTECT, related_name="acknowledgement")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
