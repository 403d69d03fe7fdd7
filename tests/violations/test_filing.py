"""A report enters the record whole, once, at one instant; a correction supersedes and never edits."""

import uuid
from dataclasses import replace

import pytest
from django.db import connection

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import Team
from tests.violations.occasions import (
    SHELLING,
    agreed,
    breach,
    corrected,
    discounted,
    filed,
    incident_of,
    party,
    under_review,
)
from violations import filing, findings, linking, review, sealing
from violations.codebook import ReviewState
from violations.models import Assessment, Incident, IncidentReport, ReportLink, ReviewStep, SealedSource
from violations.report_content import NamedParty


def states(report):
    """The states that the review of the report's chain went through."""
    steps = ReviewStep.objects.filter(chain=report.chain).order_by("pk")
    return [(step.report.revision, step.state) for step in steps]


def open_links(report):
    """(revision, incident, kind) of the open links of the report's chain."""
    links = ReportLink.objects.open().filter(chain=report.chain).order_by("pk")
    return [(link.report.revision, link.incident_id, link.kind) for link in links]


def sealed_rows(user):
    """The sealed rows that `user` filed."""
    with sealing.reading_own(user):
        return list(SealedSource.objects.all())


def test_one_filing_is_recorded_whole_at_one_instant(exercise, people):
    report = filed(exercise, people.monitor_north, source={"name": "A. Weaver"})
    incident = incident_of(report)
    link = ReportLink.objects.get(report=report)
    (sealed,) = sealed_rows(people.monitor_north)
    step = ReviewStep.objects.get(report=report)
    assessment = Assessment.objects.open().get(incident=incident)
    assert {row.recorded_at for row in (incident, link, sealed, step, assessment)} == {report.recorded_at}
    assert (link.kind, link.by, step.state, step.by) == ("same_event", None, "submitted", None)
    assert report.team.code == "team-alder"
    assert assessment.scope == "in_scope"
    assert {(named.role, named.party.code) for named in report.parties.all()} == {
        ("alleged", "north-army"),
        ("target", "south-guard"),
    }


def test_a_name_is_found_by_code_name_or_alias_and_else_stays_as_written(exercise, people):
    names = ("gull  movement", "THE LEAGUE", "River Company", "some men in a van")
    report = filed(exercise, people.monitor_north, parties=tuple(NamedParty("involved", name) for name in names))
    found = {named.as_written: named.party and named.party.code for named in report.parties.all()}
    assert found == dict(zip(names, ("black-gull", "south-league", "river-company", None), strict=True))


def test_an_alias_of_one_source_is_not_everybodys(exercise, people):
    report = filed(exercise, people.monitor_north, parties=(NamedParty("alleged", "southern formations"),))
    assert report.parties.get().party is None


def test_the_same_again_is_the_first_answer_and_writes_nothing(exercise, people):
    first = filing.file_report(exercise, SHELLING, by=people.monitor_north, client_id="a")
    again = filing.file_report(exercise, SHELLING, by=people.monitor_north, client_id="a")
    assert (first.created, again.created, again.report) == (True, False, first.report)
    assert IncidentReport.objects.count() == Incident.objects.count() == ReviewStep.objects.count() == 1


def test_a_client_id_is_ones_own(exercise, people):
    first = filing.file_report(exercise, SHELLING, by=people.monitor_north, client_id="a")
    other = filing.file_report(exercise, SHELLING, by=people.monitor_south, client_id="a")
    assert other.created
    assert other.report != first.report


@pytest.mark.parametrize(
    "changes",
    [{"narrative": "More.", "narrative_language": "en"}, {"source": {"name": "B"}}, {"act": "air_strike"}],
    ids=["words", "sealed source", "act"],
)
def test_other_content_under_the_same_client_id_is_refused(exercise, people, changes):
    filing.file_report(exercise, replace(SHELLING, source={"name": "A"}), by=people.monitor_north, client_id="a")
    with pytest.raises(NotNow) as refusal:
        filing.file_report(
            exercise, replace(SHELLING, **{"source": {"name": "A"}, **changes}), by=people.monitor_north, client_id="a"
        )
    assert refusal.value.code == "client_id_taken"
    assert IncidentReport.objects.count() == 1


