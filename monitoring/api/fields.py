"""Shapes that the API takes and gives: strict documents, instants with an offset, coordinates, polygons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.contrib.gis.geos import LinearRing, Polygon
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import SkipField, empty, get_error_detail

from monitoring import days
from monitoring.api import glance

LONGEST_RING = 200
S = TypeVar("S", bound=serializers.Serializer)


class Member(NamedTuple):
    """How one member is read: its field, and what the document asks of it beside, by a method `validate_...`.

    `at_a_glance` reads what nearly all say, and is UNSURE of the rest.
    """

    field: serializers.Field
    further: Callable[[Any], Any] | None
    at_a_glance: glance.Reader


@cache
def made_once(kind: type[S]) -> S:
    """Return the serializer of a kind that this process keeps: to make its fields anew costs more than to read by them.

    Of it only what leaves nothing behind may be asked: `run_validation` and `to_representation`.
    """
    return kind()


class StrictSerializer(serializers.Serializer):
    """A document in which every member has a place: what is not known, or set by the service, is refused."""

    set_by_service: frozenset[str] = frozenset()

    @classmethod
    def read(cls, document: Any) -> dict[str, Any]:
        """Return what `document` says. Raises ValidationError with all its faults, as `is_valid` tells them."""
        try:
            return made_once(cls).run_validation(document)
        except ValidationError:
            told = cls(data=document)
            told.is_valid(raise_exception=True)
            return told.validated_data

    @cached_property
    def members(self) -> dict[str, Member]:
        """What may be handed in, by name."""
        fields = {name: field for name, field in self.fields.items() if not field.read_only}
        return {
            name: Member(field, getattr(self, f"validate_{name}", None), _reader(field))
            for name, field in fields.items()
        }

    def run_validation(self, data: Any = empty) -> Any:
        """Read an object that is there, and ask of it what is asked of it; of anything else as the framework does."""
        if type(data) is not dict or self.read_only or self.validators:
            return super().run_validation(data)
        value = self.to_internal_value(data)
        if type(self).validate is serializers.Serializer.validate:
            return value
        try:
            return self.validate(value)
        except (ValidationError, DjangoValidationError) as error:
            raise ValidationError(detail=serializers.as_serializer_error(error)) from error

    def to_internal_value(self, data: Any) -> Any:
        """Read the document and tell all its faults at once, unknown members among them.

        As the framework reads it, but for members that are not there and need not be: those cost nothing.
        """
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        value: dict[str, Any] = {}
        faults: dict[str, Any] = {}
        for name, (field, further, at_a_glance) in self.members.items():
            given = data.get(name, empty)
            if given is empty and not field.required and field.default is empty:
                continue
            try:
                read = at_a_glance(given)
                if read is glance.UNSURE:
                    read = field.run_validation(given)
                self.set_value(value, field.source_attrs, further(read) if further else read)
            except ValidationError as error:
                faults[name] = error.detail
            except DjangoValidationError as error:
                faults[name] = get_error_detail(error)
            except SkipField:
                pass
        faults |= {name: [self._refused(name)] for name in data if name not in self.members}
        if faults:
            raise ValidationError(faults)
        return value

    def run_validators(self, value: Any) -> None:
        """Ask those that the document as a whole has; most have none."""
        if self.validators:
            super().run_validators(value)

    def _refused(self, name: str) -> Any:
        if name in self.set_by_service:
            return _("This is set by the service and cannot be given.")
        return _("There is no such member here. Check its spelling and its place.")


class Instant(serializers.DateTimeField):
    """A point in time with its offset. A time without one is refused: it would mean another instant elsewhere."""

    default_error_messages = {
        "invalid": _("Give a date and time with its offset, as 2025-03-05T14:20:00Z or 2025-03-05T06:20:00-08:00."),
        "naive": _("This time has no offset. Add it, as in 14:20:00Z (UTC) or 06:20:00-08:00."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        """Read an instant; UTC."""
        try:
            instant = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            instant = None
        if instant is None:
            self.fail("invalid")
        if instant.tzinfo is None:
            self.fail("naive")
        try:
            return instant.astimezone(UTC)
        except OverflowError:
            self.fail("invalid")

    def to_representation(self, value: datetime) -> str:
        """Write an instant in UTC, to the second, or finer where it was given so."""
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class Minute(Instant):
    """An instant told to the minute: finer, it would tell more of who filed when than anybody needs."""

    def to_representation(self, value: datetime) -> str:
        """Write the minute, in UTC."""
        return super().to_representation(value.replace(second=0, microsecond=0))


class Number(serializers.FloatField):
    """A decimal number, kept to so many places."""

    default_error_messages = {
        "not_number": _("Give a decimal number."),
        "overflow": _("Give a decimal number."),
    }

    def __init__(self, *, places: int, **said: Any) -> None:
        self.places = places
        super().__init__(**said)

    def to_internal_value(self, data: Any) -> float:
        """Read a JSON number, and nothing else."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("not_number")
        return round(super().to_internal_value(data), self.places)


class Whole(serializers.IntegerField):
    """A whole number, and nothing that would have to be turned into one. In a query all is text: not for there."""

    default_error_messages = {"invalid": _("Give a whole number.")}

    def to_internal_value(self, data: Any) -> int:
        """Read a JSON number without a fraction."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """True or false, and no other word for it."""

    default_error_messages = {"invalid": _("Give true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        """Read true or false."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Day(serializers.DateField):
    """A date as 2025-03-05, and no other way of writing it."""

    default_error_messages = {"unknown": _("Give a date from {first} to {last}.")}

    def to_internal_value(self, value: Any) -> date:
        """Read a date of ten signs."""
        if not isinstance(value, str) or len(value) != len("2025-03-05"):
            self.fail("invalid", format="YYYY-MM-DD")
        on = super().to_internal_value(value)
        if not days.is_known(on):
            self.fail("unknown", first=days.FIRST_DATE, last=days.LAST_DATE)
        return on


