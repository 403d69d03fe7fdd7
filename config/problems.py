"""Refusals as problem details (RFC 9457): what the API answers where it does not do what was asked, in one place.

Each denial (403, 404) of a person who is known leaves its audit row here, after the refused transaction was rolled
back. The row names no object: of a report, that would tell who stands behind it. Nothing that was sent is repeated in
an answer or in the log but the names of members; only the owner of a client id is told where what they sent now differs
from what they filed under it.
"""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import is_valid_path
from django.utils.translation import gettext as _
from django.views import defaults
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from monitoring import audit
from monitoring.errors import Malformed, Refusal
from monitoring.ledger import Conflict
from monitoring.models import User

MEDIA_TYPE = "application/problem+json"
DENIALS = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """What is wrong: status, a stable code, a sentence, and per JSON pointer what to do about it."""

    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = field(default_factory=list)
    members: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """The problem as RFC 9457 writes it; about:blank, for the status says what kind it is and `code` which."""
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.errors:
            document["errors"] = self.errors
        return {**self.members, **document}


class FieldProblemSerializer(serializers.Serializer):
    """What is wrong at one place of the document."""

    pointer = serializers.CharField(help_text="JSON pointer (RFC 6901) as a URI fragment, such as #/occurred/from.")
    detail = serializers.CharField()


class DifferenceSerializer(serializers.Serializer):
    """Where what was sent differs from what was filed first; of the sealed source neither is told."""

    pointer = serializers.CharField(help_text="JSON pointer (RFC 6901) as a URI fragment, such as #/occurred/from.")
    filed = serializers.JSONField(required=False, allow_null=True, help_text="As it was filed; null: nothing.")
    sent = serializers.JSONField(required=False, allow_null=True, help_text="As it was sent now; null: nothing.")


@extend_schema_serializer(component_name="Problem")
class ProblemSerializer(serializers.Serializer):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence that says what to do.")
    code = serializers.CharField(help_text="Stable; a program can act on it.")
    errors = FieldProblemSerializer(many=True, required=False)  # type: ignore[assignment]
    latest = serializers.UUIDField(
        required=False, help_text="With not_latest and client_id_taken: the newest revision of the report."
    )
    receipt = serializers.CharField(
        required=False,
        help_text="With client_id_taken, and where another correction waits: the receipt of that filing.",
    )
    differences = DifferenceSerializer(many=True, required=False, help_text="With client_id_taken: each difference.")
    correct_at = serializers.URLField(required=False, help_text="With client_id_taken: the door to correct it by.")


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of an API view. Of unexpected ones the log holds no words: they may repeat what was sent."""
    problem = problem_of(exc)
    if problem and isinstance(exc, exceptions.UnsupportedMediaType):
        taken = ", ".join(parser.media_type for parser in context["view"].parser_classes)
        problem = replace(
            problem, detail=_("What is taken here is %(media)s: name it as Content-Type.") % {"media": taken}
        )
    if problem is None:
        if settings.DEBUG:
            return None
        problem = _unexpected(exc, context)
    if problem.status in DENIALS:
        _audit_denial(problem, context)
    return Response(problem.document, status=problem.status, headers=problem.headers, content_type=MEDIA_TYPE)


def problem_of(exc: Exception) -> Problem | None:
    """Return the problem that `exc` is, or None where it is a fault of ours."""
    if isinstance(exc, Malformed):
        errors = [_at(pointer, sentence) for pointer, sentences in exc.fields.items() for sentence in sentences]
        return Problem(exc.status, exc.code, exc.message, errors, exc.members)
    if isinstance(exc, Refusal):
        return Problem(exc.status, exc.code, exc.message, members=exc.members)
    if isinstance(exc, Conflict):
        detail = _("Somebody else changed this at the same moment. Look at it again, then repeat.")
        return Problem(HTTPStatus.CONFLICT, "raced", detail)
    if isinstance(exc, exceptions.ValidationError):
        detail = _("The document cannot be taken like this; see each error.")
        return Problem(exc.status_code, "malformed", detail, list(_flat(exc.detail, "")))
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        detail = _("Send a valid device token in the header Authorization: Token ..., or log in.")
        return Problem(HTTPStatus.UNAUTHORIZED, "not_authenticated", detail, headers={"WWW-Authenticate": "Token"})
    if isinstance(exc, Http404):
        return Problem(HTTPStatus.NOT_FOUND, "not_found", _("There is nothing here, or nothing of yours to know."))
    if isinstance(exc, PermissionDenied):
        return Problem(HTTPStatus.FORBIDDEN, "permission_denied", _("Your account may not do this."))
    if isinstance(exc, exceptions.APIException):
        headers = {"Retry-After": str(int(exc.wait))} if getattr(exc, "wait", None) else {}  # type: ignore[attr-defined]
        return Problem(exc.status_code, str(exc.get_codes()), str(exc.detail), headers=headers)
    return None


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that is none: as a problem below /api/, as a page elsewhere."""
    if not request.path.startswith("/api/"):
        return defaults.page_not_found(request, exception)
    sentence = _("There is nothing at this address.")
    if not request.path_info.endswith("/") and is_valid_path(f"{request.path_info}/"):
        sentence = _("There is nothing at this address, but with a slash at its end: ask there.")
    return problem_response(Problem(HTTPStatus.NOT_FOUND, "not_found", sentence))


def problem_response(problem: Problem) -> JsonResponse:
    """Answer with a problem outside an API view."""
    return JsonResponse(problem.document, status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers)


def _flat(detail: Any, pointer: str) -> list[dict[str, str]]:
    """Return the faults of a document, nested as serializers nest them, each with its JSON pointer."""
    if isinstance(detail, dict):
        return [
            fault
            for name, inner in detail.items()
            for fault in _flat(inner, pointer if name == "non_field_errors" else f"{pointer}/{_escaped(name)}")
        ]
    if isinstance(detail, list):
        faults = []
        for index, inner in enumerate(detail):
            faults += _flat(inner, f"{pointer}/{index}" if isinstance(inner, dict | list) else pointer)
        return faults
    return [_at(pointer, str(detail))]


def _at(pointer: str, sentence: str) -> dict[str, str]:
    """A fault at its place. Half a sign cannot be written in UTF-8: a framework's sentence may repeat one."""
    return {"pointer": f"#{pointer}", "detail": sentence.encode(errors="backslashreplace").decode()}


def _escaped(name: object) -> str:
    """Return a member's name as RFC 6901 writes it; of a strange one only what can be shown safely."""
    shown = str(name)[:80].encode("ascii", "backslashreplace").decode()
    return shown.replace("~", "~0").replace("/", "~1")


def _audit_denial(problem: Problem, context: dict[str, Any]) -> None:
    request = context["request"]
    if not isinstance(request.user, User):
        return
    match = request.resolver_match
    action = f"{request.method.lower()} {match.view_name if match else ''}"
    audit.denied(action[:60], by=request.user, reason=problem.code[:60])


def _unexpected(exc: Exception, context: dict[str, Any]) -> Problem:
    where = "".join(traceback.format_tb(exc.__traceback__))
    logger.error("Unexpected %s in %s\n%s", type(exc).__name__, type(context["view"]).__name__, where)
    detail = _("Something is wrong on our side. What you sent was not recorded; send it again later.")
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected", detail)
