"""The queue of moderators: what needs whom, in which order, at what cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.violations import sets
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.occasions import (
    HARM,
    SHELLING,
    agreed,
    corrected,
    discounted,
    filed,
    graded,
    incident_of,
    reloaded,
)
from tests.violations.test_admin_access import LOOK
from violations import data_sets, filing, findings, questions, review
from violations.admin import words
from violations.admin.queue import PAGE
from violations.codebook import LinkKind
from violations.linking import link
from violations.models import IncidentReport
from violations.report_content import NamedParty

QUEUE = reverse("admin:violations_incident_changelist")

pytestmark = pytest.mark.django_db


def shown(client, person, **asked):
    client.force_login(person)
    response = client.get(QUEUE, asked)
    assert response.status_code == 200
    return response.context["queue"]


def references(queue):
    return [row.reference for row in queue.rows]


def reference_of(report):
    return incident_of(report).public_id.hex[:10]


def needs(client, person, view="all"):
    return {row.reference: row.waiting.need.value for row in shown(client, person, view=view).rows}


def test_a_new_report_needs_to_be_taken_under_review(client, exercise, people):
    report = filed(exercise, people.monitor_north)
    assert needs(client, people.moderator_north, "mine") == {reference_of(report): "review"}


def test_the_gravest_comes_first_then_the_one_filed_longest_ago(client, exercise, people):
    heard = filed(exercise, people.monitor_north, means="heard")
    first = filed(exercise, people.monitor_north)
    second = filed(exercise, people.monitor_north, place_as_written="another")
    grave = filed(exercise, people.monitor_north, casualties=HARM)
    wanted = [reference_of(report) for report in (grave, first, second, heard)]
    assert references(shown(client, people.moderator_south)) == wanted


def test_a_proposal_needs_the_other_side_and_waits_for_it(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposed_on(report, by=people.moderator_north)
    reference = reference_of(report)
    assert needs(client, people.moderator_south) == {reference: "second"}
    assert needs(client, people.moderator_independent) == {reference: "second"}
    assert needs(client, people.moderator_north) == {reference: "others_second"}
    assert needs(client, people.moderator_north_2) == {reference: "others_second"}
    row = shown(client, people.moderator_south).rows[0]
    assert "another side or an independent" in row.to_second[0]


def test_who_dissented_is_not_asked_to_second(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    review.accept(report, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north)
    findings.dissent(proposal, by=people.moderator_south, grounds="The radar says otherwise.")
    assert needs(client, people.moderator_south) == {reference_of(report): "nothing"}


def test_a_stale_proposal_is_not_offered_to_second(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    review.accept(report, by=people.moderator_north)
    theirs = proposed_on(report, by=people.moderator_south, verification="probable")
    ours = proposed_on(report, by=people.moderator_north)
    findings.second(ours, by=people.moderator_south)
    assert theirs.superseded_at is None
    assert needs(client, people.moderator_north) == {reference_of(report): "nothing"}


def test_a_returned_report_waits_for_its_filer_and_its_answer_is_read_again(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    review.return_with_question(report, by=people.moderator_north, grounds="Which bank of the river?")
    assert needs(client, people.moderator_north) == {reference_of(report): "others_answer"}
    corrected(report, people.monitor_north, place_as_written="the left bank")
    row = shown(client, people.moderator_north).rows[0]
    assert row.need == "read the correction made upon your question, take under review"
    row = shown(client, people.moderator_south).rows[0]
    assert row.need == "read its correction, take under review"


def test_a_withdrawal_after_a_finding_needs_somebody_to_settle_it(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    review.accept(report, by=people.moderator_north)
    agreed_on(report, people)
    filing.withdraw(report, by=people.monitor_north, grounds="It was another night.")
    assert needs(client, people.moderator_north) == {reference_of(report): "settle"}
    response = client.post(
        reverse("admin:violations_incidentreport_effect", args=[report.public_id]), {"grounds": "The filer says so."}
    )
    assert response.status_code == 302
    assert needs(client, people.moderator_north) == {reference_of(report): "others_second"}
    assert needs(client, people.moderator_south) == {reference_of(report): "second"}


def test_a_correction_after_a_finding_needs_somebody_to_settle_it(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    review.accept(report, by=people.moderator_north)
    agreed_on(report, people)
    newer = corrected(report, people.monitor_north, place_as_written="the left bank")
    review.take(newer, by=people.moderator_south)
    assert needs(client, people.moderator_north) == {reference_of(report): "settle"}


def test_what_is_found_needs_nothing_more_until_its_review_is_opened_again(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    agreed_on(report, people)
    assert needs(client, people.moderator_north) == {reference_of(report): "nothing"}
    assert references(shown(client, people.moderator_north)) == []
    assert references(shown(client, people.moderator_north, view="decided")) == [reference_of(report)]
    review.accept(report, by=people.moderator_south)
    review.reopen(report, by=people.moderator_south, grounds="Another crater was found.")
    assert needs(client, people.moderator_north) == {reference_of(report): "accept"}


def test_a_row_says_what_is_agreed_already_and_what_the_open_step_changes_of_it(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    assert shown(client, people.moderator_north).rows[0].found == ""
    agreed_on(report, people)
    newer = corrected(report, people.monitor_north, place_as_written="the left bank")
    row = shown(client, people.moderator_north).rows[0]
    agreed_finding = "Agreed finding, preliminary: verified; breach."
    assert row.waiting.need == "review"
    assert row.found == f"{agreed_finding} Review alone changes nothing that is counted; what is seconded does."
    assert row.found in client.get(QUEUE).text
    review.take(newer, by=people.moderator_north)
    settle = shown(client, people.moderator_north).rows[0]
    assert settle.waiting.need == "settle"
    assert settle.found.startswith(f"{agreed_finding} It stands until the correction or withdrawal is proposed")
    findings.propose_effect(
        incident_of(report), "correction", report=newer, by=people.moderator_north, grounds="The filer says so."
    )
    for person, need in ((people.moderator_south, "second"), (people.moderator_north, "others_second")):
        row = shown(client, person, view="all").rows[0]
        assert row.waiting.need == need
        assert row.found == f"{agreed_finding} It stands until what is proposed is seconded."


def test_what_is_decided_says_what_was_found_and_nothing_more(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    agreed(incident_of(report), discounted(), by=people.moderator_north, and_by=people.moderator_south)
    review.accept(report, by=people.moderator_north)
    (row,) = shown(client, people.moderator_north, view="decided").rows
    assert row.found == "Agreed finding, preliminary: checked, did not happen so; undetermined."


@pytest.fixture
def accepted_set(exercise, people, tmp_path):
    """A set of events, accepted whole by both sides."""
    sets.imported(exercise, tmp_path, *sets.KINDS)
    proposal = data_sets.propose(exercise, sets.SET, by=people.moderator_north, grounds="Sampled.").acceptance
    data_sets.second(proposal, by=people.moderator_south)
    return sorted(sets.incident(event["id"]).public_id.hex[:10] for event in sets.KINDS)


@pytest.mark.usefixtures("accepted_set")
def test_what_an_accepted_set_tells_of_is_decided_and_drowns_nothing_that_needs_somebody(
    client, exercise, people, accepted_set
):
    report = filed(exercise, people.monitor_north)
    north = people.moderator_north
    assert needs(client, north, "mine") == {reference_of(report): "review"}
    assert needs(client, north, "decided") == needs(client, north, "set") == dict.fromkeys(accepted_set, "set")
    text = client.get(QUEUE, {"view": "decided"}).text
    assert "accepted with its data set" in text
    assert "Nothing is decided yet" not in text
    agreed_on(report, people)
    review.take(report, by=north)
    review.accept(report, by=north)
    assert needs(client, north, "decided") == {reference_of(report): "nothing"} | dict.fromkeys(accepted_set, "set")
    assert reference_of(report) not in needs(client, north, "set")


def test_who_takes_up_an_event_of_an_accepted_set_has_it_to_decide_until_people_did(
    client, exercise, people, accepted_set
):
    report = IncidentReport.objects.get(external_id="1")
    reference = reference_of(report)
    review.take(report, by=people.moderator_north)
    assert needs(client, people.moderator_south, "mine") == {reference: "decide"}
    review.accept(report, by=people.moderator_north)
    assert needs(client, people.moderator_south, "mine") == {reference: "decide"}, "a case, and pending"
    assert reference not in needs(client, people.moderator_south, "set")
    incident = graded(incident_of(report), people.moderator_north)
    agreed(incident, discounted(), by=people.moderator_north, and_by=people.moderator_south)
    assert needs(client, people.moderator_south)[reference] == "nothing"


def test_an_accepted_event_told_otherwise_needs_somebody(client, exercise, people, tmp_path, accepted_set):
    sets.imported(exercise, tmp_path, sets.KINDS[1] | {"high": "8"})
    reference = sets.incident("2").public_id.hex[:10]
    assert needs(client, people.moderator_north, "mine") == {reference: "review"}


def test_what_is_only_heard_is_accepted_and_not_adjudicated(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north, means="heard")
    review.accept(report, by=people.moderator_north)
    assert needs(client, people.moderator_north) == {reference_of(report): "nothing"}


def test_a_merged_incident_leaves_the_queue(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    other = filed(exercise, people.monitor_south)
    link(report, incident_of(other), by=people.moderator_north, kind=LinkKind.SAME_EVENT, grounds="One event.")
    assert references(shown(client, people.moderator_north, view="all")) == [reference_of(other)]


def test_a_party_that_the_truce_does_not_know_is_shown_as_it_was_written(client, exercise, people):
    unknown = NamedParty("alleged", "Nrth <Armee>")
    filed(exercise, people.monitor_north, parties=(unknown, NamedParty("target", "south-league")))
    filed(exercise, people.monitor_north, parties=())
    named, none = shown(client, people.moderator_north).rows
    assert [(role, names, written) for role, names, written in named.parties] == [
        ("alleged", "", ["Nrth <Armee>"]),
        ("against", "South League", []),
    ]
    assert none.parties == []
    text = client.get(QUEUE).text
    assert "“<bdi>Nrth &lt;Armee&gt;</bdi>”" in text
    assert text.count("not a party of the truce") == 1
    assert text.count("none named") == 1


def test_near_duplicates_are_counted(client, exercise, people):
    filed(exercise, people.monitor_north)
    filed(exercise, people.monitor_south)
    filed(exercise, people.monitor_south, occurred_from=SHELLING.occurred_from.replace(day=20))
    assert sorted(row.near for row in shown(client, people.moderator_north).rows) == [0, 1, 1]


def test_an_empty_queue_says_what_to_do(client, exercise, people):
    client.force_login(people.moderator_north)
    assert "Nothing needs you now." in client.get(QUEUE).text
    assert "No incident fits" in client.get(QUEUE, {"act": "flare"}).text
    assert "No incident has been filed" in client.get(QUEUE, {"view": "all"}).text


def test_pages_follow_without_a_count_and_the_queries_do_not_grow(client, exercise, people):
    client.force_login(people.moderator_north)
    filed(exercise, people.monitor_north)
    client.get(QUEUE)  # the first page of a session notes that somebody is there
    with CaptureQueriesContext(connection) as few:
        client.get(QUEUE)
    for number in range(PAGE + 1):
        filed(exercise, people.monitor_north, place_as_written=f"post {number}")
    with CaptureQueriesContext(connection) as many:
        response = client.get(QUEUE)
    assert len(many) <= len(few) <= 16 + LOOK
    assert not any("count(" in query["sql"].lower() for query in many)
    queue = response.context["queue"]
    assert (len(queue.rows), queue.more) == (PAGE, True)
    second = client.get(QUEUE + queue.next_page).context["queue"]
    assert (len(second.rows), second.more) == (2, False)
    assert not {row.reference for row in second.rows} & {row.reference for row in queue.rows}
    assert second.first_page == QUEUE.rpartition("/")[2] + "?"


def test_times_stand_in_the_clocks_of_the_truce_with_their_zone(client, exercise, people):
    filed(exercise, people.monitor_north)
    client.force_login(people.moderator_north)
    text = client.get(QUEUE).text
    assert "10 March 2025, 12:00" in text
    assert "UTC−08:00" in text


def test_the_page_says_which_side_the_moderator_acts_for(client, exercise, people):
    client.force_login(people.moderator_south)
    assert "South side (sent by Birch)" in client.get(QUEUE).text
    client.force_login(people.moderator_independent)
    assert "independent, sent by no side" in client.get(QUEUE).text


def test_what_a_filer_answered_is_read_and_decided(client, exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    asked = questions.ask(report, by=people.moderator_north, grounds="Which bank?")
    row = shown(client, people.moderator_north, view="others").rows[0]
    assert row.waiting.need == "others_answer"
    assert row.due[0].startswith("reply due by ")
    assert row.due[1] == "in_time"
    questions.answer(asked.public_id, by=people.monitor_north, words="The left.", language="en")
    assert needs(client, people.moderator_south, "mine") == {reference_of(report): "answered"}


def test_what_is_due_is_said_in_words_and_by_a_mark(client, exercise, people, tmp_path):
    reloaded(
        tmp_path,
        ('[[sides]]\ncode = "north"', '[lanes.standard]\ndecide_within_days = 7\n[[sides]]\ncode = "north"'),
        ("seconding_days = 0", "seconding_days = 1"),
    )
    filed(exercise, people.monitor_north, means="heard")
    filed(exercise, people.monitor_north)
    proposed_on(taken(exercise, people.monitor_north, by=people.moderator_north), by=people.moderator_north)
    rows = shown(client, people.moderator_south).rows
    assert [row.due and row.due[1] for row in rows] == ["in_time", "soon", None]
    assert rows[0].due[0].startswith("to decide by ")
    assert rows[1].due[0].startswith("to second by ")
    text = client.get(QUEUE).text
    assert 'class="due soon"' in text
    instant = datetime.now(tz=UTC) - timedelta(days=3, minutes=1)
    told, mark = words.due(instant, ZoneInfo("UTC"), "reply due by %(date)s")
    assert mark == "late"
    assert told.endswith(": late by 3\xa0days")
    told, mark = words.due(datetime.now(tz=UTC), ZoneInfo("UTC"), "reply due by %(date)s")
    assert told.endswith(": now")
    assert mark == "soon"
    told, mark = words.due(datetime.now(tz=UTC) - timedelta(minutes=50), ZoneInfo("UTC"), "reply due by %(date)s")
    assert told.endswith(": within the last hour")
    assert mark == "soon"


def test_where_a_truce_gives_no_days_a_proposal_says_so_and_is_not_due(client, exercise, people):
    assert exercise.terms.seconding_days == 0
    proposed_on(taken(exercise, people.monitor_north, by=people.moderator_north), by=people.moderator_north)
    for person in (people.moderator_north, people.moderator_south):
        (row,) = shown(client, person, view="all").rows
        assert row.due is None
        assert row.to_second[0].endswith("; this truce counts a proposal as one-sided until it is seconded")


def test_what_is_open_is_told_by_lane_and_by_side_and_of_nobody(client, exercise, people):
    filed(exercise, people.monitor_north, casualties=HARM)
    filed(exercise, people.monitor_north, means="heard")
    proposed_on(taken(exercise, people.monitor_north, by=people.moderator_north), by=people.moderator_north)
    lines = shown(client, people.moderator_independent).workload
    assert lines[0] == "To take up or decide, by anybody: grave: 1, routine: 1."
    assert lines[1].startswith("Proposed by North side, for others to second: 1, the oldest ")
    assert not any("moderator" in line for line in lines)
