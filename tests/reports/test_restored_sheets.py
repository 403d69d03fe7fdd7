"""A corrigendum or addendum that an older backup does not know: its truce is held back, and its number stays taken."""

from __future__ import annotations

import pytest
from django.db import transaction

from monitoring.errors import NotNow
from reports import release_log, supplements
from reports.closings.held import held
from reports.closings.preparing import preparing
from reports.models import LostRelease, SupplementFile
from tests.record.soundness import broken
from tests.reports.agreed import sheet_to
from tests.reports.released import released_month
from tests.reports.restored import line_of, refused, went_on
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]


@pytest.fixture
def lost_sheet(exercise, people):
    """A month that is there, and the first corrigendum to it, which is not any more."""
    closing = released_month(exercise)
    with transaction.atomic():
        sheet = sheet_to(closing, people)
        transaction.set_rollback(True)
    closing.lost_sheet = sheet
    return closing


def test_the_release_of_a_sheet_stands_in_both_places(exercise, people, witness, files):
    closing = released_month(exercise)
    sheet = sheet_to(closing, people)
    of_closing, line = release_log.lines()
    assert (of_closing.sheet, line.which[:5]) == ("", of_closing.which[:5])
    assert line.which[5:] == ("corr", 1, str(sheet.public_id))
    assert line.released_at == sheet.released_at.isoformat(timespec="microseconds")
    assert witness.read_bytes() == (files / release_log.NAME).read_bytes()
    assert not held(exercise)


def test_a_sheet_that_was_written_down_and_not_committed_is_made_again(exercise, people):
    closing = released_month(exercise)
    proposed = supplements.propose(closing.public_id, "add", "And so on.", by=people.moderator_north)
    sheet = supplements.second(proposed.public_id, by=people.moderator_south)
    with transaction.atomic():
        supplements.issue(sheet.pk)
        transaction.set_rollback(True)
    assert not held(exercise), "two agreed on it, and it will be released as what it is"
    assert supplements.issue(sheet.pk).released_at
    assert len(release_log.lines()) == 2


@pytest.mark.by_hand("releases_known")
def test_while_a_sheet_is_lost_the_truce_is_held_back_and_no_number_is_given(exercise, people, lost_sheet):
    (line,) = held(exercise).lines
    assert str(line) == f"exercise month 2025-03 no. 1, corr 1 ({lost_sheet.content_sha256[:16]})"
    assert refused(exercise, "day", "2025-03-10") == "released_since"
    proposed = supplements.propose(lost_sheet.public_id, "corr", "Another.", by=people.moderator_north)
    with pytest.raises(NotNow) as refusal:
        supplements.second(proposed.public_id, by=people.moderator_south)
    assert refusal.value.code == "released_since"
    with preparing():
        proposed.refresh_from_db()
    assert proposed.number is None


def test_the_number_of_a_lost_sheet_stays_taken(exercise, people, lost_sheet):
    went_on(exercise, people)
    told = LostRelease.objects.get()
    assert (told.sheet_kind, told.sheet_number, told.sheet) == ("corr", 1, str(lost_sheet.lost_sheet.public_id))
    assert [sheet_to(lost_sheet, people).number for _ in range(2)] == [2, 3]
    added = supplements.propose(lost_sheet.public_id, "add", "Left out.", by=people.moderator_north)
    assert supplements.second(added.public_id, by=people.moderator_south).number == 1
    assert not held(exercise)
    occasions.filed(exercise, people.monitor_north)
    assert released_month(exercise).number == 2, "the number of the closing is not lost with a sheet to it"
    assert broken() == {}


@pytest.mark.by_hand("releases_known")
def test_a_sheet_that_waits_is_not_released_while_the_truce_is_held_back(exercise, people):
    closing = released_month(exercise)
    proposed = supplements.propose(closing.public_id, "corr", "Another.", by=people.moderator_north)
    sheet = supplements.second(proposed.public_id, by=people.moderator_south)
    release_log.append(line_of(exercise))
    with pytest.raises(NotNow) as refusal:
        supplements.issue(sheet.pk)
    assert refusal.value.code == "released_since"
    with preparing():
        assert not SupplementFile.objects.exists()
    went_on(exercise, people)
    assert supplements.issue(sheet.pk).released_at
