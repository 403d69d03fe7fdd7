"""A table that does not come to its end is no table: whoever takes it sees that, over a real line."""

from __future__ import annotations

import http.client
import io
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from monitoring import devices
from tests.conftest import superuser_connection
from tests.reports.conftest import files  # noqa: F401 - a fixture
from tests.reports.released import released_month
from tests.violations import occasions
from tests.web.server import WebServer

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

A_WHILE = 15  # seconds that a table has
NUMBERS = count()


@pytest.fixture
def closing(exercise, people, files):  # noqa: F811
    occasions.filed(exercise, people.monitor_north)
    return released_month(exercise)


@pytest.fixture
def server(closing, tmp_path) -> Iterator[WebServer]:
    server = WebServer(tmp_path / "log", workers=3)
    server.environment |= {"FILES_ROOT": default_storage.location, "EXPORT_SECONDS": str(A_WHILE)}
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def returns_held_up() -> Iterator[None]:
    """Within this block nobody reads a return: what is told before them leaves, and then nothing comes."""
    with superuser_connection(connection.settings_dict["NAME"]) as postgres:
        postgres.execute("begin")
        postgres.execute("lock table violations_dailyreturn in access exclusive mode")
        yield
        postgres.execute("rollback")


def asked(server: WebServer, closing, person, file: str) -> http.client.HTTPResponse:
    edition, token = of(closing, person)
    return sent(server, edition, token, file)


def of(closing, person) -> tuple[str, str]:
    """The person's edition, and a token of theirs."""
    edition = closing.editions.get(guarantor__code=person.username.removeprefix("guarantor-"))
    return str(edition.public_id), devices.issue(person, name=f"portal {next(NUMBERS)}", by=None)


def sent(server: WebServer, edition: str, token: str, file: str) -> http.client.HTTPResponse:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    path = f"/api/v1/editions/{edition}/exports/{file}"
    line.request("GET", path, headers={"Authorization": f"Token {token}", "Accept": "*/*"})
    return line.getresponse()


def test_what_is_cut_short_is_seen_as_failed_and_asked_again_it_is_whole(server, closing, people):
    with returns_held_up():
        answer = asked(server, closing, people.guarantor_alder, "edition.zip")
        assert (answer.status, answer.getheader("Transfer-Encoding")) == (200, "chunked")
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            answer.read()
    again = asked(server, closing, people.guarantor_alder, "edition.zip")
    assert again.status == 200
    with zipfile.ZipFile(io.BytesIO(again.read())) as archive:
        assert archive.testzip() is None


def test_what_fails_before_its_first_line_is_refused_and_no_half_of_a_file(server, closing, people):
    with returns_held_up():
        answer = asked(server, closing, people.guarantor_alder, "returns.csv")
        assert (answer.status, answer.getheader("Content-Type")) == (409, "application/problem+json")
        assert b"takes_too_long" in answer.read()


def test_one_table_at_a_time_goes_to_an_account_and_a_process_is_left_to_all_others(server, closing, people):
    edition, token = of(closing, people.guarantor_alder)
    cut: list[str] = []

    def take() -> None:
        try:
            sent(server, edition, token, "edition.zip").read()
        except (http.client.IncompleteRead, ConnectionResetError) as error:
            cut.append(type(error).__name__)

    with returns_held_up():
        first = threading.Thread(target=take)
        first.start()
        wait_for_the_first()
        for file in ("incidents.csv", "edition.xlsx", "edition.zip"):
            own = asked(server, closing, people.guarantor_alder, file)
            assert (own.status, b"one_at_a_time" in own.read()) == (409, True)
        other = asked(server, closing, people.guarantor_birch, "incidents.csv")
        assert (other.status, b"others_first" in other.read()) == (409, True)
        assert server.answers()
        first.join()
    assert len(cut) == 1
    own = asked(server, closing, people.guarantor_alder, "incidents.csv")
    assert (own.status, own.read()[:3]) == (200, b"\xef\xbb\xbf")


def wait_for_the_first() -> None:
    """Until a table waits for the returns."""
    ends = time.monotonic() + 4 * A_WHILE
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query ilike 'copy%'"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody takes a table.")
