"""The life of a closing: requested, computed once, rendered once, released to all at once, and never gone back on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from monitoring import canonical
from monitoring.errors import Malformed, NotNow
from monitoring.models import AuditEntry
from reports import closings
from reports.closings import computing
from reports.figures import annex
from reports.models import Closing, Edition, Rendition
from reports.querysets import database_clock
from reports.renderers.document import record
from reports.renderers.reading import Reading
from tests.reports.schema import check_content, check_edition
from tests.violations import occasions
from violations import filing, findings
from violations.models import Finding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
MONTH = ("month", "2025-03")


def closed(agreement, period=MONTH, **more) -> Closing:
    """The period, closed as a worker closes it."""
    return closings.advance(closings.request(agreement, *period, **more).pk)


def content_of(closing: Closing) -> dict:
    return json.loads(closing.content())


def test_a_period_is_closed_for_all_guarantors_at_one_instant(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    closing = closed(exercise)
    assert (closing.state, closing.number, closing.failure) == ("released", 1, "")
    assert closing.lease_holder is None
    assert closing.cutoff_at >= closing.recorded_at, "long past: as known now"
    editions = Edition.objects.filter(closing=closing)
    assert set(editions.values_list("guarantor__code", flat=True)) == {"alder", "birch", "cedar"}
    assert {edition.released_at for edition in editions} == {closing.released_at}
    assert AuditEntry.objects.filter(action="closing.release", object_id=str(closing.public_id)).count() == 1


def test_the_content_is_canonical_and_fits_its_schema_and_its_hashes(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    closing = closed(exercise)
    content = content_of(closing)
    check_content(content)
    assert canonical.dumps(content) == closing.content()
    assert canonical.sha256(content["head"]) == closing.content_sha256
    for edition in closing.editions.all():
        check_edition(json.loads(edition.content))
        assert json.loads(edition.content)["content_sha256"] == closing.content_sha256


def test_the_same_period_asked_for_again_is_answered_by_the_closing_that_stands(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    closing = closed(exercise)
    assert closings.request(exercise, *MONTH) == closing
    assert closings.request(exercise, *MONTH, cutoff_at=closing.cutoff_at) == closing
    assert Closing.objects.count() == 1


def test_what_changes_no_figure_makes_no_new_closing(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    first = closed(exercise)
    report = occasions.filed(exercise, people.monitor_south, parties=())
    filing.withdraw(report, by=people.monitor_south, grounds="A test of the device.")
    again = closed(exercise)
    assert (again.state, again.same_as, again.number, again.content()) == ("unchanged", first, None, None)
    first.refresh_from_db()
    assert first.checked_at == again.cutoff_at
    assert Rendition.objects.count() == 3


def test_a_list_that_changes_and_moves_no_figure_makes_no_new_closing_and_the_report_says_so(exercise, people):
    """The content hash alone decides; the annex is no part of it, and stays as known at the cut-off."""
    report = occasions.under_review(occasions.filed(exercise, people.monitor_north), people.moderator_north)
    found = occasions.agreed(
        occasions.incident_of(report),
        occasions.breach(exercise),
        by=people.moderator_north,
        and_by=people.moderator_south,
    )
    first = closed(exercise)
    findings.dissent(found, by=people.moderator_independent, grounds="Heard from elsewhere.")
    assert closed(exercise) == first
    listed = annex.annex(computing.known_at(first, database_clock()))["incidents"]
    assert [incident["dissents"] for incident in listed] == [1]
    content = content_of(first)
    assert [incident["dissents"] for incident in content["beside"]["annex"]["incidents"]] == [0]
    reading = Reading(content, json.loads(first.editions.first().content), "en")
    told = json.dumps(record.how_to_verify(reading), default=str)
    assert (
        "The list in the annex is as known at the cut-off; a change there that moves no figure makes no new report"
        in told
    )


def test_late_knowledge_yields_the_next_closing_with_every_changed_figure(exercise, people):
    report = occasions.filed(exercise, people.monitor_independent)
    first = closed(exercise)
    occasions.under_review(report, people.moderator_north)
    occasions.agreed(
        occasions.incident_of(report),
        occasions.breach(exercise),
        by=people.moderator_north,
        and_by=people.moderator_south,
    )
    second = closed(exercise)
    assert (second.number, second.state) == (2, "released")
    changes = content_of(second)["beside"]["changes"]
    assert changes["previous"]["content_sha256"] == first.content_sha256
    figures = {figure["path"]: (figure["old"], figure["new"]) for figure in changes["figures"]}
    assert figures["incidents/total/columns/pending"] == (1, 0)
    assert figures["incidents/total/columns/violations_preliminary"] == (0, 1)
    assert figures["incidents/by_side/north+parties/subtotals/violations"] == (0, 1)
    assert figures["incidents/by_provision/truce-agreement+no-fire/registered"] == (None, 1)
    assert {(step["step"], step["side"]) for step in changes["because"]} >= {
        ("finding_proposed", "north"),
        ("finding_agreed", "south"),
    }
    first.refresh_from_db()
    assert first.state == "released", "the first stays what it was"


def test_a_link_that_lets_a_finding_of_another_month_be_agreed_anew_is_told_of_both_sides_there(long_truce, people):
    february = occasions.filed(long_truce, people.monitor_north, occurred_from=occasions.NOON - timedelta(days=20))
    march = occasions.filed(long_truce, people.monitor_north)
    for report in (february, march):
        occasions.under_review(report, people.moderator_south)
    there = occasions.incident_of(march)
    occasions.agreed(there, occasions.breach(long_truce), by=people.moderator_north, and_by=people.moderator_south)
    move = findings.propose_effect(
        occasions.incident_of(february),
        Finding.Effect.LINK,
        report=february,
        incident_to=there,
        by=people.moderator_south,
        grounds="The date was misread.",
    )
    findings.second(move, by=people.moderator_north)
    steps = content_of(closed(long_truce))["beside"]["steps"]["record"]
    assert [(step["step"], step["side"], step["count"]) for step in steps if step["step"].startswith("finding")] == [
        ("finding_agreed", "north", 1),
        ("finding_agreed", "south", 1),
        ("finding_proposed", "north", 1),
        ("finding_proposed", "south", 1),
    ]


def test_figures_do_not_go_back_in_time(exercise, people):
    early = database_clock()
    occasions.filed(exercise, people.monitor_north)
    closed(exercise)
    with pytest.raises(NotNow, match="figures do not go back in time"):
        closings.request(exercise, *MONTH, cutoff_at=early)


def test_a_cut_off_given_is_the_one_that_is_used(exercise, people):
    occasions.filed(exercise, people.monitor_north)
    then = database_clock()
    occasions.filed(exercise, people.monitor_south)
    closing = closed(exercise, cutoff_at=then)
    assert closing.cutoff_at == then
    assert content_of(closing)["sections"]["incidents"]["total"]["registered"] == 1


@pytest.mark.parametrize(
    ("period", "code"),
    [
        (("month", "2025-02"), "before_the_truce"),
        (("month", "2025-04"), "after_the_truce"),
        (("day", "2025-02-27"), "before_the_truce"),
    ],
)
def test_a_period_outside_the_truce_is_refused(exercise, period, code):
    with pytest.raises(NotNow) as refused:
        closings.request(exercise, *period)
    assert refused.value.code == code


def test_a_period_that_is_not_over_is_refused(exercise, tmp_path):
    occasions.reloaded(tmp_path, ("in_force_until = 2025-04-01", "in_force_until = 2125-04-01"))
    today = f"{datetime.now(tz=UTC):%Y-%m}"
    with pytest.raises(NotNow, match="is not over"):
        closings.request(exercise, "month", today)


def test_a_cut_off_within_the_filing_grace_or_before_the_record_is_refused(exercise):
    with pytest.raises(NotNow, match="filing grace short"):
        closings.request(exercise, *MONTH, cutoff_at=datetime(2025, 4, 2, tzinfo=UTC))
    with pytest.raises(NotNow, match="nothing was known then"):
        closings.request(exercise, *MONTH, cutoff_at=datetime(2025, 5, 2, tzinfo=UTC))
    with pytest.raises(Malformed, match="time zone"):
        closings.request(exercise, *MONTH, cutoff_at=datetime(2025, 5, 2))  # noqa: DTZ001


def test_a_cut_off_far_ahead_would_stand_in_the_way_and_is_refused(exercise):
    with pytest.raises(NotNow) as refusal:
        closings.request(exercise, *MONTH, cutoff_at=database_clock() + timedelta(days=2))
    assert refusal.value.code == "too_far_ahead"
    assert not Closing.objects.exists()


def test_a_daily_is_never_issued_again(exercise, people):
    first = closings.advance(closings.request(exercise, "day", "2025-03-10").pk)
    occasions.filed(exercise, people.monitor_north)
    assert closings.request(exercise, "day", "2025-03-10") == first
    assert not closings.unchecked().exists()


def test_a_guarantor_reads_its_own_released_editions_and_nobody_elses(exercise, people):
    waiting = closings.request(exercise, *MONTH)
    lease = closings.claim(waiting.pk)
    closings.compute(lease)
    closings.render(lease)
    assert not Edition.objects.visible_to(people.guarantor_alder).exists(), "not before it is released"
    closings.release(lease)
    for name in ("alder", "birch", "cedar"):
        reader = getattr(people, f"guarantor_{name}")
        assert [edition.guarantor.code for edition in Edition.objects.visible_to(reader)] == [name]
        assert [one.edition.guarantor.code for one in Rendition.objects.visible_to(reader)] == [name]
        assert list(Closing.objects.visible_to(reader)) == [waiting]
    for name in ("monitor_north", "moderator_north", "moderator_independent", "operator", "superuser"):
        stranger = getattr(people, name)
        assert not Edition.objects.visible_to(stranger).exists()
        assert not Rendition.objects.visible_to(stranger).exists()
        assert not Closing.objects.visible_to(stranger).exists()


def test_the_calendar_requests_what_is_over_once(exercise):
    requested = closings.request_due(exercise)
    codes = [closing.period for closing in requested]
    assert codes[-1] == "2025-03"
    assert set(codes) >= {"2025-03-02", "2025-03-31"}
    assert len(codes) == len(set(codes))
    assert closings.request_due(exercise) == []
    assert {closing.requested_by for closing in requested} == {None}


def test_a_truce_without_a_first_period_is_not_closed_by_itself(astana):
    assert closings.request_due(astana) == []
