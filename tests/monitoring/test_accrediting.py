"""Operators accredit on a terminal: one line says who, as what, sent by whom; refusals tell which codes there are."""

import getpass
import io
import sys
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from monitoring import accounts, accreditation, devices
from monitoring.accreditation import Role
from monitoring.errors import Malformed
from monitoring.models import Accreditation, AuditEntry, User
from tests import terminal
from tests.second_factors import log_in, with_second_factor

MODERATOR = ("--role", "moderator", "--guarantor", "alder")


class Terminal(io.StringIO):
    """Standard input where a person sits."""

    def isatty(self):
        return True


@pytest.fixture
def types(monkeypatch):
    """What the person types, one after the other; fails where more is asked for."""

    def typed(*words):
        left = list(words)
        monkeypatch.setattr(sys, "stdin", Terminal())
        monkeypatch.setattr(getpass, "getpass", lambda prompt: left.pop(0))

    return typed


def accredit(user, *options):
    call_command("accredit", user, "--agreement", "exercise", *options)


def audited():
    return list(AuditEntry.objects.filter(outcome="done").order_by("pk").values_list("action", flat=True))


def listed(capsys, *options):
    capsys.readouterr()
    call_command("accreditations", "exercise", *options)
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("exercise (SIMULATED), UTC−08:00: ")
    assert int(head.rpartition(" ")[2]) == max(len(lines) - 1, 0)
    return [line.split() for line in lines[1:]]


def test_by_clocks_that_are_moved_each_time_has_its_offset(astana, capsys):
    user = User.objects.create(username="moderator-of-2017")
    begins, ends = datetime(2017, 1, 22, 10, tzinfo=UTC), datetime(2017, 5, 5, 10, tzinfo=UTC)
    accreditation.accredit(user, astana, "moderator", by=None, valid_from=begins, valid_until=ends)
    call_command("accreditations", "astana-2016", "--ended")
    head, _names, line = capsys.readouterr().out.splitlines()
    assert head == "astana-2016, Asia/Damascus: 1"
    assert line.endswith("2017-01-22 12:00 (UTC+02:00)  2017-05-05 13:00 (UTC+03:00)")


def test_a_new_person_gets_account_password_and_role_and_can_decide(exercise, types, client):
    types("a pass phrase of theirs", "a pass phrase of theirs")
    before = audited()
    accredit("j-doe", *MODERATOR)
    user = User.objects.get(username="j-doe")
    assert accreditation.capacity(user, Role.MODERATOR, exercise).side.code == "north"
    assert log_in(client, "j-doe", "a pass phrase of theirs").request["PATH_INFO"] == "/account/second-factor/set-up/"
    with_second_factor(user)
    assert client.get("/admin/").status_code == 200
    assert not user.is_superuser
    assert audited()[len(before) :] == ["account.open", "accreditation.give", "session.begin"]


def test_of_a_refused_new_person_nothing_is_told_to_be_new(exercise, capsys):
    with pytest.raises(CommandError, match="A party's liaison is sent by it"):
        accredit("j-doe", "--role", "liaison", "--nobody", "--no-password")
    assert "j-doe" not in capsys.readouterr().out
    assert not User.objects.filter(username="j-doe").exists()


def test_a_monitor_needs_no_password_to_file_from_a_device(exercise, client):
    accredit("monitor-7", "--role", "monitor", "--team", "team-joint", "--party", "south-guard", "--no-password")
    user = User.objects.get(username="monitor-7")
    assert not user.has_usable_password()
    given = accreditation.capacity(user, Role.MONITOR, exercise).accreditation
    assert (given.sent_by_party.code, given.team.code) == ("south-guard", "team-joint")
    token = devices.issue(user, name="phone", by=None)
    assert client.get("/api/v1/incident-reports/", headers={"authorization": f"Token {token}"}).status_code == 200


def test_a_role_is_given_from_a_day_to_a_day_by_the_clocks_of_the_truce(exercise, capsys):
    accredit("j-doe", *MODERATOR, "--no-password", "--from", "2025-03-01", "--until", "2025-04-01T12:00")
    given = Accreditation.objects.get()
    assert given.valid_from == datetime(2025, 3, 1, 8, tzinfo=UTC)
    assert given.valid_until == datetime(2025, 4, 1, 20, tzinfo=UTC)
    assert listed(capsys) == []
    assert listed(capsys, "--ended") == [["moderator", "j-doe", "alder", "2025-03-01", "00:00", "2025-04-01", "12:00"]]


def test_an_observer_an_auditor_and_an_independent_are_listed_with_who_sent_them(exercise, capsys):
    accredit("reader", "--role", "observer", "--observer", "dogwood", "--no-password")
    accredit("auditor", "--role", "auditor", "--nobody", "--no-password")
    accredit("wanderer", "--role", "monitor", "--team", "team-independent", "--nobody", "--no-password")
    assert [line[:3] for line in listed(capsys)] == [
        ["auditor", "auditor", "nobody"],
        ["monitor", "wanderer", "nobody"],
        ["observer", "reader", "dogwood"],
    ]


