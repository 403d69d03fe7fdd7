"""Zones, which the truce draws, and areas, which an administration draws."""

from __future__ import annotations

from django.contrib.gis.db import models as gis
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from monitoring.models.agreements import Agreement, OfVersion
from monitoring.models.intervals import no_overlap
from monitoring.models.record import Closable, Identity


class Zone(Identity):
    """A place that the truce draws: a de-escalation area, a buffer, a line of contact."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="zones")

    class Meta:
        ordering = ["agreement", "code"]
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="monitoring_zone_code")]


class ZoneLine(OfVersion):
    """One drawing of a zone: who drew it, when it stood. Rival drawings stand side by side.

    `drawn_by` '' is the agreed line. SRID 4326; a point on the line belongs to both sides.
    """

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="lines")
    boundary = gis.MultiPolygonField(srid=4326)
    drawn_by = models.CharField(max_length=200, blank=True)
    indicative = models.BooleanField(help_text="Drawn by us for orientation; no coordinates were published.")
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [no_overlap("monitoring_zone_line_no_overlap", "version", "zone", "drawn_by")]


class Area(Identity):
    """An administrative area that incidents and returns are counted by, with or without a shape."""

    class Level(models.TextChoices):
        """Coarse to fine. A grouping is what a source's name mixes, such as a city with its surroundings."""

        GROUPING = "grouping"
        GOVERNORATE = "governorate"
        DISTRICT = "district"
        SUBDISTRICT = "subdistrict"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="areas")
    level = models.CharField(max_length=12, choices=Level, editable=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    members = models.ManyToManyField("self", symmetrical=False, related_name="groupings")

    class Meta:
        ordering = ["agreement", "code"]
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="monitoring_area_code")]


class AreaAlias(OfVersion):
    """A name by which a source calls an area. `scheme` '' serves every source."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="aliases")
    scheme = models.CharField(max_length=40, blank=True)
    alias = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "area aliases"
        constraints = [
            models.UniqueConstraint(fields=["version", "scheme", "alias"], name="monitoring_area_alias_once")
        ]


class BoundarySet(Closable):
    """Shapes of the areas of one level, as one source draws them. A newer set of the level supersedes it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="boundary_sets")
    level = models.CharField(max_length=12, choices=Area.Level)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=200, blank=True)
    valid_on = models.DateField(null=True)
    file_sha256 = models.CharField(max_length=64)
    mended = models.JSONField(default=list, help_text="Codes of the areas whose rings had to be mended, and why.")

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "level"],
                condition=Q(superseded_at__isnull=True),
                name="monitoring_one_open_boundary_set",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.code}, {self.level}: {self.source}"


class AreaShape(models.Model):
    """The shape of an area in a boundary set (SRID 4326), as read, mended where it had to be."""

    boundary_set = models.ForeignKey(BoundarySet, models.PROTECT, related_name="shapes")
    area = models.ForeignKey(Area, models.PROTECT, related_name="shapes")
    boundary = gis.MultiPolygonField(srid=4326)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["boundary_set", "area"], name="monitoring_shape_once_a_set")]


class AreaPiece(models.Model):
    """A subdivided piece of a shape: the shadow that points are placed by (at most 128 vertices each)."""

    boundary_set = models.ForeignKey(BoundarySet, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    piece = gis.PolygonField(srid=4326, spatial_index=False)

    class Meta:
        indexes = [GistIndex(fields=["piece"], name="monitoring_area_piece")]
