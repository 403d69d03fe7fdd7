"""The pages on which many are decided at once: effects first, grounds, an outcome for each, as a table too."""

import csv
import re
import uuid
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from monitoring import accreditation
from monitoring.models import AuditEntry
from reports.querysets import database_clock
from tests.record.plain_count import counted
from tests.second_factors import with_second_factor
from tests.violations.cases import proposed_on, taken
from tests.violations.occasions import breach, discounted, filed, incident_of
from tests.violations.test_admin_queue import LOOK
from violations import bulk, findings, review, tasks
from violations.admin.bulk_shown import signed
from violations.bulk_seen import of_proposals
from violations.models import BulkJob, BulkOutcome, Finding, ReviewStep

pytestmark = pytest.mark.django_db

SECOND = reverse("admin:violations_bulkjob_second")
REPORTS = reverse("admin:violations_bulkjob_reports")
GROUNDS = {"reason": "each_examined", "grounds": "Each was looked at; they are alike."}


@pytest.fixture
def proposals(exercise, people):
    """Seven proposals of the north."""
    reports = [filed(exercise, people.monitor_independent, place_as_written=f"pier {n}") for n in range(7)]
    return [proposed_on(report, by=people.moderator_north) for report in reports]


@pytest.fixture
def south(client, people):
    """The browser of a moderator of the south."""
    client.force_login(people.moderator_south)
    return client


def boxes(page) -> list[str]:
    """The rows of a page that can be ticked, all ticked."""
    return re.findall(r'name="ticked" value="([0-9a-f-]+)" checked', page.text)


def shown(page) -> str:
    """What the page was signed with."""
    return re.search(r'name="shown" value="([^"]+)"', page.text)[1]


def decide(client, address, page, **changes):
    """Hand the page in with its grounds, everything ticked but for `changes`."""
    return client.post(address, {"shown": shown(page), "ticked": boxes(page), **GROUNDS, **changes})


def test_all_that_the_filter_selects_but_three_are_seconded(south, people, proposals):
    page = south.get(SECOND, {"which": "all", "standing__exact": "proposed"})
    assert len(boxes(page)) == 7
    assert "<strong>one-sided, in no total</strong> to <strong>violations, preliminary</strong>" in page.text
    kept = boxes(page)[3:]
    answer = decide(south, SECOND, page, ticked=kept)
    job = BulkJob.objects.get()
    assert answer.url == reverse("admin:violations_bulkjob_change", args=[job.public_id])
    assert {str(row.public_id) for row in Finding.objects.proposals().open()} == {
        str(row.public_id) for row in proposals
    } - set(kept)
    assert Finding.objects.agreed().open().count() == 4
    told = south.get(answer.url)
    assert "4 of 4 done" in told.text
    assert GROUNDS["grounds"] in told.text
    assert AuditEntry.objects.filter(action="finding.second", outcome="done").count() == 4
    assert AuditEntry.objects.filter(action="bulk.begin", object_id=str(job.public_id)).count() == 1


def test_the_list_of_findings_has_a_box_at_each_open_proposal_and_leads_to_those_ticked(south, people, proposals):
    agreed = findings.second(proposals[0], by=people.moderator_south)
    page = south.get(reverse("admin:violations_finding_changelist"), {"standing__exact": "proposed"})
    ticks = re.findall(r'name="chosen" value="([0-9a-f-]+)" form="seconding"', page.text)
    assert set(ticks) == {str(row.public_id) for row in proposals[1:]}
    assert '<input type="hidden" name="standing__exact" value="proposed">' in page.text
    asked = {"which": "ticked", "chosen": [*ticks[:2], str(agreed.public_id)]}
    effects = south.get(f"{SECOND}?{urlencode(asked, doseq=True)}")
    assert set(boxes(effects)) == set(ticks[:2])
    assert "This is agreed already." in effects.text


def test_the_page_shown_is_not_all_that_the_filter_selects(south, exercise, people, monkeypatch, proposals):
    table = south.get(reverse("admin:violations_finding_changelist")).context["cl"].model_admin
    monkeypatch.setattr(type(table), "list_per_page", 3)
    monkeypatch.setattr(type(table), "list_max_show_all", 3)
    assert len(boxes(south.get(SECOND, {"which": "page"}))) == 3
    assert len(boxes(south.get(SECOND, {"which": "all"}))) == 7


