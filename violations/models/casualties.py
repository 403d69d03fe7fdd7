"""Whom a finding verifies as killed or injured, group by group, and from which sources: parts of the finding."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from violations import moderation_codes
from violations.models.findings import Finding
from violations.models.reports import IncidentReport

REPORT = moderation_codes.CasualtySourceKind.REPORT


class VerifiedCasualties(models.Model):
    """That of one group of people at least so many were killed, or injured; null: how many was not established.

    The finding's killed_verified and injured_verified, which figures read, are the sums of what is known here.
    """

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="casualties")
    harm = models.CharField(max_length=8, choices=moderation_codes.Harm)
    people = models.CharField(max_length=10, choices=moderation_codes.People)
    at_least = models.PositiveIntegerField(null=True, help_text="Verified minimum; null: not established.")

    class Meta:
        verbose_name_plural = "verified casualties"
        constraints = [
            models.UniqueConstraint(fields=["finding", "harm", "people"], name="violations_casualties_once_a_group")
        ]


class CasualtySource(models.Model):
    """By what a number of casualties is known: a report of the incident, or an organisation outside, never a person."""

    casualties = models.ForeignKey(VerifiedCasualties, models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=16, choices=moderation_codes.CasualtySourceKind)
    report = models.ForeignKey(IncidentReport, models.PROTECT, null=True, related_name="+", help_text="As it was read.")
    name = models.CharField(max_length=200, blank=True, help_text="Of an organisation or a publication.")
    address = models.CharField(max_length=500, blank=True, help_text="Where it can be read.")
    dated = models.DateField(null=True, help_text="Of what day the source is.")

    class Meta:
        constraints = [
            models.UniqueConstraint("casualties", "report", name="violations_casualty_source_once"),
            models.CheckConstraint(
                condition=Q(kind=REPORT, report__isnull=False, name="", address="", dated__isnull=True)
                | (~Q(kind=REPORT) & Q(report__isnull=True) & ~Q(name="")),
                name="violations_casualty_source_whole",
            ),
        ]
