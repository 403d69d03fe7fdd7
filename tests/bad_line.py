"""A bad line: a proxy that loses, delays, doubles and so reorders one in five requests and answers."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

WORST = 0.2  # of the requests, and of the answers, meet with something
LONGEST_DELAY = 0.4  # seconds


class BadLine:
    """Listens on a port of its own and passes one request a connection on to `server`, or does not."""

    def __init__(self, server: tuple[str, int], *, seed: int) -> None:
        self.server = server
        self.befell: Counter[str] = Counter()
        self.under_way = 0
        self._chance = random.Random(seed)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        self._lock = threading.Lock()

    def serve(self) -> None:
        """Take connections until the line is closed."""
        while True:
            try:
                connection, _address = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _fate(self, of: str) -> str:
        """What befalls a request or an answer, mostly nothing."""
        with self._lock:
            fate = "passed"
            if self._chance.random() < WORST:
                fate = self._chance.choice(["lost", "delayed", "doubled"] if of == "request" else ["lost", "delayed"])
            self.befell[f"{of} {fate}"] += 1
        return fate

    def _delay(self) -> None:
        with self._lock:
            seconds = self._chance.uniform(0.05, LONGEST_DELAY)
        time.sleep(seconds)

    def _carry(self, device: socket.socket) -> None:
        with device:
            request = _whole(device)
            if not request:
                return
            fate = self._fate("request")
            if fate == "lost":
                return
            if fate == "delayed":
                self._delay()
            if fate == "doubled":
                threading.Thread(target=self._ask, args=(request,), daemon=True).start()
            answer = self._ask(request)
            fate = self._fate("answer")
            if fate == "lost":
                return
            if fate == "delayed":
                self._delay()
            try:
                device.sendall(answer)
            except OSError:
                return  # the device gave up waiting

    def _ask(self, request: bytes) -> bytes:
        with self._lock:
            self.under_way += 1
        try:
            with socket.create_connection(self.server, timeout=60) as onward:
                onward.sendall(request)
                answer = b""
                while received := onward.recv(65536):
                    answer += received
            return answer
        finally:
            with self._lock:
                self.under_way -= 1


def _whole(device: socket.socket) -> bytes:
    """Read one request, to the end of its body."""
    device.settimeout(10)
    read = b""
    while b"\r\n\r\n" not in read:
        received = device.recv(65536)
        if not received:
            return b""
        read += received
    head, body = read.split(b"\r\n\r\n", 1)
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while lengths and len(body) < int(lengths[0]):
        body += device.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def bad_line(server: tuple[str, int], *, seed: int) -> Iterator[BadLine]:
    """A bad line to `server` for as long as it is needed."""
    line = BadLine(server, seed=seed)
    carrying = threading.Thread(target=line.serve, daemon=True)
    carrying.start()
    try:
        yield line
    finally:
        line.close()
        carrying.join()