def test_an_end_holds_at_once_for_what_holds_and_what_is_to_come(exercise, capsys):
    accredit("j-doe", *MODERATOR, "--no-password", "--until", "2100-01-01")
    accredit("j-doe", *MODERATOR, "--from", "2100-01-01")
    accredit("j-doe", "--role", "guarantor", "--guarantor", "alder")
    before = len(audited())
    call_command("end_accreditation", "j-doe", "--agreement", "exercise", "--role", "moderator")
    assert [line[0] for line in listed(capsys)] == ["guarantor"]
    assert audited()[before:] == ["accreditation.end"] * 2
    user = User.objects.get(username="j-doe")
    assert not accreditation.held_by(user, Role.MODERATOR).exists()
    with pytest.raises(CommandError, match="Roles held there: guarantor"):
        call_command("end_accreditation", "j-doe", "--agreement", "exercise", "--role", "moderator")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--role", "judge", "--nobody"], "no role “judge”; there are: monitor, duty_officer, moderator, liaison"),
        (["--role", "monitor", "--nobody"], "name it by --team"),
        (["--role", "monitor", "--nobody", "--team", "team-x"], "there are: team-alder, team-birch, team-"),
        (["--role", "monitor", "--nobody", "--team", "team-alder"], "sent by that guarantor: name it"),
        (["--role", "guarantor", "--nobody"], "name it by --guarantor"),
        (["--role", "liaison", "--guarantor", "alder"], "name it by --party"),
        (["--role", "guarantor", "--guarantor", "elm"], "no guarantor “elm”.*: alder, birch, cedar"),
        (["--role", "moderator", "--party", "elm"], "no party “elm”.* north-army"),
        (["--role", "observer", "--observer", "elm"], "no observer “elm”.* dogwood"),
        (["--role", "observer", "--nobody"], "name it"),
        (["--role", "moderator", "--observer", "dogwood"], "decides nothing"),
        (["--role", "moderator"], "one of the arguments --guarantor --party --observer --nobody is required"),
        ([*MODERATOR, "--nobody"], "not allowed with"),
        ([*MODERATOR, "--from", "tomorrow"], "“tomorrow” is no instant"),
        ([*MODERATOR, "--from", "2025-03-02", "--until", "2025-03-01"], "end before it begins"),
        ([*MODERATOR, "--agreement", "nowhere"], "no agreement “nowhere”; loaded are: exercise"),
    ],
)
def test_what_is_wrong_is_named_with_the_codes_that_there_are_and_nothing_is_written(exercise, options, told):
    with pytest.raises(CommandError, match=told):
        accredit("j-doe", "--no-password", *options)
    assert not User.objects.exists()
    assert not Accreditation.objects.exists()


def test_a_second_sender_and_a_role_held_already_are_refused_in_words(exercise):
    accredit("j-doe", *MODERATOR, "--no-password")
    with pytest.raises(CommandError, match="as sent by alder"):
        accredit("j-doe", "--role", "monitor", "--guarantor", "birch", "--team", "team-birch")
    with pytest.raises(CommandError, match="holds this role at that time already"):
        accredit("j-doe", *MODERATOR, "--from", "2100-01-01")
    assert Accreditation.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "told"), [(("one", "other"), "differ"), (("",), "empty password"), ((), "without a terminal")]
)
def test_without_a_password_typed_twice_no_account_is_opened(exercise, types, monkeypatch, words, told):
    if words:
        types(*words)
    else:
        monkeypatch.setattr(sys, "stdin", io.StringIO("piped\npiped\n"))
    with pytest.raises(CommandError, match=told):
        accredit("j-doe", *MODERATOR)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_thinks_better_of_it_at_the_prompt_is_not_shown_a_traceback(exercise):
    words = ("accredit", "j-doe", "--agreement", "exercise", *MODERATOR)
    ended, shown = terminal.run(*words, types=terminal.CTRL_C)
    assert (ended, shown.split("\n", 1)[1].strip()) == (130, "CommandError: Interrupted; nothing was written.")
    ended, shown = terminal.run(*words, types="a pass phrase of theirs\n" + terminal.CTRL_C)
    assert (ended, "Traceback" in shown) == (130, False)
    assert not User.objects.exists()


def test_a_password_is_no_argument_and_a_name_is_a_name(exercise):
    with pytest.raises(CommandError, match="unrecognized arguments"):
        accredit("j-doe", *MODERATOR, "--password", "typed")
    with pytest.raises(CommandError, match="is no name for an account"):
        accredit("j doe", *MODERATOR, "--no-password")
    with pytest.raises(CommandError, match="no account “j-doe”"):
        call_command("end_accreditation", "j-doe", "--agreement", "exercise", "--role", "moderator")


@pytest.mark.parametrize("password", ["1", "password1234", "j-doe-j-doe-1"])
@pytest.mark.django_db
def test_an_account_is_not_opened_with_a_password_that_is_guessed(password):
    with pytest.raises(Malformed) as refusal:
        accounts.open_account("j-doe-j-doe", password=password, by=None)
    assert refusal.value.code == "password"
