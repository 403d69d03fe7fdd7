"""What a filer is told of their own reports. Nothing here of the source, of other reports, or of who reviews."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from monitoring.api.fields import Coordinate, Instant, Minute, PolygonField
from violations import codebook
from violations.api.observation import Observation
from violations.api.report_input import CasualtiesInput
from violations.models import IncidentReport, Redaction, WaitingCorrection

# Steps whose grounds are addressed to the filer, or are the filer's own; others may tell of other people's reports.
TOLD = (codebook.ReviewState.RETURNED, codebook.ReviewState.WITHDRAWN)


class Occurred(serializers.Serializer):
    """When: [from, until)."""

    until = Instant(source="occurred_until")
    precision = serializers.ChoiceField(codebook.TimePrecision.choices, source="time_precision")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": Instant(source="occurred_from"), **super().get_fields()}


class Place(serializers.Serializer):
    """Where, as filed."""

    longitude = Coordinate(source="point.x", allow_null=True, default=None)
    latitude = Coordinate(source="point.y", allow_null=True, default=None)
    polygon = PolygonField(source="place_area", allow_null=True)
    area = serializers.CharField(source="stated_area.code", allow_null=True, default=None)
    precision = serializers.ChoiceField(codebook.PlacePrecision.choices, source="place_precision")
    as_written = serializers.CharField(source="place_as_written")


class Weapon(serializers.Serializer):
    """With what; family is empty where nothing was said."""

    family = serializers.CharField(source="weapon_family")
    calibre_mm = serializers.IntegerField(allow_null=True)
    assessed = serializers.BooleanField(source="weapon_assessed")


class NamedParty(serializers.Serializer):
    """A party as named, and the party of the truce that the name stands for, if it is known."""

    role = serializers.ChoiceField(codebook.Role.choices)
    name = serializers.CharField(source="as_written")
    party = serializers.CharField(source="party.code", allow_null=True, default=None)


class Question(serializers.Serializer):
    """A question about a report, and its answer, null until it is given."""

    id = serializers.UUIDField(source="public_id")
    asked_at = Minute(source="recorded_at")
    question = serializers.CharField()
    answer = serializers.CharField(source="answer.answer", allow_null=True, default=None)
    language = serializers.CharField(source="answer.language", allow_null=True, default=None)
    answered_at = Minute(source="answer.recorded_at", allow_null=True, default=None)


class OwnReport(serializers.Serializer):
    """One revision of a report, for the person who filed it."""

    id = serializers.UUIDField(source="public_id")
    receipt = serializers.CharField(help_text=_("By which you quote it, on the telephone too; as K7M-D3X-Q2F."))
    chain = serializers.UUIDField(help_text=_("Shared by all revisions of the report."))
    revision = serializers.IntegerField()
    supersedes = serializers.UUIDField(allow_null=True, help_text=_("The revision before this one."))
    client_id = serializers.CharField()
    recorded_at = Minute(help_text=_("When it was received, to the minute."))
    state = serializers.ChoiceField(codebook.ReviewState.choices)
    reason = serializers.SerializerMethodField(
        help_text=_("The question, where returned; the grounds, where withdrawn.")
    )
    in_effect = serializers.BooleanField(
        help_text=_("Whether the count rests on this revision. A change after a finding waits for the moderators.")
    )
    questions = Question(many=True, help_text=_("What is asked of you, to be answered in words."))
    agreement = serializers.CharField(source="agreement.code")
    team = serializers.CharField(source="team.code", allow_null=True, default=None)
    told_by = serializers.CharField(
        source="told_by.code",
        allow_null=True,
        default=None,
        help_text=_("The party whose own word it is; null: it is a team's."),
    )
    channel = serializers.CharField(help_text=_("How it came to the duty officer; empty: its filer handed it in."))
    occurred = Occurred(source="*")
    place = Place(source="*")
    act = serializers.ChoiceField(codebook.Act.choices)
    objects_hit = serializers.ListField(child=serializers.ChoiceField(codebook.ObjectHit.choices))
    weapon = Weapon(source="*")
    means = serializers.ChoiceField(codebook.Means.choices)
    observation = Observation(source="*")
    parties = NamedParty(many=True)
    casualties = serializers.SerializerMethodField()
    narrative = serializers.CharField()
    narrative_language = serializers.CharField()
    consent = serializers.CharField()
    redacted = serializers.SerializerMethodField(
        help_text=_("What was erased of it on request, in all its revisions; the rest and the hash stay as filed.")
    )
    content_sha256 = serializers.CharField(help_text=_("SHA-256 over the canonical JSON of what was filed."))

    def get_reason(self, report: IncidentReport) -> str:
        """Return what the filer may read of the last step's grounds."""
        return report.state_grounds if report.state in TOLD else ""  # type: ignore[attr-defined]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Redaction.Part.choices)))
    def get_redacted(self, report: IncidentReport) -> list[str]:
        """Return the parts that were erased, each once."""
        return sorted({part for redaction in report.redacted for part in redaction["erased"]})  # type: ignore[attr-defined]

    @extend_schema_field(CasualtiesInput)
    def get_casualties(self, report: IncidentReport) -> dict[str, Any]:
        """Return the casualties as filed; what is absent is unknown."""
        return report.casualties


class ReceiptTold(serializers.Serializer):
    """What became of a filing."""

    receipt = serializers.CharField(help_text=_("As it is written: three groups of three."))
    state = serializers.ChoiceField([("recorded", _("recorded")), ("waiting", _("waits for what it corrects"))])
    agreement = serializers.CharField()
    client_id = serializers.CharField()
    corrects = serializers.CharField(help_text=_("Client id of the filing that it waits for; else empty."))
    received_at = Minute(help_text=_("When it was received, to the minute."))
    report = OwnReport(required=False, help_text=_("Where it is recorded: this revision, as it stands now."))

    @classmethod
    def of_kept(cls, kept: WaitingCorrection) -> Any:
        """Of a correction as it was kept."""
        return cls(
            {
                "receipt": kept.receipt,
                "state": "waiting",
                "agreement": kept.agreement.code,
                "client_id": kept.client_id,
                "corrects": kept.corrects,
                "received_at": kept.recorded_at,
            }
        ).data

    @classmethod
    def of_report(cls, report: Any, received_at: datetime) -> Any:
        """Of a report with its standing, received then: it may have waited before it was recorded."""
        return cls(
            {
                "receipt": report.receipt,
                "state": "recorded",
                "agreement": report.agreement.code,
                "client_id": report.client_id,
                "corrects": "",
                "received_at": received_at,
                "report": report,
            }
        ).data
