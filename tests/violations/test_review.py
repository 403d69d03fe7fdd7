"""Review moves only as VOCABULARY says, by accredited moderators who did not file."""

import threading
from itertools import product

import pytest
from django.db import connection

from monitoring import accreditation, ledger
from monitoring.errors import Forbidden, Malformed, NotNow
from monitoring.models import AuditEntry
from tests.violations.occasions import corrected, filed, incident_of, under_review
from violations import filing, review
from violations.codebook import ReviewState
from violations.models import Assessment, IncidentReport, ReviewStep

VERBS = {
    "take": (lambda report, by: review.take(report, by=by), {"submitted", "awaiting_reply"}, "under_review"),
    "return": (
        lambda report, by: review.return_with_question(report, by=by, grounds="Which side of the road?"),
        {"under_review"},
        "returned",
    ),
    "await_reply": (
        lambda report, by: review.await_reply(report, by=by, grounds="The south side was asked."),
        {"under_review"},
        "awaiting_reply",
    ),
    "accept": (lambda report, by: review.accept(report, by=by), {"under_review"}, "linked"),
    "reopen": (
        lambda report, by: review.reopen(report, by=by, grounds="New imagery."),
        {"linked", "duplicate"},
        "under_review",
    ),
}


@pytest.fixture
def report(exercise, people) -> IncidentReport:
    return filed(exercise, people.monitor_north)


def put_into(report, state):
    """Write the state as the verbs would have, so that each is tried from each."""
    with ledger.writing() as entry:
        ReviewStep.objects.create(chain=report.chain, report=report, state=state, recorded_at=entry.stamp())


@pytest.mark.by_hand
@pytest.mark.parametrize(("verb", "state"), list(product(VERBS, ReviewState.values)))
def test_each_move_is_made_from_the_states_of_the_vocabulary_and_from_no_other(report, people, verb, state):
    do, after, to = VERBS[verb]
    put_into(report, state)
    if state in after:
        step = do(report, people.moderator_south)
        assert (step.state, step.by, review.state_of(report)) == (to, people.moderator_south, to)
    else:
        with pytest.raises(NotNow) as refusal:
            do(report, people.moderator_south)
        assert str(ReviewState(state).label) in refusal.value.message
        assert refusal.value.code == f"is_{state}"
        assert review.state_of(report) == state


@pytest.mark.by_hand
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ["superuser", "operator", "guarantor_birch", "monitor_south"])
def test_only_moderators_review_and_being_superuser_is_nothing(report, people, verb, name):
    do, after, _ = VERBS[verb]
    put_into(report, min(after))
    with pytest.raises(Forbidden) as refusal:
        do(report, getattr(people, name))
    assert refusal.value.code == "not_accredited"


def test_nobody_reviews_what_they_filed(exercise, people):
    accreditation.accredit(
        people.moderator_north,
        exercise,
        "monitor",
        by=None,
        team=exercise.teams.get(code="team-joint"),
        guarantor=exercise.guarantors.get(code="alder"),
    )
    report = filed(exercise, people.moderator_north)
    with pytest.raises(Forbidden) as refusal:
        review.take(report, by=people.moderator_north)
    assert refusal.value.code == "own_report"
    review.take(report, by=people.moderator_north_2)


def test_an_ended_accreditation_reviews_no_more(report, people):
    accreditation.end(people.moderator_south.accreditations.get(), by=None)
    with pytest.raises(Forbidden):
        review.take(report, by=people.moderator_south)


@pytest.mark.parametrize("verb", [review.return_with_question, review.await_reply, review.reopen])
def test_a_move_that_needs_words_is_refused_without(report, people, verb):
    with pytest.raises(Malformed) as refusal:
        verb(report, by=people.moderator_south, grounds="  ")
    assert "/grounds" in refusal.value.fields


def test_a_correction_starts_as_submitted_and_the_older_revision_is_superseded(report, people):
    under_review(report, people.moderator_south)
    newer = corrected(report, people.monitor_north, act="direct_fire")
    assert (review.state_of(report), review.state_of(newer)) == ("superseded", "submitted")
    assert incident_of(newer) == report.links.first().incident
    with pytest.raises(NotNow):
        review.take(report, by=people.moderator_south)
    review.take(newer, by=people.moderator_south)


def test_a_withdrawn_report_is_reviewed_no_more(report, people):
    filing.withdraw(report, by=people.monitor_north, grounds="Filed twice.")
    with pytest.raises(NotNow):
        review.take(report, by=people.moderator_south)


def test_reviewing_changes_no_assessment_and_leaves_one_audit_row_a_move(report, people):
    before = list(Assessment.objects.values_list("pk", "superseded_at"))
    review.take(report, by=people.moderator_south)
    review.accept(report, by=people.moderator_north)
    assert list(Assessment.objects.values_list("pk", "superseded_at")) == before
    rows = AuditEntry.objects.filter(action__startswith="review.").order_by("pk")
    assert [(row.action, row.actor, row.outcome, row.object_id) for row in rows] == [
        ("review.take", people.moderator_south, "done", str(report.public_id)),
        ("review.accept", people.moderator_north, "done", str(report.public_id)),
    ]


def test_where_the_audit_cannot_be_written_the_move_is_not_made(report, people, monkeypatch):
    def no_audit(*args, **kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr("monitoring.audit.AuditEntry.objects.create", no_audit)
    with pytest.raises(RuntimeError, match="disk full"):
        review.take(report, by=people.moderator_south)
    assert review.state_of(report) == "submitted"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_a_report_at_once_one_wins_and_the_other_is_told(exercise, people):
    report = filed(exercise, people.monitor_north)
    outcomes = []
    ready = threading.Barrier(2)

    def take(by):
        try:
            ready.wait()
            outcomes.append(review.take(report, by=by).state)
        except NotNow as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(by,)) for by in (people.moderator_north, people.moderator_south)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["is_under_review", "under_review"]
    assert ReviewStep.objects.filter(chain=report.chain).count() == 2
