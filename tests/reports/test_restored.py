"""A database that was restored from an older backup does not go on as if nothing had been released since.

What is lost is lost here by giving up the transaction: the files and the log of releases stay, as they would.
"""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from monitoring import canonical, ledger
from monitoring.errors import Forbidden, Malformed, NotNow
from reports import closings, periods, release_log, renderers, resuming
from reports.closings.computing import stored
from reports.closings.held import held
from reports.closings.preparing import preparing
from reports.models import Edition, LostRelease, Restoration, Resumption
from tests.record.soundness import broken
from tests.reports.agreed import agreed, drafted_month
from tests.reports.released import released_month
from tests.reports.restored import line_of, refused, went_on
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
MONTH = ("month", "2025-03")


# What is refused


@pytest.mark.by_hand("releases_known")
def test_a_truce_of_which_more_was_released_is_held_back_and_no_other(exercise, astana, lost):
    assert refused(exercise, *MONTH) == "released_since"
    assert refused(exercise, "day", "2025-03-10") == "released_since"
    assert closings.request_due(exercise) == []
    assert closings.request(astana, "month", "2017-01").state == "requested"
    (line,) = held(exercise).lines
    assert str(line) == f"exercise month 2025-03 no. 1 ({lost.content_sha256[:16]})"
    assert broken(["releases_known"]) == {"releases_known": (f"release {line}",)}


@pytest.mark.by_hand("releases_known")
def test_what_was_asked_for_before_waits_without_being_laid_aside(exercise):
    waiting = closings.request(exercise, *MONTH)
    begun = closings.request(exercise, "day", "2025-03-10")
    lease = closings.claim(begun.pk)
    closings.compute(lease)
    closings.render(lease)
    release_log.append(line_of(exercise))
    stood = closings.advance(waiting.pk)
    assert (stood.state, stood.attempts, stood.failure) == ("requested", 0, "")
    for step in (lambda: closings.compute(closings.claim(waiting.pk)), lambda: closings.release(lease)):
        with pytest.raises(NotNow) as refusal:
            step()
        assert refusal.value.code == "released_since"


@pytest.mark.by_hand("releases_known")
def test_what_was_released_of_a_truce_that_is_gone_whole_is_told(exercise):
    release_log.append(line_of(exercise, truce="another"))
    assert closings.request(exercise, *MONTH).state == "requested"
    assert broken(["releases_known"])["releases_known"] == ("release another month 2025-04 no. 1 (5555555555555555)",)


@pytest.mark.by_hand("releases_known")
def test_after_a_restore_without_a_log_kept_apart_every_truce_is_held_back(exercise, astana, people):
    resuming.restored(taken_at=ledger.now() - timedelta(hours=1))
    assert refused(exercise, *MONTH) == "restored_unwitnessed"
    assert refused(astana, "month", "2017-01") == "restored_unwitnessed"
    went_on(exercise, people)
    assert closings.request(exercise, *MONTH).state == "requested"
    assert refused(astana, "month", "2017-01") == "restored_unwitnessed"


def test_with_a_log_kept_apart_that_knows_no_more_everything_goes_on(exercise, witness):
    closing = released_month(exercise)
    assert resuming.restored(taken_at=ledger.now() - timedelta(hours=1)).witnessed
    assert closings.request(exercise, *MONTH) == closing


def test_the_log_kept_apart_tells_what_the_restored_files_do_not(exercise, witness, files):
    release_log.append(line_of(exercise))
    (files / release_log.NAME).unlink()
    assert refused(exercise, *MONTH) == "released_since"
    witness.unlink()
    assert not held(exercise)


# A log that knows less than the record


