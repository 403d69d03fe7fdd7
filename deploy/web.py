"""Gunicorn's settings for the web process: what it writes down of a request.

Query strings hold what people look for, referring addresses repeat them, and a malformed request may be a whole
report: none of it goes into a log. There is no log of requests; whoever switches one on gets method, path and outcome.
"""

from __future__ import annotations

from typing import Any

accesslog = None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(M)s ms"
loglevel = "error"  # a warning quotes the malformed request and whence it came


def pre_request(_worker: Any, request: Any) -> None:
    """Forget the query before anything can fail: the line about a failed request quotes `uri`; Django has its own."""
    request.uri = request.uri.partition("?")[0]
