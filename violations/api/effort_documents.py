"""The documents of patrols, watch logs and restrictions of movement: what a team files, and what it is told back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from monitoring.api.fields import Identifier, Instant, Minute, Pattern, StrictSerializer, Text, Whole
from violations import codebook
from violations.api.coded import coded
from violations.api.report_input import CLIENT_ID
from violations.effort_content import (
    FARTHEST_METRES,
    MOST_COUNTED,
    MOST_OBSERVATIONS,
    MOST_STRETCHES,
    PatrolContent,
    RestrictionContent,
    Stretch,
)
from violations.effort_content import Observation as WatchLine
from violations.models import MovementRestriction, Patrol


class _Hours(StrictSerializer):
    """[from, until)."""

    until = Instant()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": Instant(), **super().get_fields()}


class StretchInput(_Hours):
    """A part of the patrol in one area."""

    area = Text(max_length=80, help_text=_("Code of an area of the truce."))
    position = Text(max_length=200, required=False, allow_blank=True, help_text=_("The post, as the team names it."))


class WatchLineInput(StrictSerializer):
    """One line of a watch log: one more explosion, burst or shot, or several."""

    at = Instant()
    observed = coded(codebook.Observed)
    count = Whole(min_value=1, max_value=MOST_COUNTED, required=False, allow_null=True)
    qualifier = coded(codebook.CountQualifier, default=codebook.CountQualifier.EXACT)
    phase = coded(codebook.Phase, required=False)
    bearing = Whole(
        min_value=0, max_value=359, required=False, allow_null=True, help_text=_("Degrees from true north.")
    )
    metres = Whole(min_value=0, max_value=FARTHEST_METRES, required=False, allow_null=True)


class _Filing(_Hours):
    """What a team files of its own work."""

    set_by_service = frozenset({"id", "recorded_at", "stands", "checked", "question", "content_sha256"})

    agreement = Text(max_length=80, help_text=_("Code of the truce."))
    client_id = Pattern(
        CLIENT_ID, help_text=_("The client's own identifier of this filing: the same again is the first answer.")
    )
    team = Text(max_length=80, required=False, help_text=_("Code of the team, where the filer is in several."))
    note = Text(max_length=2000, required=False, allow_blank=True)
    replaces = Identifier(required=False, help_text=_("What this filing corrects."))

    def _common(self) -> dict[str, Any]:
        given = self.validated_data
        return {
            "kind": given["kind"],
            "started_at": given["from"],
            "ended_at": given["until"],
            "team": given.get("team", ""),
            "note": given.get("note", ""),
        }


class PatrolInput(_Filing):
    """Hours of observation: on patrol, at a post, or on watch with its log, which is one series."""

    kind = coded(codebook.PatrolKind)
    stretches = serializers.ListField(child=StretchInput(), min_length=1, max_length=MOST_STRETCHES)
    observations = serializers.ListField(child=WatchLineInput(), required=False, max_length=MOST_OBSERVATIONS)

    @property
    def content(self) -> PatrolContent:
        """What the document says, for the verb."""
        given = self.validated_data
        return PatrolContent(
            **self._common(),
            stretches=tuple(
                Stretch(part["area"], part["from"], part["until"], part.get("position", ""))
                for part in given["stretches"]
            ),
            observations=tuple(
                WatchLine(
                    observed_at=line["at"],
                    observed=line["observed"],
                    qualifier=line["qualifier"],
                    count=line.get("count"),
                    phase=line.get("phase", ""),
                    bearing=line.get("bearing"),
                    metres=line.get("metres"),
                )
                for line in given.get("observations", ())
            ),
        )


class RestrictionInput(_Filing):
    """That a team was kept from going somewhere, or let only late or on conditions."""

    kind = coded(codebook.RestrictionKind)
    area = Text(max_length=80, required=False, help_text=_("Code of an area of the truce."))
    place = Text(max_length=500, required=False, help_text=_("The place as the team names it."))
    restricted_by = Text(max_length=200, required=False, help_text=_("Who restricted it, as the team names them."))

    @property
    def content(self) -> RestrictionContent:
        """What the document says, for the verb."""
        given = self.validated_data
        return RestrictionContent(
            **self._common(),
            area=given.get("area", ""),
            place_as_written=given.get("place", ""),
            by_as_written=given.get("restricted_by", ""),
        )


class _Told(serializers.Serializer):
    """What a team filed, as it stands."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.CharField(source="agreement.code")
    team = serializers.CharField(source="team.code")
    until = Instant(source="ended_at")
    note = serializers.CharField()
    stands = serializers.SerializerMethodField(help_text=_("Whether it was neither corrected nor withdrawn."))
    recorded_at = Minute()
    content_sha256 = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": Instant(source="started_at"), **super().get_fields()}

    @property
    def as_filed(self) -> bool:
        """Whether it is told as it stood when it was filed: the answer to a filing, whenever that is sent again."""
        return bool(self.context.get("as_filed"))

    def get_stands(self, row: Patrol | MovementRestriction) -> bool:
        """Whether the row is open."""
        return self.as_filed or row.superseded_at is None


@extend_schema_serializer(component_name="StretchTold")
class StretchTold(serializers.Serializer):
    """A part of the patrol in one area."""

    area = serializers.CharField(source="area.code")
    position = serializers.CharField()
    until = Instant(source="ended_at")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": Instant(source="started_at"), **super().get_fields()}


class WatchLineTold(serializers.Serializer):
    """One line of a watch log."""

    at = Instant(source="observed_at")
    observed = serializers.ChoiceField(codebook.Observed.choices)
    count = serializers.IntegerField(allow_null=True)
    qualifier = serializers.ChoiceField(codebook.CountQualifier.choices)
    phase = serializers.CharField()
    bearing = serializers.IntegerField(allow_null=True)
    metres = serializers.IntegerField(allow_null=True)


class PatrolTold(_Told):
    """A patrol, a post or a watch with its log."""

    kind = serializers.ChoiceField(codebook.PatrolKind.choices)
    stretches = StretchTold(many=True)
    observations = WatchLineTold(many=True)
    checked = serializers.SerializerMethodField(help_text=_("Whether a duty officer checked it."))
    question = serializers.SerializerMethodField(
        help_text=_("What a duty officer asked of the team about it last, to be answered by a correction; else empty.")
    )

    def get_checked(self, patrol: Patrol) -> bool:
        """Whether the last thing said of it is that it was checked."""
        said = self._said(patrol)
        return said is not None and said.outcome == codebook.DutyOutcome.CHECKED

    def get_question(self, patrol: Patrol) -> str:
        """The question, while it is the last thing said of it."""
        said = self._said(patrol)
        return said.words if said is not None and said.outcome == codebook.DutyOutcome.ASKED else ""

    def _said(self, patrol: Patrol) -> Any:
        """What a duty officer said of it last; None: nothing."""
        return None if self.as_filed else max(patrol.duty_checks.all(), key=lambda said: said.pk, default=None)


class RestrictionTold(_Told):
    """A restriction of movement."""

    kind = serializers.ChoiceField(codebook.RestrictionKind.choices)
    area = serializers.CharField(source="area.code", allow_null=True, default=None)
    place = serializers.CharField(source="place_as_written")
    restricted_by = serializers.CharField(source="by_as_written")
    party = serializers.CharField(source="by_party.code", allow_null=True, default=None)