def test_a_correction_supersedes_and_never_edits(exercise, people):
    report = filed(exercise, people.monitor_north)
    before = IncidentReport.objects.filter(pk=report.pk).values().get()
    incident = incident_of(report)
    second = corrected(report, people.monitor_north, act="air_strike")
    assert (second.chain, second.revision) == (report.chain, 2)
    assert IncidentReport.objects.filter(pk=report.pk).values().get() == before
    assert open_links(report) == [(2, incident.pk, "same_event")]
    assert states(report) == [(1, "submitted"), (1, "superseded"), (2, "submitted")]
    closed, opened = ReportLink.objects.filter(chain=report.chain).order_by("pk")
    assert closed.superseded_at == opened.recorded_at == second.recorded_at
    assert Assessment.objects.open().get(incident=incident).act == "air_strike"


def test_a_correction_answers_a_question(exercise, people):
    report = under_review(filed(exercise, people.monitor_north), people.moderator_south)
    review.return_with_question(report, by=people.moderator_south, grounds="Which side of the river?")
    second = corrected(report, people.monitor_north, place_as_written="North bank")
    assert review.state_of(second) == ReviewState.SUBMITTED
    assert review.state_of(report) == ReviewState.SUPERSEDED


def test_a_correction_again_is_the_first_answer(exercise, people):
    report = filed(exercise, people.monitor_north)
    content = replace(SHELLING, act="air_strike")
    first = filing.correct(report, content, by=people.monitor_north, client_id="b")
    again = filing.correct(report, content, by=people.monitor_north, client_id="b")
    assert (first.created, again.created, again.report) == (True, False, first.report)
    with pytest.raises(NotNow, match="client id"):
        filing.correct(first.report, content, by=people.monitor_north, client_id="b")
    with pytest.raises(NotNow, match="client id"):
        filing.file_report(exercise, content, by=people.monitor_north, client_id="b")


def test_only_the_newest_revision_is_corrected_or_withdrawn_and_it_is_named(exercise, people):
    report = filed(exercise, people.monitor_north)
    second = corrected(report, people.monitor_north, act="air_strike")
    with pytest.raises(NotNow) as refusal:
        corrected(report, people.monitor_north, act="device")
    assert (refusal.value.code, refusal.value.members) == ("not_latest", {"latest": str(second.public_id)})
    with pytest.raises(NotNow) as refusal:
        filing.withdraw(report, by=people.monitor_north, grounds="Mistaken.")
    assert refusal.value.members == {"latest": str(second.public_id)}


def test_only_the_filer_corrects_and_withdraws_and_others_learn_nothing(exercise, people):
    report = filed(exercise, people.monitor_north)
    for stranger in (people.monitor_south, people.moderator_north, people.superuser, people.operator):
        with pytest.raises(NotFound):
            corrected(report, stranger)
        with pytest.raises(NotFound):
            filing.withdraw(report, by=stranger, grounds="Not mine.")


def test_a_withdrawn_report_is_counted_no_more_and_cannot_be_corrected(exercise, people):
    report = filed(exercise, people.monitor_north)
    incident = incident_of(report)
    filing.withdraw(report, by=people.monitor_north, grounds="It was thunder.")
    assert open_links(report) == []
    assert not Assessment.objects.open().filter(incident=incident).exists()
    assert states(report) == [(1, "submitted"), (1, "withdrawn")]
    closed = ReportLink.objects.get(report=report)
    assert closed.superseded_at == ReviewStep.objects.get(state="withdrawn").recorded_at
    with pytest.raises(NotNow, match="withdrawn"):
        corrected(report, people.monitor_north, act="device")


