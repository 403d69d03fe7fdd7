"""The docket is kept by every verb; filled anew it says the same, and only what changed is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitoring import ledger
from tests.record.by_hand import by_hand
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.occasions import HARM, corrected, filed, incident_of, reloaded
from violations import docket, filing, lanes, questions, review
from violations.models import Docket

pytestmark = pytest.mark.django_db


def stands(report):
    row = Docket.objects.open().get(incident=incident_of(report))
    return row.stage, row.gravity


def test_an_incident_goes_through_its_stages(exercise, people, tmp_path):
    report = filed(exercise, people.monitor_north)
    assert stands(report) == ("work", 1)
    review.take(report, by=people.moderator_north)
    asked = questions.ask(report, by=people.moderator_north, grounds="Which bank?")
    assert stands(report) == ("waits", 1)
    questions.answer(asked.public_id, by=people.monitor_north, words="The left.", language="en")
    assert stands(report) == ("work", 1)
    proposed_on(report, by=people.moderator_north)
    assert stands(report) == ("proposed", 1)
    agreed_on(report, people)
    assert stands(report) == ("settled", 1)
    review.accept(report, by=people.moderator_north)
    review.reopen(report, by=people.moderator_south, grounds="Another crater was found.")
    assert stands(report) == ("work", 1)
    lanes.move(incident_of(report), "grave", reason="other", grounds="A series.", by=people.moderator_south)
    assert stands(report) == ("work", 0)
    reloaded(tmp_path, ('[[sides]]\ncode = "north"', '[lanes.grave]\nacts = []\n[[sides]]\ncode = "north"'))
    assert stands(report) == ("work", 0)


def test_a_filing_is_of_its_lane_at_once_and_what_leaves_the_count_leaves_the_docket(exercise, people):
    assert stands(filed(exercise, people.monitor_north, means="heard")) == ("work", 2)
    grave = filed(exercise, people.monitor_north, casualties=HARM)
    assert stands(grave) == ("work", 0)
    assert stands(corrected(grave, people.monitor_north)) == ("work", 1)
    incident = incident_of(grave)
    filing.withdraw(corrected_newest(grave), by=people.monitor_north, grounds="It was another night.")
    assert not Docket.objects.open().filter(incident=incident).exists()


def corrected_newest(report):
    return type(report).objects.of_chain(report.chain).first()


def test_what_is_the_same_is_not_written_again(exercise, people):
    report = filed(exercise, people.monitor_north)
    before = Docket.objects.open().get(incident=incident_of(report)).pk
    with ledger.writing() as entry:
        docket.follow([incident_of(report).pk], recorded_at=entry.stamp())
        docket.follow_agreement(exercise, recorded_at=entry.stamp())
    assert Docket.objects.open().get(incident=incident_of(report)).pk == before


def test_an_entry_stamped_earlier_does_not_overrule_a_later_one(exercise, people):
    report = filed(exercise, people.monitor_north)
    with ledger.writing(), pytest.raises(ledger.Conflict):
        docket.follow([incident_of(report).pk], recorded_at=datetime(2025, 4, 1, tzinfo=UTC))


@pytest.mark.by_hand
def test_filled_where_it_did_not_stand_it_says_what_the_verbs_wrote(exercise, people):
    filed(exercise, people.monitor_north, casualties=HARM)
    agreed_on(taken(exercise, people.monitor_north, by=people.moderator_north), people)
    answered = taken(exercise, people.monitor_south, by=people.moderator_south)
    asked = questions.ask(answered, by=people.moderator_south, grounds="Which bank?")
    questions.answer(asked.public_id, by=people.monitor_south, words="The left.", language="en")
    columns = ("incident", "agreement", "stage", "gravity", "asked_by")
    kept = list(Docket.objects.open().order_by("incident").values_list(*columns))
    by_hand("delete from violations_docket")
    by_hand(docket.FILL)
    by_hand(docket.FILL_ASKED)
    assert people.moderator_south.pk in {row[-1] for row in kept}
    assert list(Docket.objects.open().order_by("incident").values_list(*columns)) == kept
