"""A web server as `./run serve` starts it, over one database, and devices that send to it at the same time."""

from __future__ import annotations

import os
import queue
import re
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
# As `./run serve` starts it, which this reads; what it does not say, the configuration does.
STARTED = re.compile(r"gunicorn config\.wsgi --config (\S+) ")
# A minute: each request is counted as ever, in Redis, and none of those that measure is refused.
ANY_NUMBER = 10**9
WAIT = 30  # seconds until it must answer


def processes() -> int:
    """How many web processes `./run serve` starts."""
    return int(runpy.run_path(str(ROOT / _configuration()))["workers"])


@contextmanager
def serving(database: str, *, settings: str) -> Iterator[int]:
    """Serve `database` by the settings module `settings`; give the port. The server ends with the block."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--config", _configuration()]
    command += ["--bind", f"{HOST}:{port}", "--no-control-socket"]
    environment = {
        **os.environ,
        "DATABASE_NAME": database,
        "DJANGO_SETTINGS_MODULE": settings,
        "API_REQUESTS_PER_MINUTE": str(ANY_NUMBER),
    }
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        _wait_for(server, port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=WAIT)


def request(path: str, body: bytes, *, token: str = "") -> bytes:
    """A POST of JSON, as a device writes it."""
    head = [f"POST {path} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    head += ["Accept: application/json", "Connection: close", *([f"Authorization: Token {token}"] if token else [])]
    return "\r\n".join([*head, "", ""]).encode() + body


def sent(port: int, requests: Sequence[bytes], *, at_once: int) -> tuple[float, list[float]]:
    """Send the requests, `at_once` devices in parallel; return the seconds in all, and of each until it was answered.

    Raises ValueError where one is not answered 201.
    """
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for one in requests:
        waiting.put(one)
    took: list[float] = []
    wrong: list[str] = []

    def send() -> None:
        while not wrong:
            try:
                one = waiting.get_nowait()
            except queue.Empty:
                return
            began = time.perf_counter()
            answer = _answer(port, one)
            took.append(time.perf_counter() - began)
            if not answer.startswith(b"HTTP/1.1 201 "):
                wrong.append(answer.partition(b"\r\n")[0].decode())

    devices = [threading.Thread(target=send) for _device in range(at_once)]
    began = time.perf_counter()
    for device in devices:
        device.start()
    for device in devices:
        device.join()
    if wrong:
        raise ValueError(f"The answer was {wrong[0]}.")
    return time.perf_counter() - began, took


def _answer(port: int, one: bytes) -> bytes:
    with socket.create_connection((HOST, port), timeout=WAIT) as line:
        line.sendall(one)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


def _configuration() -> str:
    found = STARTED.search((ROOT / "run").read_text())
    if found is None:
        raise LookupError("`./run serve` no longer starts gunicorn as it did.")
    return found[1]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return one.getsockname()[1]


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    ready = f"GET /readyz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
    until = time.monotonic() + WAIT
    while time.monotonic() < until and server.poll() is None:
        try:
            if _answer(port, ready).startswith(b"HTTP/1.1 200 "):
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("The web server does not answer.")
