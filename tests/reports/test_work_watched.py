"""Operators are told of work that failed, and of work that is left lying while others work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reports import closings, supplements, tasks, work_watched
from reports.models import Closing
from reports.work_watched import PATIENCE
from tests.everybody import client_of
from tests.reports.released import released_month
from tests.violations import bulk_jobs
from tests.violations.occasions import filed
from violations import bulk

pytestmark = pytest.mark.django_db


def told(agreement) -> list[tuple[str, str, str]]:
    return list(agreement.notices.order_by("pk").values_list("role", "kind", "object_kind"))


@pytest.mark.by_hand
def test_a_closing_that_failed_is_told_once(exercise, people):
    closing = closings.request(exercise, "month", "2025-03")
    assert work_watched.tell(exercise) == 0
    Closing.objects.filter(pk=closing.pk).update(state=Closing.State.FAILED, failure="The disk is full.")
    assert work_watched.tell(exercise) == 1
    assert work_watched.tell(exercise) == 0
    assert told(exercise) == [("operator", "work_failed", "closing")]
    client = client_of(people.operator)
    (shown,) = client.get(reverse("admin:monitoring_notice_changelist")).context["notices"]
    assert shown.says == "The closing of 2025-03 failed and is laid aside."
    assert client.get(shown.address).status_code == 200


def test_a_closing_that_nobody_takes_up_is_told_after_half_an_hour(exercise):
    closings.request(exercise, "month", "2025-03")
    assert work_watched.tell(exercise, at=timezone.now() + PATIENCE - timedelta(minutes=1)) == 0
    assert work_watched.tell(exercise, at=timezone.now() + PATIENCE + timedelta(minutes=1)) == 1
    assert told(exercise) == [("operator", "work_waits", "closing")]


def test_a_sheet_that_cannot_be_made_is_told_once_of_each_cause_and_made_when_it_can_be(
    exercise, people, settings, monkeypatch
):
    closing = released_month(exercise)
    proposed = supplements.propose(closing.public_id, "corr", "For “ford” read “weir”.", by=people.moderator_north)
    sheet = supplements.second(proposed.public_id, by=people.moderator_south)
    settings.RELEASE_LOG = "/proc/releases.log"  # where nobody can make a file
    for _minute in range(2):
        tasks.issue_supplement(supplement_id=sheet.pk)
    assert told(exercise) == [("operator", "work_failed", "supplement")]
    client = client_of(people.operator)
    (shown,) = client.get(reverse("admin:monitoring_notice_changelist")).context["notices"]
    assert shown.says.startswith("A corrigendum or addendum to the closing of 2025-03 could not be made (log_unwrita")
    assert client.get(shown.address).status_code == 200
    settings.RELEASE_LOG = ""
    with monkeypatch.context() as patch:
        patch.setattr(supplements.sheet, "FORMATS", ("pdf", "odt\0"))  # no path has that in it
        for _minute in range(2):
            tasks.issue_supplement(supplement_id=sheet.pk)
    causes = [row.details["cause"] for row in exercise.notices.order_by("pk")]
    assert causes == ["log_unwritable", "ValueError"]
    tasks.issue_supplement(supplement_id=sheet.pk)
    sheet.refresh_from_db()
    assert sheet.released_at is not None
    assert exercise.notices.count() == 2


def test_a_decision_on_many_that_is_left_is_told_and_one_that_is_done_is_not(exercise, people):
    reports = [filed(exercise, people.monitor_south) for _number in range(2)]
    job = bulk_jobs.begun("take", reports, agreement=exercise, by=people.moderator_north)
    later = timezone.now() + PATIENCE + timedelta(minutes=1)
    assert work_watched.tell(exercise, at=later) == 1
    assert told(exercise) == [("operator", "work_waits", "bulkjob")]
    bulk.go_on(job)
    exercise_again = bulk_jobs.begun(
        "take", [filed(exercise, people.monitor_south)], agreement=exercise, by=people.moderator_north
    )
    bulk.go_on(exercise_again)
    assert work_watched.tell(exercise, at=later) == 0