@pytest.mark.by_hand("releases_known")
@pytest.mark.parametrize("left", ["nothing", "empty files"])
def test_a_log_that_lacks_what_was_released_holds_back_until_two_have_it_written_anew(
    left, exercise, astana, people, witness, files
):
    closing = released_month(exercise)
    (line,) = release_log.lines()
    (files / release_log.NAME).unlink()
    witness.unlink() if left == "nothing" else witness.write_bytes(b"")
    assert refused(exercise, "day", "2025-03-10") == "releases_unlogged"
    assert closings.request(astana, "month", "2017-01").state == "requested", "of that truce nothing was released"
    assert broken(["releases_known"]) == {"releases_known": (f"release {line} (in no log of releases)",)}
    out = StringIO()
    call_command("releases", "list", stdout=out)
    assert f"exercise: held back\n  released, and in no log of releases: {line}\n" in out.getvalue()
    proposal = resuming.propose(exercise, grounds="The disk was lost; guarantors hold no other.", by=people.operator)
    assert refused(exercise, "day", "2025-03-10") == "releases_unlogged", "one person moves nothing"
    resuming.second(proposal, by=people.moderator_south)
    assert release_log.lines() == [line]
    assert witness.read_bytes() == (files / release_log.NAME).read_bytes()
    assert closings.request(exercise, *MONTH) == closing
    assert broken() == {}


@pytest.mark.by_hand("releases_known")
def test_a_log_that_cannot_be_written_anew_lets_nothing_go_on(exercise, people, files, settings):
    released_month(exercise)
    (files / release_log.NAME).unlink()
    proposal = resuming.propose(exercise, grounds="The disk was lost.", by=people.operator)
    settings.RELEASE_LOG = "/proc/releases.log"  # where nobody can make a file
    with pytest.raises(NotNow) as refusal, transaction.atomic():
        resuming.second(proposal, by=people.moderator_south)
    assert refusal.value.code == "log_unwritable"
    proposal.refresh_from_db()
    assert proposal.seconded_at is None


def test_one_place_alone_that_was_emptied_is_filled_by_the_next_release(exercise, people, witness, files):
    released_month(exercise)
    witness.write_bytes(b"")
    assert not held(exercise), "the other tells of it"
    occasions.filed(exercise, people.monitor_north)
    assert released_month(exercise).number == 2
    assert sorted(witness.read_bytes().splitlines()) == sorted((files / release_log.NAME).read_bytes().splitlines())


def test_a_release_between_the_two_questions_is_no_lack(exercise, monkeypatch):
    """The log is read before the record is asked; a line that came between is looked for again."""
    released_month(exercise)
    read, asked = release_log.told, []

    def before_the_release():
        asked.append(1)
        return read() if len(asked) > 1 else release_log.Told(())

    monkeypatch.setattr(release_log, "told", before_the_release)
    assert not held(exercise)
    assert len(asked) == 2


@pytest.mark.by_hand("releases_known")
def test_a_log_kept_apart_that_knows_less_than_the_backup_witnesses_no_restore(exercise, astana, people, witness):
    released_month(exercise)
    (line,) = release_log.lines()
    witness.write_bytes(b"")
    out = StringIO()
    call_command("restored", "--taken-at", "2025-05-01T00:00:00Z", stdout=out)
    assert not Restoration.objects.get().witnessed
    assert f"In the backup, and not in the log of releases kept apart: {line}" in out.getvalue()
    assert "lacks 1 in all: it was lost or emptied" in out.getvalue()
    for truce, period in ((exercise, MONTH), (astana, ("month", "2017-01"))):
        assert refused(truce, *period) == "restored_unwitnessed"
    went_on(exercise, people)
    assert closings.request(exercise, "day", "2025-03-10").state == "requested"
    (files_told,) = release_log.told_apart()
    assert files_told == line, "it is filled where two agree"


# Two people


@pytest.mark.by_hand("releases_known")
def test_it_takes_two_of_the_truce(exercise, astana, people, lost):
    for who in (people.monitor_north, people.guarantor_alder, people.superuser):
        with pytest.raises(Forbidden):
            resuming.propose(exercise, grounds="I say so.", by=who)
    with pytest.raises(Forbidden):
        resuming.propose(astana, grounds="I say so.", by=people.operator)
    with pytest.raises(Malformed):
        resuming.propose(exercise, grounds=" ", by=people.operator)
    proposal = resuming.propose(exercise, grounds="The log.", by=people.operator)
    assert refused(exercise, *MONTH) == "released_since", "one person moves nothing"
    with pytest.raises(Forbidden) as refusal:
        resuming.second(proposal, by=people.operator)
    assert refusal.value.code == "same_person"
    with pytest.raises(Forbidden):
        resuming.second(proposal, by=people.monitor_north)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update reports_resumption set seconded_by_id = proposed_by_id, seconded_at = clock_timestamp()")
    resuming.second(proposal, by=people.moderator_south)
    with pytest.raises(NotNow):
        resuming.second(proposal, by=people.moderator_south)
    with pytest.raises(NotNow) as refusal:
        resuming.propose(exercise, grounds="Again.", by=people.operator)
    assert refusal.value.code == "not_held"


