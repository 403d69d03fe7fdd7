"""That an imported set of events be taken as probable: proposed by one, seconded by another."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement, Side, User
from monitoring.models.record import Closable


class SetAcceptance(Closable):
    """One word on a whole set: that what `source` tells, as the record held it then, is probable.

    A proposal has no second. It stands open, one a side and set, until its side proposes again or it is seconded; the
    row that is written then has both persons and stays. Until then it says nothing of any single incident, so it makes
    none one-sided: one person alone moves no set from column to column. Which incidents it is about needs no list: they
    are what the record held at `recorded_at` of the proposal, which can be asked for ever.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="set_acceptances")
    source = models.CharField(max_length=40, help_text="Scheme of the imported reports.")
    grounds = models.TextField()
    incidents = models.PositiveIntegerField(help_text="Proposed: selected. Seconded: found upon.")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "source", "proposed_side"],
                condition=Q(superseded_at__isnull=True, seconded_by__isnull=True),
                nulls_distinct=False,
                name="violations_one_acceptance_a_side",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("proposed_by")),
                name="violations_acceptance_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True)
                | Q(proposed_side__isnull=True)
                | Q(seconded_side__isnull=True)
                | ~Q(seconded_side=F("proposed_side")),
                name="violations_acceptance_two_sides",
            ),
        ]
