"""No effect leaves an agreed finding with more casualties verified than the reports that are left tell of."""

from dataclasses import replace

import pytest

from monitoring.errors import NotNow
from tests.violations import occasions
from tests.violations.occasions import HARM, agreed, corrected, filed, graded, grave_breach, incident_of, under_review
from violations import filing, findings, linking, review
from violations.models import Assessment, Finding, ReportLink, ReviewStep

ONE = {"killed": {"civilian": {"low": 1, "high": 1}}}
HURT = {"injured": {"unknown": {"low": 2, "high": 4}}}
MANY = HARM | HURT


@pytest.fixture
def verified(exercise):
    """A breach with two killed and three injured verified."""
    return grave_breach(exercise, **occasions.verified(killed=2, injured=3))


@pytest.fixture
def first(exercise, people):
    return filed(exercise, people.monitor_south, casualties=MANY)


def found(incident, decision, people):
    return agreed(
        graded(incident, people.moderator_north), decision, by=people.moderator_north, and_by=people.moderator_south
    )


def proposed(incident, effect, report, people):
    return findings.propose_effect(
        incident, effect, report=report, by=people.moderator_north, grounds="As the filer says."
    )


def linked(report, incident, people):
    return linking.link(report, incident, by=people.moderator_north, kind="same_event", grounds="One event.")


def rows():
    """Everything that a second would write."""
    return [
        list(model.objects.order_by("pk").values_list("pk", *columns))
        for model, columns in (
            (Finding, ["superseded_at"]),
            (ReportLink, ["superseded_at"]),
            (Assessment, ["superseded_at"]),
            (ReviewStep, []),
        )
    ]


def refused(proposal, people):
    """Seconding is refused, and nothing of it is left."""
    before = rows()
    with pytest.raises(NotNow, match="lower figure first") as refusal:
        findings.second(proposal, by=people.moderator_south)
    assert refusal.value.code == "more_verified"
    assert rows() == before


@pytest.mark.parametrize(
    "told",
    [
        ONE | HURT,
        HARM | {"injured": {"unknown": {"low": 1, "high": 2}}},
        HARM,
        {},
    ],
    ids=["fewer killed", "fewer injured", "no injured", "none"],
)
def test_a_correction_that_tells_of_fewer_is_refused(first, verified, people, told):
    incident = incident_of(first)
    found(incident, verified, people)
    newer = corrected(first, people.monitor_south, casualties=told)
    refused(proposed(incident, "correction", newer, people), people)


def test_with_the_lower_figure_agreed_first_it_takes_effect(first, verified, people):
    incident = incident_of(first)
    found(incident, verified, people)
    newer = corrected(first, people.monitor_south, casualties=ONE)
    refused(proposed(incident, "correction", newer, people), people)
    found(incident, replace(verified, **occasions.verified(killed=1, injured=None)), people)
    findings.second(proposed(incident, "correction", newer, people), by=people.moderator_south)
    assert ReportLink.objects.open().get(chain=first.chain).report == newer
    assert Finding.objects.open().agreed().get(incident=incident).killed_verified == 1


def test_a_correction_that_still_tells_of_as_many_takes_effect(first, verified, people):
    incident = incident_of(first)
    found(incident, verified, people)
    told = {"killed": {"unknown": {"low": 2}}, "injured": {"civilian": {"best": 3}}}
    newer = corrected(first, people.monitor_south, casualties=told)
    findings.second(proposed(incident, "correction", newer, people), by=people.moderator_south)
    assert Assessment.objects.open().get(incident=incident).killed_high == 2


def test_the_withdrawal_of_the_report_that_told_of_them_is_refused(exercise, first, verified, people):
    incident = incident_of(first)
    other = under_review(filed(exercise, people.monitor_south, casualties=ONE), people.moderator_north)
    linked(other, incident, people)
    found(incident, verified, people)
    filing.withdraw(first, by=people.monitor_south, grounds="Told otherwise.")
    refused(proposed(incident, "withdrawal", first, people), people)


def test_where_no_report_is_left_the_incident_is_counted_no_more_whatever_was_verified(first, verified, people):
    incident = incident_of(first)
    found(incident, verified, people)
    filing.withdraw(first, by=people.monitor_south, grounds="Told otherwise.")
    findings.second(proposed(incident, "withdrawal", first, people), by=people.moderator_south)
    assert not Assessment.objects.open().filter(incident=incident).exists()


def test_a_link_that_takes_the_report_from_the_incident_it_was_verified_on_is_refused(
    exercise, first, verified, people
):
    incident = incident_of(first)
    under_review(first, people.moderator_north)
    other = under_review(filed(exercise, people.monitor_south, casualties=ONE), people.moderator_north)
    linked(other, incident, people)
    found(incident, verified, people)
    elsewhere = incident_of(filed(exercise, people.monitor_south))
    refused(linked(first, elsewhere, people), people)


def test_a_link_back_into_the_incident_it_was_verified_on_is_refused_too(exercise, first, verified, people):
    """An incident emptied keeps its finding; who comes back to it with fewer does not revive a number too high."""
    own, report = incident_of(first), under_review(first, people.moderator_north)
    found(own, verified, people)
    elsewhere = incident_of(filed(exercise, people.monitor_south))
    findings.second(linked(report, elsewhere, people), by=people.moderator_south)
    newer = corrected(report, people.monitor_south, casualties=ONE)
    findings.second(proposed(elsewhere, "correction", newer, people), by=people.moderator_south)
    review.take(newer, by=people.moderator_north)
    refused(linked(newer, own, people), people)


def test_a_number_that_no_report_told_of_is_not_borne_out_by_fewer_later(exercise, verified, people):
    told_of_none = filed(exercise, people.monitor_south, objects_hit=("school",))
    incident = incident_of(told_of_none)
    found(incident, verified, people)
    elsewhere = under_review(filed(exercise, people.monitor_south), people.moderator_north)
    findings.second(linked(elsewhere, incident, people), by=people.moderator_south)
    fewer = under_review(filed(exercise, people.monitor_south, casualties=ONE), people.moderator_north)
    refused(linked(fewer, incident, people), people)


def test_nor_with_one_that_tells_of_none(exercise, first, verified, people):
    own, report = incident_of(first), under_review(first, people.moderator_north)
    found(own, verified, people)
    elsewhere = incident_of(filed(exercise, people.monitor_south))
    findings.second(linked(report, elsewhere, people), by=people.moderator_south)
    newer = corrected(report, people.monitor_south, casualties={})
    findings.second(proposed(elsewhere, "correction", newer, people), by=people.moderator_south)
    review.take(newer, by=people.moderator_north)
    refused(linked(newer, own, people), people)
