"""What a log holds of a fault: its type and where it was, never what it says, which may be what somebody typed."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.logs import JsonFormatter, WordlessFormatter
from monitoring import audit, heartbeats
from reports import closings, edition_pages
from reports.models import Closing
from reports.tasks import advance_closing
from tests.reports.test_worker_killed import until, worker
from tests.violations.cases import taken

WORDS = "the weaver at the mill"
# What every process logs to, once Django and Celery have set themselves up.
HANDLERS = """
import json, logging, django
django.setup()
from config.celery import app
app.log.setup()
import importlib.util
from gunicorn.config import Config
web = importlib.util.module_from_spec(spec := importlib.util.spec_from_file_location("web", "deploy/web.py"))
spec.loader.exec_module(web)
asked = Config()
asked.set("accesslog", "-")
web.Logger(asked)
names = [None, *logging.root.manager.loggerDict]
print(json.dumps([
    [str(name), type(handler).__name__, type(handler.formatter).__name__]
    for name in names for handler in logging.getLogger(name).handlers
]))
"""


@pytest.fixture
def written():
    """What the configured handler writes during the test."""
    (console,) = [handler for handler in logging.getLogger().handlers if handler.get_name() == "console"]
    into = io.StringIO()
    before = console.setStream(into)
    yield into.getvalue
    console.setStream(before)


def quoting(words: str) -> None:
    """Fail as PostgreSQL fails: with what it was given."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select %s::int", [words])


