"""A side files its own return of a day, corrects it, says its word on another's, acknowledges what was told of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from monitoring import accreditation, days
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import AuditEntry
from tests.violations.occasions import reloaded
from tests.violations.test_returns import TOLD
from violations.ledger_days import ledger_days
from violations.models import DailyReturn, ReturnAcknowledgement
from violations.return_filing import FiledReturn, acknowledge, file_return
from violations.returns import Line, Outcome, record_return
from violations.returns_due import returns_due

pytestmark = pytest.mark.django_db

TWO = FiledReturn(date(2025, 3, 5), 2, "complete", lines=(Line("Northcape", 2, area="VA01"),))
NIL = FiledReturn(date(2025, 3, 6), 0, "none")
WORD = FiledReturn(date(2025, 3, 5), 12, "none", ledger="birch", confirmed=3, not_confirmed=9)


def yesterday(agreement) -> date:
    """The last whole day of the truce's calendar: its return is not due yet."""
    return days.day_holding(agreement.terms, timezone.now()).date - days.ONE_DAY


def test_a_side_files_its_own_day_and_its_word_on_anothers(exercise, people):
    own = file_return(exercise, TWO, by=people.guarantor_alder)
    word = file_return(exercise, WORD, by=people.guarantor_alder)
    assert (own.outcome, word.outcome) == (Outcome.RECORDED, Outcome.RECORDED)
    told = [
        (row.owner.code, row.teller.code, row.total, row.confirmed)
        for row in DailyReturn.objects.open().order_by("owner")
    ]
    assert told == [("alder", "alder", 2, None), ("birch", "alder", 12, 3)]
    day = days.day_of(exercise.terms, TWO.on)
    row = own.daily_return
    assert (row.window_from, row.window_until, row.window_basis) == (
        day.starts_at,
        day.ends_at,
        "the day of the truce",
    )
    assert AuditEntry.objects.filter(action="returns.file", object_id=str(row.public_id)).count() == 1


def test_a_nil_is_a_return_and_a_day_without_one_is_missing(exercise, people):
    file_return(exercise, NIL, by=people.guarantor_alder)
    now = timezone.now()
    held = ledger_days(exercise, exercise.terms, from_date=date(2025, 3, 5), until_date=date(2025, 3, 7), known_at=now)
    assert {day.day.day: day.state for day in held if day.owner == "alder"} == {5: "missing", 6: "nil"}


def test_the_same_filing_again_is_answered_as_the_first_time_also_after_a_correction(exercise, people):
    first = file_return(exercise, TWO, by=people.guarantor_alder)
    assert file_return(exercise, TWO, by=people.guarantor_alder).daily_return == first.daily_return
    mended = replace(TWO, total=3, lines=(Line("Northcape", 3, area="VA01"),), note="One came in late.")
    correction = replace(mended, replaces=first.daily_return.public_id)
    second = file_return(exercise, correction, by=people.guarantor_alder)
    assert second.outcome == Outcome.CORRECTED
    for filing, answer in ((TWO, first), (correction, second)):
        again = file_return(exercise, filing, by=people.guarantor_alder)
        assert (again.outcome, again.daily_return) == (Outcome.KNOWN, answer.daily_return)
    back = replace(TWO, replaces=second.daily_return.public_id, note="It was another's.")
    third = file_return(exercise, back, by=people.guarantor_alder)
    assert (third.outcome, third.daily_return.total) == (Outcome.CORRECTED, 2)
    assert list(DailyReturn.objects.open()) == [third.daily_return]
    assert DailyReturn.objects.count() == 3


def test_other_numbers_of_a_day_are_a_correction_and_say_what_they_replace(exercise, people):
    first = file_return(exercise, TWO, by=people.guarantor_alder).daily_return
    other = replace(TWO, total=4, breakdown="none", lines=())
    with pytest.raises(NotNow) as refused:
        file_return(exercise, other, by=people.guarantor_alder)
    assert (refused.value.code, refused.value.members) == ("told_already", {"latest": str(first.public_id)})
    second = file_return(
        exercise, replace(other, replaces=first.public_id, note="Recounted."), by=people.guarantor_alder
    ).daily_return
    late = replace(other, total=5, replaces=first.public_id, note="Recounted.")
    with pytest.raises(NotNow) as refused:
        file_return(exercise, late, by=people.guarantor_alder)
    assert (refused.value.code, refused.value.members) == ("not_latest", {"latest": str(second.public_id)})
    assert [row.total for row in DailyReturn.objects.open()] == [4]


