"""Events, the reports that tell of them, and what the system makes of each."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from monitoring.models import Agreement, MechanismVersion, User
from monitoring.models.record import Closable, Recorded
from violations import codebook
from violations.incident_querysets import AssessmentQuerySet, IncidentQuerySet, ReportLinkQuerySet
from violations.models.reports import IncidentReport


class Incident(Recorded):
    """An event. It has no facts of its own: they come from the reports linked to it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="incidents")

    objects: ClassVar[Any] = IncidentQuerySet.as_manager()


class ReportLink(Closable):
    """That a report, in this revision, tells of an incident. A live chain is a member of exactly one.

    Linking elsewhere, correcting and withdrawing close the row; the first two open another. A chain without an open
    member link is not counted.
    """

    report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="links")
    chain = models.UUIDField(help_text="The report's chain.")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="links")
    kind = models.CharField(max_length=16, choices=codebook.LinkKind)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="Null: by filing.")
    grounds = models.TextField(blank=True)

    objects: ClassVar[Any] = ReportLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["chain"],
                condition=Q(superseded_at__isnull=True) & ~Q(kind="related"),
                name="violations_chain_in_one_incident",
            ),
        ]
        indexes = [
            models.Index(
                fields=["chain"],
                include=["incident", "recorded_at", "superseded_at"],
                condition=~Q(kind="related"),
                name="violations_link_of_chain",
            )
        ]


class NoteTakenBack(Recorded):
    """That a note of a related report holds no more: who took it back, and why. The note is closed at that instant.

    A link that makes a report part of an incident needs no such row: taking it back is another link.
    """

    link = models.OneToOneField(ReportLink, models.PROTECT, related_name="taken_back")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    grounds = models.TextField()


class Assessment(Closable):
    """What the system makes of an incident, one flat row: a new one only where the answer differs.

    No open assessment at T: the incident is not counted at T. `areas` holds the ids of areas at every level at which
    the place is known finely enough; `zones` those whose line (of any reading) covers it; the party arrays hold the ids
    of known parties named by the lead report. Casualties: low of the lead report, high of all live reports; null
    unknown.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="assessments")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+", db_index=False)
    lead_report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="+")
    version = models.ForeignKey(MechanismVersion, models.PROTECT, related_name="+", db_index=False)
    boundary_sets = ArrayField(models.BigIntegerField(), default=list)

    occurred_from = models.DateTimeField()
    occurred_until = models.DateTimeField()
    time_precision = models.CharField(max_length=8, choices=codebook.TimePrecision)
    point = gis.PointField(srid=4326, null=True, spatial_index=False)
    place_precision = models.CharField(max_length=12, choices=codebook.PlacePrecision)
    areas = ArrayField(models.BigIntegerField(), default=list)
    zones = ArrayField(models.BigIntegerField(), default=list)

    act = models.CharField(max_length=32, choices=codebook.Act)
    objects_hit = ArrayField(models.CharField(max_length=32), default=list)
    weapon_family = models.CharField(max_length=32, blank=True)
    alleged = ArrayField(models.BigIntegerField(), default=list)
    target = ArrayField(models.BigIntegerField(), default=list)
    involved = ArrayField(models.BigIntegerField(), default=list)
    killed_low = models.IntegerField(null=True)
    killed_high = models.IntegerField(null=True)
    injured_low = models.IntegerField(null=True)
    injured_high = models.IntegerField(null=True)

    scope = models.CharField(max_length=24, choices=codebook.Scope)
    scope_reasons = models.JSONField(default=list, help_text="Every class that applies, and to whom or what.")

    objects: ClassVar[Any] = AssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["incident"], condition=Q(superseded_at__isnull=True), name="violations_one_open_assessment"
            ),
        ]
        indexes = [
            models.Index(
                fields=["agreement", "occurred_from"],
                include=["recorded_at", "superseded_at", "incident"],
                name="violations_assessment_when",
            )
        ]
