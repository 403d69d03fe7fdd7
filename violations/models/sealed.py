"""What is done to what is sealed, or told in words: opened by one on grounds; by two, sealed anew or erased."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import Agreement, User
from monitoring.models.record import Recorded
from violations.models.reports import IncidentReport


class KeyRotation(Recorded):
    """That all that is sealed be sealed anew under another key: one proposes, another person agrees, then it is done.

    `key_id` tells which key and not the key. While it is agreed to and neither finished nor superseded, and no longer,
    PostgreSQL lets the owner's role change sealed bytes. What waits is superseded when a rotation to another key is
    proposed, what is agreed to when another is agreed to: no door stays open. Written by the owner's role alone.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key_id = models.CharField(max_length=16, help_text="First digits of a hash of the new key.")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    sealed_rows = models.PositiveIntegerField(null=True, help_text="Rows that the last pass found under the new key.")
    superseded_at = models.DateTimeField(null=True, help_text="When a rotation to another key took its place.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key_id"],
                condition=Q(finished_at__isnull=True, superseded_at__isnull=True),
                name="violations_one_open_rotation_a_key",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True)
                | Q(superseded_at__gt=F("recorded_at"), finished_at__isnull=True),
                name="violations_rotation_superseded",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("proposed_by")),
                name="violations_rotation_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True, seconded_at__isnull=True, finished_at__isnull=True)
                | Q(seconded_by__isnull=False, seconded_at__gt=F("recorded_at")),
                name="violations_rotation_in_order",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, sealed_rows__isnull=True)
                | Q(finished_at__gt=F("seconded_at"), sealed_rows__isnull=False),
                name="violations_rotation_finished",
            ),
        ]


class SourceOpening(Recorded):
    """That a moderator opened the sealed source of a report, and on what grounds. Auditors read it."""

    class Reason(models.TextChoices):
        """Why it has to be opened: the grounds say more."""

        PROTECTION = "protection", _("A person may be in danger, and has to be reached")
        INDEPENDENCE = "independence", _("To tell whether two sources are independent of each other")
        QUESTION = "question", _("The question cannot be put by returning the report")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="openings")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason)
    grounds = models.TextField()


class Redaction(Recorded):
    """That words of a report be erased, in all its revisions: one proposes, a person of another side agrees.

    At that instant they are gone. What stays is the report with its hash, this row, and in it why. Written by the
    owner's role alone.
    """

    class Part(models.TextChoices):
        """What of a report can be erased."""

        NARRATIVE = "narrative", _("the narrative")
        PLACE = "place_as_written", _("the place as written")
        OBSERVER = "observer", _("where the observer stood")
        SOURCE = "source", _("who told the filer")
        FILER = "filer", _("who filed it")
        ANSWERS = "answers", _("the filer's answers and grounds")
        QUESTIONS = "questions", _("questions and grounds of the review")

    class Reason(models.TextChoices):
        """Why: the grounds say more."""

        DANGER = "danger", _("a person may be in danger")
        CONSENT = "consent", _("consent was withdrawn")
        THIRD_PERSON = "third_person", _("it names a person who had no part in it")
        LAW = "law", _("a law or a court demands it")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    report = models.ForeignKey(
        IncidentReport, models.PROTECT, related_name="redactions", help_text="The newest revision when it was proposed."
    )
    chain = models.UUIDField(db_index=True, help_text="All revisions of the report.")
    erased = ArrayField(models.CharField(max_length=16, choices=Part))
    reason = models.CharField(max_length=24, choices=Reason)
    grounds = models.TextField(help_text="Who asked and why; names nobody.")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chain"], condition=Q(seconded_at__isnull=True), name="violations_one_redaction_open"
            ),
            models.CheckConstraint(condition=~Q(erased=[]), name="violations_redaction_of_something"),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("proposed_by")),
                name="violations_redaction_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True, seconded_at__isnull=True)
                | Q(seconded_by__isnull=False, seconded_at__gt=F("recorded_at")),
                name="violations_redaction_in_order",
            ),
        ]
