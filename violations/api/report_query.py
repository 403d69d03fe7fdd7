"""What a list of reports may be asked: read, and turned into what is looked for."""

from __future__ import annotations

from typing import Any

from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from monitoring import days
from monitoring.api.fields import Instant, Text
from monitoring.api.views import ListQuery
from monitoring.models import Agreement, Area, Party, Zone
from violations import codebook
from violations.report_filter import ReportFilter

FARTHEST_KM = 500


class Codes(Text):
    """Codes of a list, divided by commas."""

    def __init__(self, codes: Any, **said: Any) -> None:
        self.codes = codes
        known = ", ".join(codes.values)
        super().__init__(
            max_length=1000, required=False, help_text=_("By comma, any of: %(codes)s.") % {"codes": known}, **said
        )

    def to_internal_value(self, data: Any) -> Any:
        """Read the codes."""
        given = super().to_internal_value(data).split(",")
        if set(given) - set(self.codes.values):
            raise serializers.ValidationError(
                _("Give codes of this list, divided by commas: %(known)s.") % {"known": ", ".join(self.codes.values)}
            )
        return given


class Numbers(Text):
    """Decimal numbers, divided by commas."""

    def __init__(self, *bounds: tuple[float, float], **said: Any) -> None:
        self.bounds = bounds
        super().__init__(max_length=200, required=False, **said)

    def to_internal_value(self, data: Any) -> Any:
        """Read as many numbers as there are bounds, each within its own."""
        given = super().to_internal_value(data).split(",")
        try:
            numbers = [float(number) for number in given]
        except ValueError:
            numbers = []
        within = len(numbers) == len(self.bounds) and all(
            low <= number <= high for number, (low, high) in zip(numbers, self.bounds, strict=True)
        )
        if not within:
            raise serializers.ValidationError(str(self.help_text))
        return tuple(numbers)


class ReportsQuery(ListQuery):
    """What is looked for among one's own reports. All that is given must hold."""

    agreement = Text(max_length=80, required=False, help_text=_("Code of the truce."))
    period = Text(
        max_length=10, required=False, help_text=_("A month as 2025-03, a day as 2025-03-10, by the truce's calendar.")
    )
    until = Instant(required=False, help_text=_("What may have happened before this instant."))
    area = Text(max_length=80, required=False, help_text=_("Code of an area: what is said to be or lies in it."))
    zone = Text(max_length=80, required=False, help_text=_("Code of a zone: what lies in it by any of its lines."))
    act = Codes(codebook.Act)
    party = Text(max_length=80, required=False, help_text=_("Code of a party named in any role."))
    state = Codes(codebook.ReviewState)
    bbox = Numbers(
        (-180, 180),
        (-90, 90),
        (-180, 180),
        (-90, 90),
        help_text=_("West, south, east, north in degrees, divided by commas; west may be greater: over 180°."),
    )
    near = Numbers(
        (-180, 180),
        (-90, 90),
        (0, FARTHEST_KM),
        help_text=_("Longitude, latitude in degrees and a distance of at most 500 km, divided by commas."),
    )
    text = Text(min_length=2, max_length=100, required=False, help_text=_("Words of the narrative or the place."))

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        told = _("What may have happened at this instant or later.")
        return {**super().get_fields(), "from": Instant(required=False, help_text=told)}

    def validate_bbox(self, box: Any) -> Any:
        """North lies above south."""
        if box[1] > box[3]:
            raise serializers.ValidationError(_("The second number is the south, the fourth the north."))
        return box


def filter_of(asked: Any, agreements: list[Agreement]) -> ReportFilter:
    """Return what is looked for in these agreements. Raises ValidationError where there is nothing of a code."""
    named = [row for row in agreements if asked.get("agreement", row.code) == row.code]
    if "agreement" in asked and not named:
        raise serializers.ValidationError({"agreement": [_("You are accredited in no agreement of that code.")]})
    since, until = asked.get("from"), asked.get("until")
    if "period" in asked:
        since, until = _span(asked, named)
    near = asked.get("near")
    return ReportFilter(
        agreement=named[0] if "agreement" in asked else None,
        since=since,
        until=until,
        areas=_of_code(Area, "area", asked, named),
        zones=_of_code(Zone, "zone", asked, named),
        acts=asked.get("act", ()),
        parties=_of_code(Party, "party", asked, named),
        states=asked.get("state", ()),
        box=asked.get("bbox"),
        near=(Point(near[0], near[1], srid=4326), near[2]) if near else None,
        text=asked.get("text", ""),
    )


def _span(asked: Any, named: list[Agreement]) -> Any:
    if {"from", "until"} & set(asked):
        raise serializers.ValidationError({"period": [_("Give a period, or from and until.")]})
    if len(named) != 1:
        raise serializers.ValidationError({"agreement": [_("Say by which agreement's calendar the period is meant.")]})
    return days.span(named[0].terms, asked["period"])


def _of_code(model: Any, name: str, asked: Any, named: list[Agreement]) -> Any:
    if name not in asked:
        return None
    found = list(model.objects.filter(agreement__in=named, code=asked[name]))
    if not found:
        raise serializers.ValidationError({name: [_("There is none of that code; see the reference data.")]})
    return found