def test_the_lost_number_stays_taken_and_the_period_is_closed_under_the_next(exercise, people, lost):
    went_on(exercise, people)
    closing = released_month(exercise)
    assert closing.number == 2
    assert closing.content_sha256 != lost.content_sha256
    assert broken() == {}
    assert closings.request(exercise, *MONTH) == closing


def test_readers_are_shown_the_first_closing_after_a_lost_one_as_the_first_of_the_record(
    exercise, people, lost, client, tmp_path
):
    occasions.reloaded(tmp_path, ("comment_window_days = 0", "comment_window_days = 0\nrevision_days = [30]"))
    went_on(exercise, people)
    closing = released_month(exercise)
    assert closing.number == 2
    client.force_login(people.guarantor_alder)
    page = client.get(f"/editions/{closing.editions.get(guarantor__code='alder').public_id}/")
    assert page.status_code == 200
    (day,) = periods.revisions(closing.version, closing.released_at)
    assert f"{day.date:%-d %B %Y}, if anything was recorded since" in page.content.decode()
    listed = client.get("/editions/").content.decode()
    assert "First closing of the period" in listed
    assert "No figure differs from the closing before" not in listed
    occasions.filed(exercise, people.monitor_north)
    assert released_month(exercise).number == 3
    assert "figures changed" in client.get("/editions/").content.decode()


def test_what_stands_again_with_the_figures_of_before_is_a_closing_of_its_own(exercise, people):
    """Number 2 is lost, and without what it counted the figures are those of number 1; guarantors hold 2."""
    first = released_month(exercise)
    with transaction.atomic():
        occasions.filed(exercise, people.monitor_north)
        assert released_month(exercise).number == 2
        transaction.set_rollback(True)
    went_on(exercise, people)
    third = released_month(exercise)
    assert (third.number, third.content_sha256) == (3, first.content_sha256)
    assert broken() == {}


@pytest.mark.by_hand("releases_known")
def test_what_the_log_tells_of_after_the_proposal_holds_back_still(exercise, people, lost):
    proposal = resuming.propose(exercise, grounds="The log.", by=people.operator)
    release_log.append(line_of(exercise))
    resuming.second(proposal, by=people.moderator_south)
    assert [line.period for line in held(exercise).lines] == ["2025-04"]


def test_the_file_that_a_guarantor_holds_is_a_witness_too(exercise, people, lost, files, tmp_path):
    (files / release_log.NAME).unlink()
    file = tmp_path / "edition.json"
    for said, code in (
        (b"{}", "no_edition"),
        (lost.file.replace(b'"number":1', b'"number":7'), "not_this_edition"),
        (lost.file.replace(b'"registered":1', b'"registered":2'), "not_this_edition"),
    ):
        assert said != lost.file
        file.write_bytes(said)
        with pytest.raises(Malformed) as refusal:
            resuming.propose(exercise, grounds="Alder holds it.", by=people.operator, files=(file,))
        assert refusal.value.code == code
    file.write_bytes(lost.file)
    went_on(exercise, people, files=(file,))
    told = LostRelease.objects.get()
    assert (told.number, told.content_sha256, told.released_at) == (1, lost.content_sha256, None)
    assert released_month(exercise).number == 2


def forged(lost, told: str, **changes: object) -> bytes:
    """The edition with another header or head, its hashes made to fit, as anybody can who has one."""
    content = json.loads(lost.file)["closing"]
    head, header = content["head"], content["beside"]["header"]
    head["period"] |= changes.get("period", {})  # type: ignore[operator]
    header["number"] = changes.get("number", header["number"])
    content["beside_sha256"]["header"] = canonical.sha256(header)
    return told.replace("CLOSING", json.dumps(content)).encode()


