"""What a reader is told of an edition over the API. Fields are listed one by one: nothing new leaves by itself."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from reports import renderers
from reports.models import Edition, PeriodKind, Rendition, Supplement, SupplementFile
from reports.renderers.reading import Reading
from reports.renderers.uncounted import of_changes


class RenditionTold(serializers.ModelSerializer):
    """A file of an edition, and where to fetch it."""

    id = serializers.UUIDField(source="public_id")
    media_type = serializers.SerializerMethodField(help_text="Of the file.")
    href = serializers.SerializerMethodField(help_text="Where it is fetched; authorised then, and logged.")

    class Meta:
        model = Rendition
        fields = ("id", "format", "language", "media_type", "file_name", "size", "sha256", "href")

    def get_media_type(self, rendition: Rendition) -> str:
        """Of its format."""
        return renderers.MEDIA_TYPES[rendition.format]

    @extend_schema_field(OpenApiTypes.URI)
    def get_href(self, rendition: Rendition) -> str:
        """The address of the file."""
        return reverse("api-rendition", kwargs={"id": rendition.public_id}, request=self.context["request"])


class EditionTold(serializers.ModelSerializer):
    """An edition: of which truce, period and closing, for whom, and its files."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.CharField(source="agreement.code")
    simulated = serializers.BooleanField(source="agreement.simulated")
    guarantor = serializers.CharField(source="guarantor.code")
    period_kind = serializers.ChoiceField(PeriodKind.choices, source="closing.kind")
    period = serializers.CharField(source="closing.period", help_text="As 2017-01, 2017-W04 or 2017-01-22.")
    period_from = serializers.DateTimeField(source="closing.period_from")
    period_until = serializers.DateTimeField(source="closing.period_until", help_text="The first instant after it.")
    closing = serializers.UUIDField(source="closing.public_id")
    number = serializers.IntegerField(source="closing.number", help_text="1 for the first closing of the period.")
    revision = serializers.IntegerField(
        source="closing.revision", help_text="As printed, Rev. 1; 0 for the first closing of the period."
    )
    cutoff_at = serializers.DateTimeField(source="closing.cutoff_at", help_text="The record as known at this instant.")
    content_sha256 = serializers.CharField(source="closing.content_sha256", help_text="The same for all guarantors.")
    edition_sha256 = serializers.CharField(source="content_sha256", help_text="Of what concerns this guarantor alone.")
    figures_changed = serializers.IntegerField(help_text="That differ from the last closing of the period.")
    renditions = RenditionTold(many=True)

    class Meta:
        model = Edition
        fields = (
            "id",
            "agreement",
            "simulated",
            "guarantor",
            "period_kind",
            "period",
            "period_from",
            "period_until",
            "closing",
            "number",
            "revision",
            "cutoff_at",
            "released_at",
            "content_sha256",
            "edition_sha256",
            "figures_changed",
            "renditions",
        )


class SupplementFileTold(serializers.ModelSerializer):
    """A file of a sheet, and where to fetch it."""

    id = serializers.UUIDField(source="public_id")
    href = serializers.SerializerMethodField(help_text="Where it is fetched; authorised then, and logged.")

    class Meta:
        model = SupplementFile
        fields = ("id", "format", "language", "file_name", "size", "sha256", "href")

    @extend_schema_field(OpenApiTypes.URI)
    def get_href(self, file: SupplementFile) -> str:
        """The address of the file."""
        return reverse("api-supplement-file", kwargs={"id": file.public_id}, request=self.context["request"])


class SupplementTold(serializers.ModelSerializer):
    """A corrigendum or addendum to the closing of an edition."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(Supplement.Kind.choices)
    files = SupplementFileTold(many=True)

    class Meta:
        model = Supplement
        fields = ("id", "kind", "number", "released_at", "words", "files")


class ChangedFigure(serializers.Serializer):
    """A figure that differs, by the codes of its path."""

    section = serializers.CharField()
    path = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)


class OneEditionTold(EditionTold):
    """An edition with every figure that changed since the last closing of its period, and the sheets to it."""

    changes = serializers.SerializerMethodField()
    supplements = serializers.SerializerMethodField(help_text="Corrigenda and addenda, in the order of their release.")

    class Meta:
        model = Edition
        fields = (*EditionTold.Meta.fields, "changes", "supplements")

    @extend_schema_field(SupplementTold(many=True))
    def get_supplements(self, edition: Edition) -> Any:
        """Those that every guarantor has received."""
        rows = Supplement.objects.released().filter(closing=edition.closing_id).prefetch_related("files")
        return SupplementTold(rows, many=True, context=self.context).data

    @extend_schema_field(ChangedFigure(many=True))
    def get_changes(self, edition: Edition) -> Any:
        """Old and new, from the closing's content; null where its 0 is no count, for nobody had filed or watched."""
        reading = Reading(json.loads(edition.closing.content() or ""), None, "en")
        nothing = of_changes(reading)
        figures = [
            item | {which: None for which in nothing if nothing[which].why_at(item["path"], item[which])}
            for item in reading.content["beside"]["changes"]["figures"]
        ]
        return ChangedFigure(figures, many=True).data
