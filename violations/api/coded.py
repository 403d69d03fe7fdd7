"""Members that hold a code of one of the code lists: what is no code of it is told where the list is."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from violations.codebook_definitions import LISTS

NAMES = {found.codes: name for name, found in LISTS.items()}


def coded(codes: type[TextChoices], **said: Any) -> serializers.ChoiceField:
    """Return the field of a code of that list. What was sent instead is not repeated."""
    no_code = format_lazy(
        _("Give a code of the list {name}: {where} tells every code and what it means."),
        name=NAMES[codes],
        where=reverse_lazy("reference-code-lists"),
    )
    return serializers.ChoiceField(codes.choices, error_messages={"invalid_choice": no_code}, **said)
