"""What monitors file: incident reports, the parties they name, and, apart and sealed, who filed."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement, Area, Party, Team, User
from monitoring.models.record import Closable, Recorded
from violations import codebook
from violations.incident_querysets import ReviewStepQuerySet
from violations.querysets import IncidentReportQuerySet


class IncidentReport(Recorded):
    """An allegation as filed: one row a revision, never changed. A correction is a new revision of the chain.

    Which revision of a chain is in effect, and since when, stands in ReportLink. Times are half-open
    [occurred_from, occurred_until); `point` and `place_area` are SRID 4326. Who filed is not here: see SealedSource.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    chain = models.UUIDField(default=uuid.uuid4, editable=False, help_text="Shared by all revisions.")
    revision = models.PositiveIntegerField(default=1)
    receipt = models.CharField(
        max_length=11, blank=True, db_default="", help_text="By which its filer quotes it; empty where imported."
    )
    agreement = models.ForeignKey(  # found by the indexes that begin with it
        Agreement, models.PROTECT, related_name="incident_reports", db_index=False
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=40, blank=True, help_text="Scheme of an imported report; empty if filed.")
    external_id = models.CharField(max_length=80, blank=True)

    told_by = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The party whose own word it is, filed by its liaison; null: a team's or imported.",
    )
    channel = models.CharField(
        max_length=8,
        choices=codebook.Channel,
        blank=True,
        db_default="",
        help_text="How it came to the duty officer who handed it in; empty: its filer did.",
    )

    occurred_from = models.DateTimeField()
    occurred_until = models.DateTimeField()
    time_precision = models.CharField(max_length=8, choices=codebook.TimePrecision)
    point = gis.PointField(srid=4326, null=True, spatial_index=False)
    place_area = gis.PolygonField(srid=4326, null=True, spatial_index=False, help_text="Uncertainty polygon or sector.")
    place_precision = models.CharField(max_length=12, choices=codebook.PlacePrecision)
    place_as_written = models.TextField(blank=True)
    stated_area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", help_text="Area as named.")

    act = models.CharField(max_length=32, choices=codebook.Act)
    objects_hit = ArrayField(models.CharField(max_length=32, choices=codebook.ObjectHit), default=list)
    weapon_family = models.CharField(max_length=32, choices=codebook.WeaponFamily, blank=True)
    calibre_mm = models.PositiveIntegerField(null=True)
    weapon_assessed = models.BooleanField(default=False, help_text="The weapon was assessed, not seen.")
    means = models.CharField(max_length=20, choices=codebook.Means)
    count = models.PositiveIntegerField(null=True)
    count_qualifier = models.CharField(max_length=12, choices=codebook.CountQualifier, blank=True)
    count_unit = models.CharField(max_length=16, choices=codebook.CountUnit, blank=True)
    observed = models.CharField(max_length=24, choices=codebook.Observed, blank=True, db_default="")
    phase = models.CharField(max_length=12, choices=codebook.Phase, blank=True, db_default="")
    sighting = models.JSONField(null=True, help_text="From where, in which directions, how far: violations.sightings.")
    casualties = models.JSONField(
        default=dict,
        help_text="{killed|injured: {civilian|combatant|unknown|all|women|children: {low, best, high}}}; else unknown.",
    )
    narrative = models.TextField(blank=True)
    narrative_language = models.CharField(max_length=8, blank=True)
    consent = models.CharField(max_length=32, choices=codebook.Consent, blank=True)
    noticed = ArrayField(
        models.CharField(max_length=24, choices=codebook.Noticed),
        default=list,
        help_text="What an import noticed that is odd but may be true.",
    )
    content_sha256 = models.CharField(max_length=64, help_text="SHA-256 over the canonical JSON of what was filed.")

    objects: ClassVar[Any] = IncidentReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "revision"], name="violations_report_revision"),
            models.UniqueConstraint(
                fields=["agreement", "source", "external_id", "revision"],
                condition=~Q(source=""),
                name="violations_report_external_id",
            ),
            models.UniqueConstraint(fields=["receipt"], condition=~Q(receipt=""), name="violations_receipt_once"),
            models.CheckConstraint(
                condition=Q(occurred_until__gt=F("occurred_from")), name="violations_report_occurred_order"
            ),
            models.CheckConstraint(
                condition=Q(told_by__isnull=True)
                | Q(team__isnull=True, source="", channel="", means=codebook.Means.PARTY_NOTIFICATION),
                name="violations_report_a_party_s_word",
            ),
        ]
        indexes = [
            models.Index(fields=["agreement", "occurred_from"], name="violations_report_when"),
            models.Index(
                fields=["agreement", "recorded_at"],
                condition=Q(source=""),
                name="violations_report_of_late",
            ),
        ]


class ReportParty(models.Model):
    """A party that a report names: as written, and which party that is, if known.

    `composite` is the whole name where a source wrote several parties as one.
    """

    report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="parties")
    role = models.CharField(max_length=8, choices=codebook.Role)
    as_written = models.CharField(max_length=200)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    composite = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "report parties"
        constraints = [
            models.UniqueConstraint(fields=["report", "role", "as_written"], name="violations_report_party_once")
        ]


class SealedSource(Recorded):
    """Who filed a report and who told them: encrypted, behind row-level security, read only through `sealing`.

    `filer_tag` is a keyed hash of the account, so that a replay is recognised and one's own reports are found without
    the account standing anywhere. A client's id is unique within one filer, not globally.
    """

    report = models.OneToOneField(IncidentReport, models.PROTECT, related_name="sealed_source")
    filer_tag = models.CharField(max_length=64)
    client_id = models.CharField(max_length=80)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filer_tag", "client_id"], name="violations_client_id_once")]


class WaitingCorrection(Closable):
    """A correction that came before what it corrects: kept whole, sealed, until that comes; then closed.

    Nobody but its filer sees it, by the same row-level security as SealedSource. `client_id` and `corrects` are the
    client's own names of this filing and of the one that it corrects; `receipt` stays that of the revision it becomes.
    """

    receipt = models.CharField(max_length=11, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    filer_tag = models.CharField(max_length=64)
    client_id = models.CharField(max_length=80)
    corrects = models.CharField(max_length=80)
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(fields=["filer_tag", "client_id"], name="violations_waiting_client_id_once"),
            models.UniqueConstraint(
                fields=["filer_tag", "corrects"],
                condition=Q(superseded_at__isnull=True),
                name="violations_waiting_once_a_filing",
            ),
        ]


class ReviewStep(Recorded):
    """A move in the review of a chain: from which state to which, by whom, why. `by` is null where the filer moved."""

    chain = models.UUIDField()
    report = models.ForeignKey(IncidentReport, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=16, choices=codebook.ReviewState)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    grounds = models.TextField(blank=True, help_text="The question, the reason, what is needed.")

    objects: ClassVar[Any] = ReviewStepQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["chain", "-id"], name="violations_step_of_chain")]
