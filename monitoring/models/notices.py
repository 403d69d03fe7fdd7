"""Notices: that something waits for moderators, operators or a guarantor's people; who saw them; mails that said so."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from monitoring.models.agreements import Agreement
from monitoring.models.guarantors import GuarantorState
from monitoring.models.people import Accreditation, User
from monitoring.models.record import Recorded


class Notice(Recorded):
    """That something waits for those who hold `role` in an agreement: a kind, what it is about, codes and numbers.

    A guarantor's people are told of its own alone: `guarantor` says of which. It has no words of anybody's. `once` is
    what makes it the one notice of its kind: whoever finds the same thing again writes no other. What it is about is
    named by public id or code, as in the audit.
    """

    class Kind(models.TextChoices):
        """What is told."""

        FLASH = "flash", "flash report"
        SURGE = "surge", "more than chance alone would usually give"
        RETURN_DUE = "return_due", "daily returns due"
        RETURN_LATE = "return_late", "daily returns late"
        REPLY_DUE = "reply_due", "reply due"
        REPLY_LATE = "reply_late", "reply late"
        SECOND_DUE = "second_due", "proposals to be seconded"
        SECOND_LATE = "second_late", "proposals not seconded in time"
        QUESTION_LATE = "question_late", "questions to filers not answered"
        WORK_FAILED = "work_failed", "work that failed"
        WORK_WAITS = "work_waits", "work that nobody takes up"
        MAIL_FAILED = "mail_failed", "mail that could not be sent"
        DRAFT_GIVEN = "draft_given", "draft to be commented on"
        DRAFT_CLOSES = "draft_closes", "time for comments that ends soon"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="notices", db_index=False)
    role = models.CharField(max_length=12, choices=Accreditation.Role)
    guarantor = models.ForeignKey(
        GuarantorState, models.PROTECT, null=True, related_name="+", db_index=False, help_text="Whose people are told."
    )
    kind = models.CharField(max_length=16, choices=Kind)
    once = models.CharField(max_length=120)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True)
    details = models.JSONField(default=dict, help_text="Codes and numbers alone.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "kind", "once"], name="monitoring_notice_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=["moderator", "operator"], guarantor=None)
                | models.Q(role="guarantor", guarantor__isnull=False),
                name="monitoring_notice_for_whom",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agreement", "role", "recorded_at"], name="monitoring_notice_of_late")
        ]


class NoticeSeen(Recorded):
    """That a person marked a notice as seen. Each sees for themselves: what one has seen still waits for another."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="seen")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "notice"], name="monitoring_notice_seen_once"),
        ]


class NoticeMail(Recorded):
    """That a mail to a person was begun: the `number`-th to them, because of notices up to `up_to`.

    Written before anything is sent, so that two workers send one mail. What came of it is another row; where a worker
    died between the two nobody knows whether it went out, and there is none.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    up_to = models.ForeignKey(Notice, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "number"], name="monitoring_mail_numbered"),
        ]


class NoticeMailOutcome(Recorded):
    """What came of a mail: handed to the mail server, or not, and why by code. Never an address, never an answer."""

    class Outcome(models.TextChoices):
        """Whether the mail server took it."""

        SENT = "sent"
        FAILED = "failed"

    class Reason(models.TextChoices):
        """Why it was not taken."""

        UNREACHABLE = "unreachable", "the mail server was not reached"
        NOT_LOGGED_IN = "not_logged_in", "the mail server did not accept the login"
        REFUSED = "refused", "the mail server refused the mail or its address"
        OTHER = "other", "another reason, in the worker's log"

    mail = models.OneToOneField(NoticeMail, models.PROTECT, related_name="outcome")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=16, choices=Reason, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(outcome="sent", reason="") | models.Q(outcome="failed") & ~models.Q(reason=""),
                name="monitoring_mail_says_why",
            ),
        ]
