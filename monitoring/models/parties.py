"""Parties, their sides, and how each instrument binds them."""

from __future__ import annotations

from django.db import models

from monitoring.models.agreements import Agreement, Instrument, OfVersion
from monitoring.models.intervals import no_overlap
from monitoring.models.record import Identity


class Side(Identity):
    """A bloc that guarantors and parties belong to. What counts needs two persons of different sides."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="sides")

    class Meta:
        ordering = ["agreement", "code"]
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="monitoring_side_code")]


class Party(Identity):
    """An armed actor, or an umbrella name that sources use for several."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties")

    class Meta:
        ordering = ["agreement", "code"]
        verbose_name_plural = "parties"
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="monitoring_party_code")]


class PartyTerms(OfVersion):
    """What a version says of a party: where it stands in the tree, its side and its kind."""

    class Kind(models.TextChoices):
        """What sort of actor a party is; a guarantor's own forces are a kind of their own."""

        STATE_FORCES = "state_forces"
        ALLIED_FORCES = "allied_forces"
        ARMED_GROUP = "armed_group"
        GUARANTOR_FORCES = "guarantor_forces"
        UMBRELLA = "umbrella"
        UNKNOWN = "unknown"

    party = models.ForeignKey(Party, models.PROTECT, related_name="terms")
    parent = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "party"], name="monitoring_party_once_a_version")]


class PartyAlias(OfVersion):
    """A name by which a source calls a party. `scheme` '' serves every source."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="aliases")
    scheme = models.CharField(max_length=40, blank=True)
    alias = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "party aliases"
        constraints = [models.UniqueConstraint(fields=["version", "scheme", "alias"], name="monitoring_alias_once")]


class Adherence(OfVersion):
    """How a party is bound by an instrument, over an interval, on whose word.

    A party without an adherence of its own to an instrument has its parent's, written out when the version is recorded
    (`inherited_from`), so that a figure reads one flat table. A rival reading names its holder; '' is the common one.
    """

    class Kind(models.TextChoices):
        """Signatory, declared and bound_through bind; the others do not."""

        SIGNATORY = "signatory"
        DECLARED = "declared"
        BOUND_THROUGH = "bound_through"
        NON_SIGNATORY = "non_signatory"
        DESIGNATED = "designated"
        DISPUTED = "disputed"

    BINDING = (Kind.SIGNATORY, Kind.DECLARED, Kind.BOUND_THROUGH)

    party = models.ForeignKey(Party, models.PROTECT, related_name="adherences")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="adherences")
    kind = models.CharField(max_length=16, choices=Kind)
    through = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    inherited_from = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    reading = models.CharField(max_length=200, blank=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [no_overlap("monitoring_adherence_no_overlap", "version", "party", "instrument", "reading")]
