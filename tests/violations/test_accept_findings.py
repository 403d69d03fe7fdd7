"""An imported set becomes probable by two named people of different sides, in a column of its own and in no total."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry, User
from tests import terminal
from tests.conftest import PASSWORD
from tests.violations import occasions, sets
from tests.violations.terminals import at_the_terminal, real_passwords
from violations import data_sets, findings, linking
from violations.models import Assessment, Finding, IncidentReport, SetAcceptance

GROUNDS = "Compared event by event with the press of the day, a sample of fifty."


@pytest.fixture
def truce(exercise, people, tmp_path):
    """The exercise, whose first article forbids armed force of whatever kind, with one event of each kind."""
    occasions.reloaded(tmp_path, sets.FORBIDDEN)
    sets.imported(exercise, tmp_path, *sets.KINDS)
    return exercise


def proposed(truce, by: User, **changes) -> SetAcceptance:
    return data_sets.propose(truce, **{"source": sets.SET, "grounds": GROUNDS} | changes, by=by).acceptance


def accepted(truce, people) -> data_sets.Weighed:
    return data_sets.second(proposed(truce, people.moderator_north), by=people.moderator_south)


def found(number: str) -> Finding:
    return Finding.objects.open().agreed().get(incident=sets.incident(number))


# What is found


def test_each_event_is_found_probable_by_both_at_one_instant(truce, people):
    row = accepted(truce, people).acceptance
    rows = Finding.objects.all()
    assert {(one.standing, one.verification, one.grounds) for one in rows} == {("data_set", "probable", GROUNDS)}
    assert {one.recorded_at for one in rows} == {row.recorded_at}
    assert {(one.proposed_by, one.seconded_by) for one in rows} == {(people.moderator_north, people.moderator_south)}
    assert {(one.proposed_side.code, one.seconded_side.code) for one in rows} == {("north", "south")}
    assert {(one.killed_verified, one.injured_verified, one.scope) for one in rows} == {(None, None, "")}
    assert row.incidents == rows.count() == len(sets.KINDS)


def test_only_one_known_party_that_is_said_to_have_acted_alone_is_attributed_to(truce, people):
    accepted(truce, people)
    said = {
        number: (found(number).attribution, [one.party.code for one in found(number).parties.all()])
        for number in "12345"
    }
    nobody = ("not_assessed", [])
    assert said == {
        "1": nobody,
        "2": ("attributed", ["north-army"]),
        "3": ("attributed", ["black-gull"]),
        "4": nobody,
        "5": nobody,
    }
    assert (found("2").confidence, found("2").basis) == ("low", ["open_source"])
    assert (found("1").confidence, found("1").basis) == ("", [])


def test_a_breach_is_only_what_a_provision_in_force_forbids_to_that_party_in_scope(truce, people):
    accepted(truce, people)
    assert {number: found(number).conduct for number in "123456"} == {
        **dict.fromkeys("13456", "undetermined"),
        "2": "breach",
    }
    breach = found("2")
    assert [row.provision.code for row in breach.provisions.all()] == ["no-fire"]
    assert (breach.intent, breach.sequence) == ("unknown", "unknown")
    assert breach.changed == [
        *("verification", "conduct", "attribution", "confidence", "basis", "intent", "sequence"),
        *("parties", "provisions"),
    ]
    assert found("1").changed == ["verification"]


def test_what_is_found_would_pass_the_check_of_a_proposal(truce, people):
    from violations import decisions

    accepted(truce, people)
    for row in Finding.objects.open().agreed():
        assessed = Assessment.objects.open().with_lane().get(incident=row.incident)
        decisions.check(decisions.said_by(row, grounds=row.grounds), assessed, truce.terms)


def test_a_truce_that_names_no_firing_party_has_none_named_by_a_set_either(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, sets.FORBIDDEN, ('attribution = "published"', 'attribution = "not_made"'))
    sets.imported(exercise, tmp_path, *sets.KINDS)
    accepted(exercise, people)
    assert set(Finding.objects.values_list("attribution", flat=True)) == {"not_assessed"}
    assert found("2").conduct == "breach"


# Who may


def test_two_of_one_side_one_person_and_whoever_is_no_moderator_are_refused(truce, people):
    proposal = proposed(truce, people.moderator_north)
    for who, code in (
        (people.moderator_north, "same_person"),
        (people.moderator_north_2, "same_side"),
        (people.monitor_south, "not_accredited"),
        (people.guarantor_birch, "not_accredited"),
        (people.operator, "not_accredited"),
        (people.superuser, "not_accredited"),
    ):
        with pytest.raises(Forbidden) as refusal:
            data_sets.second(proposal, by=who)
        assert refusal.value.code == code
    for who in (people.monitor_south, people.operator, people.superuser):
        with pytest.raises(Forbidden):
            proposed(truce, who)
    assert not Finding.objects.exists()
    assert SetAcceptance.objects.get().superseded_at is None


def test_an_independent_may_second_either_side_and_be_seconded(truce, people):
    data_sets.second(proposed(truce, people.moderator_independent), by=people.moderator_north)
    assert set(Finding.objects.values_list("proposed_side", "seconded_side__code")) == {(None, "north")}


def test_who_was_sent_by_the_same_state_may_not_second_though_a_new_file_moves_the_state(truce, people, tmp_path):
    colleague = User.objects.create_user("moderator-birch-2")
    birch = truce.guarantors.get(code="birch")
    accreditation.accredit(colleague, truce, "moderator", by=None, guarantor=birch)
    with pytest.raises(Forbidden):
        data_sets.second(proposed(truce, people.moderator_south), by=colleague)


def test_the_database_refuses_what_no_verb_would_write(truce, people):
    row = SetAcceptance.objects.get(pk=proposed(truce, people.moderator_north).pk)
    south = truce.sides.get(code="south")
    for changes, constraint in (
        ({"seconded_by": people.moderator_north}, "two_persons"),
        ({"seconded_by": people.moderator_north_2, "seconded_side": row.proposed_side}, "two_sides"),
    ):
        row.pk, row.public_id = None, "00000000-0000-4000-8000-000000000001"
        for name, value in changes.items():
            setattr(row, name, value)
        row.recorded_at = _now()
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            row.save(force_insert=True)
    proposal = SetAcceptance.objects.get()
    with pytest.raises(DatabaseError, match=r"denied|only superseded_at"), transaction.atomic():
        SetAcceptance.objects.filter(pk=proposal.pk).update(seconded_by=people.moderator_south, seconded_side=south)


def _now():
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def test_grounds_are_asked_for_and_the_set_must_be_there(truce, people):
    with pytest.raises(Malformed):
        proposed(truce, people.moderator_north, grounds=" ")
    with pytest.raises(Malformed, match="recorded are: ucdp-ged"):
        proposed(truce, people.moderator_north, source="another")


def test_both_steps_are_audited(truce, people):
    accepted(truce, people)
    told = AuditEntry.objects.filter(action__startswith="set.").order_by("pk")
    assert [(one.action, one.actor) for one in told] == [
        ("set.propose", people.moderator_north),
        ("set.second", people.moderator_south),
    ]


# On what


def test_what_people_work_on_is_left_alone_and_counted(truce, people):
    agreed = occasions.agreed(
        sets.incident("1"), occasions.discounted(), by=people.moderator_north, and_by=people.moderator_south
    )
    open_proposal = findings.propose(sets.incident("2"), occasions.discounted(), by=people.moderator_north)
    filed = occasions.under_review(occasions.filed(truce, people.monitor_south), people.moderator_north)
    linking.link(filed, sets.incident("3"), by=people.moderator_north, kind="same_event", grounds="One.")
    weighed = accepted(truce, people)
    assert weighed.left_out == {"found": 1, "proposed": 1, "other_reports": 1}
    assert weighed.acceptance.incidents == 3
    assert found("1") == agreed
    open_proposal.refresh_from_db()
    assert open_proposal.superseded_at is None
    assert not Finding.objects.filter(incident=sets.incident("3")).exists()


def test_what_came_in_after_the_proposal_is_no_part_of_it(truce, people, tmp_path):
    proposal = proposed(truce, people.moderator_north)
    sets.imported(truce, tmp_path, {"id": "7"})
    weighed = data_sets.second(proposal, by=people.moderator_south)
    assert (weighed.acceptance.incidents, weighed.left_out) == (len(sets.KINDS), {})
    assert not Finding.objects.filter(incident=sets.incident("7")).exists()


def test_what_changed_since_the_proposal_is_left_out_and_counted(truce, people, tmp_path):
    proposal = proposed(truce, people.moderator_north)
    sets.imported(truce, tmp_path, EVENT_TOLD_OTHERWISE)
    findings.propose(sets.incident("2"), occasions.discounted(), by=people.moderator_north)
    occasions.agreed(
        sets.incident("4"), occasions.discounted(), by=people.moderator_north, and_by=people.moderator_south
    )
    filed = occasions.under_review(occasions.filed(truce, people.monitor_south), people.moderator_north)
    linking.link(filed, sets.incident("3"), by=people.moderator_north, kind="same_event", grounds="One.")
    weighed = data_sets.second(proposal, by=people.moderator_south)
    assert weighed.left_out == {"found_since": 2, "changed_since": 2}
    assert weighed.acceptance.incidents == len(sets.KINDS) - 4


EVENT_TOLD_OTHERWISE = {"high": "9"}


def test_a_changed_file_asks_for_another_proposal(truce, people, tmp_path):
    proposal = proposed(truce, people.moderator_north)
    occasions.reloaded(tmp_path, sets.FORBIDDEN, ("seconding_days = 0", "seconding_days = 5"))
    with pytest.raises(NotNow) as refusal:
        data_sets.second(proposal, by=people.moderator_south)
    assert refusal.value.code == "stale"
    assert not Finding.objects.exists()


def test_a_set_is_accepted_once(truce, people):
    proposal = proposed(truce, people.moderator_north)
    data_sets.second(proposal, by=people.moderator_south)
    with pytest.raises(NotNow) as refusal:
        data_sets.second(proposal, by=people.moderator_independent)
    assert refusal.value.code == "not_open"
    with pytest.raises(NotNow) as refusal:
        proposed(truce, people.moderator_south)
    assert refusal.value.code == "nothing_left"


def test_a_side_has_one_proposal_open(truce, people):
    first, other = proposed(truce, people.moderator_north), proposed(truce, people.moderator_south)
    again = proposed(truce, people.moderator_north_2, grounds="Better grounds.")
    first.refresh_from_db()
    assert first.superseded_at == again.recorded_at
    with pytest.raises(NotNow):
        data_sets.second(first, by=people.moderator_south)
    data_sets.second(again, by=people.moderator_south)
    with pytest.raises(NotNow) as refusal:
        data_sets.second(other, by=people.moderator_north)
    assert refusal.value.code == "nothing_left"


def test_ones_own_open_word_is_replaced_only_where_that_is_said(truce, people):
    first = proposed(truce, people.moderator_north)
    with pytest.raises(NotNow, match=f"Your proposal {first.public_id} is open") as refusal:
        proposed(truce, people.moderator_north)
    assert refusal.value.code == "own_proposal_open"
    weighed = data_sets.propose(truce, sets.SET, by=people.moderator_north, grounds="Better.", again=True)
    assert weighed.replaced == first
    first.refresh_from_db()
    assert data_sets.successor(first) == weighed.acceptance
    with pytest.raises(NotNow, match=f"its side proposed again, and that is {weighed.acceptance.public_id}"):
        data_sets.second(first, by=people.moderator_south)
    accepted = data_sets.second(weighed.acceptance, by=people.moderator_south).acceptance
    with pytest.raises(NotNow, match=f"it was seconded, and stands as {accepted.public_id}"):
        data_sets.second(weighed.acceptance, by=people.moderator_independent)


def test_who_may_not_second_is_told_so_before_whether_it_is_open(truce, people):
    first = proposed(truce, people.moderator_north)
    proposed(truce, people.moderator_north_2)
    for who, code in (
        (people.moderator_north, "same_person"),
        (people.moderator_north_2, "same_side"),
        (people.monitor_south, "not_accredited"),
    ):
        with pytest.raises(Forbidden) as refusal:
            data_sets.second(first, by=who)
        assert refusal.value.code == code


def test_the_list_says_who_of_which_side_when_on_what_grounds_and_what_became_of_it(truce, people):
    first = proposed(truce, people.moderator_north)
    again = proposed(truce, people.moderator_north_2, grounds="Better grounds.")
    other = proposed(truce, people.moderator_independent, grounds="Read all.")
    accepted = data_sets.second(again, by=people.moderator_south).acceptance
    listed = StringIO()
    call_command("accept_findings", "list", "--agreement", "exercise", stdout=listed)
    told = dict(zip(*[iter(listed.getvalue().splitlines())] * 2, strict=True))
    heads = {line.split()[0]: (line, below) for line, below in told.items()}
    assert list(heads) == [str(row.public_id) for row in (first, again, other, accepted)]
    line, below = heads[str(first.public_id)]
    assert f"ucdp-ged, {first.recorded_at:%Y-%m-%d %H:%M} UTC, 6 incidents" in line
    assert "proposed by moderator-north (North side)" in line
    assert f"replaced by its side, by {again.public_id}" in below
    assert GROUNDS in below
    assert f"seconded; accepted as {accepted.public_id}" in heads[str(again.public_id)][1]
    assert "(independent)" in heads[str(other.public_id)][0]
    assert "open: nobody has seconded it" in heads[str(other.public_id)][1]
    assert "accepted, seconded by moderator-south (South side)" in heads[str(accepted.public_id)][1]


# What comes after


@pytest.mark.parametrize("number", ["1", "2"])
def test_people_who_find_the_same_take_its_place_by_the_ordinary_verbs(truce, people, number):
    from violations import decisions

    accepted(truce, people)
    before = found(number)
    same = decisions.said_by(before, grounds="Read again by both.")
    after = occasions.agreed(before.incident, same, by=people.moderator_south, and_by=people.moderator_north)
    before.refresh_from_db()
    assert before.superseded_at == after.recorded_at
    assert (after.standing, after.changed) == ("preliminary", ["standing"])


def test_an_event_told_otherwise_waits_for_people_once_it_was_accepted(truce, people, tmp_path):
    accepted(truce, people)
    assert sets.imported(truce, tmp_path, EVENT_TOLD_OTHERWISE).waiting == 1
    assert Assessment.objects.open().get(incident=sets.incident("1")).killed_high == 4


def test_two_events_of_one_incident_told_otherwise_at_once_are_assessed_once(truce, people, tmp_path):
    first, second = (IncidentReport.objects.get(external_id=number) for number in "12")
    occasions.under_review(second, people.moderator_north)
    linking.link(second, sets.incident("1"), by=people.moderator_north, kind="same_event", grounds="One.")
    told = sets.imported(truce, tmp_path, EVENT_TOLD_OTHERWISE, sets.KINDS[1] | {"high": "8"})
    assert (told.revised, told.assessed) == (2, 1)
    assert occasions.incident_of(first) == occasions.incident_of(second)
    assert Assessment.objects.open().get(incident=occasions.incident_of(first)).killed_high == 9


def let_take_effect(truce, people, folder, **told) -> tuple[Finding, Finding]:
    """What is found of event 2 before and after two people let a later release take effect that tells it otherwise."""
    before = found("2")
    assert sets.imported(truce, folder, sets.KINDS[1] | told).waiting == 1
    release = IncidentReport.objects.filter(external_id="2").latest("revision")
    proposal = findings.propose_effect(
        before.incident, "correction", report=release, by=people.moderator_north, grounds="The set says so now."
    )
    assert found("2") == before
    after = findings.second(proposal, by=people.moderator_south)
    before.refresh_from_db()
    assert before.superseded_at == after.recorded_at
    assert (after.proposed_by, after.seconded_by) == (people.moderator_north, people.moderator_south)
    assert (after.standing, after.verification, after.effect) == ("data_set", "probable", "correction")
    assert after.grounds == "The set says so now."
    return before, after


def parties_of(finding: Finding) -> list[str]:
    return [row.party.code for row in finding.parties.all()]


def test_what_was_accepted_of_a_set_follows_what_it_tells_by_now_once_two_let_that_take_effect(truce, people, tmp_path):
    accepted(truce, people)
    before, after = let_take_effect(truce, people, tmp_path, side_a="South Guard")
    assert (parties_of(before), parties_of(after)) == (["north-army"], ["south-guard"])
    assert (after.attribution, after.confidence, after.basis) == ("attributed", "low", ["open_source"])
    assert (after.conduct, [row.provision.code for row in after.provisions.all()]) == ("breach", ["no-fire"])
    assert after.changed == ["reports", "parties"]
    assert Assessment.objects.open().get(incident=after.incident).alleged == [
        truce.parties.get(code="south-guard").pk,
    ]


def test_a_set_that_says_no_more_who_acted_has_nobody_found(truce, people, tmp_path):
    accepted(truce, people)
    _before, after = let_take_effect(truce, people, tmp_path, type_of_violence="1", side_b="South Guard")
    assert (after.attribution, after.confidence, after.basis, parties_of(after)) == ("not_assessed", "", [], [])
    assert (after.conduct, after.intent, after.provisions.count()) == ("undetermined", "", 0)
    assert after.changed == [
        *("reports", "conduct", "attribution", "confidence", "basis", "intent", "sequence", "parties", "provisions")
    ]


def test_a_set_that_tells_another_number_has_the_same_found(truce, people, tmp_path):
    accepted(truce, people)
    before, after = let_take_effect(truce, people, tmp_path, high="9")
    assert parties_of(after) == parties_of(before) == ["north-army"]
    assert after.changed == ["reports"]


def test_what_people_found_stays_what_they_found_where_the_set_tells_otherwise(truce, people, tmp_path):
    from violations import decisions

    accepted(truce, people)
    same = decisions.said_by(found("2"), grounds="Read again by both.")
    occasions.agreed(sets.incident("2"), same, by=people.moderator_south, and_by=people.moderator_north)
    sets.imported(truce, tmp_path, sets.KINDS[1] | {"side_a": "South Guard"})
    release = IncidentReport.objects.filter(external_id="2").latest("revision")
    proposal = findings.propose_effect(
        sets.incident("2"), "correction", report=release, by=people.moderator_north, grounds="The set says so now."
    )
    after = findings.second(proposal, by=people.moderator_south)
    assert (after.standing, parties_of(after), after.changed) == ("preliminary", ["north-army"], ["reports"])


def test_a_correction_of_what_else_tells_of_the_incident_leaves_what_the_set_says(truce, people, tmp_path):
    """The incident's lead is the set's report; a team's report, linked and corrected, is no word of the set."""
    accepted(truce, people)
    report = occasions.under_review(occasions.filed(truce, people.monitor_north), people.moderator_north)
    link = linking.link(report, sets.incident("2"), by=people.moderator_north, kind="same_event", grounds="One.")
    findings.second(link, by=people.moderator_south)
    newer = occasions.corrected(report, people.monitor_north, parties=(occasions.NamedParty("alleged", "south-guard"),))
    correction = findings.propose_effect(
        sets.incident("2"), "correction", report=newer, by=people.moderator_north, grounds="As the filer says."
    )
    after = findings.second(correction, by=people.moderator_south)
    assert (after.standing, parties_of(after), after.changed) == ("data_set", ["north-army"], ["reports"])


# At the command line: two people, each at the prompt


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
