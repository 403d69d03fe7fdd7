"""A list of codes as it is told to others: where it comes from, and what each code means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise

OURS = "This project."


@dataclass(frozen=True)
class CodeList:
    """One list: its codes, where they come from, and what each means."""

    codes: type[TextChoices]
    origin: str
    definitions: Mapping[str, str | Promise]
