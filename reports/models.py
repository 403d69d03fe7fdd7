"""Closings, the editions arranged from them, and the files rendered from those."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement, GuarantorState, MechanismVersion, User
from monitoring.models.record import Recorded
from reports.querysets import ClosingQuerySet, EditionQuerySet, RenditionQuerySet
from reports.restorations import LostRelease as LostRelease
from reports.restorations import Restoration as Restoration
from reports.restorations import Resumption as Resumption


class PeriodKind(models.TextChoices):
    """The kinds of period that are closed."""

    DAY = "day"
    MONTH = "month"


class Closing(Recorded):
    """A period's figures, computed once from the record as known at a cut-off, and frozen.

    The row is the queue: `state` and the lease may change; number, content, hash and release go from null to a value
    once. `content` is canonical JSON (integers, strings, booleans, null); `content_sha256` covers what is common to all
    guarantors and is the same for every capital. A request whose figures turn out to be those of the period's latest
    closing is answered by that closing (`same_as`) and takes no number. [period_from, period_until) are UTC bounds.
    """

    class State(models.TextChoices):
        """Where the work on a closing stands."""

        REQUESTED = "requested"
        COMPUTED = "computed"
        RENDERED = "rendered"
        RELEASED = "released"
        UNCHANGED = "unchanged"
        FAILED = "failed"

    class RequestedHow(models.TextChoices):
        """What asked for a closing."""

        CALENDAR = "calendar"
        HAND = "hand"
        REVISION = "revision"

    UNDER_WAY = (State.REQUESTED, State.COMPUTED, State.RENDERED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="closings")
    kind = models.CharField(max_length=8, choices=PeriodKind)
    period = models.CharField(max_length=10, help_text="2017-01 or 2017-01-22.")
    number = models.PositiveIntegerField(null=True, help_text="1 for the first of the period; null until computed.")
    period_from = models.DateTimeField()
    period_until = models.DateTimeField()
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", help_text="Never told.")
    requested_how = models.CharField(max_length=8, choices=RequestedHow)
    cutoff_at = models.DateTimeField(help_text="The record is read as known at this instant.")
    cutoff_chosen = models.BooleanField(default=False, help_text="Else it follows from grace and request.")

    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    lease_holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True, help_text="Why the last attempt failed, for operators.")
    checked_at = models.DateTimeField(null=True, help_text="Last recomputed as known then, with an equal hash.")
    touched_at = models.DateTimeField(null=True, help_text="Later records change its figures since about then.")

    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", help_text="Its answer, if equal.")
    version = models.ForeignKey(MechanismVersion, models.PROTECT, null=True, related_name="+")
    content = models.TextField(null=True)  # noqa: DJ001 - null until computed, then never changed
    content_sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001
    computed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClosingQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "period_from", "kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "kind", "period", "number"], name="reports_closing_number"),
            models.CheckConstraint(condition=Q(period_until__gt=F("period_from")), name="reports_closing_period_order"),
            models.CheckConstraint(
                condition=Q(requested_how="hand") | Q(requested_by__isnull=True, cutoff_chosen=False),
                name="reports_closing_asked_by_hand",
            ),
            models.UniqueConstraint(
                fields=["agreement", "kind", "period"],
                condition=Q(state__in=["requested", "computed", "rendered"]),
                name="reports_one_closing_under_way",
            ),
            models.CheckConstraint(
                condition=Q(
                    number__isnull=True,
                    version__isnull=True,
                    content__isnull=True,
                    content_sha256__isnull=True,
                    computed_at__isnull=True,
                )
                | Q(
                    number__isnull=False,
                    version__isnull=False,
                    content__isnull=False,
                    content_sha256__isnull=False,
                    computed_at__isnull=False,
                ),
                name="reports_closing_computed_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="unchanged", same_as__isnull=False, content__isnull=True)
                | (~Q(state="unchanged") & Q(same_as__isnull=True)),
                name="reports_closing_unchanged_is_another",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(content__isnull=False), name="reports_released_is_computed"
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False)
                | (~Q(state="released") & Q(released_at__isnull=True)),
                name="reports_released_is_a_state",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="reports_closing_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}, {self.number or '–'}"


class Edition(Recorded):
    """A closing arranged for one guarantor: the common content, and what concerns that guarantor alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="editions")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    guarantor = models.ForeignKey(GuarantorState, models.PROTECT, related_name="editions")
    content = models.TextField(help_text="Canonical JSON of what concerns this guarantor alone.")
    content_sha256 = models.CharField(max_length=64)
    released_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = EditionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closing", "guarantor"], name="reports_edition_once")]

    def __str__(self) -> str:
        return str(self.public_id)


class Rendition(Recorded):
    """An edition in one format and language: a stored file, its hash and size."""

    class Format(models.TextChoices):
        """The formats of a compliance report."""

        PDF = "pdf"
        CSV = "csv"
        JSON = "json"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="renditions")
    format = models.CharField(max_length=8, choices=Format)
    language = models.CharField(max_length=8)
    path = models.CharField(max_length=200, help_text="Where the file storage holds it.")
    file_name = models.CharField(max_length=250, help_text="The name a reader saves it under.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes.")

    objects: ClassVar[Any] = RenditionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "format", "language"], name="reports_rendition_once")]

    def __str__(self) -> str:
        return self.file_name
