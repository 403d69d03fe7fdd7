"""Many decided on at once: each by the ordinary verb, as one by one, with an outcome; what changed is refused."""

import uuid

import pytest

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import AuditEntry
from tests.violations.bulk_jobs import begun, done, outcomes
from tests.violations.cases import proposed_on, taken
from tests.violations.occasions import agreed, breach, corrected, discounted, filed, incident_of
from violations import bulk, bulk_weighing, findings, linking, review
from violations.models import BulkJob, BulkOutcome, BulkTurn, Finding, IncidentReport, ReportLink, ReviewStep

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposals(exercise, people):
    """Six proposals of the north."""
    reports = [filed(exercise, people.monitor_independent) for _number in range(6)]
    return [proposed_on(report, by=people.moderator_north) for report in reports]


def said(finding: Finding) -> dict:
    """A finding without what tells rows apart: number, identifier, incident and instants."""
    apart = {"id", "public_id", "incident_id", "recorded_at", "superseded_at", "second_by"}
    row = {name: value for name, value in vars(finding).items() if name not in apart and not name.startswith("_")}
    return row | {
        "open": finding.superseded_at is None,
        "days": finding.second_by and finding.second_by - finding.recorded_at,
        "parties": list(finding.parties.values_list("party", flat=True)),
        "provisions": list(finding.provisions.values_list("provision", flat=True)),
    }


def test_those_chosen_are_seconded_and_the_three_left_out_are_not(exercise, people, proposals):
    chosen = proposals[:1] + proposals[4:]
    assert done("second", chosen, agreement=exercise, by=people.moderator_south) == [("done", "")] * 3
    for proposal in proposals:
        proposal.refresh_from_db()
    assert [row.superseded_at is None for row in proposals] == [False, True, True, True, False, False]
    assert Finding.objects.open().agreed().count() == 3
    audited = AuditEntry.objects.filter(action="finding.second", actor=people.moderator_south)
    assert sorted(audited.values_list("object_id", flat=True)) == sorted(str(row.public_id) for row in chosen)


def test_seconding_many_writes_what_seconding_one_by_one_writes(exercise, people, proposals):
    for proposal in proposals[:3]:
        findings.second(proposal, by=people.moderator_south)
    done("second", proposals[3:], agreement=exercise, by=people.moderator_south)
    told = [
        [said(row) for row in Finding.objects.filter(incident=proposal.incident_id).order_by("pk")]
        for proposal in proposals
    ]
    assert told[0] == told[1] == told[2] == told[3] == told[4] == told[5]
    instants = Finding.objects.agreed().values_list("recorded_at", flat=True)
    assert len(set(instants)) == 6, "each in a transaction of its own"


@pytest.mark.parametrize(
    ("action", "verb", "before"),
    [
        ("take", review.take, []),
        ("accept", review.accept, [review.take]),
        ("return", lambda report, by: review.return_with_question(report, by=by, grounds="Which bank?"), [review.take]),
    ],
)
def test_reports_are_moved_as_one_by_one(exercise, people, action, verb, before):
    reports = [filed(exercise, people.monitor_south) for _number in range(4)]
    for report in reports:
        for earlier in before:
            earlier(report, by=people.moderator_north)
    for report in reports[:2]:
        verb(report, by=people.moderator_north)
    told = done(action, reports[2:], agreement=exercise, by=people.moderator_north, grounds="Which bank?")
    assert told == [("done", "")] * 2
    steps = [
        list(ReviewStep.objects.filter(report=report).order_by("pk").values_list("state", "by", "grounds"))
        for report in reports
    ]
    assert steps[0] == steps[1] == steps[2] == steps[3]
    audited = AuditEntry.objects.filter(action=f"review.{action}").order_by("pk").values_list("object_id", flat=True)
    assert list(audited) == [str(report.public_id) for report in reports]


