"""The web server as `./run serve` starts it, on the test's database, for tests that send to it and that kill it."""

from __future__ import annotations

import http.client
import random
import re
import shlex
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import ROOT, Process, kill_child

STARTS_WITHIN = 60.0  # seconds, on a machine that does much else


class WebServer(Process):
    """Gunicorn and its worker processes, by the command that stands in `./run`: only port and number are the test's."""

    def __init__(self, log: Path, *, workers: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        super().__init__(*_command(port=self.port, workers=workers), log=log, API_REQUESTS_PER_MINUTE="0")

    def start(self) -> None:
        """Start it and wait until it answers."""
        super().start()
        ends = time.monotonic() + STARTS_WITHIN
        while not self.answers():
            assert self.process is not None
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < ends, self.said()
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether one of its workers answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=STARTS_WITHIN)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    def kill_a_worker(self, draw: random.Random) -> bool:
        """Kill one of the processes that answer, which gunicorn then replaces; whether there was one."""
        children = self.children()
        return bool(children) and kill_child(draw.choice(children))


def _command(*, port: int, workers: int) -> list[str]:
    """The command of `./run serve`, for this port and number of workers."""
    (written,) = re.findall(r"^  launch web (.+)$", (ROOT / "run").read_text(), re.MULTILINE)
    return [*shlex.split(written.replace("$port", str(port))), "--workers", str(workers)]


@contextmanager
def web_server(log: Path, *, workers: int) -> Iterator[WebServer]:
    """A web server for as long as it is needed."""
    server = WebServer(log, workers=workers)
    try:
        server.start()
        yield server
    finally:
        server.kill()
