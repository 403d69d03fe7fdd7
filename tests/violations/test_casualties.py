"""Casualties by group, each with its sources: what a finding may say of them, and what becomes of it."""

from dataclasses import replace
from datetime import date

import pytest

from monitoring.errors import Malformed, NotNow
from tests.violations.occasions import (
    CLINIC,
    HARM,
    agreed,
    breach,
    corrected,
    discounted,
    filed,
    graded,
    grave_breach,
    incident_of,
    under_review,
    verified,
)
from tests.violations.sessions import before_it, said
from violations import casualties, filing, findings, grades, lanes, linking
from violations.casualties import Casualties, Source
from violations.models import CasualtySource, Finding, ReportLink, VerifiedCasualties

MANY = {
    "killed": {"civilian": {"low": 2, "high": 4}, "combatant": {"low": 1, "high": 2}},
    "injured": {"unknown": {"low": 3}},
}
PRESS = Source(kind="media", name="The Ford Gazette", address="https://gazette.example/7", dated=date(2025, 3, 11))


@pytest.fixture
def report(exercise, people):
    return filed(exercise, people.monitor_south, casualties=MANY)


@pytest.fixture
def incident(report, people):
    return graded(incident_of(report), people.moderator_independent)


def group(harm, people, at_least, *sources):
    return Casualties(harm=harm, people=people, at_least=at_least, sources=frozenset(sources or (CLINIC,)))


def of(*groups):
    return {"casualties": groups, **casualties.totals(groups)}


@pytest.fixture
def by_group(report):
    """Two civilians and one combatant killed, by the report and others; of the injured nobody could say how many."""
    return of(
        group("killed", "civilian", 2, Source(report=report.pk), CLINIC, PRESS),
        group("killed", "combatant", 1, Source(report=report.pk)),
        group("injured", "unknown", None, CLINIC),
    )


def test_the_totals_that_figures_read_are_the_sums_and_unknown_is_not_none_of_them(
    exercise, incident, by_group, people
):
    finding = findings.propose(incident, grave_breach(exercise, **by_group), by=people.moderator_north)
    assert (finding.killed_verified, finding.injured_verified) == (3, None)
    assert casualties.said_in(finding) == by_group["casualties"]
    assert finding.changed[-1] == "casualties"
    seconded = findings.second(finding, by=people.moderator_south)
    assert casualties.said_in(seconded) == by_group["casualties"]
    assert VerifiedCasualties.objects.filter(finding=finding).count() == 3


def test_another_source_alone_is_another_finding(exercise, incident, by_group, people):
    decision = grave_breach(exercise, **by_group)
    agreed(incident, decision, by=people.moderator_north, and_by=people.moderator_south)
    with pytest.raises(Malformed) as refusal:
        findings.propose(incident, replace(decision, grounds="Again."), by=people.moderator_north)
    assert refusal.value.code == "nothing_changes"
    first, *rest = by_group["casualties"]
    fewer = replace(first, sources=first.sources - {PRESS})
    proposal = findings.propose(incident, replace(decision, **of(fewer, *rest)), by=people.moderator_north)
    assert proposal.changed == ["casualties"]


ODD = {
    "no source": ({"sources": frozenset()}, "/casualties/0/sources"),
    "fewer than none": ({"at_least": -1}, "/casualties/0/at_least"),
    "a harm of no list": ({"harm": "missing"}, "/casualties/0"),
    "a source without a name": ({"sources": frozenset({Source(kind="medical")})}, "/casualties/0/sources"),
    "a source of no kind": ({"sources": frozenset({replace(CLINIC, kind="rumour")})}, "/casualties/0/sources"),
    "an address that is none": ({"sources": frozenset({replace(PRESS, address="gazette")})}, "/casualties/0/sources"),
    "a source from before": (
        {"sources": frozenset({replace(PRESS, dated=date(2025, 3, 1))})},
        "/casualties/0/sources",
    ),
    "a source that is still to come": (
        {"sources": frozenset({replace(PRESS, dated=date(9999, 12, 31))})},
        "/casualties/0/sources",
    ),
    "a report of no incident": ({"sources": frozenset({Source(report=0)})}, "/casualties/0/sources"),
}