def test_a_withdrawal_again_is_the_same_answer_on_the_same_grounds(exercise, people):
    report = filed(exercise, people.monitor_north)
    filing.withdraw(report, by=people.monitor_north, grounds="It was thunder.")
    filing.withdraw(report, by=people.monitor_north, grounds=" It was thunder. ")
    assert states(report) == [(1, "submitted"), (1, "withdrawn")]
    with pytest.raises(NotNow):
        filing.withdraw(report, by=people.monitor_north, grounds="Other.")


def test_a_withdrawal_needs_grounds(exercise, people):
    report = filed(exercise, people.monitor_north)
    with pytest.raises(Malformed) as refusal:
        filing.withdraw(report, by=people.monitor_north, grounds="  ")
    assert "/grounds" in refusal.value.fields


def test_an_incident_of_two_reports_outlives_the_withdrawal_of_one(exercise, people):
    first, second = filed(exercise, people.monitor_north), filed(exercise, people.monitor_south, act="air_strike")
    incident = incident_of(first)
    under_review(second, people.moderator_independent)
    linking.link(second, incident, by=people.moderator_independent, kind="same_event", grounds="The same salvo.")
    filing.withdraw(first, by=people.monitor_north, grounds="I only heard it.")
    assert Assessment.objects.open().get(incident=incident).lead_report == second


def test_a_correction_keeps_where_and_how_the_report_was_linked(exercise, people):
    first, second = filed(exercise, people.monitor_north), filed(exercise, people.monitor_south)
    incident = incident_of(first)
    under_review(second, people.moderator_independent)
    linking.link(second, incident, by=people.moderator_independent, kind="duplicate", grounds="The same crater.")
    corrected(second, people.monitor_south, act="air_strike")
    assert open_links(second) == [(2, incident.pk, "duplicate")]


@pytest.mark.parametrize("agreed_on", [True, False], ids=["agreed finding", "open proposal"])
def test_after_a_finding_or_proposal_a_correction_waits_for_the_moderators(exercise, people, agreed_on):
    report = filed(exercise, people.monitor_north)
    incident = incident_of(report)
    if agreed_on:
        agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    else:
        findings.propose(incident, discounted(), by=people.moderator_north)
    assessed = Assessment.objects.open().get(incident=incident)
    second = corrected(report, people.monitor_north, act="air_strike")
    assert open_links(report) == [(1, incident.pk, "same_event")]
    assert Assessment.objects.open().get(incident=incident) == assessed
    assert states(report)[-1] == (2, "submitted")
    third = corrected(second, people.monitor_north, act="device")
    assert states(report)[-2:] == [(2, "superseded"), (3, "submitted")]
    assert open_links(third) == [(1, incident.pk, "same_event")]


def test_after_a_finding_a_withdrawal_waits_for_the_moderators(exercise, people):
    report = filed(exercise, people.monitor_north)
    incident = incident_of(report)
    agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    filing.withdraw(report, by=people.monitor_north, grounds="I was told to.")
    assert open_links(report) == [(1, incident.pk, "same_event")]
    assert Assessment.objects.open().filter(incident=incident).exists()
    assert states(report)[-1] == (1, "withdrawn")
    proposal = findings.propose_effect(
        incident, "withdrawal", report=report, by=people.moderator_north, grounds="Its filer withdrew it."
    )
    findings.second(proposal, by=people.moderator_south)
    assert open_links(report) == []
    assert not Assessment.objects.open().filter(incident=incident).exists()


def test_a_withdrawal_after_a_waiting_correction_withdraws_the_whole_report(exercise, people):
    report = filed(exercise, people.monitor_north)
    incident = incident_of(report)
    agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    second = corrected(report, people.monitor_north, act="air_strike")
    filing.withdraw(second, by=people.monitor_north, grounds="Mistaken from the start.")
    assert open_links(report) == [(1, incident.pk, "same_event")]
    proposal = findings.propose_effect(
        incident, "withdrawal", report=second, by=people.moderator_north, grounds="Its filer withdrew it."
    )
    findings.second(proposal, by=people.moderator_south)
    assert open_links(report) == []
    assert not Assessment.objects.open().filter(incident=incident).exists()


