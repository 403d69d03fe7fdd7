"""Closing a period by hand, and recomputing what is stored."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from monitoring.errors import NotFound
from monitoring.models import AuditEntry
from reports import closings, downloads, renderers
from reports.closings.preparing import preparing
from reports.closings.verifying import Outcome, Verdict
from reports.models import Closing, Rendition
from tests.reports.released import released_month
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
ROOT = Path(__file__).parents[2]


def close(*options: str) -> str:
    out = StringIO()
    call_command("close_period", "--agreement", "exercise", "--period", "2025-03", *options, stdout=out)
    return out.getvalue()


def test_the_whole_road_is_walked_and_told(exercise, people, tmp_path):
    occasions.filed(exercise, people.monitor_north)
    told = close("--out", str(tmp_path / "out"))
    closing = Closing.objects.get()
    assert closing.state == "released"
    assert "exercise (simulated) 2025-03" in told
    assert told.count(closing.content_sha256[:16]) == 3
    copied = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "out").iterdir()}
    assert copied == dict(Rendition.objects.values_list("file_name", "sha256"))
    assert all("SIMULATED" in name for name in copied)


def test_every_copy_is_in_the_audit_like_a_download_and_what_is_there_is_not_copied_again(exercise, people, tmp_path):
    occasions.filed(exercise, people.monitor_north)
    close()
    assert not copies().exists(), "nothing was taken away yet"
    close("--out", str(tmp_path))
    rows = copies()
    assert sorted(rows.values_list("object_id", flat=True)) == sorted(
        map(str, Rendition.objects.values_list("public_id", flat=True))
    )
    assert set(rows.values_list("outcome", "object_kind", "agreement", "actor")) == {
        ("done", "rendition", exercise.pk, None)
    }
    assert close("--out", str(tmp_path)).count("is there") == copies().count() == 3
    changed = sorted(tmp_path.iterdir())[0]
    changed.write_text("other figures")
    close("--out", str(tmp_path))
    assert copies().count() == 4
    assert "other figures" not in changed.read_text()


def copies():
    return AuditEntry.objects.filter(action="rendition.copy")


def test_what_is_not_released_is_not_copied(exercise, people):
    lease = closings.claim(closings.request(exercise, "month", "2025-03").pk)
    closings.compute(lease)
    closings.render(lease)
    with preparing():
        rendition = Rendition.objects.select_related("edition__agreement").first()
        with pytest.raises(NotFound):
            downloads.copy(rendition, by=None)
    assert not copies().exists()


def test_a_second_run_changes_nothing_and_says_so(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    close()
    assert "Nothing is new: closing no. 1 stands." in close()
    assert Closing.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--agreement", "nowhere", "--period", "2025-03"], "no agreement “nowhere”"),
        (["--agreement", "exercise", "--period", "March"], "is no period"),
        (["--agreement", "exercise", "--period", "2025-02"], "ended before the truce"),
        (["--agreement", "exercise", "--period", "2025-03", "--cut-off", "then"], "is no instant"),
        (["--agreement", "exercise", "--period", "2025-03", "--cut-off", "2025-05-01T00:00:00"], "time zone"),
        (["--agreement", "exercise", "--period", "2025-03", "--cut-off", "2025-99-01T00:00:00Z"], "is no instant"),
    ],
)
def test_what_cannot_be_closed_is_said_in_a_sentence(exercise, options, told):
    with pytest.raises(CommandError, match=told):
        call_command("close_period", *options)


def test_what_fails_is_said_and_the_request_stands(exercise, monkeypatch):
    def broken(_reading):
        raise ValueError("A glyph is missing.")

    monkeypatch.setitem(renderers.FORMATS, "json", broken)
    with pytest.raises(CommandError, match="A glyph is missing") as failed:
        close()
    closing = Closing.objects.get()
    assert closing.state == "computed"
    assert closing.lease_until is not None
    when = closing.lease_until.strftime("%H:%M:%S UTC")
    assert f"It is tried again after {when}: by a running worker" in str(failed.value)
    for _attempt in range(4):
        Closing.objects.update(lease_until=None)
        with pytest.raises(CommandError) as failed:
            close()
    assert "It is laid aside after 5 attempts: mend the cause, then run this again." in str(failed.value)


@pytest.mark.django_db(transaction=True)
def test_a_release_goes_on_though_nobody_reads_what_is_said_of_it(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    ended = unread("close_period", "--agreement", "exercise", "--period", "2025-03")
    assert (ended.returncode, ended.stderr) == (0, "")
    closing = Closing.objects.get()
    assert (closing.state, closing.failure, closing.attempts) == ("released", "", 1)


def unread(*command: str) -> subprocess.CompletedProcess:
    """Run a command whose output nobody reads: the other end of its pipe is closed."""
    ours, theirs = os.pipe()
    os.close(ours)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_NAME": connection.settings_dict["NAME"],
        "DATABASE_USER": connection.settings_dict["USER"],
        "FILES_ROOT": default_storage.location,  # and the log of releases beside
        "PYTHONWARNINGS": "default",
    }
    try:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            stdout=theirs,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(theirs)


def test_verifying_tells_of_each_closing(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    close()
    out = StringIO()
    call_command("verify_closings", "--agreement", "exercise", stdout=out)
    first, *parts, summed_up, explained = out.getvalue().splitlines()
    assert first.startswith("exercise (simulated) 2025-03 no. 1 ")
    assert first.endswith(" same")
    assert {"  incidents: same", "  annex: same", "  map: same", "  edition alder: same"} <= set(parts)
    assert {part for part in parts if not part.endswith(": same")} == {
        f"  {part}: stored hash only" for part in ("header", "changes", "steps", "labels")
    }
    assert summed_up == "1 closing: 1 same."
    assert explained.startswith("Stored hash only: it is as it was stored")


@pytest.mark.parametrize(
    "command",
    [
        ("verify_closings", "--agreement", "astana"),
        ("accreditations", "astana"),
        ("end_accreditation", "somebody", "--agreement", "astana", "--role", "moderator"),
        ("areas", "astana"),
        ("accept_findings", "list", "--agreement", "astana"),
        ("import_returns", "returns.csv", "--agreement", "astana"),
        ("import_events", "events.csv", "--format", "ucdp-ged", "--agreement", "astana"),
        ("import_third_party", "counts.csv", "--format", "snhr", "--agreement", "astana"),
        ("accredit", "somebody", "--agreement", "astana", "--role", "moderator", "--nobody"),
    ],
    ids=lambda command: command[0],
)
def test_a_mistyped_code_is_refused_with_those_that_are_loaded(exercise, command):
    with pytest.raises(CommandError, match=r"no agreement “astana”; loaded are: exercise\b"):
        call_command(*command, stdout=StringIO())


def test_where_nothing_is_stored_that_is_said(exercise):
    out = StringIO()
    call_command("verify_closings", "--agreement", "exercise", stdout=out)
    assert out.getvalue() == "No closing is stored.\n"


def test_verifying_and_copying_find_a_file_that_is_not_the_one_rendered(exercise, people, tmp_path):
    closing = released_month(exercise)
    rendition = Rendition.objects.filter(edition__closing=closing).order_by("file_name").first()
    default_storage.delete(rendition.path)
    default_storage.save(rendition.path, ContentFile(b"other figures"))
    verdict = closings.verify(closing)
    assert (verdict.outcome, verdict.sections) == (Outcome.DIFFERS, (f"file {rendition.file_name}",))
    with pytest.raises(CommandError, match="not the one released"):
        call_command("close_period", agreement="exercise", period="2025-03", out=str(tmp_path), stdout=StringIO())


def test_verifying_ends_with_1_where_a_closing_differs(exercise, people, monkeypatch):
    occasions.filed(exercise, people.monitor_north)
    close()
    monkeypatch.setattr(closings, "verify", lambda closing: Verdict(Outcome.DIFFERS, ("incidents",)))
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_closings", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert "differs: incidents" in out.getvalue()
