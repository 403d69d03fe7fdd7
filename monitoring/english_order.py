"""The order in which States, parties and sides stand: by their English names, whatever language the page is in.

Codes are an operator's, and other languages begin their alphabets elsewhere: neither may put a State first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from monitoring.models.record import Identity


def by_english_name(of: str = "") -> tuple[Any, str]:
    """What to order a queryset by, of what the path `of` leads to ("guarantor__"; none: the rows themselves)."""
    return Lower(KeyTextTransform("en", f"{of}names")), f"{of}code"


def english(one: Identity) -> tuple[str, str]:
    """The key by which rows that are read already are sorted."""
    return one.name.lower(), one.code
