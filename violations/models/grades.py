"""Grades that people gave a report instead of those that its team and means give it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from monitoring.models import Agreement, Side, User
from monitoring.models.record import Closable
from violations import moderation_codes
from violations.incident_querysets import GradeQuerySet
from violations.models.reports import IncidentReport


class Grade(Closable):
    """How reliable the source of a revision is and how credible what it tells, as a moderator graded it; both, whole.

    A revision that nobody graded has the grades of `querysets.with_grades`, which are worked out where they are read.
    A correction is another revision: it begins with those again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="grades")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=1, choices=moderation_codes.SourceGrade)
    information = models.CharField(max_length=1, choices=moderation_codes.InformationGrade)
    grounds = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")

    objects: ClassVar[Any] = GradeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["report"], condition=Q(superseded_at__isnull=True), name="violations_one_grade_a_report"
            ),
        ]
