"""One-sided is a finding proposed and not seconded in time; that a report be moved is no word on the incident."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from reports.figures.classification import CLASSIFIED
from reports.figures.known import Known
from reports.periods import bounds
from tests.violations.occasions import agreed, breach, corrected, filed, incident_of, reloaded, under_review
from violations import filing, findings, linking, queue
from violations.admin import axes, words
from violations.admin.case import Case
from violations.models import Finding


@pytest.fixture
def report(exercise, people):
    return filed(exercise, people.monitor_north)


def column(exercise, incident, by, *, at=None):
    """In which column the figures have the incident, now or as known at `at`, and what its page says now."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now = cursor.fetchone()[0]
    known = Known(
        exercise, exercise.terms, bounds(exercise.terms, "month", "2025-03"), at or now + timedelta(seconds=1)
    )
    rows = known.rows(f"with {CLASSIFIED} select incident_id, stands_in from classified")
    case = Case(incident, by)
    said = axes.column(case.assessment, case.agreed, case.proposals)
    return {row["incident_id"]: row["stands_in"] for row in rows}[incident.pk], said


def an_effect(effect, exercise, people, report):
    """A proposal of the south's that a report of the incident is moved; nobody says anything of the incident itself."""
    incident, report = incident_of(report), under_review(report, people.moderator_south)
    findings.propose_effect(
        incident,
        "link",
        report=report,
        incident_to=incident_of(filed(exercise, people.monitor_south)),
        by=people.moderator_south,
        grounds="One event.",
    )
    newer = report
    if effect == "withdrawal":
        filing.withdraw(report, by=people.monitor_north, grounds="Told otherwise.")
    elif effect == "correction":
        newer = corrected(report, people.monitor_north, act="direct_fire")
    if effect != "link":
        findings.propose_effect(incident, effect, report=newer, by=people.moderator_south, grounds="As the filer says.")
    proposal = Finding.objects.open().get()
    assert (proposal.effect, proposal.second_by) == (effect, proposal.recorded_at)
    return proposal


@pytest.mark.parametrize("effect", ["link", "withdrawal", "correction"])
def test_an_effect_that_nobody_seconded_in_time_leaves_the_incident_pending(exercise, people, report, effect):
    proposal = an_effect(effect, exercise, people, report)
    assert column(exercise, proposal.incident, people.moderator_north) == ("pending", "pending")
    zone = Case(proposal.incident, people.moderator_north).zone
    assert words.deadline(proposal, zone, 0) == "it waits to be seconded; this truce sets no date for that"
    assert words.deadline_in_short(proposal, zone, 0) == "this truce sets no date for that"


def test_a_finding_that_nobody_seconded_in_time_is_one_sided_beside_an_effect_too(exercise, people, report):
    proposal = an_effect("correction", exercise, people, report)
    finding = findings.propose(proposal.incident, breach(exercise), by=people.moderator_independent)
    told = column(exercise, proposal.incident, people.moderator_north)
    assert told == ("one_sided", "one-sided, in no total")
    zone = Case(proposal.incident, people.moderator_north).zone
    assert words.deadline(finding, zone, 0).startswith("one-sided until it is seconded: this truce gives no days")
    assert words.deadline_in_short(finding, zone, 0) == "this truce counts a proposal as one-sided until it is seconded"


def test_a_proposal_whose_date_has_passed_says_since_when_and_reproaches_nobody():
    now, zone = timezone.now(), ZoneInfo("UTC")
    for effect, short, whole in (
        ("finding", "one-sided since ", "one-sided since {date}; it can still be seconded"),
        ("link", "was to be seconded by ", "it was to be seconded by {date}; it can still be seconded"),
    ):
        over = now - timedelta(minutes=10)
        for days, made in ((1, over - timedelta(days=1)), (0, over - timedelta(days=1)), (1, now)):
            # the last: the side proposed again, and kept the date of its first
            proposal = queue.Proposed(None, made, over, effect)
            assert words.deadline_in_short(proposal, zone, days).startswith(short), (effect, days)
            date = words.instant(over, zone)
            told = words.deadline(Finding(recorded_at=made, second_by=over, effect=effect), zone, days)
            assert told == whole.format(date=date), (effect, days)
        ahead = Finding(recorded_at=now, second_by=timezone.now() + timedelta(seconds=50), effect=effect)
        assert words.deadline(ahead, zone, 1).endswith(" (in less than a minute)")


