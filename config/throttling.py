"""How many requests an account may make to the API a minute; told with every answer (RateLimit headers of the IETF).

Counted in Redis, which may be lost: then nobody is counted, and nobody is refused. What is counted is the account, by
its number, for a minute; nothing of what was asked. Whoever has no account is met at the login and by the token.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:  # by the framework's settings this is loaded while its views are
    from rest_framework.request import Request
    from rest_framework.views import APIView

MINUTE = 60
# Once Redis did not answer, it is not asked again for so many seconds.
LEFT_ALONE = 5.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rate:
    """Where an account stands: how many requests a minute, how many are left of this one, seconds until the next."""

    limit: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers writes it: quota and window, then what remains."""
        return {
            "RateLimit-Policy": f'"account";q={self.limit};w={MINUTE}',
            "RateLimit": f'"account";r={max(self.left, 0)};t={self.seconds}',
        }


class AccountRate(BaseThrottle):
    """So many requests a minute an account, whatever device they come from; 0: any number."""

    _silent_until = 0.0

    def __init__(self) -> None:
        self._rate: Rate | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request; whether it is within the rate."""
        limit = settings.API_REQUESTS_PER_MINUTE
        if not limit or request.user.pk is None:
            return True
        self._rate = self._counted(request.user.pk, limit)
        request._request.rate = self._rate  # type: ignore[attr-defined]
        return self._rate is None or self._rate.left >= 0

    def wait(self) -> float | None:
        """Seconds until the next minute."""
        return self._rate.seconds if self._rate else None

    @classmethod
    def _counted(cls, account: int, limit: int) -> Rate | None:
        now = time.time()
        if time.monotonic() < cls._silent_until:
            return None
        key = f"api-rate:{account}:{int(now // MINUTE)}"
        try:
            made, _kept = _redis().pipeline().incr(key).expire(key, 2 * MINUTE).execute()
        except redis.RedisError as error:
            cls._silent_until = time.monotonic() + LEFT_ALONE
            logger.warning("Requests are not counted: Redis does not answer (%s).", type(error).__name__)
            return None
        return Rate(limit, limit - made, MINUTE - int(now % MINUTE))


@cache
def _redis() -> Any:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.2, socket_connect_timeout=0.2)


class RateHeaders:
    """Middleware: tells the rate with every answer for which one was counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers."""
        response = self.get_response(request)
        rate: Rate | None = getattr(request, "rate", None)
        for name, value in rate.headers.items() if rate else ():
            response[name] = value
        return response
