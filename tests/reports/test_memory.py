"""What gets no memory is noted as failed with its cause, at once, and the next closing is made as ever."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from functools import partial

import pytest
from django.conf import settings
from django.db import connection

from reports import closings, renderers
from reports.closings import leasing, memory
from reports.models import Closing
from reports.renderers import pdf, typesetting
from reports.renderers.typesetting import TypesettingError
from tests.reports import readings
from tests.reports.test_worker_killed import ROOT
from tests.violations import occasions

# Typst begins a month's report in it and cannot end.
TOO_LITTLE = 128 * 2**20
# What Python and Typst say, at whatever point there is no more.
OUT_OF_MEMORY = "[Mm]emory|SIGABRT: |PanicException: |ImportError: .*map segment"


def close(day: str, files, **environment: str) -> subprocess.CompletedProcess[str]:
    """Close a day by the command, in a process of its own."""
    return subprocess.run(
        [sys.executable, "manage.py", "close_period", "--agreement", "exercise", "--period", day],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_NAME": connection.settings_dict["NAME"],
            "DATABASE_USER": connection.settings_dict["USER"],
            "FILES_ROOT": str(files),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_command_is_held_to_the_limit_and_notes_why_it_failed(exercise, people, files):
    occasions.filed(exercise, people.monitor_north)
    failed = close("2025-03-10", files, WORKER_ADDRESS_SPACE=str(32 * 2**20))
    closing = Closing.objects.get()
    assert failed.returncode == 1, failed.stderr
    assert closing.failure in failed.stderr.replace("\n", " ")
    assert re.search(OUT_OF_MEMORY, closing.failure), closing.failure
    assert (closing.released_at, closing.lease_holder, closing.attempts) == (None, None, 1)
    made = close("2025-03-11", files)
    assert made.returncode == 0, made.stderr
    assert Closing.objects.get(period="2025-03-11").state == "released"


@pytest.mark.slow
@pytest.mark.django_db
def test_a_pdf_that_gets_no_memory_fails_alone_and_the_next_closing_is_made(exercise, people, monkeypatch):
    occasions.filed(exercise, people.monitor_north)
    with monkeypatch.context() as tight:
        tight.setitem(renderers.FORMATS, "pdf", partial(pdf.render, at_most=TOO_LITTLE))
        failed = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    assert (failed.state, failed.lease_holder, failed.attempts) == ("computed", None, 1)
    assert re.match(f"TypesettingError: .*({OUT_OF_MEMORY})", failed.failure), failed.failure
    assert closings.advance(closings.request(exercise, "day", "2025-03-11").pk).state == "released"


@pytest.mark.parametrize("megabytes", [1, 64, 128, 256])
def test_however_little_it_gets_typst_ends_nobody_but_itself(megabytes):
    with pytest.raises(TypesettingError, match=OUT_OF_MEMORY):
        pdf.render(readings.reading(), at_most=megabytes * 2**20)


def test_one_child_makes_many_and_a_fresh_one_follows_one_that_is_gone():
    first = pdf.render(readings.reading(readings.JANUARY))
    (child,) = typesetting._kept
    assert pdf.render(readings.reading(readings.JANUARY)) == first
    assert typesetting._kept == [child]
    child.process.kill()
    assert pdf.render(readings.reading(readings.JANUARY)) == first
    assert typesetting._kept != [child]


def test_the_limit_holds_meanwhile_and_no_longer():
    before = resource.getrlimit(resource.RLIMIT_AS)
    with memory.bounded():
        assert resource.getrlimit(resource.RLIMIT_AS) == (settings.CELERY_WORKER_ADDRESS_SPACE, before[1])
        with pytest.raises(MemoryError):
            bytes(settings.CELERY_WORKER_ADDRESS_SPACE)
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_a_task_ends_before_its_lease_and_a_lease_before_the_message_is_handed_out_again():
    again = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    limits = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT
    assert limits[0] < limits[1] < leasing.LENGTH.total_seconds() < again
