"""A report that two persons linked: its filer alone neither withdraws it nor corrects it at once."""

import pytest

from tests.violations.occasions import agreed, breach, corrected, filed, incident_of, under_review
from violations import filing, findings, linking, review
from violations.models import Assessment, Finding, ReportLink


@pytest.fixture
def first(exercise, people):
    return filed(exercise, people.monitor_south)


@pytest.fixture
def report(exercise, people):
    return under_review(filed(exercise, people.monitor_north), people.moderator_south)


@pytest.fixture
def linked(exercise, people, first, report):
    """The report, linked by two into the incident of the first, of which nothing was found or proposed."""
    findings.propose(incident_of(report), breach(exercise), by=people.moderator_south)
    proposal = linking.link(
        report, incident_of(first), by=people.moderator_south, kind="same_event", grounds="Same minute."
    )
    findings.second(proposal, by=people.moderator_north)
    assert not Finding.objects.open().filter(incident=incident_of(report)).exists()
    return report


def counted(report):
    """The revision of the report's chain that is counted, and how many reports its incident has."""
    link = ReportLink.objects.open().members().get(chain=report.chain)
    return link.report, ReportLink.objects.open().members().filter(incident=link.incident).count()


def test_its_filer_s_withdrawal_waits_for_two(linked, people):
    filing.withdraw(linked, by=people.monitor_north, grounds="Told otherwise.")
    assert review.state_of(linked) == "withdrawn"
    assert counted(linked) == (linked, 2)
    incident = incident_of(linked)
    proposal = findings.propose_effect(
        incident, "withdrawal", report=linked, by=people.moderator_south, grounds="Heard again."
    )
    findings.second(proposal, by=people.moderator_north)
    assert not ReportLink.objects.open().members().filter(chain=linked.chain).exists()
    assert Assessment.objects.open().filter(incident=incident).exists()


def test_its_filer_s_correction_waits_for_two(linked, people):
    newer = corrected(linked, people.monitor_north, act="direct_fire")
    assert counted(linked) == (linked, 2)
    proposal = findings.propose_effect(
        incident_of(linked), "correction", report=newer, by=people.moderator_south, grounds="Seen again."
    )
    findings.second(proposal, by=people.moderator_north)
    assert counted(linked) == (newer, 2)


def test_a_correction_that_two_let_take_effect_is_not_undone_by_its_filer_alone(linked, people):
    newer = corrected(linked, people.monitor_north, act="direct_fire")
    proposal = findings.propose_effect(
        incident_of(linked), "correction", report=newer, by=people.moderator_south, grounds="Seen again."
    )
    findings.second(proposal, by=people.moderator_north)
    corrected(newer, people.monitor_north, act="looting")
    assert counted(linked) == (newer, 2)


def test_nor_is_one_where_the_link_was_one_person_s(exercise, first, people):
    incident = incident_of(first)
    word = findings.propose(incident, breach(exercise), by=people.moderator_north)
    newer = corrected(first, people.monitor_south, act="direct_fire")
    proposal = findings.propose_effect(
        incident, "correction", report=newer, by=people.moderator_south, grounds="Seen again."
    )
    findings.second(proposal, by=people.moderator_north)
    assert set(Finding.objects.open()) == {word}
    corrected(newer, people.monitor_south, act="looting")
    assert counted(first) == (newer, 1)


def test_so_does_what_becomes_of_the_report_that_it_was_linked_to(linked, first, people):
    corrected(first, people.monitor_south, act="direct_fire")
    assert counted(first) == (first, 2)


def test_what_one_person_linked_its_filer_still_withdraws_and_corrects_at_once(first, report, people):
    linking.link(report, incident_of(first), by=people.moderator_south, kind="same_event", grounds="Same minute.")
    newer = corrected(report, people.monitor_north, act="direct_fire")
    assert counted(report) == (newer, 2)
    filing.withdraw(newer, by=people.monitor_north, grounds="Told otherwise.")
    assert not ReportLink.objects.open().members().filter(chain=report.chain).exists()


def test_what_was_agreed_waits_as_before(exercise, first, people):
    agreed(incident_of(first), breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    filing.withdraw(first, by=people.monitor_south, grounds="Told otherwise.")
    assert counted(first) == (first, 1)
