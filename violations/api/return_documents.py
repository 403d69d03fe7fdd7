"""The documents of daily returns: what a side hands in, what a reader is told, and how the days of ledgers stand."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from monitoring.api.fields import Day, Identifier, Instant, Minute, StrictSerializer, Text, Whole, one_of
from monitoring.api.views import Query
from violations import codebook
from violations.api.coded import coded
from violations.models import DailyReturn
from violations.return_content import LARGEST, Line
from violations.return_filing import FiledReturn

MOST_LINES = 200
MOST_DAYS = 100


class LineInput(StrictSerializer):
    """The count of one area: its code, or its name as the teller writes it."""

    area = Text(max_length=80, required=False, help_text=_("Code of an area of the truce."))
    as_written = Text(max_length=120, required=False, help_text=_("The area as the teller writes it."))
    count = Whole(min_value=0, max_value=LARGEST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two names the area."""
        if not attrs.get("area") and not attrs.get("as_written"):
            raise serializers.ValidationError({"area": [_("Name the area by its code, or as it is written.")]})
        return attrs


class WindowInput(StrictSerializer):
    """What the return tells of: [from, until)."""

    until = Instant()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": Instant(), **super().get_fields()}


class ReturnInput(StrictSerializer):
    """What a side announces of a day. A total of 0 is an explicit nil; the total is never made of the lines.

    Of another's ledger it is your word on the other's cases: how many you confirm, do not confirm, ascribe elsewhere.
    """

    set_by_service = frozenset({"id", "teller", "variant", "state", "acknowledged", "recorded_at"})

    agreement = Text(max_length=80, help_text=_("Code of the truce."))
    on = Day(help_text=_("The date that the return bears."))
    ledger = Text(
        max_length=80, required=False, help_text=_("Code of the guarantor whose cases are counted; left out: your own.")
    )
    total = Whole(min_value=0, max_value=LARGEST)
    unit = coded(codebook.CountUnit, default=codebook.CountUnit.CASE_OF_FIRE)
    breakdown = one_of(
        DailyReturn.Breakdown.choices, help_text=_("Whether the lines make up the total; none: there are no lines.")
    )
    lines = serializers.ListField(child=LineInput(), required=False, max_length=MOST_LINES)
    headline_total = Whole(min_value=0, max_value=LARGEST, required=False, allow_null=True)
    confirmed = Whole(min_value=0, max_value=LARGEST, required=False, allow_null=True)
    not_confirmed = Whole(min_value=0, max_value=LARGEST, required=False, allow_null=True)
    attributed_elsewhere = Whole(min_value=0, max_value=LARGEST, required=False, allow_null=True)
    window = WindowInput(required=False, help_text=_("Left out: the day of the truce."))
    replaces = Identifier(required=False, help_text=_("The return that this one corrects."))
    note = Text(max_length=2000, required=False, allow_blank=True, help_text=_("Why it is corrected."))

    @property
    def filed(self) -> FiledReturn:
        """What the document says, for the verb."""
        given = self.validated_data
        window = given.get("window", {})
        plain = ("ledger", "headline_total", "confirmed", "not_confirmed", "attributed_elsewhere", "replaces", "note")
        return FiledReturn(
            on=given["on"],
            total=given["total"],
            unit=given["unit"],
            breakdown=given["breakdown"],
            lines=tuple(
                Line(line.get("as_written") or line["area"], line["count"], line.get("area", ""))
                for line in given.get("lines", ())
            ),
            window_from=window.get("from"),
            window_until=window.get("until"),
            **{name: given[name] for name in plain if name in given},
        )


class DaysQuery(Query):
    """Which days of which truce: [from, until)."""

    agreement = Text(max_length=80, help_text=_("Code of the truce."))
    until = Day(required=False, help_text=_("First date after; left out: tomorrow."))

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        begins = Day(required=False, help_text=_("First date; left out: two weeks before the end."))
        return {**super().get_fields(), "from": begins}


class WindowTold(serializers.Serializer):
    """[from, until), and how it is known."""

    until = Instant(source="window_until")
    basis = serializers.CharField(source="window_basis")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": Instant(source="window_from"), **super().get_fields()}


class ReturnLineTold(serializers.Serializer):
    """The count of one area."""

    area = serializers.CharField(source="area.code", allow_null=True, default=None)
    as_written = serializers.CharField()
    count = serializers.IntegerField()


class SourceTold(serializers.Serializer):
    """Where a return was read, where it was not filed."""

    outlet = serializers.CharField()
    url = serializers.CharField()


class ReturnTold(serializers.Serializer):
    """One telling of one day of a ledger. Others of the same day stand beside it and are never summed."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.CharField(source="agreement.code")
    on = serializers.DateField(source="bears_date")
    ledger = serializers.CharField(source="owner.code")
    teller = serializers.CharField(source="teller.code")
    variant = serializers.IntegerField()
    stands = serializers.SerializerMethodField(help_text=_("Whether no other has taken its place."))
    replaces = serializers.UUIDField(
        allow_null=True, help_text=_("The return whose place it took when it was recorded; null: it is the first.")
    )
    acknowledged = serializers.SerializerMethodField(help_text=_("Whether the owner acknowledged another's telling."))
    window = WindowTold(source="*")
    total = serializers.IntegerField()
    unit = serializers.ChoiceField(codebook.CountUnit.choices)
    headline_total = serializers.IntegerField(allow_null=True)
    breakdown = serializers.ChoiceField(DailyReturn.Breakdown.choices)
    lines = ReturnLineTold(many=True)
    confirmed = serializers.IntegerField(allow_null=True)
    not_confirmed = serializers.IntegerField(allow_null=True)
    attributed_elsewhere = serializers.IntegerField(allow_null=True)
    note = serializers.CharField(help_text=_("Why it was corrected, where it was."))
    sources = SourceTold(many=True)
    recorded_at = Minute()

    def get_stands(self, row: DailyReturn) -> bool:
        """Whether the return is open."""
        return row.superseded_at is None

    def get_acknowledged(self, row: DailyReturn) -> bool:
        """Whether it was, before or since it was recorded."""
        return row.acknowledged or row.acknowledged_since  # type: ignore[attr-defined]


class DayTold(serializers.Serializer):
    """One day of one guarantor's ledger: until when a return is due, whether it is there, and whether in time."""

    ledger = serializers.CharField(source="owner")
    on = serializers.DateField(source="day")
    due_at = Instant()
    state = serializers.ChoiceField(
        codebook.LedgerDay.choices,
        allow_null=True,
        help_text=_("Null: a return is there, and not shown before due_at."),
    )
    filed = serializers.SerializerMethodField(help_text=_("Whether the owner itself has filed."))
    filed_at = Minute(allow_null=True, help_text=_("When it first did, to the minute."))
    in_time = serializers.BooleanField(allow_null=True)
    returns = serializers.SerializerMethodField(help_text=_("Identifiers of the returns that are shown to you."))

    def get_filed(self, day: Any) -> bool:
        """Whether the owner told of its own day."""
        return day.filed_at is not None

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_returns(self, day: Any) -> list[str]:
        """What is shown, the owner's own telling first."""
        return [told.public_id for told in day.returns]


class DaysTold(serializers.Serializer):
    """Days of the ledgers of a truce, newest first."""

    agreement = serializers.CharField()
    days = DayTold(many=True)
