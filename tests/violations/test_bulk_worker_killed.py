"""A worker killed with -9 in the midst of a bulk decision, and Redis emptied: nothing is lost, no row done twice."""

from __future__ import annotations

import pytest

from monitoring.models import AuditEntry
from tests.processes import Process
from tests.reports.test_worker_killed import lose_redis, until
from tests.violations.bulk_jobs import begun, outcomes
from tests.violations.bulk_worker import STEPS
from tests.violations.cases import proposed_on
from tests.violations.occasions import filed
from violations import tasks
from violations.models import BulkJob, BulkOutcome, Finding

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
MODULE = "tests.violations.bulk_worker"


def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(exercise, people, tmp_path):
    jobs = {}
    for number, step in enumerate(STEPS):
        reports = [filed(exercise, people.monitor_independent) for _number in range(3)]
        proposals = [proposed_on(report, by=people.moderator_north) for report in reports]
        jobs[step] = begun("second", proposals, agreement=exercise, by=people.moderator_south)
        folder = tmp_path / f"killed-{number}"
        folder.mkdir()
        worker = Process(MODULE, str(folder), step, log=folder / "log")
        worker.start()
        tasks.go_on.delay(job_id=jobs[step].pk)
        until((folder / "halted").exists, folder)
        worker.kill()
        lose_redis()
        done = BulkOutcome.objects.filter(row__job=jobs[step]).count()
        seconded = Finding.objects.agreed().filter(incident__in=[row.incident_id for row in proposals]).count()
        assert done == seconded == (1 if step == "a row done with its outcome" else 0), step
    folder = tmp_path / "sweeping"
    folder.mkdir()
    worker = Process(MODULE, str(folder), log=folder / "log")
    worker.start()
    try:
        until(lambda: not BulkJob.objects.unfinished().exists(), folder)
    finally:
        worker.kill()
    for step, job in jobs.items():
        assert outcomes(job) == [("done", "")] * 3, step
        assert job.turns.count() >= 2, "the dead worker's, and that of whoever went on"
    assert Finding.objects.agreed().count() == Finding.objects.agreed().open().count() == 3 * len(STEPS)
    audited = AuditEntry.objects.filter(action="finding.second", outcome="done").values_list("object_id", flat=True)
    assert len(audited) == len(set(audited)) == 3 * len(STEPS)
