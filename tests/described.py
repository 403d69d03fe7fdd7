"""Every answer of the API in any test is one that its description tells of: status, form and content."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

DESCRIPTION = json.loads((Path(__file__).parent.parent / "docs" / "openapi.json").read_text())
PREFIX = "/api/v1/"


def require_described(method: str, path: str, response: Any) -> None:
    """Fail where the answer to a request is not described. What no operation takes and faults of ours are not."""
    if not path.startswith(PREFIX) or response.status_code in {405, 500} or method not in {"GET", "POST"}:
        return
    template = template_of(path)
    operation = DESCRIPTION["paths"].get(template, {}).get(method.lower())
    if operation is None:
        return
    told = operation["responses"].get(str(response.status_code))
    assert told is not None, f"{method} {template} answers {response.status_code}, which is not described"
    missing = {name for name, header in told.get("headers", {}).items() if header.get("required")} - set(
        response.headers
    )
    assert not missing, f"{method} {template}: {missing}"
    if response.streaming:
        return
    if not response.content:
        assert "content" not in told, f"{method} {template} answers {response.status_code} with nothing"
        return
    form = response["Content-Type"].partition(";")[0]
    assert form in told["content"], f"{method} {template} answers {response.status_code} as {form}, not described"
    if not form.endswith("json"):  # a file: of what stands in it the description says nothing
        return
    errors = validator(template, method.lower(), response.status_code, form).iter_errors(json.loads(response.content))
    said = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors]
    assert not said, f"{method} {template} answers {response.status_code} otherwise than described: {said}"


@cache
def patterns() -> list[tuple[re.Pattern[str], str]]:
    """Every path of the description as a pattern, those without parameters first."""
    paths = sorted(DESCRIPTION["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]


def template_of(path: str) -> str:
    """The path of the description that `path` is one of."""
    return next((template for pattern, template in patterns() if pattern.fullmatch(path)), "")


@cache
def validator(template: str, method: str, status: int, form: str) -> Draft202012Validator:
    """What validates an answer: no more members than are described, where all are."""
    content = DESCRIPTION["paths"][template][method]["responses"][str(status)]["content"][form]
    schema = {**content["schema"], "components": closed_components()}
    return Draft202012Validator(schema, format_checker=FormatChecker())


@cache
def closed_components() -> dict[str, Any]:
    """The components, each closed."""
    return closed(DESCRIPTION)["components"]


def closed(description: dict[str, Any]) -> dict[str, Any]:
    """The description with every component closed: what an answer holds beyond what is described is a fault."""
    description = json.loads(json.dumps(description))
    for schema in description["components"]["schemas"].values():
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return description
