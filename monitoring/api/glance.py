"""Members that say what nearly all of them say, read at a glance; everything else is read, and told, the long way.

A reader is made once for a field, of nothing but what the field itself says. It answers UNSURE where it would have to
think, and never answers otherwise than the field: so no fault is found here, and none is missed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core import validators
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

Reader = Callable[[Any], Any]

UNSURE = object()
_BOUNDS = {validators.MinValueValidator, validators.MaxValueValidator}
_OF_TEXT = {
    validators.MaxLengthValidator,
    validators.ProhibitNullCharactersValidator,
    ProhibitSurrogateCharactersValidator,
}


def unsure(_given: Any) -> Any:
    """The reader of a field of which nothing is known."""
    return UNSURE


def choice(field: serializers.ChoiceField) -> Reader:
    """Of a code that is in the list."""
    if field.validators:
        return unsure
    codes = field.choice_strings_to_values
    return lambda given: codes.get(given, UNSURE) if type(given) is str else UNSURE


def text(field: serializers.CharField) -> Reader:
    """Of text in ASCII that is not empty."""
    most = field.max_length
    if most is None or not {type(one) for one in field.validators} <= _OF_TEXT:
        return unsure

    def read(given: Any) -> Any:
        if type(given) is not str or not given.isascii() or "\0" in given:
            return UNSURE
        said = given.strip() if field.trim_whitespace else given
        return said if 0 < len(said) <= most else UNSURE

    return read


def number(field: serializers.IntegerField | serializers.FloatField, *kinds: type, kept: Reader) -> Reader:
    """Of a number of these `kinds` within the bounds, both of which there are; it is `kept` so."""
    least, most = field.min_value, field.max_value
    if least is None or most is None or not {type(one) for one in field.validators} <= _BOUNDS:
        return unsure

    def read(given: Any) -> Any:
        if type(given) not in kinds or not least <= given <= most:
            return UNSURE
        value = kept(given)
        return value if least <= value <= most else UNSURE

    return read
