"""Guarantor states, what they undertake, and observer states."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from monitoring.models.agreements import Agreement, OfVersion
from monitoring.models.intervals import no_overlap
from monitoring.models.parties import Party, Side
from monitoring.models.record import Identity


class GuarantorState(Identity):
    """A state that answers for the truce."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="guarantors")

    class Meta:
        ordering = ["agreement", "code"]
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="monitoring_guarantor_code")]


class GuarantorTerm(OfVersion):
    """From when to when a state is guarantor, for which side, and who contests it."""

    guarantor = models.ForeignKey(GuarantorState, models.PROTECT, related_name="terms")
    side = models.ForeignKey(Side, models.PROTECT, related_name="+")
    own_forces = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=8)
    contested_by = ArrayField(models.CharField(max_length=200), default=list, help_text="Who contests the term.")
    note = models.JSONField(default=dict, help_text="What is contested, by language.")
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [no_overlap("monitoring_guarantor_term_no_overlap", "version", "guarantor")]


class Undertaking(OfVersion):
    """That a guarantor answers for a party, and on whose word."""

    class Basis(models.TextChoices):
        """Whose word it is that the guarantor answers for the party."""

        UNDERTAKEN = "undertaken"
        ATTRIBUTED_BY_OTHERS = "attributed_by_others"
        CONTESTED = "contested"
        INFERRED = "inferred"

    guarantor = models.ForeignKey(GuarantorState, models.PROTECT, related_name="undertakings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="undertakings")
    basis = models.CharField(max_length=20, choices=Basis)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [no_overlap("monitoring_undertaking_no_overlap", "version", "guarantor", "party")]


class ObserverState(Identity):
    """A state or body that reads what its tier allows."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="observers")

    class Meta:
        ordering = ["agreement", "code"]
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="monitoring_observer_code")]


class ObserverTerm(OfVersion):
    """From when to when a state observes, at which tier, by whose consent, and who contests it."""

    observer = models.ForeignKey(ObserverState, models.PROTECT, related_name="terms")
    tier = models.CharField(max_length=40)
    consent_of = ArrayField(models.CharField(max_length=200), default=list)
    contested_by = ArrayField(models.CharField(max_length=200), default=list)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [no_overlap("monitoring_observer_term_no_overlap", "version", "observer")]
