"""One-sided is a finding proposed and not seconded in time; that a report be moved is no word on the incident."""

from datetime import timedelta

import pytest
from django.db import connection

from reports.figures.classification import CLASSIFIED
from reports.figures.known import Known
from reports.periods import bounds
from tests.violations.occasions import breach, corrected, filed, incident_of, under_review
from violations import filing, findings
from violations.admin import axes, words
from violations.admin.case import Case
from violations.models import Finding


@pytest.fixture
def report(exercise, people):
    return filed(exercise, people.monitor_north)


def column(exercise, incident, by):
    """In which column the figures have the incident, and what its page says."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now = cursor.fetchone()[0]
    known = Known(exercise, exercise.terms, bounds(exercise.terms, "month", "2025-03"), now + timedelta(seconds=1))
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
    assert words.deadline(proposal, zone).startswith("not seconded by ")
    assert words.deadline_in_short(proposal, zone).startswith("not seconded by ")


def test_a_finding_that_nobody_seconded_in_time_is_one_sided_beside_an_effect_too(exercise, people, report):
    proposal = an_effect("correction", exercise, people, report)
    finding = findings.propose(proposal.incident, breach(exercise), by=people.moderator_independent)
    told = column(exercise, proposal.incident, people.moderator_north)
    assert told == ("one_sided", "one-sided, in no total")
    zone = Case(proposal.incident, people.moderator_north).zone
    assert words.deadline(finding, zone).startswith("one-sided: not seconded by ")
    assert words.deadline_in_short(finding, zone).startswith("one-sided since ")


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
