"""What is handed in: the shape of a report, of a correction and of a withdrawal. The rules are in the verbs."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from violations import codebook
from violations.api.fields import Coordinate, Instant, PolygonField, StrictSerializer, Text
from violations.filing import LONGEST_GROUNDS, NamedParty, ReportContent
from violations.report_content import LONGEST_PARTY, MOST_PARTIES

MOST_CASUALTIES = 100_000
CLIENT_ID = r"^[A-Za-z0-9._:-]{1,80}$"


def _optional_code(codes: Any, help_text: Any = None) -> serializers.ChoiceField:
    return serializers.ChoiceField(codes.choices, required=False, help_text=help_text)


class OccurredInput(StrictSerializer):
    """When: [from, until). `until` may be left out where the time is known to the minute, hour or day."""

    until = Instant(required=False)
    precision = serializers.ChoiceField(codebook.TimePrecision.choices)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": Instant(), **super().get_fields()}


class PlaceInput(StrictSerializer):
    """Where: longitude and latitude (WGS 84), or a polygon, or the code of an area; an area may stand beside either."""

    longitude = Coordinate(min_value=-180, max_value=180, required=False)
    latitude = Coordinate(min_value=-90, max_value=90, required=False)
    polygon = PolygonField(required=False)
    area = Text(max_length=80, required=False, help_text=_("Code of an area of the truce."))
    precision = serializers.ChoiceField(codebook.PlacePrecision.choices)
    as_written = Text(
        max_length=500, required=False, allow_blank=True, help_text=_("The place as the source wrote it.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A longitude goes with a latitude."""
        for given, missing in (("longitude", "latitude"), ("latitude", "longitude")):
            if given in attrs and missing not in attrs:
                raise serializers.ValidationError({missing: [_("A longitude and a latitude go together.")]})
        return attrs


class WeaponInput(StrictSerializer):
    """With what. `assessed`: inferred, not seen."""

    family = serializers.ChoiceField(codebook.WeaponFamily.choices)
    calibre_mm = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    assessed = serializers.BooleanField(required=False, default=False)


class ObservationInput(StrictSerializer):
    """How many, how sure, of what."""

    count = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)
    qualifier = serializers.ChoiceField(codebook.CountQualifier.choices)
    unit = serializers.ChoiceField(codebook.CountUnit.choices)


class NamedPartyInput(StrictSerializer):
    """A party in its role, by the name that the filer uses."""

    role = serializers.ChoiceField(codebook.Role.choices)
    name = Text(max_length=LONGEST_PARTY)


class BoundsInput(StrictSerializer):
    """How many persons at the lowest, best and highest, as the source gives them. Unknown is null, not 0."""

    low = serializers.IntegerField(min_value=0, max_value=MOST_CASUALTIES, required=False, allow_null=True)
    best = serializers.IntegerField(min_value=0, max_value=MOST_CASUALTIES, required=False, allow_null=True)
    high = serializers.IntegerField(min_value=0, max_value=MOST_CASUALTIES, required=False, allow_null=True)


class ByPersonInput(StrictSerializer):
    """By who they were."""

    civilian = BoundsInput(required=False)
    combatant = BoundsInput(required=False)
    unknown = BoundsInput(required=False)


class CasualtiesInput(StrictSerializer):
    """Persons killed and injured."""

    killed = ByPersonInput(required=False)
    injured = ByPersonInput(required=False)


class SourceInput(StrictSerializer):
    """Who told the filer. It is sealed: no answer of this service gives it back."""

    relation = Text(max_length=200, required=False, help_text=_("As: resident, medic, driver of a convoy."))
    name = Text(max_length=200, required=False)
    contact = Text(max_length=500, required=False)
    note = Text(max_length=2000, required=False)


class CorrectionInput(StrictSerializer):
    """A report whole, under the client's own identifier of this filing: the same again is the first answer."""

    set_by_service = frozenset(
        {"id", "chain", "revision", "supersedes", "state", "reason", "in_effect", "recorded_at", "content_sha256"}
    )

    client_id = serializers.RegexField(
        CLIENT_ID,
        help_text=_("1 to 80 letters, digits, dots, colons, dashes or underscores; a random UUID is best."),
        error_messages={"invalid": _("Use 1 to 80 letters, digits, dots, colons, dashes or underscores.")},
    )
    team = Text(max_length=80, required=False, help_text=_("Code of the team, where the filer is in several."))
    occurred = OccurredInput()
    place = PlaceInput()
    act = serializers.ChoiceField(codebook.Act.choices)
    objects_hit = serializers.ListField(
        child=serializers.ChoiceField(codebook.ObjectHit.choices), required=False, max_length=len(codebook.ObjectHit)
    )
    weapon = WeaponInput(required=False)
    means = serializers.ChoiceField(codebook.Means.choices)
    observation = ObservationInput(required=False)
    parties = serializers.ListField(child=NamedPartyInput(), required=False, max_length=MOST_PARTIES)
    casualties = CasualtiesInput(required=False)
    narrative = Text(max_length=20_000, required=False, allow_blank=True)
    narrative_language = Text(max_length=8, required=False, help_text=_("ISO 639 code, as en or ar."))
    consent = _optional_code(codebook.Consent, _("What whoever told the filer agreed to."))
    source = SourceInput(required=False)  # type: ignore[assignment]

    @property
    def content(self) -> ReportContent:
        """What the document says, for the verb."""
        given = self.validated_data
        occurred, place = given["occurred"], given["place"]
        weapon, observation = given.get("weapon", {}), given.get("observation", {})
        point = Point(place["longitude"], place["latitude"], srid=4326) if "longitude" in place else None
        return ReportContent(
            team=given.get("team", ""),
            occurred_from=occurred["from"],
            occurred_until=occurred.get("until"),
            time_precision=occurred["precision"],
            point=point,
            place_area=place.get("polygon"),
            stated_area=place.get("area", ""),
            place_precision=place["precision"],
            place_as_written=place.get("as_written", ""),
            act=given["act"],
            objects_hit=tuple(given.get("objects_hit", ())),
            weapon_family=weapon.get("family", ""),
            calibre_mm=weapon.get("calibre_mm"),
            weapon_assessed=weapon.get("assessed", False),
            means=given["means"],
            count=observation.get("count"),
            count_qualifier=observation.get("qualifier", ""),
            count_unit=observation.get("unit", ""),
            parties=tuple(NamedParty(party["role"], party["name"]) for party in given.get("parties", ())),
            casualties=_known(given.get("casualties", {})),
            narrative=given.get("narrative", ""),
            narrative_language=given.get("narrative_language", ""),
            consent=given.get("consent", ""),
            source=dict(given["source"]) if given.get("source") else None,
        )


class FilingInput(CorrectionInput):
    """A new report: of which truce, and the report whole."""

    agreement = Text(max_length=80, help_text=_("Code of the truce."))


class WithdrawalInput(StrictSerializer):
    """Why a report is withdrawn."""

    grounds = Text(max_length=LONGEST_GROUNDS)


def _known(casualties: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known: absent and null mean the same."""
    return {
        harm: {
            whom: {bound: number for bound, number in bounds.items() if number is not None}
            for whom, bounds in by_person.items()
        }
        for harm, by_person in casualties.items()
    }
