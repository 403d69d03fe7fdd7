"""Gunicorn's settings for the web processes: how many, how long a request may take, and what they write down of it.

Query strings hold what people look for, referring addresses repeat them, and a malformed request may be a whole
report: none of it goes into a log, nor what an exception says, which may quote it. There is no log of requests; whoever
switches one on gets method, path and outcome.
"""

from __future__ import annotations

import gc
import os
from typing import Any

from gunicorn import glogging


def _asked_for() -> int:
    """How many web processes the operator wants; 0: as many as suit the machine. Raises ValueError: no such number."""
    asked = os.environ.get("WEB_PROCESSES") or "0"
    if not asked.isdecimal():
        raise ValueError(f"WEB_PROCESSES is a number of web processes, or 0, not {asked}.")
    return int(asked)


# A process waits for PostgreSQL or a slow line for a good part of each request; with more of them than cores another
# goes on meanwhile, and while one sends a table others take filings. As many as gunicorn's documentation begins with,
# and at most a third of PostgreSQL's hundred connections, so that two machines fit.
MOST = 33
workers = _asked_for() or min(2 * len(os.sched_getaffinity(0)) + 1, MOST)
# The service is loaded once: the processes share what they do not change of it, and one that died is back at once.
preload_app = True
# Seconds until a process is ended that has not answered. Files go to people on slow lines; what is sent block by block
# bounds itself before (EXPORT_SECONDS in config/settings.py).
timeout = 120
accesslog = None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(M)s ms"
loglevel = "error"  # a warning quotes the malformed request and whence it came


def pre_request(_worker: Any, request: Any) -> None:
    """Forget the query before anything can fail: the line about a failed request quotes `uri`; Django has its own."""
    request.uri = request.uri.partition("?")[0]


def when_ready(_server: Any) -> None:
    """Lay aside what was loaded: it is there for good, no search for waste need walk it, and so it stays shared."""
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
