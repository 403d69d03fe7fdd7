"""Lanes: by the rule of the truce's file; by hand towards grave by one, away from it by two whose sides differ."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from monitoring import ledger, mechanism
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.mechanism_shape import Lanes
from monitoring.models import LANES, AuditEntry
from tests.monitoring.truces import changed, faults, write
from tests.violations.cases import proposed_on, taken
from tests.violations.occasions import HARM, agreed, breach, corrected, filed, graded, incident_of
from violations import assessment, findings, lanes
from violations.models import Assessment, LaneMove

pytestmark = pytest.mark.django_db


def lane_of(report):
    row = Assessment.objects.open().with_lane().get(incident=incident_of(report))
    return row.lane


def moved(report, lane, *, by, reason="other"):
    return lanes.move(incident_of(report), lane, reason=reason, grounds="Seen by nobody.", by=by)


def with_lanes(exercise, folder, text):
    with ledger.writing() as entry:
        file = changed(folder, ("[[sides]]", f"{text}\n[[sides]]"))
        version = mechanism.record(file, by=None, entry=entry)
        assessment.reassess_agreement(version.agreement, recorded_at=entry.stamp())


def test_the_rule_of_a_file_that_says_nothing_is_the_general_one_and_its_hash_is_what_it_was(exercise, tmp_path):
    silent = changed(tmp_path)
    assert silent.lanes.model_dump(mode="json") == LANES == exercise.terms.lanes
    assert silent.sha256 == exercise.terms.file_sha256
    said = changed(tmp_path, ("[[sides]]", '[lanes.routine]\nmeans = ["heard"]\n[[sides]]'))
    assert said.lanes == Lanes()
    assert said.sha256 == silent.sha256
    other = changed(tmp_path, ("[[sides]]", "[lanes.routine]\nmeans = []\n[[sides]]"))
    assert other.sha256 != silent.sha256


def test_a_lane_of_codes_that_nobody_knows_is_refused_with_its_place(tmp_path):
    grave = '[lanes.grave]\nacts = ["sorcery"]\nobjects = ["castle"]\nweapons = ["wand"]\n'
    text = f'{grave}[lanes.routine]\nmeans = ["dreamt"]\n'
    told = faults(write(tmp_path, ("[[sides]]", f"{text}[[sides]]")))
    assert [line.split(":")[0] for line in told] == [
        "lanes.grave.acts[1]",
        "lanes.grave.objects[1]",
        "lanes.grave.weapons[1]",
        "lanes.routine.means[1]",
    ]


def test_lanes_follow_the_rule_of_the_file(exercise, people, tmp_path):
    shelling = filed(exercise, people.monitor_north)
    heard = filed(exercise, people.monitor_north, means="heard")
    harmed = filed(exercise, people.monitor_north, casualties=HARM, means="heard")
    school = filed(exercise, people.monitor_north, objects_hit=("school",))
    assert [lane_of(row) for row in (shelling, heard, harmed, school)] == ["standard", "routine", "grave", "grave"]
    grave = '[lanes.grave]\nacts = ["indirect_fire"]\nobjects = []\ncasualties = false\n'
    rule = f'{grave}[lanes.routine]\nmeans = ["saw", "heard"]\n'
    with_lanes(exercise, tmp_path, rule)
    assert shelling.act == "indirect_fire"
    assert {lane_of(row) for row in (shelling, heard, harmed, school)} == {"grave"}
    with_lanes(exercise, tmp_path, rule.replace("indirect_fire", "flare"))
    assert shelling.means == "saw"
    assert [lane_of(row) for row in (shelling, heard, harmed, school)] == ["routine", "routine", "standard", "routine"]


def test_one_moderator_moves_towards_grave(exercise, people):
    report = filed(exercise, people.monitor_north, means="heard")
    row = moved(report, "grave", by=people.moderator_north, reason="part_of_a_pattern")
    assert (row.in_force, row.moved_from, row.by_rule) == (True, "routine", "routine")
    assert lane_of(report) == "grave"
    assert AuditEntry.objects.filter(action="lane.move", object_id=str(row.public_id), outcome="done").exists()


def test_away_from_grave_it_takes_another_side(exercise, people):
    report = filed(exercise, people.monitor_north, casualties=HARM)
    proposal = moved(report, "standard", by=people.moderator_north, reason="less_than_coded")
    assert not proposal.in_force
    assert lane_of(report) == "grave"
    for person, code in ((people.moderator_north, "same_person"), (people.moderator_north_2, "same_side")):
        with pytest.raises(Forbidden) as refused:
            lanes.second(proposal, by=person)
        assert refused.value.code == code
    row = lanes.second(proposal, by=people.moderator_south)
    assert lane_of(report) == "standard"
    assert row.proposed_by == people.moderator_north
    assert row.seconded_by == people.moderator_south
    assert [move.pk for move in LaneMove.objects.open()] == [row.pk]
    with pytest.raises(NotNow) as late:
        lanes.second(proposal, by=people.moderator_independent)
    assert late.value.code == "not_open"


def test_a_side_proposes_anew_in_the_place_of_its_own_and_what_takes_force_closes_all(exercise, people):
    report = filed(exercise, people.monitor_north, casualties=HARM)
    first = moved(report, "standard", by=people.moderator_north)
    second = moved(report, "routine", by=people.moderator_north_2)
    theirs = moved(report, "standard", by=people.moderator_south)
    assert {row.pk for row in LaneMove.objects.open()} == {second.pk, theirs.pk}
    assert first.pk not in {row.pk for row in LaneMove.objects.open()}
    row = lanes.second(theirs, by=people.moderator_north)
    assert [move.pk for move in LaneMove.objects.open()] == [row.pk]
    back = moved(report, "grave", by=people.moderator_south)
    assert [move.pk for move in LaneMove.objects.open()] == [back.pk]
    assert lane_of(report) == "grave"


def test_what_was_proposed_of_another_state_of_things_is_not_seconded(exercise, people):
    report = filed(exercise, people.monitor_north, casualties=HARM)
    proposal = moved(report, "standard", by=people.moderator_north)
    corrected(report, people.monitor_north, casualties={**HARM}, place_as_written="the left bank")
    with pytest.raises(NotNow) as stale:
        lanes.second(proposal, by=people.moderator_south)
    assert stale.value.code == "stale"


def test_a_move_away_holds_while_the_rule_says_what_it_said(exercise, people):
    report = filed(exercise, people.monitor_north)
    lanes.second(moved(report, "routine", by=people.moderator_north), by=people.moderator_south)
    assert lane_of(report) == "routine"
    corrected(report, people.monitor_north, casualties=HARM)
    assert lane_of(report) == "grave"


def test_a_move_towards_grave_holds_whatever_the_rule_says(exercise, people, tmp_path):
    heard = filed(exercise, people.monitor_north, means="heard")
    moved(heard, "standard", by=people.moderator_north)
    with_lanes(exercise, tmp_path, '[lanes.routine]\nmeans = ["heard", "saw"]')
    assert lane_of(heard) == "standard"
    with_lanes(exercise, tmp_path, '[lanes.grave]\nacts = ["indirect_fire"]')
    assert lane_of(heard) == "grave"


def test_a_finding_proposed_in_another_lane_is_not_seconded(exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposal = findings.propose(incident_of(report), breach(exercise), by=people.moderator_north)
    moved(report, "grave", by=people.moderator_south)
    with pytest.raises(NotNow) as stale:
        findings.second(proposal, by=people.moderator_south)
    assert "lane" in stale.value.message
    decision = breach(exercise, intent="unknown", sequence="unknown")
    agreed(
        graded(incident_of(report), people.moderator_north),
        decision,
        by=people.moderator_north,
        and_by=people.moderator_south,
    )


@pytest.mark.parametrize(
    ("lane", "reason", "grounds", "fields"),
    [
        ("standard", "other", "So.", {"/lane"}),
        ("fast", "why", " ", {"/lane", "/reason", "/grounds"}),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(exercise, people, lane, reason, grounds, fields):
    report = filed(exercise, people.monitor_north)
    with pytest.raises(Malformed) as refused:
        lanes.move(incident_of(report), lane, reason=reason, grounds=grounds, by=people.moderator_north)
    assert refused.value.fields.keys() == fields
    assert not LaneMove.objects.exists()


def test_nobody_moves_what_they_filed_and_no_monitor_moves_anything(exercise, people):
    report = filed(exercise, people.monitor_north)
    with pytest.raises(Forbidden):
        moved(report, "grave", by=people.monitor_north)
    with pytest.raises(Forbidden):
        moved(report, "grave", by=people.monitor_south)


@pytest.mark.by_hand
def test_postgresql_lets_nothing_away_from_grave_in_force_without_a_second(exercise, people):
    report = filed(exercise, people.monitor_north, casualties=HARM)
    proposal = moved(report, "standard", by=people.moderator_north)
    with ledger.writing() as entry, pytest.raises(IntegrityError, match="violations_lane_down"), transaction.atomic():
        LaneMove.objects.create(
            incident=proposal.incident,
            agreement=exercise,
            recorded_at=entry.stamp(),
            lane="standard",
            moved_from="grave",
            by_rule="grave",
            in_force=True,
            reason="other",
            grounds="So.",
            proposed_by=people.moderator_north,
        )


def test_the_pages_move_and_second(client, exercise, people):
    report = filed(exercise, people.monitor_north, casualties=HARM)
    page = reverse("admin:violations_incident_change", args=[incident_of(report).public_id])
    form = reverse("admin:violations_incident_lane", args=[incident_of(report).public_id])
    client.force_login(people.moderator_north)
    assert "By the rule of the truce" in client.get(page).text
    assert "Move incident" in client.get(form).text
    assert client.post(form, {"lane": "grave"}).status_code == 400
    asked = {"lane": "standard", "reason": "less_than_coded", "grounds": "Told of another."}
    assert client.post(form, asked, follow=True).status_code == 200
    assert "Second the move" not in client.get(page).text
    queue = reverse("admin:violations_incident_changelist")
    assert "proposes to move it to another lane" not in client.get(queue).text
    client.force_login(people.moderator_south)
    assert "proposes to move it to another lane" in client.get(queue).text
    text = client.get(page).text
    assert "Second the move to standard" in text
    second = reverse("admin:violations_lanemove_second", args=[LaneMove.objects.get().public_id])
    assert second in text
    assert client.get(second).status_code == 405
    assert "Seconded: the incident stands in the lane" in client.post(second, follow=True).text
    assert client.post(second).status_code == 409
    assert "Moved from grave to standard" in client.get(page).text
    assert lane_of(report) == "standard"


def test_a_lane_changes_nothing_that_waits_but_its_order_and_what_is_asked(client, exercise, people):
    first = filed(exercise, people.monitor_north)
    second = filed(exercise, people.monitor_north, place_as_written="another")
    proposed_on(taken(exercise, people.monitor_north, by=people.moderator_south), by=people.moderator_south)
    moved(second, "grave", by=people.moderator_north)
    client.force_login(people.moderator_south)
    rows = client.get(reverse("admin:violations_incident_changelist")).context["queue"].rows
    assert [row.assessment.incident_id for row in rows[:2]] == [incident_of(second).pk, incident_of(first).pk]
