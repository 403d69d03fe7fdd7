"""Named lists of the administration show every column on the window of a laptop, beside what they are narrowed by."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from monitoring import accreditation
from monitoring.models import User
from reports import closings
from reports.models import PeriodKind
from tests.browser.entering import hashed, log_in
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.occasions import HARM, corrected

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

OF_MODERATORS = ("violations/incidentreport", "violations/finding")
OF_OPERATORS = ("reports/closing", "monitoring/accreditation")
FITS = "() => [...document.querySelectorAll('#changelist .results')].map((it) => it.scrollWidth - it.clientWidth)"
BESIDE = """() => {
    const of = (it) => document.querySelector(it).getBoundingClientRect();
    return of('#changelist-filter').left >= of('#changelist .results').right;
}"""


@pytest.fixture
def record(exercise, people):
    """What is widest in each list."""
    begins = exercise.terms.in_force_until - timedelta(days=1)
    hours = {"occurred_from": begins, "occurred_until": begins + timedelta(hours=23), "time_precision": "hour"}
    first = taken(exercise, people.monitor_north, by=people.moderator_north, **hours)
    agreed_on(first, people)
    proposed_on(first, by=people.moderator_independent, verification="probable")
    corrected(first, people.monitor_north, casualties=HARM, **hours)
    closings.request(exercise, PeriodKind.MONTH, "2025-03")
    person = User.objects.create(username="moderator-of-a-term")
    ends = timezone.now() + timedelta(days=300)
    accreditation.accredit(person, exercise, "moderator", by=None, valid_until=ends)
    for who in (people.moderator_south, people.operator):
        User.objects.filter(pk=who.pk).update(password=hashed())


@pytest.mark.parametrize(("who", "lists"), [("moderator_south", OF_MODERATORS), ("operator", OF_OPERATORS)])
def test_every_column_of_a_list_is_in_the_window_beside_its_filter(window, people, record, who, lists):
    page = window.new_page()
    log_in(page, getattr(people, who))
    for one in lists:
        page.goto(f"/admin/{one}/")
        assert page.evaluate(FITS) == [0], one
        assert page.evaluate(BESIDE), one
