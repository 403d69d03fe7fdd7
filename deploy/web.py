"""Gunicorn's settings for the web process: how long a request may take, and what it writes down of it.

Query strings hold what people look for, referring addresses repeat them, and a malformed request may be a whole
report: none of it goes into a log, nor what an exception says, which may quote it. There is no log of requests; whoever
switches one on gets method, path and outcome.
"""

from __future__ import annotations

import gc
import os
from typing import Any

from gunicorn import glogging

# Seconds until a process is ended that has not answered. Files go to people on slow lines; what is sent block by block
# bounds itself before (EXPORT_SECONDS in config/settings.py).
timeout = 120
accesslog = None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(M)s ms"
loglevel = "error"  # a warning quotes the malformed request and whence it came


def pre_request(_worker: Any, request: Any) -> None:
    """Forget the query before anything can fail: the line about a failed request quotes `uri`; Django has its own."""
    request.uri = request.uri.partition("?")[0]


def post_worker_init(_worker: Any) -> None:
    """Lay aside what was loaded: it is there for good, and no search for waste need walk it again."""
    gc.collect()
    gc.freeze()


class Logger(glogging.Logger):
    """Gunicorn's logs, written as everywhere in the service: exceptions by type and frames; JSON where so said."""

    def setup(self, cfg: Any) -> None:
        """Set the logs up, then their formatters. The project can be imported only now: gunicorn is in its folder."""
        from config.logs import WordlessFormatter, formatter

        super().setup(cfg)
        written_as = os.environ.get("LOG_FORMAT") or "line"
        for log, line in ((self.error_log, self.error_fmt), (self.access_log, self.access_fmt)):
            own = WordlessFormatter(line, self.datefmt) if written_as == "line" else formatter(written_as)
            for handler in log.handlers:
                handler.setFormatter(own)


logger_class = Logger
