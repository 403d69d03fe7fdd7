"""What stands in the logs of the services: nothing of what was sent to them."""

from __future__ import annotations

import json
import re
import socket
from urllib.parse import urlsplit

import pytest

from tests.run.conftest import ROOT, wait_until

pytestmark = pytest.mark.slow

KEPT = "create temp table kept (word text check (word = ''), number int unique)"
REFUSED = {
    "a bad cast": "select 'planted-word'::int",
    "a row against a check": f"{KEPT}; insert into kept values ('planted-word')",
    "a value that is not unique": f"{KEPT}; insert into kept values ('', 4711), ('', 4711)",
    "a line that a procedure was at": "do $$ begin perform 'planted-word'::int; end $$",
}
QUIET = {
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
CONFIGURED = """
import psycopg, os

def test_configured():
    with psycopg.connect(host=os.environ["DATABASE_HOST"], dbname="postgres", user="ceasefire_app") as database:
        assert {name: database.execute(f"show {name}").fetchone()[0] for name in QUIET} == QUIET
"""


def logs(clone) -> dict[str, str]:
    """Everything that the services of the clone wrote down, by name."""
    return {path.name: path.read_text() for path in (clone.path / "var").rglob("*.log")}


def test_nothing_of_what_is_refused_stands_in_the_servers_log(clone):
    lingering = clone.linger()
    for kind, statement in REFUSED.items():
        told = clone.run("manage", "ask", statement, exits=1)
        assert "planted-word" in told or "4711" in told, kind
    clone.let_go(lingering)
    log = logs(clone)["server.log"]
    assert not re.search("planted-word|4711|kept", log)


def test_the_services_of_a_test_keep_as_quiet(clone):
    (clone.path / "test_configured.py").write_text(f"QUIET = {QUIET}\n{CONFIGURED}")
    assert "1 passed" in clone.run("test", "-q", "test_configured.py")


def test_containers_keep_as_quiet():
    given = re.findall(r"^ +- (log_\w+)=(\w+)$", (ROOT / "docker-compose.yml").read_text(), re.MULTILINE)
    assert dict(given) == QUIET
    assert '"--config", "deploy/web.py"' in (ROOT / "Dockerfile").read_text()


def ask(address: str, request: bytes) -> bytes:
    """Send a request as it is; return the answer."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(4096), b""))


# The last two have what a person may add who wants a log of requests.
@pytest.mark.usefixtures("alone_at_the_ports")
@pytest.mark.parametrize(
    ("arguments", "written_as"), [("", "line"), ("--access-logfile -", "line"), ("--access-logfile -", "json")]
)
def test_what_was_asked_for_stands_in_no_log(clone, arguments, written_as):
    serving = clone.start("serve", GUNICORN_CMD_ARGS=arguments, LOG_FORMAT=written_as)
    wait_until((clone.path / "var/address").exists, serving)
    for line in iter(serving.stdout.readline, "demo_logins\n"):
        assert line, "It ended."
    address = (clone.path / "var/address").read_text().strip()
    rest = b"Host: localhost\r\nReferer: http://localhost/?text=planted-word\r\nConnection: close\r\n\r\n"
    assert b"ready" in ask(address, b"GET /asked-for?text=planted-word HTTP/1.1\r\n" + rest)
    assert b" 500 " in ask(address, b"GET /failing?text=planted-word HTTP/1.1\r\n" + rest)
    assert b" 400 " in ask(address, b"GET /malformed?text=planted-word\r\n" + rest)
    clone.run("stop")
    serving.communicate(timeout=60)
    written = logs(clone)
    if written_as == "json":
        told = [json.loads(line) for line in written["web.log"].splitlines()]
        (failed,) = [errors for line in told if (errors := line.get("errors"))]
        assert failed[-1]["type"] == "RuntimeError"
        assert re.search(r'wsgi.py", line \d+, in application$', failed[-1]["frames"][-1])
    else:
        assert re.search(r'wsgi.py", line \d+, in application\nRuntimeError\n', written["web.log"])
    assert ("/asked-for" in written["web.log"]) == bool(arguments)
    assert [name for name, log in written.items() if "planted-word" in log or "127.0.0.1" in log] == []
