"""Who files a return beside a guarantor's own people: a duty officer of its team, and the liaison of its own forces."""

from dataclasses import replace

import pytest

from monitoring.errors import Forbidden, NotFound
from tests.violations.documents import device_of
from tests.violations.duty_officers import duty_officer
from tests.violations.test_complaints import liaison_of
from tests.violations.test_return_filing import TWO, WORD
from violations.models import DailyReturn
from violations.return_filing import acknowledge, file_return

pytestmark = pytest.mark.django_db
RETURNS = "/api/v1/daily-returns/"
DOCUMENT = {"agreement": "exercise", "on": "2025-03-10", "total": 2, "breakdown": "none"}


def test_a_duty_officer_of_a_guarantor_s_own_team_files_its_return(exercise, people):
    told = file_return(exercise, TWO, by=duty_officer(exercise)).daily_return
    assert (told.owner.code, told.teller.code) == ("alder", "alder")


def test_the_liaison_of_a_guarantor_s_own_forces_files_its_return(exercise, people):
    told = file_return(exercise, TWO, by=liaison_of(exercise, "birch-forces", "liaison-birch")).daily_return
    assert (told.owner.code, told.teller.code) == ("birch", "birch")


def test_neither_says_anything_of_another_s_ledger(exercise, people):
    told = file_return(exercise, replace(WORD, ledger="alder"), by=people.guarantor_birch).daily_return
    for by in (duty_officer(exercise), liaison_of(exercise, "alder-forces", "liaison-alder")):
        with pytest.raises(Forbidden) as refused:
            file_return(exercise, WORD, by=by)
        assert refused.value.code == "not_its_ledger"
        with pytest.raises(NotFound):
            acknowledge(told.public_id, by=by)
    assert DailyReturn.objects.count() == 1


def test_who_serves_no_guarantor_s_team_or_speaks_for_another_party_files_none(exercise, people):
    for by in (
        liaison_of(exercise),
        duty_officer(exercise, "duty-joint", team="team-joint", sent_by="birch"),
        duty_officer(exercise, "duty-all", team="", sent_by=""),
        people.monitor_north,
    ):
        with pytest.raises(Forbidden):
            file_return(exercise, TWO, by=by)


def test_over_the_api_they_file_it_and_read_it_and_nothing_of_others(exercise, people):
    device_of(people.guarantor_birch).post(RETURNS, DOCUMENT)
    for by in (duty_officer(exercise), liaison_of(exercise, "alder-forces", "liaison-alder")):
        device = device_of(by)
        answer = device.post(RETURNS, DOCUMENT)
        assert answer.status_code in {200, 201}, answer.json()
        assert [row["ledger"] for row in device.get(RETURNS).json()["results"]] == ["alder"]
    assert device_of(liaison_of(exercise)).post(RETURNS, DOCUMENT).status_code == 403
