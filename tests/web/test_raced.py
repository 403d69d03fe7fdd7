"""What reaches the real web server at once and excludes each other or belongs together: one wins, nothing is lost."""

from __future__ import annotations

from collections import Counter

import pytest

from monitoring.models import AuditEntry
from tests.violations.documents import REPORTS, correction, document
from tests.violations.occasions import under_review
from tests.violations.test_api_returns import RETURNS
from tests.violations.test_api_returns import document as daily_return
from tests.violations.test_case_lists import FULL, HEAD
from tests.violations.test_effort import DOCUMENT as WATCH
from tests.violations.test_effort import PATROLS, RESTRICTIONS
from tests.web.at_once import TIMES, at_once, device_of, in_turn, the_one, winner_of
from violations import case_lists, questions
from violations.models import (
    CaseList,
    CaseListRow,
    CaseListTelling,
    DailyReturn,
    FilerAnswer,
    Incident,
    IncidentReport,
    MovementRestriction,
    Patrol,
    PatrolStretch,
    ReportLink,
    ReturnAcknowledgement,
    ReturnLine,
    ReviewStep,
    WatchObservation,
)

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

BATCH = f"{REPORTS}batch/"
CASE_LISTS = "/api/v1/case-lists/"
RESTRICTION = {
    "agreement": "exercise",
    "client_id": "kept-out-1",
    "kind": "denied",
    "from": "2025-03-10T13:00:00-08:00",
    "until": "2025-03-10T14:00:00-08:00",
    "area": "VA02",
    "restricted_by": "North Army",
}
CASES = {"agreement": "exercise", "from": "2025-03-01", "until": "2025-04-01", "form": "csv", "text": FULL}


