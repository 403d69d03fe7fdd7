"""The log of releases: a line before each release is answered, read whole or not at all, whatever was done to it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from monitoring.errors import NotNow
from reports import closings, release_log, resuming
from reports.closings.held import held
from tests.record.soundness import broken
from tests.reports.released import released_month
from tests.reports.restored import line_of, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
MONTH = ("month", "2025-03")


def test_a_release_stands_in_both_places_once_it_is_answered(exercise, witness, files):
    closing = released_month(exercise)
    (line,) = release_log.lines()
    assert line.which == ("exercise", "month", "2025-03", 1, closing.content_sha256, "", 0, "")
    assert line.released_at == closing.released_at.isoformat(timespec="microseconds")
    assert witness.read_bytes() == (files / release_log.NAME).read_bytes()
    assert not held(exercise)


def test_a_release_that_was_written_down_and_not_committed_is_made_again(exercise):
    closing = closings.request(exercise, *MONTH)
    lease = closings.claim(closing.pk)
    closings.compute(lease)
    closings.render(lease)
    with transaction.atomic():
        assert closings.release(lease).released_at
        transaction.set_rollback(True)
    assert not held(exercise), "it is computed, and will be released as what it is"
    assert closings.release(lease).released_at
    assert len(release_log.lines()) == 1


def test_nothing_is_released_that_cannot_be_written_down(exercise, tmp_path, settings):
    (tmp_path / "a file").write_text("")
    settings.RELEASE_LOG = str(tmp_path / "a file" / "releases.log")
    with pytest.raises(NotNow) as refusal:
        closings.request(exercise, *MONTH)
    assert refusal.value.code == "log_unreadable", "nor is anything asked for while nobody can tell"
    settings.RELEASE_LOG = ""
    closing = closings.request(exercise, *MONTH)
    lease = closings.claim(closing.pk)
    closings.compute(lease)
    closings.render(lease)
    settings.RELEASE_LOG = "/proc/releases.log"  # where nobody can make a file
    with pytest.raises(NotNow) as refusal:
        closings.release(lease)
    assert refusal.value.code == "log_unwritable"
    closing.refresh_from_db()
    assert closing.released_at is None


@pytest.mark.by_hand("releases_known")
def test_half_a_line_of_what_is_computed_gives_way_to_the_whole(exercise, files):
    closing = closings.request(exercise, *MONTH)
    lease = closings.claim(closing.pk)
    closings.compute(lease)
    closings.render(lease)
    with transaction.atomic():
        closings.release(lease)
        transaction.set_rollback(True)
    log = files / release_log.NAME
    whole = log.read_bytes()
    for cut in (1, 2, 40, len(whole) - 140):
        log.write_bytes(whole[:-cut])
        assert not held(exercise), "who died at it had not released it"
    assert closings.release(lease).released_at
    assert len(release_log.lines()) == len(log.read_bytes().splitlines()) == 1
    log.write_bytes(whole[:-2])
    assert refused(exercise, "day", "2025-03-10") == "releases_unlogged", "it is no line: two have it written anew"


@pytest.mark.by_hand("releases_known")
def test_half_a_line_of_what_the_record_does_not_have_holds_back_unless_it_is_whole_elsewhere(
    exercise, lost, witness, files
):
    whole = (files / release_log.NAME).read_bytes()
    for cut in (2, 40, 200, len(whole) - 1):
        (files / release_log.NAME).write_bytes(whole[:-cut])
        witness.unlink(missing_ok=True)
        assert refused(exercise, *MONTH) == "log_unreadable"
        assert broken(["releases_known"]) == {"releases_known": ("the log of releases (log_unreadable)",)}
    (files / release_log.NAME).write_bytes(whole[:-40])
    witness.parent.mkdir(exist_ok=True)
    witness.write_bytes(whole)
    assert [line.content_sha256 for line in held(exercise).lines] == [lost.content_sha256]


def test_half_a_line_of_a_sheet_is_not_taken_for_its_closing(exercise):
    of_sheet = {"sheet": "0" * 36, "sheet_kind": "corr", "sheet_number": 1}
    closing, sheet, later = line_of(exercise), line_of(exercise, **of_sheet), line_of(exercise, number=11)
    written = {line: release_log._written(line) for line in (closing, sheet, later)}
    for line, text in written.items():
        halves = [text[:end] for end in range(len(text))]
        assert all(release_log.is_half_of(half, line) for half in halves[130:])
        assert not any(release_log.is_half_of(half, other) for half in halves for other in written if other != line)


WHOLE = {
    "as it is": b"%b\n",
    "line ends of another system": b"%b\r\n",
    "trailing blanks": b"%b \t\n",
    "no end": b"%b",
    "empty lines": b"\n\r\n%b\n\n",
}


@pytest.mark.parametrize("form", WHOLE)
@pytest.mark.by_hand("releases_known")
def test_what_another_program_does_to_the_ends_of_lines_hides_no_release(form, exercise, lost, files):
    log = files / release_log.NAME
    log.write_bytes(WHOLE[form] % log.read_bytes().rstrip())
    assert [line.content_sha256 for line in held(exercise).lines] == [lost.content_sha256]
    assert refused(exercise, *MONTH) == "released_since"
    release_log.append(line_of(exercise))
    assert [line.period for line in release_log.lines()] == ["2025-03", "2025-04"]


GOOD = b'{"truce":"exercise","kind":"month","period":"2025-03","number":1,"content_sha256":"%b","released_at":""}'
GOOD %= b"a" * 64
UNREADABLE = {
    "the last brace is lost": GOOD[:-1],
    "no JSON": b"lorem ipsum",
    "no UTF-8": b"\xff\xfe}",
    "UTF-16": GOOD.decode().encode("utf-16-le"),
    "zeros": b"\0" * 100,
    "deep": b"[" * 100_000 + b"}",
    "deep within": b'{"truce":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "half a pair": GOOD.replace(b"2025-03", b"\\ud800"),
    "a NUL": GOOD.replace(b"2025-03", b"2025\\u0000"),
    "a list as truce": GOOD.replace(b'"exercise"', b"[]"),
    "a number as text": GOOD.replace(b":1,", b':"1",'),
    "half a number": GOOD.replace(b":1,", b":1.5,"),
    "no number": GOOD.replace(b":1,", b":NaN,"),
    "a number too large": GOOD.replace(b":1,", b":2147483648,"),
    "a number of many digits": GOOD.replace(b":1,", b":%b," % (b"9" * 5000)),
    "number 0": GOOD.replace(b":1,", b":0,"),
    "another kind": GOOD.replace(b'"month"', b'"year"'),
    "no hash": GOOD.replace(b"a" * 64, b"A" * 64),
    "an instant in words": GOOD.replace(b'"released_at":""', b'"released_at":"yesterday"'),
    "a name too many": GOOD.replace(b"{", b'{"who":"x",'),
    "a name too few": GOOD.replace(b'"number":1,', b""),
}


@pytest.mark.parametrize("line", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.by_hand("releases_known")
def test_a_line_that_is_none_makes_the_log_unreadable_and_nothing_is_released(line, exercise, people, files):
    files.mkdir()
    (files / release_log.NAME).write_bytes(line + b"\n")
    assert refused(exercise, *MONTH) == "log_unreadable"
    assert broken(["releases_known"]) == {"releases_known": ("the log of releases (log_unreadable)",)}
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("releases", "list", stdout=StringIO())
    with pytest.raises(NotNow) as refusal:
        resuming.propose(exercise, grounds="The log.", by=people.operator)
    assert refusal.value.code == "log_unreadable"