@pytest.mark.by_hand("releases_known")
@pytest.mark.parametrize(
    ("told", "changes", "code"),
    [
        ('{"closing": CLOSING}', {"period": {"kind": "year", "code": "2025"}}, "no_edition"),
        ('{"closing": CLOSING}', {"period": {"kind": "week", "code": "2025-W54"}}, "no_edition"),
        ('{"closing": CLOSING}', {"period": {"kind": "day", "code": "2025-03"}}, "no_edition"),
        ('{"closing": CLOSING}', {"period": {"kind": "month", "code": "2025-13"}}, "no_edition"),
        ('{"closing": CLOSING}', {"number": 0}, "no_edition"),
        ('{"closing": CLOSING}', {"number": "1"}, "no_edition"),
        ('{"closing": CLOSING}', {"number": 2**31}, "no_edition"),
        ('{"closing": CLOSING}', {"number": 2**31 - 1}, "number_beyond"),
        ('{"closing": CLOSING}', {"number": 102}, "number_beyond"),
        ("[" * 200_000, {}, "no_edition"),
        ('{"draft": ' + "[" * 200_000, {}, "no_edition"),
    ],
)
def test_what_no_edition_can_say_is_refused_whoever_hands_it_in(told, changes, code, exercise, people, lost, tmp_path):
    file = tmp_path / "edition.json"
    file.write_bytes(forged(lost, told, **changes))
    with pytest.raises(Malformed) as refusal:
        resuming.propose(exercise, grounds="Alder holds it.", by=people.operator, files=(file,))
    assert refusal.value.code == code
    assert not Resumption.objects.exists()
    if code == "number_beyond":
        file.write_bytes(forged(lost, told, number=100))
        resuming.propose(exercise, grounds="Alder holds it.", by=people.operator, files=(file,))
        assert set(LostRelease.objects.values_list("number", flat=True)) == {1, 100}


@pytest.mark.by_hand("releases_known")
def test_a_line_with_a_number_far_past_is_not_agreed_on(exercise, people):
    release_log.append(line_of(exercise, number=2**31 - 1))
    with pytest.raises(Malformed) as refusal:
        resuming.propose(exercise, grounds="The log.", by=people.operator)
    assert refusal.value.code == "number_beyond"


def test_a_draft_is_no_witness_of_a_release(exercise, people, files, tmp_path):
    with transaction.atomic():
        closing = drafted_month(agreed(exercise, tmp_path))
        with preparing():
            edition = Edition.objects.get(guarantor__code="alder")
        told = stored(closing), json.loads(edition.content)
        transaction.set_rollback(True)
    file = tmp_path / "draft.json"
    file.write_bytes(renderers.render("json", *told, language="en", draft=True))
    with pytest.raises(Malformed) as refusal:
        resuming.propose(exercise, grounds="Alder holds it.", by=people.operator, files=(file,))
    assert refusal.value.code == "draft"
    assert not Resumption.objects.exists()


# The commands


@pytest.mark.by_hand("releases_known")
def test_what_is_held_back_is_listed(exercise, astana, people, lost):
    resuming.propose(exercise, grounds="The log tells of it.", by=people.operator)
    out = StringIO()
    call_command("releases", "list", stdout=out)
    told = out.getvalue()
    assert "astana-2016: goes on" in told
    assert "exercise: held back" in told
    assert f"not known to this database: exercise month 2025-03 no. 1 ({lost.content_sha256[:16]})" in told
    assert "proposed by operator, seconded by –; waits for another person. The log tells of it." in told


@pytest.mark.by_hand("releases_known")
def test_a_restored_database_tries_the_keys_and_tells_what_is_missing(exercise, people, lost, witness, settings):
    occasions.filed(exercise, people.monitor_north)
    release_log.append(line_of(exercise))
    out = StringIO()
    call_command("restored", "--taken-at", "2025-05-01T00:00:00Z", stdout=out)
    assert "Released after the backup, and not in it: exercise month 2025-04 no. 1" in out.getvalue()
    assert Restoration.objects.get().witnessed
    keys = settings.SEALING_KEYS
    settings.SEALING_KEYS = ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
    with pytest.raises(CommandError, match="opens with none of SEALING_KEYS"):
        call_command("restored", "--taken-at", "2025-05-01T00:00:00Z", stdout=out)
    settings.SEALING_KEYS, settings.SEALING_TAG_KEY = keys, "another"
    with pytest.raises(CommandError, match="SEALING_TAG_KEY"):
        call_command("restored", "--taken-at", "2025-05-01T00:00:00Z", stdout=out)
    assert Restoration.objects.count() == 1
