"""When a session ends: idle for a while, at the end of a working day, or when its account says so.

A session is kept alive by pages that somebody opens. What a script fetches, and what is asked of the API, does not: a
page left open may look for news for ever and its session still runs out.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

BEGAN, SEEN = "began", "seen"
NOT_SO_OFTEN = 60  # seconds between two notes that somebody was there


class Sessions(SessionMiddleware):
    """Django's, but that a database which fails while a session is written is no fault of who asked.

    Django takes it for a session that was ended meanwhile and answers that the request was bad. What was asked for may
    be done: whoever hears of a fault of ours tries again.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Write the session. Raises what the database raised; SessionInterrupted where the session was ended."""
        try:
            return super().process_response(request, response)
        except SessionInterrupted as interrupted:
            fault: BaseException | None = interrupted
            while fault is not None and not isinstance(fault, OperationalError | InterfaceError):
                fault = fault.__context__
            if fault is None:
                raise
            raise fault from None


class IdleOut:
    """Django forgets a session settings.SESSION_COOKIE_AGE after it was written: write it when a page is opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session that is over; else note that somebody is there."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        now, session = time.time(), request.session
        idle = now - session.get(SEEN, now) > settings.SESSION_COOKIE_AGE
        if idle or now - session.get(BEGAN, now) > settings.SESSION_LONGEST:
            logout(request)
        elif BEGAN not in session or (is_opened(request) and now - session[SEEN] > NOT_SO_OFTEN):
            session[SEEN] = now
            session.setdefault(BEGAN, now)
        return self.get_response(request)


def is_opened(request: HttpRequest) -> bool:
    """Whether a person opened this: a page, not what a page fetches or a program asks."""
    fetched = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate" or "X-Requested-With" in request.headers
    return not fetched and not request.path.startswith("/api/")