def test_a_correction_takes_effect_when_a_proposal_is_seconded(exercise, people):
    report = filed(exercise, people.monitor_north)
    incident = incident_of(report)
    agreed(incident, breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    second = corrected(report, people.monitor_north, act="air_strike")
    proposal = findings.propose_effect(
        incident, "correction", report=second, by=people.moderator_north, grounds="The correction stands."
    )
    findings.second(proposal, by=people.moderator_south)
    assert open_links(second) == [(2, incident.pk, "same_event")]
    assert Assessment.objects.open().get(incident=incident).act == "air_strike"


def test_who_is_not_accredited_now_cannot_file_even_the_same_again(exercise, people):
    for stranger in (people.moderator_north, people.guarantor_alder, people.operator, people.superuser):
        with pytest.raises(Forbidden):
            filed(exercise, stranger)
    report = filing.file_report(exercise, SHELLING, by=people.monitor_north, client_id="a").report
    accreditation.end(people.monitor_north.accreditations.get(), by=None)
    with pytest.raises(Forbidden):
        filing.file_report(exercise, SHELLING, by=people.monitor_north, client_id="a")
    with pytest.raises(Forbidden):
        corrected(report, people.monitor_north)
    with pytest.raises(Forbidden):
        filing.withdraw(report, by=people.monitor_north, grounds="Too late.")


def test_who_is_in_several_teams_says_for_which_and_a_correction_stays_with_it(exercise, people):
    joint = Team.objects.get(agreement=exercise, code="team-joint")
    monitor = people.monitor_north
    accreditation.accredit(
        monitor, exercise, "monitor", by=None, team=joint, guarantor=exercise.guarantors.get(code="alder")
    )
    with pytest.raises(Malformed, match="team-alder, team-joint") as refusal:
        filed(exercise, monitor)
    assert list(refusal.value.fields) == ["/team"]
    with pytest.raises(Malformed):
        filed(exercise, monitor, team="team-birch")
    report = filed(exercise, monitor, team="team-joint")
    assert corrected(report, monitor, act="device").team == report.team == joint


def test_filing_leaves_no_row_that_ties_the_account_to_the_report(exercise, people):
    report = filed(exercise, people.monitor_north, source={"name": "A. Weaver"})
    filing.withdraw(corrected(report, people.monitor_north), by=people.monitor_north, grounds="Done.")
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'public' "
            "and column_name in ('by_id', 'user_id', 'actor_id', 'proposed_by_id', 'seconded_by_id')"
        )
        for table, column in cursor.fetchall():
            if not table.startswith(("violations_", "monitoring_audit")):
                continue
            cursor.execute(f"select count(*) from {table} where {column} = %s", [people.monitor_north.pk])
            assert cursor.fetchone() == (0,), table


def test_party_and_unknown_area_are_of_this_truce(exercise, people):
    assert party(exercise, "north-army").agreement == exercise
    with pytest.raises(Malformed) as refusal:
        filed(exercise, people.monitor_north, stated_area=f"ZZ{uuid.uuid4().hex[:4]}")
    assert list(refusal.value.fields) == ["/place/area"]


def test_a_correction_moves_to_another_team_only_where_that_is_said(exercise, people):
    report = filed(exercise, people.monitor_north)
    accreditation.end(accreditation.last_held_by(people.monitor_north, "monitor", exercise), by=None)
    accreditation.accredit(
        people.monitor_north,
        exercise,
        "monitor",
        by=None,
        guarantor=exercise.guarantors.get(code="alder"),
        team=exercise.teams.get(code="team-joint"),
    )
    with pytest.raises(Malformed) as refused:
        corrected(report, people.monitor_north, act="device")
    assert refused.value.fields.keys() == {"/team"}
    assert corrected(report, people.monitor_north, act="device", team="team-joint").team.code == "team-joint"
