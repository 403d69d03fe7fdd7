"""Members that say what nearly all of them say, read at a glance; everything else is read, and told, the long way.

A reader is made once for a field, of nothing but what the field itself says. It answers UNSURE where it would have to
think, and never answers otherwise than the field: so no fault is found here, and none is missed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core import validators
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import SkipField
from rest_framework.validators import ProhibitSurrogateCharactersValidator

Reader = Callable[[Any], Any]

UNSURE = object()
_BOUNDS = {validators.MinValueValidator, validators.MaxValueValidator}
_OF_LENGTH = {validators.MaxLengthValidator}
_OF_SIGNS = {validators.ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator}
_OF_TEXT = {*_OF_SIGNS, *_OF_LENGTH}


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
        if not _is_plain(given):
            return UNSURE
        said = given.strip() if field.trim_whitespace else given
        return said if 0 < len(said) <= most else UNSURE

    return read


def pattern(field: serializers.RegexField) -> Reader:
    """Of text of its form, as it stands."""
    form, *others = [one for one in field.validators if type(one) not in _OF_SIGNS]
    if type(form) is not validators.RegexValidator or others or form.inverse_match or field.trim_whitespace:
        return unsure
    fits = re.compile(form.regex).search  # the same, once compiled
    return lambda given: given if _is_plain(given) and given and fits(given) else UNSURE


def items(field: serializers.ListField, item: Reader) -> Reader:
    """Of a list of what its items say, each read by `item`."""
    most = field.max_length
    if item is unsure or most is None or not {type(one) for one in field.validators} <= _OF_LENGTH:
        return unsure

    def read(given: Any) -> Any:
        if type(given) is not list or not 0 < len(given) <= most:
            return UNSURE
        said = [item(one) for one in given]
        return UNSURE if any(one is UNSURE for one in said) else said

    return read


def faultless(kind: type, read: Reader) -> Reader:
    """Of what is of a `kind` and `read` without a fault; else the field itself tells what is wrong, and where."""

    def tried(given: Any) -> Any:
        try:
            return read(given) if type(given) is kind else UNSURE
        except (ValidationError, DjangoValidationError, SkipField):
            return UNSURE

    return tried


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


def _is_plain(given: Any) -> bool:
    """Whether it is text of ASCII signs that may all stand."""
    return type(given) is str and given.isascii() and "\0" not in given