class Identifier(serializers.UUIDField):
    """An identifier of ours as it was told: a UUID with its dashes."""

    default_error_messages = {"invalid": _("Give an identifier as it was told: a UUID with its dashes.")}

    def to_internal_value(self, data: Any) -> UUID:
        """Read a UUID."""
        found = super().to_internal_value(data) if isinstance(data, str) else None
        if found is None or str(found) != data.lower():
            self.fail("invalid", value=data)
        return found


class Coordinate(Number):
    """Degrees, WGS 84, kept to seven places (a centimetre)."""

    default_error_messages = {
        "not_number": _("Give degrees as a decimal number."),
        "overflow": _("Give degrees as a decimal number."),
    }

    def __init__(self, **said: Any) -> None:
        super().__init__(places=7, **said)


@extend_schema_field(
    {
        "type": "object",
        "description": "GeoJSON Polygon of one ring, longitude before latitude (WGS 84).",
        "properties": {
            "type": {"const": "Polygon"},
            "coordinates": {
                "type": "array",
                "minItems": 1,
                "maxItems": 1,
                "items": {
                    "type": "array",
                    "minItems": 4,
                    "maxItems": LONGEST_RING,
                    "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
                },
            },
        },
        "required": ["type", "coordinates"],
        "additionalProperties": False,
    }
)
class PolygonField(serializers.Field):
    """A GeoJSON Polygon of one closed ring."""

    default_error_messages = {
        "invalid": _("Give a GeoJSON object of type Polygon: its coordinates are a list of one ring of positions."),
        "one_ring": _("Give one ring; holes are not taken."),
        "length": _("Give a ring of 4 to {longest} positions."),
        "closed": _("The last position of the ring must be its first."),
        "range": _("Position {index} is not on earth: longitude -180 to 180, then latitude -90 to 90."),
    }

    def to_internal_value(self, data: Any) -> Polygon:
        """Read the polygon (SRID 4326)."""
        if not isinstance(data, Mapping) or set(data) != {"type", "coordinates"} or data["type"] != "Polygon":
            self.fail("invalid")
        rings = data["coordinates"]
        if not isinstance(rings, list) or not rings or not all(isinstance(ring, list) for ring in rings):
            self.fail("invalid")
        if len(rings) > 1:
            self.fail("one_ring")
        if not 4 <= len(rings[0]) <= LONGEST_RING:
            self.fail("length", longest=LONGEST_RING)
        ring = [self._position(index, position) for index, position in enumerate(rings[0])]
        if ring[0] != ring[-1]:
            self.fail("closed")
        return Polygon(LinearRing(ring), srid=4326)

    def to_representation(self, value: Polygon) -> dict[str, Any]:
        """Write the polygon as GeoJSON."""
        return {"type": "Polygon", "coordinates": [[list(position[:2]) for position in value[0]]]}

    def _position(self, index: int, position: Any) -> tuple[float, float]:
        if not isinstance(position, list) or len(position) != 2:
            self.fail("range", index=index)
        if any(isinstance(degrees, bool) or not isinstance(degrees, int | float) for degrees in position):
            self.fail("range", index=index)
        longitude, latitude = position
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            self.fail("range", index=index)
        return round(float(longitude), 7), round(float(latitude), 7)


class Text(serializers.CharField):
    """Text, and nothing that would have to be turned into text. NUL and half characters are refused."""

    default_error_messages = {"invalid": _("Give text.")}

    def to_internal_value(self, data: Any) -> str:
        """Read text from a JSON string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


def one_of(choices: Any, **said: Any) -> serializers.ChoiceField:
    """Return the field of a word that is one of a few. What was sent instead is not repeated: it may be anything."""
    words = ", ".join(map(str, serializers.ChoiceField(choices).choices))
    none = format_lazy(_("Give one of these: {words}."), words=words)
    return serializers.ChoiceField(choices, error_messages={"invalid_choice": none}, **said)


class Pattern(Text, serializers.RegexField):
    """Text of a certain form, as it stands: with a space before it, it is of another."""

    def __init__(self, regex: str, **said: Any) -> None:
        super().__init__(regex, trim_whitespace=False, **said)


def _reader(field: Any) -> glance.Reader:
    """Return how a field is read at a glance: by what it is itself, for a kind of its own may read otherwise."""
    kind = type(field)
    if kind is serializers.ChoiceField:
        return glance.choice(field)
    if kind is Text:
        return glance.text(field)
    if kind is Whole:
        return glance.number(field, int, kept=int)
    if kind is Pattern:
        return glance.pattern(field)
    if kind in (YesNo, Instant) and field.validators:
        return glance.unsure
    if kind is YesNo:
        return lambda given: given if type(given) is bool else glance.UNSURE
    if kind is Instant:
        return glance.faultless(str, field.to_internal_value)
    if kind is serializers.ListField:
        child = field.child
        documents = isinstance(child, StrictSerializer)
        return glance.items(field, glance.faultless(dict, child.run_validation) if documents else _reader(child))
    if kind in (Number, Coordinate):
        places = field.places
        return glance.number(field, int, float, kept=lambda given: round(float(given), places))
    return glance.unsure