def test_what_changed_since_it_was_shown_is_refused_as_stale_and_the_rest_is_done(exercise, people, proposals):
    reports = {row.incident_id: ReportLink.objects.get(incident=row.incident_id).report for row in proposals}
    twin = taken(exercise, people.monitor_north, by=people.moderator_south)
    job = begun("second", proposals, agreement=exercise, by=people.moderator_south)
    findings.propose(proposals[0].incident, discounted(), by=people.moderator_north)  # taken back, said anew
    findings.dissent(proposals[1], by=people.moderator_independent, grounds="Too thin.")
    link = linking.link(
        twin, proposals[2].incident, by=people.moderator_south, kind="same_event", grounds="Same minute."
    )
    assert findings.second(link, by=people.moderator_north)
    findings.propose(proposals[3].incident, discounted(), by=people.moderator_south)  # the other side's word
    corrected(reports[proposals[4].incident_id], people.monitor_independent, act="direct_fire")  # it waits: no change
    assert bulk.go_on(job)
    stale, ok = ("refused", "stale"), ("done", "")
    assert outcomes(job) == [stale, stale, stale, stale, ok, ok]
    assert AuditEntry.objects.filter(outcome="denied", action="finding.second", reason="stale").count() == 4


def test_a_report_that_was_taken_corrected_or_moved_since_is_refused(exercise, people):
    reports = [filed(exercise, people.monitor_south) for _number in range(3)]
    job = begun("take", reports, agreement=exercise, by=people.moderator_north)
    review.take(reports[0], by=people.moderator_independent)
    corrected(reports[1], people.monitor_south, act="direct_fire")
    assert bulk.go_on(job)
    assert outcomes(job) == [("refused", "stale"), ("refused", "stale"), ("done", "")]


def test_each_that_cannot_be_seconded_is_told_with_its_reason(exercise, people, proposals):
    agreed_now = findings.second(proposals[0], by=people.moderator_south)
    proposals[0].refresh_from_db()
    of_south = findings.propose(
        incident_of(filed(exercise, people.monitor_independent)), breach(exercise), by=people.moderator_south
    )
    both = incident_of(filed(exercise, people.monitor_independent))
    stale = findings.propose(both, discounted(), by=people.moderator_south)
    agreed(both, breach(exercise), by=people.moderator_north, and_by=people.moderator_independent)
    accreditation.accredit(
        people.monitor_south, exercise, "moderator", by=None, guarantor=exercise.guarantors.get(code="birch")
    )
    theirs = proposed_on(filed(exercise, people.monitor_south), by=people.moderator_north)
    rows = list(
        Finding.objects.filter(
            pk__in=[row.pk for row in (agreed_now, of_south, stale, theirs, *proposals)]
        ).select_related("agreement", "proposed_by", "proposed_side")
    )

    def told(who):
        capacity = accreditation.capacity(who, "moderator", exercise)
        refused = bulk_weighing.proposals_refused(rows, by=who, capacities={exercise.pk: capacity})
        return {pk: why.code for pk, why in refused.items()}

    gone = {agreed_now.pk: "agreed", proposals[0].pk: "not_open"}
    assert told(people.moderator_south) == gone | {of_south.pk: "same_person", stale.pk: "same_person"}
    assert told(people.monitor_south) == gone | {
        of_south.pk: "same_side",
        stale.pk: "same_side",
        theirs.pk: "own_report",
    }
    assert told(people.moderator_independent) == gone | {stale.pk: "stale"}
    open_of_north = dict.fromkeys([theirs.pk, *(row.pk for row in proposals[1:])], "same_side")
    assert told(people.moderator_north_2) == gone | open_of_north | {stale.pk: "stale"}
    for row in rows:  # and the verb says the same of each
        for who in (people.moderator_south, people.monitor_south, people.moderator_independent):
            code = told(who).get(row.pk)
            if code:
                with pytest.raises((Forbidden, NotNow)) as refusal:
                    findings.second(row, by=who)
                assert refusal.value.code == code


def test_of_a_side_s_own_proposals_none_is_seconded_in_bulk_either(exercise, people, proposals):
    told = done("second", proposals, agreement=exercise, by=people.moderator_north_2)
    assert told == [("refused", "same_side")] * 6
    assert done("second", proposals, agreement=exercise, by=people.moderator_north) == [("refused", "same_person")] * 6
    assert not Finding.objects.agreed().exists()