def test_of_two_contents_under_one_id_one_is_filed_and_the_other_is_told_the_difference(exercise, people, web):
    device = device_of(web, people.monitor_north)
    for number in range(2):
        one = document(client_id=f"report-{number}")
        other = {**one, "act": "air_strike", "source": {"relation": "potter"}}
        answers = at_once(device, [(REPORTS, one), (REPORTS, other)] * (TIMES // 2))
        recorded, refused = winner_of(answers[::2], answers[1::2], code="client_id_taken")
        assert [row["pointer"] for row in refused.told["differences"]] == ["#/act", "#/source"]
        assert (refused.told["receipt"], refused.told["latest"]) == (recorded.told["receipt"], recorded.told["id"])
        assert IncidentReport.objects.get(receipt=recorded.told["receipt"]).act == recorded.told["act"]
    assert IncidentReport.objects.count() == Incident.objects.count() == 2


def test_batches_and_single_filings_of_the_same_are_answered_alike(exercise, people, web):
    device = device_of(web, people.monitor_north)
    items = [document(client_id=f"report-{number}", narrative=f"The {number}.") for number in range(4)]
    orders = [items, items[::-1], items[2:] + items[:2]]
    sent = [(BATCH, {"items": items}) for items in orders] + [(REPORTS, item) for item in items] * 4
    answers = at_once(device, sent)
    assert {answer.status for answer in answers[:3]} == {200}
    for number, item in enumerate(items):
        alone = answers[3 + number :: 4]
        assert {(answer.status, answer.body) for answer in alone} == {(201, alone[0].body)}
        told = [
            result
            for order, answer in zip(orders, answers[:3], strict=True)
            for body, result in zip(order, answer.told["results"], strict=True)
            if body is item
        ]
        assert [(result["status"], result["report"]) for result in told] == [(201, alone[0].told)] * 3
        assert all(alone[0].body in answer.body for answer in answers[:3])
        assert sum(not replay for replay in [*(a.replayed for a in alone), *(r["replayed"] for r in told)]) == 1
    assert IncidentReport.objects.count() == Incident.objects.count() == len(items)


@pytest.mark.parametrize("first", ["the original", "the correction"])
def test_a_correction_and_its_original_make_one_chain_whichever_comes_first(exercise, people, web, first):
    device = device_of(web, people.monitor_north)
    for number in range(2):
        original = document(client_id=f"report-{number}")
        fix = document(client_id=f"correction-{number}", corrects=f"report-{number}", act="air_strike")
        sent = [(REPORTS, original)] * TIMES + [(REPORTS, fix)] * TIMES
        answers = in_turn(device, sent) if first == "the original" else in_turn(device, sent[::-1])[::-1]
        one = the_one(answers[:TIMES]).told
        fixed = the_one(answers[TIMES:], status=answers[-1].status)
        assert fixed.status in {201, 202}
        second = IncidentReport.objects.get(chain=one["chain"], revision=2)
        assert (second.receipt, second.act) == (fixed.told["receipt"], "air_strike")
        assert ReportLink.objects.open().get(chain=one["chain"]).report == second
    assert IncidentReport.objects.count() == 4
    assert Incident.objects.count() == 2


def test_both_doors_of_corrections_at_once_take_it_once(exercise, people, web):
    device = device_of(web, people.monitor_north)
    first = device.ask(document(client_id="report")).told
    fix = correction(client_id="correction", act="air_strike")
    named = {**fix, "agreement": "exercise", "corrects": "report"}
    the_one(at_once(device, [(f"{REPORTS}{first['id']}/corrections/", fix), (REPORTS, named)] * (TIMES // 2)))
    assert IncidentReport.objects.count() == 2


@pytest.fixture
def asked(exercise, people, web):
    """A question about a report of the north's monitor, and the device that answers."""
    device = device_of(web, people.monitor_north)
    report = IncidentReport.objects.get(public_id=device.ask(document()).told["id"])
    under_review(report, people.moderator_south)
    question = questions.ask(report, by=people.moderator_south, grounds="Which bank?")
    return device, f"/api/v1/questions/{question.public_id}/answer/"


def test_a_question_answered_many_times_at_once_is_answered_once(asked):
    device, where = asked
    the_one(at_once(device, [(where, {"answer": "The eastern bank.", "language": "en"})] * TIMES))
    assert FilerAnswer.objects.count() == 1
    assert ReviewStep.objects.filter(state="under_review").count() == 2, "taken, and taken up again by the answer"


def test_of_two_answers_at_once_one_stands(asked):
    device, where = asked
    east, west = ({"answer": f"The {bank} bank.", "language": "en"} for bank in ("eastern", "western"))
    answers = at_once(device, [(where, east), (where, west)] * (TIMES // 2))
    recorded, _refused = winner_of(answers[::2], answers[1::2], code="answered")
    assert FilerAnswer.objects.get().answer == recorded.told["answer"]


# Door, who files, what, the act in the audit, and how many rows it makes.
DOORS = {
    "watch": (PATROLS, "monitor_north", WATCH, "effort.file", {Patrol: 1, PatrolStretch: 1, WatchObservation: 2}),
    "restriction": (RESTRICTIONS, "monitor_north", RESTRICTION, "effort.file", {MovementRestriction: 1}),
    "return": (RETURNS, "guarantor_alder", daily_return(), "returns.file", {DailyReturn: 1, ReturnLine: 2}),
    "case list": (CASE_LISTS, "guarantor_alder", CASES, "case_list.hand_in", {CaseList: 1, CaseListRow: 1}),
}


@pytest.mark.parametrize("door", DOORS)
def test_whatever_else_is_filed_many_times_at_once_is_recorded_once(exercise, people, web, door):
    where, who, body, act, rows = DOORS[door]
    answers = at_once(device_of(web, getattr(people, who)), [(where, body)] * TIMES)
    statuses = Counter(answer.status for answer in answers)
    assert statuses == ({201: 1, 200: TIMES - 1} if door == "return" else {201: TIMES})
    assert len({answer.body for answer in answers}) == 1
    with case_lists.reading_own(exercise.guarantors.get(code="alder")):
        assert {model: model.objects.count() for model in rows} == rows
    assert AuditEntry.objects.filter(action=act).count() == 1


@pytest.mark.parametrize(
    ("door", "change", "code"),
    [
        ("watch", {"note": "Fog."}, "client_id_taken"),
        ("restriction", {"kind": "delayed"}, "client_id_taken"),
        ("return", {"total": 0, "breakdown": "none", "lines": []}, "told_already"),
    ],
)
def test_of_two_contents_at_once_one_is_recorded_and_the_other_refused(exercise, people, web, door, change, code):
    where, who, body, act, _rows = DOORS[door]
    answers = at_once(device_of(web, getattr(people, who)), [(where, body), (where, {**body, **change})] * (TIMES // 2))
    statuses = Counter(answer.status for answer in answers)
    same = {201: 1, 200: TIMES // 2 - 1} if door == "return" else {201: TIMES // 2}
    assert statuses == {**same, 409: TIMES // 2}
    assert {answer.told["code"] for answer in answers if answer.status == 409} == {code}
    assert len({answer.body for answer in answers if answer.status != 409}) == 1
    assert AuditEntry.objects.filter(action=act).count() == 1


def test_of_lists_of_the_same_days_at_once_each_is_answered_and_one_stands(exercise, people, web):
    device = device_of(web, people.guarantor_alder)
    texts = [FULL + f"A-{number};2025-03-06;;;VA01;;;;device;;;\n" for number in range(2, TIMES)]
    answers = at_once(device, [(CASE_LISTS, {**CASES, "text": text}) for text in [HEAD, FULL, *texts]])
    assert {answer.status for answer in answers} == {201}
    assert [len(answer.told["cases"]) for answer in answers] == [0, 1, *[2] * len(texts)]
    with case_lists.reading_own(exercise.guarantors.get(code="alder")):
        assert CaseList.objects.count() == len(answers)
        standing = CaseList.objects.open().get()
        assert standing == CaseList.objects.latest("recorded_at")
    assert str(standing.public_id) in {answer.told["id"] for answer in answers}


def test_what_is_told_and_acknowledged_many_times_at_once_is_so_once(exercise, people, web):
    alder, birch = device_of(web, people.guarantor_alder), device_of(web, people.guarantor_birch)
    listed = alder.ask(CASES, CASE_LISTS).told
    answers = at_once(alder, [(f"{CASE_LISTS}{listed['id']}/telling/", {})] * TIMES)
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    word = daily_return(ledger="birch", total=12, breakdown="none", lines=[], confirmed=3, not_confirmed=9)
    told = alder.ask(word, RETURNS).told
    answers = at_once(birch, [(f"{RETURNS}{told['id']}/acknowledgement/", {})] * TIMES)
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    for model, act in ((CaseListTelling, "case_list.tell"), (ReturnAcknowledgement, "returns.acknowledge")):
        assert model.objects.count() == AuditEntry.objects.filter(action=act).count() == 1
