"""Many decided on at once: what was shown and chosen, what came of each, and whose turn it is to go on."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import Agreement, Side, User
from monitoring.models.record import Closable, Recorded
from violations import moderation_codes
from violations.incident_querysets import BulkJobQuerySet
from violations.models.findings import Finding
from violations.models.reports import IncidentReport


class BulkJob(Recorded):
    """That one moderator decided alike on many reports or proposals, and on what grounds.

    The job decides nothing: each of its rows is one call of the ordinary verb, by the same person, with the same
    guards, in a transaction of its own. `public_id` is drawn when the effects are shown, so that the same page handed
    in twice is one job.
    """

    class Action(models.TextChoices):
        """What is done to each."""

        SECOND = "second", _("second proposals")
        TAKE = "take", _("take reports under review")
        ACCEPT = "accept", _("accept reports: each tells of its incident")
        RETURN = "return", _("return reports with a question")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    action = models.CharField(max_length=8, choices=Action)
    reason = models.CharField(max_length=20, choices=moderation_codes.BulkGrounds)
    grounds = models.TextField(help_text="Why all of them alike; of a return, the question that every filer reads.")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")

    objects: ClassVar[Any] = BulkJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk decision")
        verbose_name_plural = _("bulk decisions")


class BulkRow(models.Model):
    """A report (its newest revision) or a proposal of a job, as it stood when its effect was shown."""

    job = models.ForeignKey(BulkJob, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField(help_text="In the order in which they are done, from 1.")
    report = models.ForeignKey(IncidentReport, models.PROTECT, null=True, related_name="+")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="+")
    seen = models.CharField(max_length=32, help_text="Digits of a hash of what its effect was told from.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "number"], name="violations_bulkrow_numbered"),
            models.CheckConstraint(
                condition=Q(report__isnull=True, finding__isnull=False) | Q(report__isnull=False, finding__isnull=True),
                name="violations_bulkrow_of_one",
            ),
        ]


class BulkOutcome(Recorded):
    """What came of a row, once: written in the transaction in which it was done or refused."""

    class Outcome(models.TextChoices):
        """Done; refused by the rules, or because it changed since it was shown; or the machine failed at it."""

        DONE = "done", _("done")
        REFUSED = "refused", _("not done")
        FAILED = "failed", _("could not be done: a fault")

    row = models.OneToOneField(BulkRow, models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=8, choices=Outcome)
    code = models.CharField(max_length=40, blank=True, help_text="Of the refusal, as the verbs have it.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="done", code="") | (~Q(outcome="done") & ~Q(code="")),
                name="violations_bulkoutcome_says_why",
            ),
        ]


class BulkTurn(Closable):
    """That one worker, and no other, goes on with a job, until `until` by the database's clock or until it ends.

    A dead worker's turn runs out by itself; who comes next closes it. Turns keep workers apart and nothing else: a row
    is done once whoever comes to it.
    """

    job = models.ForeignKey(BulkJob, models.PROTECT, related_name="turns")
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["job"], condition=Q(superseded_at__isnull=True), name="violations_one_turn_a_job"
            ),
        ]
