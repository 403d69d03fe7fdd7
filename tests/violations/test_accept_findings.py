"""An imported set becomes probable by two named people of different sides, in a column of its own and in no total."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry, User
from tests.violations import occasions, sets
from tests.violations.accepting import EVENT_TOLD_OTHERWISE, GROUNDS, accepted, found, graded, proposed, with_a_set
from violations import data_sets, findings, linking
from violations.models import Assessment, Finding, SetAcceptance


@pytest.fixture
def truce(exercise, people, tmp_path):
    return with_a_set(exercise, tmp_path)


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


def test_what_is_found_would_pass_the_check_of_a_proposal_but_for_what_is_asked_of_each_grave_one(truce, people):
    """A set is accepted whole: nobody grades its reports or weighs its casualties one by one."""
    from violations import decisions

    accepted(truce, people)
    for row in Finding.objects.open().agreed():
        assessed = Assessment.objects.open().with_lane().get(incident=row.incident)
        assert assessed.lane == "grave"
        with pytest.raises(Malformed) as refusal:
            decisions.check(decisions.said_by(row, grounds=row.grounds), assessed, truce.terms)
        assert set(refusal.value.fields) == {"/grades", "/casualties"}


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
        graded("1", people), occasions.discounted(), by=people.moderator_north, and_by=people.moderator_south
    )
    open_proposal = findings.propose(graded("2", people), occasions.discounted(), by=people.moderator_north)
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
    findings.propose(graded("2", people), occasions.discounted(), by=people.moderator_north)
    occasions.agreed(
        graded("4", people), occasions.discounted(), by=people.moderator_north, and_by=people.moderator_south
    )
    filed = occasions.under_review(occasions.filed(truce, people.monitor_south), people.moderator_north)
    linking.link(filed, sets.incident("3"), by=people.moderator_north, kind="same_event", grounds="One.")
    weighed = data_sets.second(proposal, by=people.moderator_south)
    assert weighed.left_out == {"found_since": 2, "changed_since": 2}
    assert weighed.acceptance.incidents == len(sets.KINDS) - 4


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
    same = replace(
        decisions.said_by(before, grounds="Read again by both."), **occasions.verified(killed=None, people="unknown")
    )
    after = occasions.agreed(graded(number, people), same, by=people.moderator_south, and_by=people.moderator_north)
    before.refresh_from_db()
    assert before.superseded_at == after.recorded_at
    assert (after.standing, after.changed) == ("preliminary", ["casualties", "standing"])
