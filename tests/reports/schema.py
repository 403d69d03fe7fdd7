"""The JSON Schema of docs/, applied to contents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "content.schema.json").read_text())


def _validator(what: str) -> Draft202012Validator:
    return Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{what}"}]})


def check_content(content: dict[str, Any]) -> None:
    """Fail where the content of a closing does not fit."""
    _validator("closing").validate(content)


def check_edition(content: dict[str, Any]) -> None:
    """Fail where the content of an edition does not fit."""
    _validator("edition").validate(content)


def check_comments(told: dict[str, Any]) -> None:
    """Fail where the comments on a draft, as printed, do not fit."""
    _validator("comments").validate(told)


def check_supplement(told: dict[str, Any]) -> None:
    """Fail where a corrigendum or addendum does not fit."""
    _validator("supplement").validate(told)
