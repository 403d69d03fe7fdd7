"""What is handed in: the shape of a report, of a correction and of a withdrawal. The rules are in the verbs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from monitoring.api.fields import Coordinate, Instant, Pattern, PolygonField, StrictSerializer, Text, Whole, YesNo
from violations import codebook
from violations.api.coded import coded
from violations.api.observation import ObservationInput
from violations.filing import LONGEST_GROUNDS
from violations.questions import LONGEST as LONGEST_ANSWER
from violations.report_content import LONGEST_PARTY, MOST_PARTIES

MOST_CASUALTIES = 100_000
MOST_ITEMS = 100
CLIENT_ID = r"^[A-Za-z0-9._:-]{1,80}\Z"


def _optional_code(codes: Any, help_text: Any = None) -> serializers.ChoiceField:
    return coded(codes, required=False, help_text=help_text)


def named_by_client(**said: Any) -> Pattern:
    """The client's own name of what it hands in."""
    invalid = _("Use 1 to 80 letters, digits, dots, colons, dashes or underscores.")
    return Pattern(CLIENT_ID, error_messages={"invalid": invalid}, **said)


class OccurredInput(StrictSerializer):
    """When: [from, until). `until` may be left out where the time is known to the minute, hour or day."""

    until = Instant(required=False)
    precision = coded(codebook.TimePrecision)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": Instant(), **super().get_fields()}


class PlaceInput(StrictSerializer):
    """Where: longitude and latitude (WGS 84), or a polygon, or the code of an area; an area may stand beside either."""

    longitude = Coordinate(min_value=-180, max_value=180, required=False)
    latitude = Coordinate(min_value=-90, max_value=90, required=False)
    polygon = PolygonField(required=False)
    area = Text(max_length=80, required=False, help_text=_("Code of an area of the truce."))
    precision = coded(codebook.PlacePrecision)
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

    family = coded(codebook.WeaponFamily)
    calibre_mm = Whole(min_value=1, max_value=1000, required=False)
    assessed = YesNo(required=False, default=False)


class NamedPartyInput(StrictSerializer):
    """A party in its role, by the name that the filer uses."""

    role = coded(codebook.Role)
    name = Text(max_length=LONGEST_PARTY)


class BoundsInput(StrictSerializer):
    """How many persons at the lowest, best and highest, as the source gives them. Unknown is null, not 0."""

    low = Whole(min_value=0, max_value=MOST_CASUALTIES, required=False, allow_null=True)
    best = Whole(min_value=0, max_value=MOST_CASUALTIES, required=False, allow_null=True)
    high = Whole(min_value=0, max_value=MOST_CASUALTIES, required=False, allow_null=True)


class ByPersonInput(StrictSerializer):
    """By who they were."""

    civilian = BoundsInput(required=False)
    combatant = BoundsInput(required=False)
    unknown = BoundsInput(required=False)
    women = BoundsInput(required=False, help_text=_("Of all these, women."))
    children = BoundsInput(required=False, help_text=_("Of all these, children."))


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
        {
            "id",
            "receipt",
            "chain",
            "revision",
            "supersedes",
            "questions",
            "state",
            "reason",
            "in_effect",
            "told_by",
            "recorded_at",
            "content_sha256",
        }
    )

    client_id = named_by_client(
        help_text=_("1 to 80 letters, digits, dots, colons, dashes or underscores; a random UUID is best.")
    )
    team = Text(max_length=80, required=False, help_text=_("Code of the team, where the filer is in several."))
    occurred = OccurredInput()
    place = PlaceInput()
    act = coded(codebook.Act)
    objects_hit = serializers.ListField(
        child=coded(codebook.ObjectHit), required=False, max_length=len(codebook.ObjectHit)
    )
    weapon = WeaponInput(required=False)
    means = coded(codebook.Means)
    observation = ObservationInput(required=False)
    parties = serializers.ListField(child=NamedPartyInput(), required=False, max_length=MOST_PARTIES)
    casualties = CasualtiesInput(required=False)
    narrative = Text(max_length=20_000, required=False, allow_blank=True)
    narrative_language = Text(max_length=8, required=False, help_text=_("ISO 639 code, as en or ar."))
    channel = _optional_code(
        codebook.Channel, _("How it came to the duty officer who hands it in; from anybody else it is left out.")
    )
    consent = _optional_code(codebook.Consent, _("What whoever told the filer agreed to."))
    source = SourceInput(required=False)  # type: ignore[assignment]


class FilingInput(CorrectionInput):
    """A report whole, and of which truce: a new one, or, with `corrects`, a full new revision of an earlier filing."""

    agreement = Text(max_length=80, help_text=_("Code of the truce."))
    corrects = named_by_client(
        required=False,
        help_text=_("Client id of the filing that this one corrects. Where that has not come yet, this one waits."),
    )


@extend_schema_field(FilingInput(many=True))
class Items(serializers.ListField):
    """Filings, each read by itself, so that one that is malformed stops no other."""

    child = serializers.JSONField(allow_null=True)  # which is malformed like any other


class BatchInput(StrictSerializer):
    """Several filings, in the order in which they were made."""

    items = Items(min_length=1, max_length=MOST_ITEMS)


class WithdrawalInput(StrictSerializer):
    """Why a report is withdrawn."""

    grounds = Text(max_length=LONGEST_GROUNDS)


class AnswerInput(StrictSerializer):
    """The answer to a question, in words. What was filed is changed by a correction alone."""

    answer = Text(max_length=LONGEST_ANSWER)
    language = Text(max_length=8, help_text=_("ISO 639 code, as en or ar."))
