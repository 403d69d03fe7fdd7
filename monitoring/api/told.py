"""What is told of a truce's mechanism as it stands now. Fields are listed one by one: nothing new leaves by itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from monitoring.models import Adherence, Area, InstrumentTerms, MechanismVersion, PartyTerms, TeamTerms

_NAMES: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}


@extend_schema_field(_NAMES)
class Names(serializers.JSONField):
    """Words by language code; English is always there."""


@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d:\d\d$"})
class LocalTime(serializers.TimeField):
    """A time of the clock. It has no offset, which a `time` of JSON Schema has (RFC 3339)."""


class AgreementTold(serializers.Serializer):
    """A truce."""

    code = serializers.CharField()
    names = Names()
    simulated = serializers.BooleanField(help_text=_("An exercise: nothing in it happened."))


class AgreementsTold(serializers.Serializer):
    """The truces in which one is accredited."""

    results = AgreementTold(many=True)


class GuarantorTold(serializers.Serializer):
    """A guarantor state: of which side, from when to when, who contests it."""

    code = serializers.CharField(source="guarantor.code")
    names = Names(source="guarantor.names")
    side = serializers.CharField(source="side.code")
    contested_by = serializers.ListField(child=serializers.CharField())
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)


class TeamTold(serializers.Serializer):
    """A team that one files for."""

    code = serializers.CharField(source="team.code")
    names = Names(source="team.names")
    kind = serializers.ChoiceField(TeamTerms.Kind.choices)


class SideTold(serializers.Serializer):
    """A bloc that guarantors and parties belong to."""

    code = serializers.CharField()
    names = Names()


class MechanismTold(AgreementTold):
    """A truce with its rules as they stand now. Instants are half-open: the first within, the first after."""

    version = serializers.IntegerField(source="terms.number", help_text=_("Of its mechanism file, from 1."))
    in_force_from = serializers.DateTimeField(source="terms.in_force_from")
    in_force_until = serializers.DateTimeField(source="terms.in_force_until", allow_null=True)
    time_zone = serializers.CharField(source="terms.time_zone")
    day_begins = LocalTime(source="terms.day_begins", help_text=_("Local time at which a day begins."))
    day_named_for = serializers.ChoiceField(MechanismVersion.DayNamedFor.choices, source="terms.day_named_for")
    calendar = serializers.ListField(child=serializers.CharField(), source="terms.calendar")
    revision_days = serializers.ListField(
        child=serializers.IntegerField(),
        source="terms.revision_days",
        help_text=_("How many days after its first release the report of a month is revised; empty: by hand alone."),
    )
    unit_of_count = serializers.CharField(source="terms.unit_of_count")
    filing_grace_hours = serializers.IntegerField(source="terms.filing_grace_hours")
    reply_deadline_days = serializers.IntegerField(source="terms.reply_deadline_days")
    reply_reminder_days = serializers.IntegerField(
        source="terms.reply_reminder_days",
        help_text=_("How long before it is due a reply is reminded of; 0: only once it is."),
    )
    party_requests = serializers.ChoiceField(
        MechanismVersion.PartyRequests.choices,
        source="terms.party_requests",
        help_text=_("Whether a party is asked through the guarantor that has undertaken for it, or directly."),
    )
    duty_check_hours = serializers.IntegerField(
        source="terms.duty_check_hours",
        help_text=_(
            "How long a filing may stand with its team's duty officer before it goes on by itself; 0: not at all."
        ),
    )
    attribution = serializers.ChoiceField(MechanismVersion.Attribution.choices, source="terms.attribution")
    ledgers_from = serializers.ChoiceField(MechanismVersion.LedgersFrom.choices, source="terms.ledgers_from")
    handling_marking = serializers.CharField(source="terms.handling_marking")
    authentic_language = serializers.CharField(source="terms.authentic_language")
    level_names = serializers.DictField(
        child=Names(), source="terms.level_names", help_text=_("What a level of area is called here, if not as usual.")
    )
    sides = SideTold(many=True)
    guarantors = GuarantorTold(many=True)
    teams = TeamTold(many=True, help_text=_("Those that you file for, and no others."))


class AdherenceTold(serializers.Serializer):
    """How a text binds a party; by a rival reading, `reading` names its holder."""

    instrument = serializers.CharField(source="instrument.code")
    kind = serializers.ChoiceField(Adherence.Kind.choices)
    reading = serializers.CharField()
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)


class PartyTold(serializers.Serializer):
    """A party: any of its code, names and aliases can be filed."""

    code = serializers.CharField(source="party.code")
    names = Names(source="party.names")
    aliases = serializers.ListField(child=serializers.CharField())
    parent = serializers.CharField(source="parent.code", allow_null=True, default=None)  # type: ignore[assignment]
    side = serializers.CharField(source="side.code", allow_null=True, default=None)
    kind = serializers.ChoiceField(PartyTerms.Kind.choices)
    adherences = AdherenceTold(many=True)


class PartiesTold(serializers.Serializer):
    """The parties of a truce."""

    results = PartyTold(many=True)


class ReadingTold(serializers.Serializer):
    """What a provision asks, by the common reading (`reading` empty) or by that of its holder."""

    reading = serializers.CharField()
    text = Names(help_text=_("In our words, by language."))
    acts = serializers.ListField(child=serializers.CharField(), help_text=_("Codes of the acts that breach it."))
    zones = serializers.ListField(child=serializers.CharField(), help_text=_("Where it holds; none: everywhere."))
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)


class ProvisionTold(serializers.Serializer):
    """A numbered clause."""

    instrument = serializers.CharField(source="instrument.code")
    code = serializers.CharField()
    names = Names()
    readings = ReadingTold(many=True)


class InstrumentTold(serializers.Serializer):
    """A text of the truce."""

    code = serializers.CharField(source="instrument.code")
    names = Names(source="instrument.names")
    kind = serializers.ChoiceField(InstrumentTerms.Kind.choices)
    adopted_on = serializers.DateField(allow_null=True)
    holder = serializers.CharField(help_text=_("Who put it forward, where it was not adopted."))


class ProvisionsTold(serializers.Serializer):
    """The texts of a truce and their clauses."""

    instruments = InstrumentTold(many=True)
    results = ProvisionTold(many=True)


class LineTold(serializers.Serializer):
    """One drawing of a zone: who drew it ('' agreed), when it stood. Its boundary is told as GeoJSON."""

    drawn_by = serializers.CharField()
    indicative = serializers.BooleanField(help_text=_("Drawn for orientation; no coordinates were published."))
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)


class ZoneTold(serializers.Serializer):
    """A place that the truce draws, with rival lines side by side."""

    code = serializers.CharField()
    names = Names()
    lines = LineTold(many=True)


class ZonesTold(serializers.Serializer):
    """The zones of a truce."""

    results = ZoneTold(many=True)


class AreaTold(serializers.Serializer):
    """An administrative area. Its boundary, where one is known, is told as GeoJSON."""

    code = serializers.CharField()
    names = Names()
    level = serializers.ChoiceField(Area.Level.choices)
    parent = serializers.CharField(source="parent.code", allow_null=True, default=None)  # type: ignore[assignment]
    members = serializers.SerializerMethodField(help_text=_("Of a grouping: what it is made of."))

    def get_members(self, area: Area) -> list[str]:
        """Codes of the areas that a grouping is made of."""
        return sorted(member.code for member in area.members.all())


class AreasTold(serializers.Serializer):
    """The areas of a truce."""

    results = AreaTold(many=True)
