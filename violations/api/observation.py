"""What was observed, from where, in which directions and how far away: as it is handed in and told back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from monitoring.api.fields import Coordinate, Number, StrictSerializer, Text, Whole, one_of
from violations import codebook
from violations.api.coded import coded
from violations.sightings import COMPASS, FARTHEST_KM, MOST_BEARINGS

LONGEST_NAME = 200


class ObserverInput(StrictSerializer):
    """Where the observer stood, and who controls that ground. Told to the filer and the moderators alone."""

    longitude = Coordinate(min_value=-180, max_value=180, required=False)
    latitude = Coordinate(min_value=-90, max_value=90, required=False)
    as_written = Text(max_length=500, required=False)
    controlled_by = Text(max_length=LONGEST_NAME, required=False, help_text=_("The party, by the name you use."))


class BearingInput(StrictSerializer):
    """A direction as it was read: `point` of the compass, or `value` in degrees or mils."""

    unit = coded(codebook.BearingUnit)
    point = one_of(COMPASS, required=False)
    value = Number(places=3, min_value=0, max_value=6400, required=False)
    north = coded(codebook.North, required=False, default=codebook.North.TRUE.value)
    declination = Number(
        places=3,
        min_value=-180,
        max_value=180,
        required=False,
        help_text=_("Degrees by which magnetic north lies east of true north there; with magnetic north only."),
    )


class RangeInput(StrictSerializer):
    """The nearest and the farthest that it can have been, in kilometres."""

    low = Number(places=3, min_value=0, max_value=FARTHEST_KM)
    high = Number(places=3, min_value=0, max_value=FARTHEST_KM)


class ObservationInput(StrictSerializer):
    """How many, how sure, of what; from where, in which directions, how far.

    With the observer's coordinates and a range, a place of the precision `sector` needs no polygon: it is drawn.
    """

    count = Whole(min_value=1, max_value=1_000_000, required=False)
    qualifier = coded(codebook.CountQualifier, required=False)
    unit = coded(codebook.CountUnit, required=False)
    what = coded(codebook.Observed, required=False)
    phase = coded(codebook.Phase, required=False)
    observer = ObserverInput(required=False)
    bearings = serializers.ListField(child=BearingInput(), required=False, max_length=MOST_BEARINGS)
    range_km = RangeInput(required=False)


class Observer(serializers.Serializer):
    """Where the observer stood, as filed."""

    longitude = Coordinate(required=False)
    latitude = Coordinate(required=False)
    as_written = serializers.CharField(required=False)
    controlled_by = serializers.CharField(required=False)


class Bearing(serializers.Serializer):
    """A direction as it was read."""

    unit = serializers.ChoiceField(codebook.BearingUnit.choices)
    point = serializers.ChoiceField(COMPASS, required=False)
    value = Number(places=3, required=False)
    north = serializers.ChoiceField(codebook.North.choices)
    declination = Number(places=3, required=False)


class Range(serializers.Serializer):
    """Nearest and farthest, in kilometres."""

    low = Number(places=3)
    high = Number(places=3)


class Observation(serializers.Serializer):
    """How many, how sure, of what; empty where nothing was said."""

    count = serializers.IntegerField(allow_null=True)
    qualifier = serializers.CharField(source="count_qualifier")
    unit = serializers.CharField(source="count_unit")
    what = serializers.CharField(source="observed")
    phase = serializers.CharField()
    observer = Observer(allow_null=True)
    bearings = Bearing(many=True)
    range_km = Range(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Tell the columns, and what the sighting holds."""
        seen = instance.sighting or {}
        return {
            "count": instance.count,
            "qualifier": instance.count_qualifier,
            "unit": instance.count_unit,
            "what": instance.observed,
            "phase": instance.phase,
            "observer": seen.get("observer"),
            "bearings": seen.get("bearings", []),
            "range_km": seen.get("range_km"),
        }
