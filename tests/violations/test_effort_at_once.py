"""Two filings of one account under the same id at once: one is filed, the other is shown where it differs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from monitoring import accreditation
from tests.violations.documents import device_of
from tests.violations.test_case_lists_at_once import until_waiting, withheld
from tests.violations.test_effort import DOCUMENT, PATROLS
from violations.models import Patrol


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(120)
def test_the_same_id_for_two_teams_at_once_is_one_filing_and_the_other_is_told_the_difference(exercise, people):
    accreditation.accredit(
        people.monitor_north,
        exercise,
        "monitor",
        by=None,
        team=exercise.teams.get(code="team-joint"),
        guarantor=exercise.guarantors.get(code="alder"),
    )
    devices = [device_of(people.monitor_north) for _device in range(2)]

    def file(device, team):
        try:
            return device.post(PATROLS, {**DOCUMENT, "team": team})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with withheld("violations_patrol") as other:
            running = [pool.submit(file, *each) for each in zip(devices, ("team-alder", "team-joint"), strict=True)]
            until_waiting(other, 2)
        answers = sorted((one.result() for one in running), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [201, 409]
    assert [one["pointer"] for one in answers[1].json()["differences"]] == ["#/team"]
    assert Patrol.objects.count() == 1