@pytest.mark.parametrize(("changes", "field"), ODD.values(), ids=ODD)
def test_what_does_not_go_together_is_refused_at_its_group(exercise, incident, people, changes, field):
    row = replace(group("killed", "civilian", 2), **changes)
    decision = grave_breach(exercise, **of(row, group("injured", "unknown", 1)))
    with pytest.raises(Malformed) as refusal:
        findings.propose(incident, decision, by=people.moderator_north)
    assert field in refusal.value.fields
    assert not Finding.objects.exists()


def test_a_total_is_the_sum_and_stands_on_a_group(exercise, incident, people):
    for changes, field in (
        ({"killed_verified": 3}, "/killed_verified"),
        ({"casualties": (), "killed_verified": 2}, "/casualties"),
        (of(group("killed", "civilian", 2), group("killed", "civilian", 1)), "/casualties/1"),
        (of(group("killed", "civilian", 4), group("killed", "unknown", 3)), "/killed_verified"),
    ):
        with pytest.raises(Malformed) as refusal:
            findings.propose(incident, grave_breach(exercise, **changes), by=people.moderator_north)
        assert field in refusal.value.fields


def test_a_source_is_a_report_of_this_incident_that_tells_of_this_harm(exercise, incident, people):
    elsewhere = filed(exercise, people.monitor_south, casualties=MANY)
    silent = under_review(filed(exercise, people.monitor_south), people.moderator_north)
    linking.link(silent, incident, by=people.moderator_north, kind="same_event", grounds="One event.")
    graded(incident, people.moderator_north)
    for source in (elsewhere, silent):
        row = group("killed", "civilian", 2, Source(report=source.pk))
        with pytest.raises(Malformed) as refusal:
            findings.propose(
                incident, grave_breach(exercise, **of(row, group("injured", "unknown", 1))), by=people.moderator_north
            )
        assert set(refusal.value.fields) == {"/casualties/0/sources"}


def test_of_a_grave_incident_the_form_is_full(exercise, people):
    """Its reports are graded whatever is found; each harm that they tell of is answered where it stands."""
    report = filed(exercise, people.monitor_south, casualties=MANY)
    incident = incident_of(report)
    for decision, missing in (
        (breach(exercise), {"/intent", "/sequence", "/casualties", "/grades"}),
        (discounted(), {"/grades"}),
        (replace(discounted(), verification="inconclusive"), {"/grades"}),
    ):
        with pytest.raises(Malformed) as refusal:
            findings.propose(incident, decision, by=people.moderator_north)
        assert set(refusal.value.fields) == missing
    (message,) = refusal.value.fields["/grades"]
    assert report.public_id.hex[:10] in message
    graded(incident, people.moderator_south)
    with pytest.raises(Malformed) as refusal:
        findings.propose(incident, grave_breach(exercise), by=people.moderator_north)  # of the injured it says nothing
    assert set(refusal.value.fields) == {"/casualties"}
    findings.propose(incident, discounted(), by=people.moderator_north)
    full = grave_breach(exercise, **of(group("killed", "civilian", 2), group("injured", "unknown", None)))
    assert findings.propose(incident, full, by=people.moderator_south).intent == "unknown"


def test_a_correction_and_another_report_are_graded_anew_before_the_next_finding(exercise, incident, report, people):
    corrected(report, people.monitor_south, casualties=MANY, place_as_written="the left bank")
    with pytest.raises(Malformed) as refusal:
        findings.propose(incident, discounted(), by=people.moderator_north)
    assert set(refusal.value.fields) == {"/grades"}


def test_of_what_is_not_grave_casualties_and_grades_are_not_asked_but_may_be_given(exercise, people):
    incident = incident_of(filed(exercise, people.monitor_south))
    decision = breach(exercise, **verified(injured=2))
    proposal = findings.propose(incident, decision, by=people.moderator_north)
    assert (proposal.injured_verified, CasualtySource.objects.count()) == (2, 1)
    lanes.move(incident, "grave", reason="other", grounds="Graver.", by=people.moderator_north)
    with pytest.raises(NotNow) as refusal:
        findings.second(proposal, by=people.moderator_south)
    assert refusal.value.code == "stale"