def test_accreditation_is_asked_again_for_every_row(exercise, people, proposals, monkeypatch):
    job = begun("second", proposals, agreement=exercise, by=people.moderator_south)
    second, done_so_far = findings.second, []

    def until_it_ends(proposal, *, by):
        made = second(proposal, by=by)
        done_so_far.append(made)
        if len(done_so_far) == 2:
            accreditation.end(people.moderator_south.accreditations.get(), by=None)
        return made

    monkeypatch.setattr(findings, "second", until_it_ends)
    assert bulk.go_on(job)
    assert outcomes(job) == [("done", "")] * 2 + [("refused", "not_accredited")] * 4


def test_own_reports_are_refused_before_a_job_is_written_and_never_named_in_one(exercise, people):
    accreditation.accredit(
        people.monitor_south, exercise, "moderator", by=None, guarantor=exercise.guarantors.get(code="birch")
    )
    report = filed(exercise, people.monitor_south)
    with pytest.raises(Forbidden) as refusal:
        begun("take", [report, filed(exercise, people.monitor_north)], agreement=exercise, by=people.monitor_south)
    assert refusal.value.code == "own_report"
    assert not BulkJob.objects.exists()


def test_the_same_page_handed_in_twice_is_one_job(exercise, people, proposals):
    same = {"job_id": uuid.uuid4(), "agreement": exercise, "by": people.moderator_south}
    job = begun("second", proposals, **same)
    assert begun("second", proposals, **same) == job
    assert bulk.go_on(job)
    assert bulk.go_on(begun("second", proposals, **same))
    assert BulkOutcome.objects.count() == 6
    with pytest.raises(NotFound):
        begun("second", proposals, **same | {"by": people.moderator_independent})


def test_a_job_says_why_and_is_of_one_truce(exercise, people, proposals, astana):
    for wrong in ({"reason": "because"}, {"grounds": "  "}, {"grounds": "x" * 2001}):
        with pytest.raises(Malformed) as refusal:
            begun("second", proposals, agreement=exercise, by=people.moderator_south, **wrong)
        assert list(refusal.value.fields) == [f"/{name}" for name in wrong]
    with pytest.raises(Malformed):
        begun("second", [], agreement=exercise, by=people.moderator_south)
    accreditation.accredit(people.moderator_independent, astana, "moderator", by=None)
    with pytest.raises(NotFound):
        begun("second", proposals, agreement=astana, by=people.moderator_independent)
    with pytest.raises(Forbidden):
        begun("second", proposals, agreement=exercise, by=people.operator)
    assert not BulkJob.objects.exists()


def test_a_job_goes_on_where_it_stopped_and_does_no_row_twice(exercise, people, proposals):
    job = begun("second", proposals, agreement=exercise, by=people.moderator_south)
    assert not bulk.go_on(job, seconds=0)
    assert BulkOutcome.objects.count() == 0
    assert list(BulkJob.objects.unfinished()) == [job]
    assert bulk.go_on(job)
    assert bulk.go_on(job)
    assert (BulkOutcome.objects.count(), Finding.objects.agreed().count()) == (6, 6)
    assert not BulkJob.objects.unfinished().exists()
    assert not BulkTurn.objects.open().exists()


def test_while_one_goes_on_another_waits_its_turn(exercise, people, proposals):
    job = begun("second", proposals, agreement=exercise, by=people.moderator_south)
    turn = bulk._take_turn(job)
    assert turn is not None
    assert not bulk.go_on(job)
    assert not BulkOutcome.objects.exists()


def test_a_row_at_which_the_machine_fails_is_told_and_the_others_are_done(exercise, people, proposals, monkeypatch):
    job = begun("second", proposals, agreement=exercise, by=people.moderator_south)
    second = findings.second

    def failing(proposal, *, by):
        made = second(proposal, by=by)
        if proposal == proposals[1]:
            raise ZeroDivisionError
        return made

    monkeypatch.setattr(findings, "second", failing)
    assert bulk.go_on(job)
    assert outcomes(job) == [("done", ""), ("failed", "fault"), *[("done", "")] * 4]
    proposals[1].refresh_from_db()
    assert proposals[1].superseded_at is None
    assert IncidentReport.objects.count() == 6
