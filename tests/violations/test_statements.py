"""A guarantor's own word: filed once, corrected by another row, told to all the others and counted once, or to none."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from reports import closings
from tests.reports.released import released_month
from tests.violations.occasions import filed, incident_of
from tests.violations.replying import a_name, paper, replied, stated, today
from violations import replies_seen, statements
from violations.models import GuarantorStatement, StatementTelling
from violations.statements import Said

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(exercise, people):
    return incident_of(filed(exercise, people.monitor_north))


def read_by(person) -> list[GuarantorStatement]:
    """What a person reads of statements, as the doors ask for it."""
    voices = replies_seen.voices_of(person)
    with replies_seen.reading_as(voices):
        return list(statements.readable_by(voices))


def test_only_its_owner_reads_it_until_it_is_told_and_then_all_the_others_do(exercise, people, incident):
    said = stated(exercise, people.guarantor_birch, Said("contests_facts", "No gun of ours.", "en", incident=incident))
    assert read_by(people.guarantor_birch) == [said]
    for other in (people.guarantor_alder, people.guarantor_cedar, people.monitor_north):
        assert read_by(other) == []
    assert not GuarantorStatement.objects.exists(), "a query that forgets to ask for whom finds nothing"
    statements.tell(said.public_id, by=people.guarantor_birch)
    statements.tell(said.public_id, by=people.guarantor_birch)
    assert StatementTelling.objects.count() == 1
    for other in (people.guarantor_alder, people.guarantor_cedar):
        assert read_by(other) == [said]
    assert read_by(people.monitor_north) == []


def test_nobody_tells_the_word_of_another(exercise, people, incident):
    said = stated(exercise, people.guarantor_birch, Said("concurs", incident=incident))
    for other in (people.guarantor_alder, people.moderator_south, people.superuser):
        with pytest.raises(NotFound):
            statements.tell(said.public_id, by=other)


def test_a_correction_is_another_row_and_is_told_where_what_it_corrects_was(exercise, people, incident):
    first = stated(exercise, people.guarantor_birch, Said("under_examination", incident=incident), told=True)
    with pytest.raises(NotNow) as refused:
        stated(exercise, people.guarantor_birch, Said("concurs", incident=incident))
    assert (refused.value.code, refused.value.members["latest"]) == ("stands", str(first.public_id))
    second = stated(exercise, people.guarantor_birch, Said("concurs", incident=incident), replaces=first.public_id)
    assert {row.pk for row in read_by(people.guarantor_alder)} == {first.pk, second.pk}
    (before,) = [row for row in read_by(people.guarantor_alder) if row.pk == first.pk]
    assert (before.code, before.superseded_at) == ("under_examination", second.recorded_at)
    with pytest.raises(NotNow) as late:
        stated(exercise, people.guarantor_birch, Said("takes_note", incident=incident), replaces=first.public_id)
    assert late.value.code == "not_latest"


def test_the_same_filing_again_is_the_first_and_another_under_its_name_is_refused(exercise, people, incident):
    name = a_name()
    what = {"by": people.guarantor_birch, "client_id": name}
    first = statements.file_statement(exercise, Said("concurs", incident=incident), **what)
    again = statements.file_statement(exercise, Said("concurs", incident=incident), **what)
    assert (again.statement, again.created, first.created) == (first.statement, False, True)
    with pytest.raises(NotNow) as refused:
        statements.file_statement(exercise, Said("takes_note", incident=incident), **what)
    assert refused.value.code == "client_id_taken"
    assert refused.value.members["differences"] == [
        {"pointer": "#/statement", "filed": "concurs", "sent": "takes_note"}
    ]


def test_what_came_on_paper_is_never_its_owner_s_own_filing(exercise, people, incident):
    birch = exercise.guarantors.get(code="birch")
    said, named = Said("does_not_confirm", "By note.", "en", incident=incident), {"client_id": a_name()}
    taken = statements.take_down(exercise, birch, said, paper(exercise), by=people.moderator_south, **named).statement
    assert (taken.channel, taken.by) == ("by_hand", people.moderator_south)
    assert taken.handed_in_by == "The embassy's second secretary"
    assert taken.dated_on < taken.received_on == today(exercise)
    own = stated(exercise, people.guarantor_alder, said)
    assert (own.channel, own.handed_in_by, own.dated_on, own.received_on) == ("", "", None, None)
    with pytest.raises(Forbidden) as other_side:
        statements.take_down(exercise, birch, said, paper(exercise), by=people.moderator_north, client_id=a_name())
    assert other_side.value.code == "of_another"
    for nobody in (people.guarantor_birch, people.operator, people.monitor_independent):
        with pytest.raises(Forbidden):
            statements.take_down(exercise, birch, said, paper(exercise), by=nobody, client_id=a_name())


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"handed_in_by": "  "}, "/handed_in_by"),
        ({"dated_on": timedelta(days=1)}, "/dated_on"),
        ({"received_on": timedelta(days=1)}, "/received_on"),
    ],
)
def test_a_paper_says_who_handed_it_in_and_when(exercise, people, incident, changes, pointer):
    changes = {key: today(exercise) + told if isinstance(told, timedelta) else told for key, told in changes.items()}
    birch, said = exercise.guarantors.get(code="birch"), Said("concurs", incident=incident)
    with pytest.raises(Malformed) as refused:
        statements.take_down(
            exercise, birch, said, paper(exercise, **changes), by=people.moderator_south, client_id=a_name()
        )
    assert set(refused.value.fields) == {pointer}


def test_a_period_is_stated_on_when_it_is_over_and_its_editions_apart_from_it(exercise, people):
    on_period = stated(exercise, people.guarantor_alder, Said("takes_note", period="2025-03"))
    on_edition = stated(exercise, people.guarantor_alder, Said("contests_facts", period="2025-03", closing_number=1))
    assert read_by(people.guarantor_alder) == [on_edition, on_period]
    with pytest.raises(NotNow) as refused:
        stated(exercise, people.guarantor_alder, Said("takes_note", period=f"{today(exercise):%Y-%m}"))
    assert refused.value.code == "not_over"
    for wrong in (Said("concurs"), Said("concurs", closing_number=1), Said("agrees", period="2025-02")):
        with pytest.raises(Malformed):
            stated(exercise, people.guarantor_alder, wrong)


def sections_of(closing) -> dict[str, dict]:
    """The hash of each section of a closing's content, and section 6's replies whole."""
    content = json.loads(closing.content())
    told = {section["code"]: section["sha256"] for section in content["head"]["sections"]}
    return told | {"replies": content["sections"]["replies"]}


def test_statements_requests_and_measures_move_the_figures_of_replies_and_no_other(exercise, people, incident):
    before = sections_of(released_month(exercise))
    replied(exercise, people, incident)
    after = sections_of(released_month(exercise))
    assert {code for code in before if before[code] != after[code]} == {"replies"}
    assert before.keys() == after.keys()


def test_what_is_not_told_moves_no_figure_at_all(exercise, people, incident):
    before = released_month(exercise)
    stated(exercise, people.guarantor_birch, Said("contests_facts", "No gun of ours.", "en", incident=incident))
    stated(exercise, people.guarantor_alder, Said("concurs", period="2025-03"))
    after = closings.advance(closings.request(exercise, "month", "2025-03").pk)
    assert (after.pk, after.content_sha256) == (before.pk, before.content_sha256)
