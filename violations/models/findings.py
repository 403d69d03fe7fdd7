"""What people decide of an incident, proposed by one and seconded by another whose side differs, and dissent."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement, Party, Provision, Side, User
from monitoring.models.record import Closable, Recorded
from violations import codebook, moderation_codes
from violations.incident_querysets import FindingQuerySet
from violations.models.incidents import Incident
from violations.models.reports import IncidentReport


class Finding(Closable):
    """One decision, whole: unchanged axes are carried over and `changed` says which are not.

    Agreed (preliminary, determined, data_set): at most one open an incident. A proposal counts for nothing until a
    second person whose side differs, or is independent (null side), seconds it. What it would do, if it is not a change
    of axes, stands in `effect`: linking, withdrawing or correcting where something is already found is itself proposed.
    At `second_by` an unseconded finding reads as one-sided; an effect does not, as it says nothing of the incident. So
    a side has one proposal of each kind open, and neither takes the place of the other.
    """

    class Effect(models.TextChoices):
        """What happens to the incident's reports when the proposal is seconded."""

        FINDING = "finding"
        LINK = "link"
        WITHDRAWAL = "withdrawal"
        CORRECTION = "correction"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="findings")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    standing = models.CharField(max_length=12, choices=codebook.Standing)
    effect = models.CharField(max_length=12, choices=Effect, default=Effect.FINDING)
    effect_report = models.ForeignKey(
        IncidentReport, models.PROTECT, null=True, related_name="+", help_text="Linked, withdrawn, or taking effect."
    )
    effect_incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="+", help_text="Linked to.")
    effect_kind = models.CharField(max_length=16, choices=codebook.LinkKind, blank=True, help_text="Linked as.")

    verification = models.CharField(max_length=12, choices=codebook.Verification)
    conduct = models.CharField(max_length=12, choices=codebook.Conduct)
    scope = models.CharField(max_length=24, choices=codebook.Scope, blank=True, help_text="Overruled; '': as assessed.")
    attribution = models.CharField(max_length=20, choices=codebook.Attribution)
    confidence = models.CharField(max_length=8, choices=codebook.Confidence, blank=True)
    basis = ArrayField(models.CharField(max_length=32, choices=codebook.Basis), default=list)
    intent = models.CharField(max_length=12, choices=moderation_codes.Intent, blank=True)
    sequence = models.CharField(max_length=12, choices=moderation_codes.Sequence, blank=True)
    killed_verified = models.PositiveIntegerField(null=True, help_text="Verified minimum; null unknown.")
    injured_verified = models.PositiveIntegerField(null=True)
    grounds = models.TextField()
    changed = ArrayField(models.CharField(max_length=20), default=list, help_text="Axes that differ from before.")

    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    second_by = models.DateTimeField(null=True, help_text="recorded_at + the file's days; set on proposals only.")

    objects: ClassVar[Any] = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(superseded_at__isnull=True) & ~Q(standing="proposed"),
                name="violations_one_agreed_finding",
            ),
            models.UniqueConstraint(
                fields=["incident", "proposed_side"],
                condition=Q(superseded_at__isnull=True, standing="proposed", effect="finding"),
                nulls_distinct=False,
                name="violations_one_word_a_side",
            ),
            models.UniqueConstraint(
                fields=["incident", "proposed_side"],
                condition=Q(superseded_at__isnull=True, standing="proposed") & ~Q(effect="finding"),
                nulls_distinct=False,
                name="violations_one_move_a_side",
            ),
            models.CheckConstraint(
                condition=Q(standing="proposed", seconded_by__isnull=True, second_by__isnull=False)
                | (~Q(standing="proposed") & Q(seconded_by__isnull=False, second_by__isnull=True)),
                name="violations_agreed_has_a_second",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("proposed_by")),
                name="violations_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True)
                | Q(proposed_side__isnull=True)
                | Q(seconded_side__isnull=True)
                | ~Q(seconded_side=F("proposed_side")),
                name="violations_two_sides",
            ),
        ]
        indexes = [
            models.Index(fields=["agreement", "recorded_at"], name="violations_finding_recorded"),
        ]


class FindingParty(models.Model):
    """A party that a finding attributes the incident to."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="parties")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "finding parties"
        constraints = [models.UniqueConstraint(fields=["finding", "party"], name="violations_finding_party_once")]


class FindingProvision(models.Model):
    """A provision that a finding says was breached."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="provisions")
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "provision"], name="violations_finding_provision_once")
        ]


class Dissent(Recorded):
    """That a moderator disagrees with a finding, and why; it stands beside it and changes nothing."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="dissents")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    grounds = models.TextField()

    class Meta:
        verbose_name_plural = "dissent"
        constraints = [models.UniqueConstraint(fields=["finding", "by"], name="violations_one_dissent_a_person")]