def client_of(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_what_was_typed_on_an_admin_page_that_fails_is_not_in_the_log(exercise, people, written, monkeypatch):
    report = taken(exercise, people.monitor_north, by=people.moderator_south)
    monkeypatch.setattr(audit, "done", lambda action, **_of: quoting(WORDS))
    page = reverse("admin:violations_incidentreport_return", args=[report.public_id])
    answer = client_of(people.moderator_south).post(page, {"grounds": WORDS})
    assert answer.status_code == 500
    assert WORDS not in answer.content.decode()
    log = written()
    assert f"Internal Server Error: {page}" in log
    assert 'tests/test_logs.py", line' in log
    assert ", in quoting\n" in log
    assert log.index("psycopg.errors.InvalidTextRepresentation") < log.index("django.db.utils.DataError")
    assert "weaver" not in log


@pytest.mark.django_db
def test_what_a_page_of_the_portal_was_asked_is_not_in_the_log_where_it_fails(people, written, monkeypatch):
    monkeypatch.setattr(edition_pages.Paginator, "get_page", lambda self, number: quoting(number))
    answer = client_of(people.guarantor_alder).get(reverse("editions"), {"page": WORDS})
    assert answer.status_code == 500
    log = written()
    assert "Internal Server Error: /editions/" in log
    assert "django.db.utils.DataError" in log
    assert "weaver" not in log


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_a_worker_s_task_fails_with_is_not_in_its_log(exercise, tmp_path):
    """A file stands where the folder of files should be, and a task is told words for a number."""
    where = tmp_path / "planted-word"
    where.write_text("")
    closing = closings.request(exercise, "day", "2025-03-10")
    with worker(tmp_path / "worker", where):
        advance_closing.delay(closing_id=closing.pk)
        advance_closing.delay(closing_id=WORDS)
        log = tmp_path / "worker" / "log"
        until(lambda: "raised unexpected" in log.read_text(), tmp_path / "worker")
        until(lambda: Closing.objects.exclude(failure="").exists(), tmp_path / "worker")
        until(lambda: f"Closing {closing.public_id} failed." in log.read_text(), tmp_path / "worker")
    assert "planted-word" in Closing.objects.get().failure, "who may look at the closing is told why"
    text = log.read_text()
    assert "\nNotADirectoryError\n" in text
    assert "raised unexpected: ValueError" in text
    assert ", in advance\n" in text
    assert "planted-word" not in text
    assert "weaver" not in text


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_with_its_beat_writes_json_alone_and_both_are_heard_of(tmp_path, monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "json")
    began = timezone.now() - timedelta(seconds=1)
    with worker(tmp_path / "worker", tmp_path):
        log = tmp_path / "worker" / "log"
        until(lambda: log.read_text().count("] succeeded in ") >= 2, tmp_path / "worker")
        until(lambda: all(heartbeats.last(heartbeats.BEAT, heartbeats.WORKER).values()), tmp_path / "worker")
        lines = log.read_text().splitlines()[:-1]  # the last may be on its way
    assert [line for line in lines if not line.startswith("{")] == []
    told = [json.loads(line) for line in lines]
    assert {one["task"] for one in told if "task_id" in one} == {"reports.tasks.sweep_closings"}
    assert {one["logger"] for one in told} >= {"celery.beat", "celery.app.trace"}
    assert all(at >= began.replace(microsecond=0) for at in heartbeats.last("beat", "worker").values())


@pytest.mark.parametrize(("written_as", "ours"), [("line", "WordlessFormatter"), ("json", "JsonFormatter")])
def test_no_handler_of_any_process_writes_otherwise(written_as, ours):
    asked = os.environ | {"LOG_FORMAT": written_as}
    told = subprocess.run([sys.executable, "-c", HANDLERS], check=True, capture_output=True, text=True, env=asked)
    handlers = json.loads(told.stdout)
    assert {"None", "gunicorn.error", "gunicorn.access"} <= {name for name, *_rest in handlers}
    assert {kind for _name, handler, kind in handlers if handler != "NullHandler"} == {ours}


def test_a_log_in_a_form_that_nobody_knows_is_a_refusal_to_start():
    asked = os.environ | {"LOG_FORMAT": "xml"}
    told = subprocess.run([sys.executable, "-c", HANDLERS], check=False, capture_output=True, text=True, env=asked)
    assert told.returncode != 0
    assert "LOG_FORMAT is line or json, not xml." in told.stderr


def logged(log, formatter: logging.Formatter | None = None) -> str:
    """What the formatter makes of the one record that `log` makes, after a handler that writes the words."""
    into = io.StringIO()
    other, ours = logging.StreamHandler(io.StringIO()), logging.StreamHandler(into)
    ours.setFormatter(formatter or WordlessFormatter("%(levelname)s %(message)s"))
    logger = logging.getLogger("tried")
    logger.propagate, logger.handlers = False, []
    logger.addHandler(other)
    logger.addHandler(ours)
    log(logger)
    assert "weaver" in other.stream.getvalue()
    return into.getvalue()


def failed(logger) -> None:
    try:
        try:
            raise KeyError(WORDS)
        except KeyError as error:
            raise ExceptionGroup(WORDS, [ValueError(WORDS), OSError(5, WORDS)]) from error
    except ExceptionGroup as error:
        logger.exception("It failed with %s, that is %r.", error, error)


def test_causes_groups_and_exceptions_named_in_the_line_are_told_by_type():
    text = logged(failed)
    assert text.startswith("ERROR It failed with ExceptionGroup, that is 'ExceptionGroup'.\n")
    types = [line for line in text.splitlines()[1:] if not line.startswith("  File ")]
    assert types == ["KeyError", "ValueError", "OSError", "ExceptionGroup"]
    assert text.count('tests/test_logs.py", line') == 2
    assert "weaver" not in text


@pytest.mark.parametrize(
    "log",
    [
        lambda logger: logger.error(ValueError(WORDS)),
        lambda logger: logger.error("It said %s", ValueError(WORDS)),
        lambda logger: logger.error("Task %(name)s: %(exc)s", {"name": "advance", "exc": f"ValueError('{WORDS}')"}),
        lambda logger: logger.error(WORDS, exc_info=ValueError(WORDS)),
    ],
)
def test_words_within_the_line_are_replaced_by_the_type(log):
    text = logged(log)
    assert "ValueError" in text
    assert "weaver" not in text


def test_what_is_no_exception_is_written_as_it_is():
    assert logged(lambda logger: logger.warning("%s of the weaver", 7)) == "WARNING 7 of the weaver\n"


def test_a_log_in_json_tells_a_fault_by_type_and_frames_on_one_line_of_ascii():
    text = logged(failed, JsonFormatter())
    assert text.count("\n") == 1
    assert text.isascii()
    told = json.loads(text)
    assert told["event"] == "It failed with ExceptionGroup, that is 'ExceptionGroup'."
    assert (told["level"], told["logger"], told["process"]) == ("ERROR", "tried", os.getpid())
    assert datetime.fromisoformat(told["time"]).utcoffset() == timedelta()
    assert [error["type"] for error in told["errors"]] == ["KeyError", "ValueError", "OSError", "ExceptionGroup"]
    assert 'tests/test_logs.py", line' in told["errors"][0]["frames"][0]
    assert "weaver" not in text


TASK = {"name": "reports.tasks.advance_closing", "id": "7b2b4f3e-8f0c-4a53-9b61-0e8a8f5f1c11", "exc": f"E('{WORDS}')"}


@pytest.mark.parametrize(
    ("log", "ids"),
    [
        (
            lambda logger: logger.error("Task %(name)s[%(id)s]: %(exc)s", TASK),
            {"task": TASK["name"], "task_id": TASK["id"], "event": f"Task {TASK['name']}[{TASK['id']}]: E"},
        ),
        (
            lambda logger: logger.error("It said %s", ValueError(WORDS), extra={"status_code": 503, "said": WORDS}),
            {"status": 503, "event": "It said ValueError"},
        ),
        (
            lambda logger: logger.error("Of %(exc)s", {"name": WORDS, "id": WORDS, "exc": f"E({WORDS})"}),
            {"event": "Of E"},
        ),
    ],
)
def test_ids_of_tasks_and_answers_stand_beside_the_event_and_nothing_else_does(log, ids):
    text = logged(log, JsonFormatter())
    told = json.loads(text)
    assert {key: told[key] for key in told if key not in {"time", "level", "logger", "process"}} == ids
    assert "weaver" not in text


def test_what_would_begin_a_line_of_its_own_or_turn_one_does_not_in_json():
    text = logged(lambda logger: logger.warning("%s of the weaver", "one\ntwo \u202e\u2028three"), JsonFormatter())
    assert text.count("\n") == 1
    assert text.isascii()
    assert len(text.splitlines()) == 1
