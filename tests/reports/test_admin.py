"""Closings and editions as operators list them: by truce, the period in one line, instants by the truce's clocks."""

from __future__ import annotations

import pytest
from django.urls import reverse

from reports.closings import advance, request
from tests.reports.released import released_month
from tests.violations.occasions import filed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]


def listed(client, model: str, **asked) -> str:
    response = client.get(reverse(f"admin:reports_{model}_changelist"), asked)
    assert response.status_code == 200
    return response.text


def test_the_closings_stand_by_truce_with_their_period_unbroken_and_their_instants_in_its_zone(
    client, exercise, people, astana
):
    filed(exercise, people.monitor_north)
    released_month(exercise)
    advance(request(astana, "day", "2017-01-22").pk)
    people.operator.is_superuser = True
    people.operator.save()
    client.force_login(people.operator)
    text = listed(client, "closing")
    assert "March\u00a02025" in text
    assert "22\u00a0January\u00a02017" in text
    assert "(UTC−08:00)" in text
    assert "(UTC+03:00)" in text
    assert "midnight" not in text
    of_one = listed(client, "closing", agreement__id__exact=exercise.pk)
    assert "March\u00a02025" in of_one
    assert "22\u00a0January\u00a02017" not in of_one


def test_the_editions_say_when_they_were_released_by_the_clocks_of_the_truce(client, exercise, people):
    released_month(exercise)
    client.force_login(people.operator)
    text = listed(client, "edition")
    assert "exercise, March\u00a02025, 1" in text
    assert "(UTC−08:00)" in text