def test_each_that_cannot_be_seconded_stands_apart_with_its_reason(south, exercise, people, proposals):
    own = findings.propose(proposals[0].incident, discounted(), by=people.moderator_south)
    findings.second(proposals[1], by=people.moderator_independent)
    findings.propose(proposals[1].incident, discounted(), by=people.moderator_north)
    accreditation.accredit(people.monitor_independent, exercise, "moderator", by=None)
    stale = findings.propose(proposals[2].incident, discounted(), by=people.moderator_independent)
    findings.second(proposals[2], by=people.moderator_south)
    page = south.get(SECOND, {"which": "all"})
    left_out = page.text.split('id="left-out"')[1]
    assert own.public_id.hex[:10] in left_out
    assert stale.public_id.hex[:10] in left_out
    assert "You proposed this: another person must second it." in left_out
    assert "Something was agreed or a report moved since it was made." in left_out
    south.force_login(with_second_factor(people.monitor_independent))
    assert "You filed this report or another of its incident." in south.get(SECOND, {"which": "all"}).text
    assert not boxes(south.get(SECOND, {"which": "all"}))


def test_what_changed_between_the_page_and_the_decision_is_refused_and_the_outcome_says_so(south, people, proposals):
    page = south.get(SECOND, {"which": "all"})
    findings.second(proposals[0], by=people.moderator_independent)
    findings.propose(proposals[1].incident, discounted(), by=people.moderator_north)
    answer = decide(south, SECOND, page)
    told = south.get(answer.url)
    assert "5 of 7 done, 2 not done" in told.text
    assert "It changed since its effect was shown." in told.text
    assert Finding.objects.agreed().open().count() == 6


def test_grounds_and_a_code_are_wanted_and_what_was_ticked_is_kept(south, proposals):
    page = south.get(SECOND, {"which": "all"})
    kept = boxes(page)[:2]
    answer = decide(south, SECOND, page, ticked=kept, grounds="", reason="because")
    assert answer.status_code == 400
    assert boxes(answer) == kept
    assert not BulkJob.objects.exists()
    assert decide(south, SECOND, answer, ticked=[]).status_code == 400
    assert decide(south, SECOND, answer).status_code == 302
    assert Finding.objects.agreed().count() == 2


def test_a_page_that_was_shown_to_another_or_made_up_decides_nothing(south, people, proposals):
    page = south.get(SECOND, {"which": "all"})
    south.force_login(people.moderator_independent)
    assert decide(south, SECOND, page).status_code == 409
    assert decide(south, SECOND, page, shown=shown(page)[:-3] + "abc").status_code == 409
    assert not BulkJob.objects.exists()
    assert not Finding.objects.agreed().exists()


def test_handed_in_twice_the_page_decides_once(south, proposals):
    page = south.get(SECOND, {"which": "all"})
    assert decide(south, SECOND, page).url == decide(south, SECOND, page).url
    assert (BulkJob.objects.count(), BulkOutcome.objects.count(), Finding.objects.agreed().count()) == (1, 7, 7)


@pytest.mark.parametrize(
    ("do", "before", "state"),
    [("take", [], "under_review"), ("accept", [review.take], "linked"), ("return", [review.take], "returned")],
)
def test_reports_that_the_queue_s_filter_selects_are_decided_on(south, exercise, people, do, before, state):
    chosen = [filed(exercise, people.monitor_north) for _number in range(30)]
    other = filed(exercise, people.monitor_north, act="looting")
    for report in [*chosen, other]:
        for verb in before:
            verb(report, by=people.moderator_north)
    page = south.get(REPORTS, {"view": "all", "act": "indirect_fire", "do": do})
    assert len(boxes(page)) == 30, "more than a page of the queue"
    answer = decide(south, REPORTS, page, grounds="Which bank?")
    assert "30 of 30 done" in south.get(answer.url).text
    last = {report.pk: ReviewStep.objects.filter(report=report).latest("pk").state for report in [*chosen, other]}
    assert {last.pop(other.pk)} == {"under_review" if before else "submitted"}
    assert set(last.values()) == {state}


def test_what_cannot_be_taken_is_told(south, exercise, people):
    one = taken(exercise, people.monitor_north, by=people.moderator_north)
    other = filed(exercise, people.monitor_south)
    page = south.get(REPORTS, {"view": "all", "do": "take"})
    assert boxes(page) == [str(other.public_id)]
    assert "Its review stands at “under review”." in page.text
    assert one.public_id.hex[:10] in page.text.split('id="left-out"')[1]


