"""How the API describes itself: OpenAPI 3.1, every operation with the problems that it may answer with."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema

from config.problems import MEDIA_TYPE, ProblemSerializer

REFUSALS = {
    "400": "The document or the query is malformed: `errors` says where and what to do.",
    "401": "No valid device token.",
    "403": "Your role does not allow it.",
    "404": "It is not there, or not yours to know.",
    "406": "What is there cannot be told in a form that you accept.",
    "409": "Not in this state of things; `code` says why.",
    "413": "The document is too large.",
    "415": "The document is not JSON.",
    "429": "Too many requests of your account: wait as long as Retry-After says.",
}
RATE = {
    "RateLimit-Policy": {
        "description": 'Requests allowed an account (q) in so many seconds (w): "account";q=1200;w=60.',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": 'What remains (r), and seconds until it begins anew (t): "account";r=1199;t=42.',
        "schema": {"type": "string"},
    },
}
BODY_ONLY = ("409", "413", "415")


class Schema(AutoSchema):
    """Describes each operation, with the problems it may answer with."""

    def get_tags(self) -> list[str]:
        """Group by what the path names first."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status, body in bodies.items():
            body["description"] = body.get("description") or HTTPStatus(int(status)).phrase
        problem = self.resolve_serializer(ProblemSerializer, direction).ref
        for status, description in REFUSALS.items():
            if self.method == "GET" and status in BODY_ONLY and status not in bodies:
                continue
            if status == "404" and "{" not in self.path and status not in bodies:
                continue
            said = bodies.get(status, {}).get("description") or description  # of the door's own, where it says one
            bodies[status] = {"description": said, "content": {MEDIA_TYPE: {"schema": problem}}}
        if self.view.throttle_classes:
            for body in bodies.values():
                body["headers"] = {**body.get("headers", {}), **RATE}
            bodies["429"]["headers"]["Retry-After"] = {"description": "Seconds.", "schema": {"type": "integer"}}
        return bodies


def anything(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of what may be anything that it may: “one of null and anything” would refuse null, which is both."""
    for schema in result.get("components", {}).get("schemas", {}).values():
        for told in schema.get("properties", {}).values():
            if {} in told.get("oneOf", ()):
                del told["oneOf"]
    return result


def close_inputs(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of each document that is handed in that other members are refused."""
    for name, schema in result.get("components", {}).get("schemas", {}).items():
        if name.endswith("Input") and schema.get("type") == "object":
            schema["additionalProperties"] = False
    return result


def summaries(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of each operation beside its path what it is for: the first paragraph of its description."""
    for path in result.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and operation.get("description"):
                operation["summary"] = operation["description"].partition("\n\n")[0].replace("\n", " ")
    return result
