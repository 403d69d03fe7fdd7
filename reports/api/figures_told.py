"""What a reader is told over the API of figures, of the incidents behind them, and of two closings side by side."""

from __future__ import annotations

from rest_framework import serializers

from reports.api.told import ChangedFigure
from reports.compare import Hindrance
from reports.figures.paths import Elsewhere
from reports.figures.rows import Why

HINDRANCES = [(why.value, why.name) for why in Hindrance]
COUNTS = ["incidents", "persons", *(one.value for one in Elsewhere)]


class FigureTold(serializers.Serializer):
    """A number of the report, by the codes of its path."""

    section = serializers.CharField()
    path = serializers.CharField()
    figure = serializers.IntegerField(allow_null=True, help_text="Null: no number, as the report has none. See note.")
    note = serializers.CharField(
        allow_blank=True,
        help_text="Why there is no number, as nobody filed: that is no zero. Empty where there is one.",
    )
    href = serializers.URLField(help_text="Where its incidents are.")


class FiguresTold(serializers.Serializer):
    """A page of the numbers of an edition, in the order of the report."""

    next = serializers.URLField(allow_null=True)
    results = FigureTold(many=True)


class IncidentBehind(serializers.Serializer):
    """An incident that a figure counts, as the annex of the report shows it."""

    number = serializers.IntegerField(help_text="What it adds to the figure: 1, or a number of persons.")
    incident = serializers.DictField(help_text="Its line of the annex, as in the JSON rendition.")


class FigureIncidentsTold(serializers.Serializer):
    """A figure, what it counts, and the incidents of it that the annex shows."""

    edition = serializers.UUIDField()
    path = serializers.CharField()
    figure = serializers.JSONField(
        allow_null=True, help_text="Null: no number stands there, or what is 0 in the content is no count. See note."
    )
    note = serializers.CharField(
        allow_blank=True, help_text="Why what is 0 in the content is no count, as nobody filed. Empty where it is one."
    )
    counts = serializers.ChoiceField(
        COUNTS, help_text="Incidents, persons, or what it is made of that is no incident of the period."
    )
    listed = serializers.IntegerField(
        allow_null=True, help_text="How much of the figure those listed make up, in all. Null where figure is no count."
    )
    unlisted = serializers.IntegerField(allow_null=True, help_text="The rest: figure less listed.")
    why_unlisted = serializers.ListField(child=serializers.ChoiceField([why.value for why in Why]))
    next = serializers.URLField(allow_null=True)
    incidents = IncidentBehind(many=True)


class ClosingNamed(serializers.Serializer):
    """One of the two."""

    edition = serializers.UUIDField()
    closing = serializers.UUIDField()
    period = serializers.CharField()
    number = serializers.IntegerField()
    cutoff_at = serializers.DateTimeField()
    content_sha256 = serializers.CharField()


class FieldTold(serializers.Serializer):
    """What of an incident is told otherwise."""

    field = serializers.CharField()
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)


class IncidentDiffering(serializers.Serializer):
    """An incident that only one of the two lists, or that they tell otherwise."""

    reference = serializers.CharField()
    how = serializers.ChoiceField(["came", "went", "differs"])
    fields_differing = FieldTold(many=True)
    incident = serializers.DictField(help_text="Its line of the annex, of the later one where it has it.")


class ComparisonTold(serializers.Serializer):
    """Two closings beside one another: the one that was cut off earlier is `before`."""

    before = ClosingNamed()
    now = ClosingNamed()
    same_period = serializers.BooleanField(help_text="Else no figure of one is a change of the other.")
    why_not = serializers.ChoiceField(HINDRANCES, allow_null=True)
    why_no_incidents = serializers.ChoiceField(HINDRANCES, allow_null=True)
    sections_only_before = serializers.ListField(child=serializers.CharField())
    sections_only_now = serializers.ListField(child=serializers.CharField())
    sections_told_otherwise = serializers.ListField(child=serializers.CharField(), help_text="By another version.")
    views = serializers.ListField(child=serializers.CharField(), help_text="Views of other sections, not listed again.")
    other_codebook = serializers.BooleanField()
    days_apart = serializers.BooleanField(
        help_text="Of two periods: figures of single days or hours are told by either, and not listed as differing."
    )
    figures_differing = serializers.IntegerField(help_text="On all pages.")
    figures = ChangedFigure(
        many=True,
        help_text="Those of all incidents first. Old or new is null where that closing has no such row, or no number.",
    )
    next = serializers.URLField(allow_null=True)
    incidents = IncidentDiffering(many=True)
    next_incidents = serializers.URLField(allow_null=True)
