"""The guarantor's list of editions: the month before a later day, and no more than is asked for."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from monitoring import accreditation
from monitoring.models import AuditEntry
from reports import closings
from reports.models import Edition, PeriodKind
from tests.reports.released import released_month

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables_alone")]


@pytest.fixture
def released(exercise):
    """March, and after it the last of its days."""
    month = released_month(exercise)
    day = closings.advance(closings.request(exercise, PeriodKind.DAY, "2025-03-31").pk)
    assert day.released_at > month.released_at
    return {"month": month, "day": day}


@pytest.fixture
def asked(client, people, released):
    """What Alder's reader is shown for a query."""
    client.force_login(people.guarantor_alder)

    def ask(query: str = "") -> str:
        answer = client.get(reverse("editions") + query)
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


def listed(text: str) -> list[str]:
    """The kinds of the editions in the table, by what they lead to."""
    table = text.partition("<tbody>")[2]
    return [
        Edition.objects.get(public_id=found).closing.kind
        for found in re.findall(r'<th scope="row"><a href="/editions/([0-9a-f-]{36})/"', table)
    ]


def newest(text: str) -> str:
    """What the page begins with."""
    return text.partition('<section class="newest"')[2].partition("</section>")[0]


def test_it_begins_with_the_month_though_a_day_was_released_later(asked):
    text = asked()
    assert "Newest monthly report" in newest(text)
    assert "March 2025" in newest(text)
    assert listed(text) == ["day", "month"], "newest release first"


@pytest.mark.parametrize(("kind", "called"), [("month", "Newest monthly report"), ("day", "Newest daily report")])
def test_those_of_one_kind_are_listed_alone(asked, kind, called):
    text = asked(f"?kind={kind}")
    assert listed(text) == [kind]
    assert called in newest(text)
    assert f'<option value="{kind}" selected>' in text
    assert AuditEntry.objects.latest("pk").action == "edition.search"


def test_where_none_is_of_what_is_asked_for_it_says_so_and_leads_back(asked):
    text = asked("?kind=week")
    assert listed(text) == []
    assert "No edition is of what was asked for" in text
    assert f'<a href="{reverse("editions")}">' in text


def test_what_is_not_offered_is_told_to_be_none_of_the_choices(asked):
    text = asked("?kind=year")
    assert listed(text) == []
    assert "Select a valid choice. year is not one of the available choices." in text


def test_who_reads_of_several_truces_chooses_one(asked, people, astana):
    assert 'name="truce"' not in asked()
    russia = astana.guarantors.get(code="russia")
    accreditation.accredit(people.guarantor_alder, astana, "guarantor", by=None, guarantor=russia)
    assert f'<option value="astana-2016">{astana.name}</option>' in asked()
    assert listed(asked("?truce=exercise")) == ["day", "month"]
    assert listed(asked("?truce=astana-2016")) == []