def test_one_side_cannot_correct_what_another_told(exercise, people):
    theirs = file_return(exercise, TWO, by=people.guarantor_birch).daily_return
    mine = replace(TWO, total=1, breakdown="none", lines=(), replaces=theirs.public_id, note="No.")
    with pytest.raises(NotNow) as refused:
        file_return(exercise, mine, by=people.guarantor_alder)
    assert (refused.value.code, refused.value.members) == ("not_latest", {})


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"confirmed": 1}, "/confirmed"),
        ({"ledger": "elm"}, "/ledger"),
        ({"total": 3}, "/breakdown"),
        ({"lines": (Line("Northcape", 2, area="VA99"),)}, "/lines"),
        ({"window_from": TOLD.window_from}, "/window_until"),
        ({"window_from": TOLD.window_until, "window_until": TOLD.window_from}, "/window_until"),
        ({"replaces": "00000000-0000-4000-8000-000000000000"}, "/note"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(exercise, people, changes, pointer):
    with pytest.raises(Malformed) as refused:
        file_return(exercise, replace(TWO, **changes), by=people.guarantor_alder)
    assert set(refused.value.fields) == {pointer}
    assert not DailyReturn.objects.exists()


def test_a_day_is_told_of_when_it_is_over(exercise, people):
    today = replace(NIL, on=yesterday(exercise) + days.ONE_DAY)
    with pytest.raises(NotNow) as refused:
        file_return(exercise, today, by=people.guarantor_alder)
    assert refused.value.code == "not_over"


def test_a_return_bears_no_date_that_is_still_to_come_whatever_window_it_states(exercise, people):
    first = days.day_of(exercise.terms, yesterday(exercise) - days.ONE_DAY)
    stated = replace(NIL, window_from=first.starts_at, window_until=first.ends_at)
    with pytest.raises(NotNow) as refused:
        file_return(exercise, replace(stated, on=yesterday(exercise) + 3 * days.ONE_DAY), by=people.guarantor_alder)
    assert refused.value.code == "not_over"
    bulletin = file_return(exercise, replace(stated, on=yesterday(exercise)), by=people.guarantor_alder)
    assert bulletin.outcome == Outcome.RECORDED, "a bulletin covers the hours before it"


def test_only_those_whom_a_guarantor_sent_to_speak_for_it_file(exercise, people):
    for by in (people.operator, people.moderator_north, people.monitor_north, people.superuser):
        with pytest.raises(Forbidden):
            file_return(exercise, TWO, by=by)
    accreditation.end(accreditation.last_held_by(people.guarantor_alder, "guarantor", exercise), by=None)
    with pytest.raises(Forbidden):
        file_return(exercise, TWO, by=people.guarantor_alder)


def test_before_a_day_is_due_nobody_of_a_side_sees_anothers_numbers_and_all_see_that_they_are_there(exercise, people):
    on = yesterday(exercise)
    nil = file_return(exercise, replace(NIL, on=on), by=people.guarantor_birch).daily_return
    word = file_return(exercise, replace(WORD, on=on), by=people.guarantor_alder).daily_return
    span = {"from_date": on, "until_date": on + days.ONE_DAY}

    def seen(reader, at) -> dict:
        shown = {row.public_id for row in DailyReturn.objects.visible_to(reader, at=at)}
        told = {row.owner: row for row in returns_due(exercise, reader=reader, at=at, **span)}
        return {"rows": shown, "birch": (told["birch"].state, told["birch"].filed_at is not None)}

    now = timezone.now()
    due = days.due_at(exercise.terms, on)
    assert now < due - timedelta(microseconds=1)
    for reader, rows in ((people.guarantor_alder, {word.public_id}), (people.moderator_north, {word.public_id})):
        assert seen(reader, now)["rows"] == rows
    assert seen(people.guarantor_cedar, now) == {"rows": set(), "birch": (None, True)}
    assert seen(people.guarantor_birch, now) == {"rows": {nil.public_id}, "birch": ("nil", True)}
    both = {nil.public_id, word.public_id}
    assert seen(people.moderator_independent, now)["rows"] == seen(people.operator, now)["rows"] == both
    for reader in (people.guarantor_alder, people.guarantor_cedar, people.guarantor_birch):
        assert seen(reader, due)["rows"] == both, "all at the same moment"
        assert seen(reader, due - timedelta(seconds=1))["rows"] != both
    assert seen(people.monitor_north, due)["rows"] == set()


def test_who_filed_late_is_said_and_a_correction_makes_nobody_late(exercise, people):
    on = yesterday(exercise)
    first = file_return(exercise, replace(NIL, on=on), by=people.guarantor_alder).daily_return
    file_return(
        exercise, replace(NIL, on=on, total=1, replaces=first.public_id, note="One."), by=people.guarantor_alder
    )
    file_return(exercise, NIL, by=people.guarantor_alder)
    now = timezone.now()
    span = {"reader": people.guarantor_alder, "at": now}
    (recent,) = [
        row for row in returns_due(exercise, from_date=on, until_date=on + days.ONE_DAY, **span) if row.owner == "alder"
    ]
    assert (recent.in_time, recent.filed_at, recent.returns[0].total) == (True, first.recorded_at, 1)
    old = {
        (row.day.day, row.owner): row.in_time
        for row in returns_due(exercise, from_date=date(2025, 3, 5), until_date=date(2025, 3, 7), **span)
    }
    assert (old[6, "alder"], old[5, "alder"], old[6, "birch"]) == (False, None, None)


def test_the_owner_acknowledges_what_another_told_and_the_next_numbers_are_not_acknowledged(exercise, people):
    word = file_return(exercise, WORD, by=people.guarantor_alder).daily_return
    before = timezone.now()
    for by in (people.guarantor_alder, people.guarantor_cedar):
        with pytest.raises(Forbidden):
            acknowledge(word.public_id, by=by)
    for _time in range(2):
        acknowledge(word.public_id, by=people.guarantor_birch)
    assert ReturnAcknowledgement.objects.get().daily_return == word
    assert AuditEntry.objects.filter(action="returns.acknowledge").count() == 1

    def acknowledged(at) -> list[bool]:
        held = ledger_days(exercise, exercise.terms, from_date=WORD.on, until_date=WORD.on + days.ONE_DAY, known_at=at)
        return [told.acknowledged for day in held for told in day.returns]

    assert (acknowledged(before), acknowledged(timezone.now())) == ([False], [True])
    mended = replace(WORD, total=11, not_confirmed=8, replaces=word.public_id, note="Counted anew.")
    file_return(exercise, mended, by=people.guarantor_alder)
    assert acknowledged(timezone.now()) == [False]
    with pytest.raises(NotNow):
        acknowledge(word.public_id, by=people.guarantor_birch)


def test_what_is_not_shown_yet_cannot_be_acknowledged(exercise, people):
    word = file_return(exercise, replace(WORD, on=yesterday(exercise)), by=people.guarantor_alder).daily_return
    with pytest.raises(NotFound):
        acknowledge(word.public_id, by=people.guarantor_birch)


def test_names_read_anew_keep_the_acknowledgement(exercise, people, tmp_path):
    written = replace(TOLD, lines=(Line("Gull Rock", 3), Line("Northcape", 2, area="VA01")))
    told = record_return(exercise, written, by=None).daily_return
    acknowledge(told.public_id, by=people.guarantor_birch)
    reloaded(tmp_path, ('["the Harbour"]', '["the Harbour", "Gull Rock"]'))
    again = record_return(exercise, written, by=None)
    assert (again.outcome, again.daily_return.acknowledged) == (Outcome.READ_ANEW, True)


def test_the_days_of_ledgers_cost_as_many_statements_for_many_as_for_few(exercise, people):
    for day in range(2, 20):
        file_return(exercise, replace(NIL, on=date(2025, 3, day)), by=people.guarantor_alder)

    def statements(until: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            span = {"from_date": date(2025, 3, 2), "until_date": date(2025, 3, until)}
            returns_due(exercise, reader=people.guarantor_alder, at=timezone.now(), **span)
        return len(captured)

    assert statements(4) == statements(20)
