"""What duty officers said of the entries of a team's log before moderators take them up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitoring.models import Agreement, User
from monitoring.models.record import Recorded
from violations import codebook
from violations.models.effort import Patrol
from violations.models.reports import IncidentReport


class DutyCheck(Recorded):
    """That a duty officer checked an entry (a revision of a report, or a patrol or watch), or asked about it.

    The last one of an entry holds; taking a check back is another row. Nothing of the entry changes by it, nor when it
    was filed: a check is neither a finding nor a move of the review.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    report = models.ForeignKey(IncidentReport, models.PROTECT, null=True, related_name="duty_checks")
    patrol = models.ForeignKey(Patrol, models.PROTECT, null=True, related_name="duty_checks")
    outcome = models.CharField(max_length=8, choices=codebook.DutyOutcome)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    words = models.TextField(blank=True, help_text="What was asked, or why the check was taken back.")

    class Meta:
        verbose_name = _("entry of the duty log")
        verbose_name_plural = _("duty log")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(report__isnull=True, patrol__isnull=False) | Q(report__isnull=False, patrol__isnull=True),
                name="violations_dutycheck_of_one_entry",
            ),
        ]