def test_a_long_one_is_left_to_a_worker_and_the_page_tells_how_far_it_is(
    south, proposals, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(bulk, "AT_ONCE", 5)
    sent = []
    monkeypatch.setattr(tasks.go_on, "delay", lambda **what: sent.append(what))
    page = south.get(SECOND, {"which": "all"})
    with django_capture_on_commit_callbacks(execute=True):
        answer = decide(south, SECOND, page)
    job = BulkJob.objects.get()
    assert sent == [{"job_id": job.pk}]
    told = south.get(answer.url).text
    assert "0 of 7 done, 7 left" in told
    assert "Look again" in told
    assert not Finding.objects.agreed().exists()
    tasks.go_on(job_id=job.pk)
    assert "7 of 7 done" in south.get(answer.url).text


def test_the_outcomes_come_as_a_table(south, people, proposals):
    page = south.get(SECOND, {"which": "all"})
    findings.second(proposals[0], by=people.moderator_independent)
    answer = decide(south, SECOND, page)
    told = south.get(f"{answer.url}outcomes.csv")
    assert told["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(told.text.splitlines()))
    assert [(row["id"], row["outcome"], row["code"]) for row in rows] == [
        (str(proposals[0].public_id), "refused", "stale"),
        *((str(row.public_id), "done", "") for row in proposals[1:]),
    ]
    assert AuditEntry.objects.filter(action="bulkjob.outcomes.look").count() == 1


def test_jobs_are_listed_for_the_moderators_of_the_truce_and_for_nobody_else(
    south, people, astana, proposals, django_assert_max_num_queries
):
    answer = decide(south, SECOND, south.get(SECOND, {"which": "all"}))
    south.force_login(people.moderator_north)
    listed = reverse("admin:violations_bulkjob_changelist")
    with django_assert_max_num_queries(15 + LOOK):
        page = south.get(listed)
    assert "7 of 7 done" in page.text
    assert "each was examined" in page.text
    with django_assert_max_num_queries(15 + LOOK):
        assert south.get(answer.url).status_code == 200
    for who in (people.operator, people.superuser):
        south.force_login(who)
        assert {south.get(address).status_code for address in (listed, answer.url, SECOND, REPORTS)} == {403}


def test_a_moderator_of_another_truce_finds_no_job_and_can_choose_nothing(south, people, astana, proposals):
    answer = decide(south, SECOND, south.get(SECOND, {"which": "all"}))
    accreditation.end(people.moderator_independent.accreditations.get(), by=None)
    accreditation.accredit(people.moderator_independent, astana, "moderator", by=None)
    south.force_login(people.moderator_independent)
    assert south.get(answer.url).status_code == 404
    assert south.get(f"{answer.url}outcomes.csv").status_code == 404
    asked = urlencode({"which": "ticked", "chosen": [str(row.public_id) for row in proposals]}, doseq=True)
    assert "Nothing is selected." in south.get(f"{SECOND}?{asked}").text


def test_two_of_one_side_can_neither_add_to_the_count_nor_take_from_it(client, exercise, people, proposals):
    """Not by what the page offers, nor by a page that says it was shown what is their own side's."""
    agreed = findings.second(proposals[0], by=people.moderator_south)
    findings.propose(agreed.incident, discounted(), by=people.moderator_north)
    report = filed(exercise, people.monitor_independent)
    findings.propose(incident_of(report), breach(exercise), by=people.moderator_north_2)
    before = columns(exercise)
    rows = Finding.objects.open().proposals()
    shown_to_none = {str(row.public_id): seen for row in rows for seen in of_proposals([row.pk]).values()}
    for who in (people.moderator_north, people.moderator_north_2):
        client.force_login(who)
        assert 'name="shown"' not in client.get(SECOND, {"which": "all"}).text
        page = signed("second", str(uuid.uuid4()), shown_to_none, who)
        answer = client.post(SECOND, {"shown": page, "ticked": list(shown_to_none), **GROUNDS})
        assert "0 of 8 done, 8 not done" in client.get(answer.url).text
    assert columns(exercise) == before == {"violations_preliminary": 1, "one_sided": 7}
    assert not BulkOutcome.objects.exclude(code__in=["same_side", "same_person"]).exists()


def columns(agreement) -> dict[str, int]:
    """How many incidents stand in which column of the count, counted plainly."""
    since, until = (datetime(2025, month, 1, tzinfo=UTC) for month in (3, 4))
    return dict(Counter(row.column for row in counted(agreement, since, until, database_clock())))


def test_a_wrong_filter_or_reference_is_told(south, proposals):
    assert south.get(SECOND, {"which": "ticked", "chosen": "x"}).status_code == 400
    assert south.get(SECOND, {"which": "all", "standing__exact": "x", "effect__nonsense": "1"}).status_code == 400
    assert south.get(REPORTS).status_code == 200
    assert south.get(REPORTS, {"do": "second"}).status_code == 200


def test_no_inline_script_or_style_on_these_pages(south, proposals):
    answer = decide(south, SECOND, south.get(SECOND, {"which": "all"}))
    for address in (
        SECOND,
        REPORTS,
        f"{REPORTS}?view=all&do=take",
        answer.url,
        reverse("admin:violations_bulkjob_changelist"),
        reverse("admin:violations_finding_changelist"),
    ):
        text = south.get(address).text
        assert not re.findall(r"<script(?![^>]*(src=|application/json))", text), address
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|https?://(?!www\.w3\.org)", text), address
