"""What every request of a session passes: who holds no accreditation now is out; who lacks a second factor sets it up.

The session of a person whose last accreditation ended or ran out is ended here, at their next request. Devices pass the
same questions in config.authentication.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from config.browsers import FORGET
from config.problems import Problem, problem_response
from monitoring import audit
from monitoring.admission import admission_on

# Open to everybody, or needed to leave; nothing of the mechanism is behind them.
OPEN = {
    "healthz",
    "readyz",
    "metrics",
    "openapi",
    "api-docs",
    "logout",
    "invitation",
    "account_login",
    "mfa_authenticate",
}
# Where the second factor is set up, and what is asked there first.
SET_UP = {"mfa_activate_totp", "mfa_reauthenticate", "account_reauthenticate"}


class AccreditedAlone:
    """Ask what the account is admitted to, once a request; `request.admission` has the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask when the door is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let through, lead to the second factor, or end the session."""
        door = request.resolver_match.view_name if request.resolver_match else ""
        if door in OPEN or not request.user.is_authenticated:
            return None
        admission = admission_on(request)
        if not admission.is_somebody:
            audit.denied("session.use", by=request.user, reason="not_accredited")
            logout(request)
            return _not_accredited(request)
        if admission.must_set_up_second_factor and door not in SET_UP:
            return _without_second_factor(request)
        return None


def _not_accredited(request: HttpRequest) -> HttpResponse:
    sentence = _("Your account holds no accreditation now, so nothing is open to it. Ask an operator of the mechanism.")
    if _is_of_api(request):
        return problem_response(Problem(HTTPStatus.UNAUTHORIZED, "not_accredited", sentence))
    context = {"title": _("Not accredited"), "message": sentence}
    response = render(request, "config/accounts/not_accredited.html", context, status=HTTPStatus.FORBIDDEN)
    response["Clear-Site-Data"] = FORGET
    return response


def _without_second_factor(request: HttpRequest) -> HttpResponse:
    if _is_of_api(request):
        sentence = _("Your role wants a second factor. Log in on the pages of the service and set it up first.")
        return problem_response(Problem(HTTPStatus.FORBIDDEN, "second_factor_missing", sentence))
    return redirect("mfa_activate_totp")


def _is_of_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