def test_who_proposes_a_move_does_not_take_back_the_word_of_their_side(exercise, people, report):
    """Nor does another of that side, nor do independents each other's: one-sided stays one-sided."""
    incident = incident_of(report)
    word = findings.propose(incident, breach(exercise), by=people.moderator_north)
    filing.withdraw(report, by=people.monitor_north, grounds="Told otherwise.")
    before = column(exercise, incident, people.moderator_south)
    move = findings.propose_effect(
        incident, "withdrawal", report=report, by=people.moderator_north_2, grounds="As the filer says."
    )
    assert set(Finding.objects.open()) == {word, move}
    assert column(exercise, incident, people.moderator_south) == before == ("one_sided", "one-sided, in no total")
    again = findings.propose(incident, breach(exercise, confidence="low"), by=people.moderator_north_2)
    assert set(Finding.objects.open()) == {again, move}


def test_a_side_s_next_move_takes_the_place_of_its_last(exercise, people, report):
    first = an_effect("link", exercise, people, report)
    newer = corrected(report, people.monitor_north, act="direct_fire")
    second = findings.propose_effect(
        first.incident, "correction", report=newer, by=people.moderator_south, grounds="Seen again."
    )
    assert list(Finding.objects.open()) == [second]


@pytest.fixture
def five_days(report, tmp_path):
    """The truce gives five days to second, and nobody has said anything yet."""
    reloaded(tmp_path, ("seconding_days = 0", "seconding_days = 5"))
    return incident_of(report)


@pytest.mark.parametrize("changes", [{}, {"grounds": "Seen by two teams."}, {"confidence": "low"}])
def test_a_side_that_proposes_again_does_not_put_off_its_date(exercise, people, five_days, changes):
    """Be it the same word, on other grounds, or another word, and whoever of that side says it."""
    first = findings.propose(five_days, breach(exercise), by=people.moderator_north)
    again = findings.propose(five_days, breach(exercise, **changes), by=people.moderator_north_2)
    back = findings.propose(five_days, breach(exercise), by=people.moderator_north)
    assert list(Finding.objects.open()) == [back]
    assert first.second_by == first.recorded_at + timedelta(days=5)
    assert [again.second_by, back.second_by] == [first.second_by] * 2
    assert column(exercise, five_days, people.moderator_south, at=first.second_by)[0] == "one_sided"
    found = findings.second(back, by=people.moderator_south)
    assert (found.standing, found.confidence) == ("preliminary", "moderate")


def test_the_date_of_one_side_is_not_that_of_another(exercise, people, five_days):
    first = findings.propose(five_days, breach(exercise), by=people.moderator_north)
    other = findings.propose(five_days, breach(exercise), by=people.moderator_south)
    assert other.second_by == other.recorded_at + timedelta(days=5) > first.second_by


def test_what_is_said_of_other_reports_or_against_what_was_agreed_has_a_date_of_its_own(exercise, people, five_days):
    """Neither is done by one side alone, and before it was done nobody could second this."""
    first = findings.propose(five_days, breach(exercise), by=people.moderator_north)
    joining = under_review(filed(exercise, people.monitor_south), people.moderator_north)
    move = linking.link(joining, five_days, by=people.moderator_north, kind="same_event", grounds="One event.")
    findings.second(move, by=people.moderator_independent)
    of_more = findings.propose(five_days, breach(exercise), by=people.moderator_north)
    assert of_more.second_by == of_more.recorded_at + timedelta(days=5) > first.second_by
    agreed(
        five_days, breach(exercise, confidence="low"), by=people.moderator_independent, and_by=people.moderator_south
    )
    against = findings.propose(five_days, breach(exercise), by=people.moderator_north)
    assert against.second_by == against.recorded_at + timedelta(days=5) > of_more.second_by
