"""Figures that somebody who is no side of the truce published: printed beside, in no total."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from monitoring.models import Agreement
from monitoring.models.record import Closable
from violations import codebook


class ThirdPartyFigure(Closable):
    """One number as a third party published it, in its own words, over the span that it counts.

    What it counts is its own affair (`definition`): it is never added to, compared with or taken from what is counted
    here. Where another address gives another number for the same, both stand, contested. The same address told
    otherwise later is a revision: the former row is closed.
    """

    class SpanBasis(models.TextChoices):
        """How the days that a figure covers are known."""

        STATED = "stated"
        DERIVED = "derived"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="third_party_figures")
    source = models.CharField(max_length=40, help_text="Scheme of the table it was read from.")
    publisher = models.CharField(max_length=120)
    definition = models.TextField(help_text="What the publisher counts, and how.")
    counted = models.CharField(max_length=12, choices=codebook.Counted)
    breakdown = models.CharField(max_length=60, help_text="By what the number is told, as written.")
    category = models.CharField(max_length=120, help_text="Which row of the breakdown, as written.")
    cumulative = models.BooleanField(help_text="Counted on from one first day; else of the span alone.")
    counts_from = models.DateField()
    counts_until = models.DateField(help_text="As of this date; whether the day is counted in, a source rarely says.")
    span_precision = models.CharField(max_length=8, choices=codebook.TimePrecision)
    span_as_written = models.CharField(max_length=80)
    span_basis = models.CharField(max_length=8, choices=SpanBasis)
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=8, blank=True, help_text="Of the text it was read in; '': not told.")
    url = models.TextField()
    note = models.TextField(blank=True, help_text="What is peculiar to it: parts, misprints, other copies.")
    contested = models.BooleanField(help_text="The note tells of another number for the same.")
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            *Closable.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "source", "counted", "breakdown", "category", "span_as_written", "url"],
                condition=Q(superseded_at__isnull=True),
                name="violations_figure_once",
            ),
            models.CheckConstraint(condition=Q(counts_until__gt=F("counts_from")), name="violations_figure_span_order"),
        ]
        indexes = [models.Index(fields=["agreement", "counts_until"], name="violations_figure_dated")]
