"""What browsers and devices are told of keeping; that the API is spoken to by TLS alone, as it is addressed, in UTF-8.

Pages of the mechanism are read on borrowed desks: unless a door says otherwise, nothing of an answer is kept by a
browser or a proxy between (OWASP ASVS 5.0, 14.3.2). Files of ours that are the same for everybody, scripts and styles,
are answered before this and may be kept.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware
from django.utils.translation import gettext as _

from config.problems import Problem, problem_response

# What a browser forgets when somebody logs out: pages it kept, what scripts stored. Cookies stay: one of them says that
# the person is known in this browser, and the session's is void already.
FORGET = '"cache", "storage"'


class KeptNowhere:
    """Middleware: an answer that says nothing of being kept is kept nowhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the header."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ApiByTlsAlone:
    """Middleware: where the service stands behind TLS, a request to the API that came without is refused in words.

    A redirection would be followed in silence, and the token sent in the clear each time before it (OWASP ASVS 5.0,
    4.1.2). Pages are redirected: a person typed the address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or answer."""
        if settings.SECURE_SSL_REDIRECT and request.path.startswith("/api/") and not request.is_secure():
            sentence = _("Ask by https:// alone. What this request carried went in the clear: have its token replaced.")
            return problem_response(Problem(HTTPStatus.FORBIDDEN, "tls_required", sentence))
        return self.get_response(request)


class InUtf8:
    """Middleware: what is handed in in another encoding is refused before anything reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or answer."""
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8", "us-ascii"}:
            sentence = _("What is sent here is in UTF-8. Send it so, and name no other charset.")
            return problem_response(Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_in_utf8", sentence))
        return self.get_response(request)


class AsAddressed(CommonMiddleware):
    """Django's own, but that who hands something in at an address without its slash is told so, and not led on.

    What is led on is fetched and not handed in: the document would be lost in silence.
    """

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        """Whether to lead there: readers alone."""
        return request.method in {"GET", "HEAD"} and super().should_redirect_with_slash(request)
