"""Incidents that people moved to another lane than the rule has them in."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement, Side, User
from monitoring.models.record import Closable
from violations import codebook, moderation_codes
from violations.incident_querysets import LaneMoveQuerySet
from violations.models.incidents import Incident

# Towards grave one moderator moves an incident alone; every other move asks for less, and needs another side.
DOWN = Q(moved_from="grave") & ~Q(lane="grave") | Q(moved_from="standard", lane="routine")


class LaneMove(Closable):
    """That an incident belongs in `lane`, and why: in force, or proposed until another side seconds it.

    `by_rule` is where the rule had it, `moved_from` where it stood. At most one move in force and one proposal of each
    side are open; what takes force closes them all.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="lane_moves")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+", db_index=False)
    lane = models.CharField(max_length=8, choices=moderation_codes.Lane)
    moved_from = models.CharField(max_length=8, choices=moderation_codes.Lane)
    by_rule = models.CharField(max_length=8, choices=moderation_codes.Lane)
    in_force = models.BooleanField()
    reason = models.CharField(max_length=24, choices=moderation_codes.LaneGrounds)
    grounds = models.TextField()
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+", help_text="Null: independent.")
    seconded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seconded_side = models.ForeignKey(Side, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = LaneMoveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(superseded_at__isnull=True, in_force=True),
                name="violations_one_lane_move",
            ),
            models.UniqueConstraint(
                fields=["incident", "proposed_side"],
                condition=Q(superseded_at__isnull=True, in_force=False),
                nulls_distinct=False,
                name="violations_one_lane_proposal_a_side",
            ),
            models.CheckConstraint(condition=~Q(lane=F("moved_from")), name="violations_lane_is_another"),
            models.CheckConstraint(
                condition=Q(in_force=False, seconded_by__isnull=True) & DOWN
                | Q(in_force=True, seconded_by__isnull=False) & DOWN
                | Q(in_force=True, seconded_by__isnull=True) & ~DOWN,
                name="violations_lane_down_has_a_second",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("proposed_by")),
                name="violations_lane_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True)
                | Q(proposed_side__isnull=True)
                | Q(seconded_side__isnull=True)
                | ~Q(seconded_side=F("proposed_side")),
                name="violations_lane_two_sides",
            ),
        ]

    @property
    def standing(self) -> str:
        """As of a finding: whether it is still to be seconded."""
        return codebook.Standing.PRELIMINARY if self.in_force else codebook.Standing.PROPOSED
