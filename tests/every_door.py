"""A door by which something of the record is decided on: what it is about, and what is handed in there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

Giving = Callable[[str], dict[str, Any]]


def nothing(_public_id: str) -> dict[str, Any]:
    """A button alone."""
    return {}


@dataclass(frozen=True)
class Door:
    """A door, the kind of thing that it is about, and what is handed in there about one: whole and valid.

    `of_none`: its path names no thing; what is handed in does.
    """

    name: str
    kind: str
    gives: Giving = nothing
    api: bool = False
    of_none: bool = False
    as_content: dict[str, str] = field(default_factory=dict)

    def path(self, public_id: str) -> str:
        """Where it is handed in about this one."""
        return reverse(self.name, args=[] if self.of_none else [public_id])

    def handed_in(self, public_id: str) -> Any:
        """What is posted about this one."""
        given = self.gives(public_id)
        return json.dumps(given) if self.api else given


def admin(kind: str, *doors: str, gives: Giving = nothing, of: str = "", of_none: bool = False) -> list[Door]:
    """Doors of the admin's pages, about things of the kind `of` (that of the pages, if not given)."""
    return [Door(f"admin:violations_{kind}_{door}", of or kind, gives, of_none=of_none) for door in doors]


def api(name: str, kind: str, gives: Giving) -> Door:
    """A door of the API."""
    return Door(name, kind, gives, api=True, as_content={"content_type": "application/json"})
