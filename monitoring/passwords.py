"""Passwords made of words that everybody here knows: of the service and of its truces (OWASP ASVS 5.0, 6.2.11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from monitoring.models import Agreement, GuarantorState, Party, Team

SERVICE = ("ceasefire", "monitoring", "monitor", "truce", "violation", "guarantor", "moderator", "operator", "password")
SHORTEST_WORD = 4


class OwnWordsValidator:
    """Refuse a password that is too short once the mechanism's own words are taken out of it.

    So a long sentence may speak of a truce, and “astana-2016-truce” is none.
    """

    def __init__(self, min_length: int = 12) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError where what is left is too short."""
        rest = password.lower()
        for word in sorted(set(_own_words()), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.lower() and len(rest) < self.min_length:
            raise ValidationError(
                _("Without the words that everybody here knows, this password is too short."), code="own_words"
            )

    def get_help_text(self) -> str:
        """Say so beforehand."""
        return _("Words of the mechanism, such as the names of its truces and states, do not count.")


def _own_words() -> Iterator[str]:
    """The words, in lower case."""
    yield from SERVICE
    for model in (Agreement, GuarantorState, Party, Team):
        for code, names in model.objects.values_list("code", "names"):
            told = [code, *(str(name) for name in names.values())]
            yield from (word for word in re.split(r"[\W_]+", " ".join(told).lower()) if len(word) >= SHORTEST_WORD)
