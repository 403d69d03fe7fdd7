"""The command by which a set is accepted: two people, each at the prompt."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from monitoring.models import AuditEntry
from tests import terminal
from tests.conftest import PASSWORD
from tests.violations import sets
from tests.violations.accepting import GROUNDS, with_a_set
from tests.violations.terminals import at_the_terminal, real_passwords
from violations.models import Finding, SetAcceptance


@pytest.fixture
def truce(exercise, people, tmp_path):
    return with_a_set(exercise, tmp_path)


def test_it_is_refused_where_nobody_sits_at_a_terminal(truce, people):
    with pytest.raises(CommandError, match="at a terminal"):
        call_command(
            *("accept_findings", "propose", "--agreement", "exercise", "--source", sets.SET),
            *("--by", "moderator-north", "--grounds", GROUNDS),
            stdout=StringIO(),
        )
    assert not SetAcceptance.objects.exists()


def asked(password: str, *words: str) -> tuple[int, str]:
    return at_the_terminal(password, "accept_findings", *words)


@pytest.mark.django_db(transaction=True)
def test_each_of_the_two_gives_their_own_password_and_one_alone_gets_nowhere(truce, people):
    real_passwords()
    of_set = ("--agreement", "exercise", "--source", sets.SET, "--grounds", GROUNDS)
    ended, shown = asked("guessed", "propose", *of_set, "--by", "moderator-north")
    assert (ended, SetAcceptance.objects.count()) == (1, 0), shown
    assert "The account or the password is not right." in shown
    ended, shown = asked(PASSWORD, "propose", *of_set, "--by", "moderator-north")
    assert ended == 0, shown
    assert "6  incidents that this is proposed on" in shown
    assert PASSWORD not in shown
    name = str(SetAcceptance.objects.get().public_id)
    for who, told in (
        ("moderator-north", "You proposed this"),
        ("moderator-north-2", "from your own side"),
        ("superuser", "not accredited"),
    ):
        ended, shown = asked(PASSWORD, "second", name, "--by", who)
        assert ended == 1
        assert told in shown
    assert not Finding.objects.exists()
    ended, shown = asked(PASSWORD, "second", name, "--by", "moderator-south", "--dry-run")
    assert ended == 0, shown
    assert not Finding.objects.exists()
    ended, shown = asked(PASSWORD, "second", name, "--by", "moderator-south")
    assert ended == 0, shown
    assert GROUNDS in shown
    assert "6  incidents found probable (data set), in no total" in shown
    assert Counter(Finding.objects.values_list("standing", flat=True)) == {"data_set": 6}
    denied = AuditEntry.objects.filter(outcome="denied").order_by("pk").values_list("action", "reason")
    assert list(denied) == [
        ("set.propose", "not_authenticated"),
        ("set.second", "same_person"),
        ("set.second", "same_side"),
        ("set.second", "not_accredited"),
    ]
    listed = StringIO()
    call_command("accept_findings", "list", "--agreement", "exercise", stdout=listed)
    assert "accepted, seconded by moderator-south" in listed.getvalue()


@pytest.mark.django_db(transaction=True)
def test_who_thinks_better_of_it_at_the_prompt_is_not_shown_a_traceback(truce, people):
    of_set = ("--agreement", "exercise", "--source", sets.SET, "--grounds", GROUNDS, "--by", "moderator-north")
    ended, shown = terminal.run("accept_findings", "propose", *of_set, types=terminal.CTRL_C)
    assert (ended, shown.split("\n", 1)[1].strip()) == (130, "CommandError: Interrupted; nothing was written.")
    ended, shown = terminal.run("accept_findings", "propose", *of_set, types=terminal.CTRL_D)
    assert (ended, "No password was typed; nothing was written." in shown) == (1, True)
    assert "Traceback" not in shown
    assert not SetAcceptance.objects.exists()
