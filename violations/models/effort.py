"""What monitors did to see: patrols and posts with their hours, watch logs, and where they were kept from going."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement, Area, Party, Team
from monitoring.models.record import Closable
from violations import codebook


class Effort(Closable):
    """What a team files of its own work. Who filed it is not kept but as a key by which the same is known again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    filing_key = models.CharField(max_length=64, unique=True, help_text="Of the account and its client id, hashed.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    note = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True


class Patrol(Effort):
    """Hours of observation of one team, over [started_at, ended_at): on patrol, at a post, or on watch.

    A watch is one position with a log of what was seen and heard there: one series, whose hours are effort and whose
    observations are counted apart, never as incidents.
    """

    kind = models.CharField(max_length=8, choices=codebook.PatrolKind)

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.CheckConstraint(condition=Q(ended_at__gt=F("started_at")), name="violations_patrol_order"),
        ]
        indexes = [models.Index(fields=["agreement", "started_at"], name="violations_patrol_when")]


class PatrolStretch(models.Model):
    """A part of a patrol that was spent in one area, over [started_at, ended_at). What is in none was on the way."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="stretches")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    position = models.CharField(max_length=200, blank=True, help_text="The post, as the team names it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patrol", "number"], name="violations_stretch_once"),
            models.CheckConstraint(condition=Q(ended_at__gt=F("started_at")), name="violations_stretch_order"),
        ]


class WatchObservation(models.Model):
    """One line of a watch log: what, how many, when, and from where it came."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="observations")
    number = models.PositiveIntegerField()
    observed_at = models.DateTimeField()
    observed = models.CharField(max_length=20, choices=codebook.Observed)
    phase = models.CharField(max_length=12, choices=codebook.Phase, blank=True)
    count = models.PositiveIntegerField(null=True, help_text="Null: uncountable.")
    qualifier = models.CharField(max_length=12, choices=codebook.CountQualifier)
    bearing = models.PositiveSmallIntegerField(null=True, help_text="Degrees, true; 0 to 359.")
    metres = models.PositiveIntegerField(null=True, help_text="How far, as estimated.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patrol", "number"], name="violations_observation_once"),
            models.CheckConstraint(
                condition=Q(bearing__isnull=True) | Q(bearing__lt=360), name="violations_observation_bearing"
            ),
            models.CheckConstraint(
                condition=Q(qualifier="uncountable", count__isnull=True)
                | (~Q(qualifier="uncountable") & Q(count__isnull=False)),
                name="violations_observation_counted",
            ),
        ]


class MovementRestriction(Effort):
    """That a team was kept from going somewhere, or let only late or on conditions, over [started_at, ended_at)."""

    kind = models.CharField(max_length=12, choices=codebook.RestrictionKind)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    place_as_written = models.CharField(max_length=500, blank=True)
    by_as_written = models.CharField(max_length=200, blank=True, help_text="Who restricted it, as the team names them.")
    by_party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.CheckConstraint(condition=Q(ended_at__gt=F("started_at")), name="violations_restriction_order"),
        ]
        indexes = [models.Index(fields=["agreement", "started_at"], name="violations_restriction_when")]