def test_the_grades_of_team_and_means_are_confirmed_only_of_what_is_grave(exercise, people):
    same = {"source": "C", "information": "2", "grounds": "As its post was placed.", "by": people.moderator_north}
    with pytest.raises(Malformed):
        grades.grade(filed(exercise, people.monitor_south), **same)
    grave = filed(exercise, people.monitor_south, casualties=HARM)
    assert grades.grade(grave, **same).source == "C"
    with pytest.raises(Malformed) as refusal:
        grades.grade(grave, **same)
    assert refusal.value.code == "nothing_changes"


def test_what_rests_on_one_report_alone_keeps_it_in_the_incident(exercise, incident, report, people):
    other = under_review(filed(exercise, people.monitor_south, casualties=MANY), people.moderator_north)
    linking.link(other, incident, by=people.moderator_north, kind="same_event", grounds="One event.")
    graded(incident, people.moderator_north)
    by_one = of(group("killed", "civilian", 2, Source(report=report.pk)), group("injured", "unknown", None, CLINIC))
    agreed(incident, grave_breach(exercise, **by_one), by=people.moderator_north, and_by=people.moderator_south)
    filing.withdraw(report, by=people.monitor_south, grounds="Told otherwise.")
    leaving = findings.propose_effect(
        incident, "withdrawal", report=report, by=people.moderator_north, grounds="As the filer says."
    )
    with pytest.raises(NotNow) as refusal:
        findings.second(leaving, by=people.moderator_south)
    assert refusal.value.code == "rests_on_it"
    by_both = of(
        group("killed", "civilian", 2, Source(report=report.pk), CLINIC), group("injured", "unknown", None, CLINIC)
    )
    agreed(incident, grave_breach(exercise, **by_both), by=people.moderator_north, and_by=people.moderator_south)
    leaving = findings.propose_effect(
        incident, "withdrawal", report=report, by=people.moderator_north, grounds="As the filer says."
    )
    carried = findings.second(leaving, by=people.moderator_south)
    assert casualties.said_in(carried) == by_both["casualties"]
    (told,) = [
        row["sources"]
        for row in Finding.objects.with_casualties().get(pk=carried.pk).casualties_told
        if row["harm"] == "killed"
    ]
    assert {(source["kind"], source["here"]) for source in told if source["report"]} == {("report", False)}


def test_a_correction_of_a_source_is_the_source_still(exercise, incident, report, by_group, people):
    agreed(incident, grave_breach(exercise, **by_group), by=people.moderator_north, and_by=people.moderator_south)
    newer = corrected(report, people.monitor_south, casualties=MANY, place_as_written="the left bank")
    effect = findings.propose_effect(
        incident, "correction", report=newer, by=people.moderator_north, grounds="As the filer says."
    )
    carried = findings.second(effect, by=people.moderator_south)
    assert casualties.said_in(carried) == by_group["casualties"]
    graded(incident, people.moderator_independent)
    determined = said(before_it(carried, people), people).finding
    assert (determined.standing, determined.changed) == ("determined", ["standing"])
    assert casualties.said_in(determined) == by_group["casualties"]


def test_a_correction_that_is_not_in_effect_yet_is_no_source(exercise, incident, report, people):
    agreed(incident, discounted(), by=people.moderator_north, and_by=people.moderator_south)
    newer = corrected(report, people.monitor_south, casualties=MANY, place_as_written="the left bank")
    assert not ReportLink.objects.open().filter(report=newer).exists()
    by_it = of(group("killed", "civilian", 2, Source(report=newer.pk)), group("injured", "unknown", None, CLINIC))
    with pytest.raises(Malformed) as refusal:
        findings.propose(incident, grave_breach(exercise, **by_it), by=people.moderator_north)
    assert set(refusal.value.fields) == {"/casualties/0/sources"}
