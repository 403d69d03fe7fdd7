"""What is answered where an address or an account asks too often."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

WAIT = 300  # seconds: the longest time over which attempts at a page are counted


def too_many(request: HttpRequest) -> HttpResponse:
    """Say so, in words, and for how long."""
    context = {
        "title": _("Too many attempts"),
        "message": _(
            "Too many attempts came from here, so this one was not looked at. Wait five minutes, then try again."
        ),
    }
    response = render(request, "config/accounts/told.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(WAIT)
    return response
