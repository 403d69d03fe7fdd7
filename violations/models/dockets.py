"""The docket: where every live incident stands in the moderators' queue, so that a page of it is found by an index."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from monitoring.models import Agreement, User
from monitoring.models.record import Closable
from violations.models.incidents import Incident


class Docket(Closable):
    """What a live incident waits for, whoever asks, and how grave it is, as far as that was known.

    It says nothing that the record does not: `violations.docket` works it out from assessments, moves to other lanes,
    review steps, links and findings whenever one of them changes it. What is to do of it for one moderator, and whether
    a duty officer still holds it, is asked of the record by `violations.queue`, page by page.
    """

    class Stage(models.TextChoices):
        """What is open of it: a proposal or what a sitting said, work for any moderator, an answer; or nothing more.

        What nobody has more to do with is settled by people, or stands as a data set tells it.
        """

        PROPOSED = "proposed"
        WORK = "work"
        WAITS = "waits"
        SET = "set"
        SETTLED = "settled"

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="dockets", db_index=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+", db_index=False)
    stage = models.CharField(max_length=8, choices=Stage)
    gravity = models.SmallIntegerField(help_text="0 grave, 1 standard, 2 routine: the lane, to sort by.")
    asked_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The moderator whose question its filer answered or corrected last, while it is work.",
    )

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["incident"], condition=Q(superseded_at__isnull=True), name="violations_one_docket_an_incident"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["agreement", "stage", "gravity", "incident"],
                condition=Q(superseded_at__isnull=True),
                name="violations_docket_in_order",
            ),
            models.Index(
                fields=["asked_by"],
                condition=Q(superseded_at__isnull=True, asked_by__isnull=False),
                name="violations_docket_answered",
            ),
        ]
