"""Events of concern and improvements for page 1: two people of different sides choose them, or nobody reads of them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import AuditEntry
from reports import choices_seen, choosing, closings, periods
from reports.choice_content import Said
from reports.figures import choices
from reports.figures.annex import reference
from reports.figures.known import Known
from reports.models import Choice, Closing, Edition
from tests.reports.chosen import CONCERN, IMPROVEMENT, MONTH, agreed, event, improvement, one_of_each
from tests.reports.readings import rendered
from tests.reports.schema import check_content
from tests.reports.test_periods_told import lines_of, text_of
from tests.reports.test_weekly import WITH_WEEKS
from tests.reports.time_passed import days_pass
from tests.violations import occasions
from tests.violations.sessions import before_it, said
from violations import findings, linking, review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
NOTHING = {"chosen": [], "not_yet": 0, "no_longer": 0}


@pytest.fixture
def incident(exercise, people):
    return occasions.incident_of(occasions.filed(exercise, people.monitor_independent))


def section(agreement, code: str = MONTH) -> dict:
    """As known now."""
    version = agreement.terms
    period = periods.bounds(version, periods.kind_of(code), code)
    return choices.section(Known(agreement, version, period, closings_now()))


def closings_now():
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def words_of(told: dict, name: str) -> list[str]:
    return [item["words"] for item in told[name]["chosen"]]


def refused(verb, *args, **kwargs) -> str:
    with pytest.raises((Forbidden, NotNow, NotFound)) as refusal:
        verb(*args, **kwargs)
    return refusal.value.code


def faults(agreement, told: Said, people) -> dict[str, list[str]]:
    with pytest.raises(Malformed) as refusal:
        choosing.propose(agreement, told, by=people.moderator_north)
    return refusal.value.fields


def closed(agreement, code: str = MONTH, kind: str = "month") -> Closing:
    closing = closings.advance(closings.request(agreement, kind, code).pk)
    assert closing.released_at, closing.failure
    return closing


def week_of(incident) -> str:
    assessment = incident.assessments.open().get()
    day = periods.day_holding(incident.agreement.terms, assessment.occurred_from).date
    return periods.code_of("week", day)


# --- by two ---


def test_two_of_different_sides_choose_and_it_stands_in_the_content(exercise, people, incident):
    one = agreed(exercise, event(incident), people)
    agreed(exercise, improvement(), people)
    told = section(exercise)
    assert told["events_of_concern"]["chosen"] == [
        {
            "choice": reference(one.public_id),
            "refers_to": "incident",
            "reference": reference(incident.public_id),
            "words": CONCERN,
        }
    ]
    assert words_of(told, "improvements") == [IMPROVEMENT]
    assert section(exercise, "2025-W10") == {"events_of_concern": NOTHING, "improvements": NOTHING}


def test_neither_the_same_person_nor_the_same_side_is_a_second_one_and_an_independent_is(exercise, people, incident):
    proposed = choosing.propose(exercise, event(incident), by=people.moderator_north)
    assert refused(choosing.agree, proposed.public_id, by=people.moderator_north) == "same_person"
    assert refused(choosing.agree, proposed.public_id, by=people.moderator_north_2) == "same_side"
    assert section(exercise) == {"events_of_concern": NOTHING, "improvements": NOTHING}
    assert choosing.agree(proposed.public_id, by=people.moderator_independent).place == 1
    assert refused(choosing.agree, proposed.public_id, by=people.moderator_south) == "not_proposed"


def test_whoever_moderates_no_such_truce_neither_proposes_nor_agrees(exercise, people, incident):
    for by in (people.guarantor_alder, people.monitor_north, people.operator, people.superuser):
        with pytest.raises(Forbidden):
            choosing.propose(exercise, event(incident), by=by)
    proposed = choosing.propose(exercise, event(incident), by=people.moderator_north)
    for by in (people.guarantor_birch, people.operator, people.superuser):
        assert refused(choosing.agree, proposed.public_id, by=by) == "not_found"
        assert refused(choosing.withdraw, proposed.public_id, by=by) == "not_found"


def test_nobody_chooses_what_they_filed_themselves(exercise, people):
    birch = exercise.guarantors.get(code="birch")
    accreditation.accredit(people.monitor_south, exercise, "moderator", guarantor=birch, by=None)
    own = occasions.incident_of(occasions.filed(exercise, people.monitor_south))
    assert refused(choosing.propose, exercise, event(own), by=people.monitor_south) == "own_report"
    proposed = choosing.propose(exercise, event(own), by=people.moderator_north)
    assert refused(choosing.agree, proposed.public_id, by=people.monitor_south) == "own_report"


def test_the_same_proposed_again_is_the_proposal_that_is_open(exercise, people, incident):
    first = choosing.propose(exercise, event(incident), by=people.moderator_north)
    assert choosing.propose(exercise, event(incident), by=people.moderator_north) == first
    assert choosing.propose(exercise, event(incident), by=people.moderator_south) != first


def test_a_fourth_of_a_kind_is_refused_and_the_place_of_one_taken_back_is_given_again(exercise, people, incident):
    stand = [agreed(exercise, event(incident, f"The {nth} event."), people) for nth in ("first", "second", "third")]
    assert [one.place for one in stand] == [1, 2, 3]
    fourth = choosing.propose(exercise, event(incident, "The fourth."), by=people.moderator_south)
    with pytest.raises(NotNow) as refusal:
        choosing.agree(fourth.public_id, by=people.moderator_north)
    assert refusal.value.code == "three_stand"
    assert "3 of this kind stand for 2025-03 already" in refusal.value.message
    agreed(exercise, improvement(), people)
    agreed(exercise, event(incident, "Of a week.", period=week_of(incident)), people)
    choosing.withdraw(stand[1].public_id, by=people.moderator_south)
    assert choosing.agree(fourth.public_id, by=people.moderator_north).place == 2
    assert words_of(section(exercise), "events_of_concern") == ["The first event.", "The fourth.", "The third event."]


def test_either_side_that_chose_takes_it_back_and_nobody_else(exercise, people, incident):
    one = agreed(exercise, event(incident), people)
    assert refused(choosing.withdraw, one.public_id, by=people.moderator_independent) == "another_side"
    choosing.withdraw(one.public_id, by=people.moderator_north_2)
    assert refused(choosing.withdraw, one.public_id, by=people.moderator_south) == "not_open"
    assert section(exercise)["events_of_concern"] == NOTHING
    proposed = choosing.propose(exercise, event(incident), by=people.moderator_north)
    assert refused(choosing.withdraw, proposed.public_id, by=people.moderator_south) == "another_side"
    choosing.withdraw(proposed.public_id, by=people.moderator_north)
    assert refused(choosing.agree, proposed.public_id, by=people.moderator_south) == "not_proposed"
    acts = AuditEntry.objects.filter(action__startswith="choice.").order_by("pk").values_list("action", flat=True)
    assert list(acts) == [
        "choice.propose",
        "choice.agree",
        "choice.withdraw",
        "choice.propose",
        "choice.withdraw",
    ]


# --- what is printed ---


def test_an_event_is_not_printed_while_its_incident_is_younger_than_the_delay(exercise, people, incident, tmp_path):
    agreed(exercise, event(incident), people)
    occasions.reloaded(tmp_path, ("delay_hours = 24", "delay_hours = 100000"))
    exercise.refresh_from_db()
    assert section(exercise)["events_of_concern"] == {"chosen": [], "not_yet": 1, "no_longer": 0}


def test_an_event_whose_incident_was_told_with_another_is_not_printed(exercise, people, incident):
    report = occasions.filed(exercise, people.monitor_south)
    merged = occasions.incident_of(report)
    agreed(exercise, event(merged), people)
    assert words_of(section(exercise), "events_of_concern") == [CONCERN]
    review.take(report, by=people.moderator_north)
    linking.link(report, incident, by=people.moderator_north, kind="same_event", grounds="The same.")
    assert section(exercise)["events_of_concern"] == {"chosen": [], "not_yet": 0, "no_longer": 1}


def test_closed_again_it_is_the_same_and_the_sweep_finds_what_was_chosen_since(exercise, people, incident):
    agreed(exercise, event(incident), people)
    first = closed(exercise)
    assert closings.verify(first).outcome == "same"
    assert list(closings.unchecked()) == []
    proposed = choosing.propose(exercise, improvement(), by=people.moderator_north)
    assert list(closings.unchecked()) == [], "a proposal moves nothing"
    later = choosing.agree(proposed.public_id, by=people.moderator_south)
    assert list(closings.unchecked()) == [first]
    assert closings.check(first).touched_at is not None
    assert json.loads(first.content())["sections"]["choices"]["improvements"] == NOTHING
    assert closings.verify(first).outcome == "same", "what came after the cut-off is not in it"

    second = closed(exercise)
    content = json.loads(second.content())
    check_content(content)
    assert second.number == 2
    assert words_of(content["sections"]["choices"], "improvements") == [IMPROVEMENT]
    changed = content["beside"]["changes"]
    (figure,) = changed["figures"]
    path = f"choices/improvements/chosen/{reference(later.public_id)}/words"
    assert figure == {"section": "choices", "path": path, "old": None, "new": IMPROVEMENT}
    assert {step["step"] for step in changed["because"]} == {"choice_proposed", "choice_agreed"}

    choosing.withdraw(later.public_id, by=people.moderator_north)
    third = closed(exercise)
    content = json.loads(third.content())
    assert content["sections"]["choices"]["improvements"] == NOTHING
    assert [step["step"] for step in content["beside"]["changes"]["because"]] == ["choice_withdrawn"]
    assert closings.verify(second).outcome == "same"


def test_what_was_taken_back_before_the_cut_off_is_out_and_what_is_only_proposed_is_nowhere(exercise, people, incident):
    one = agreed(exercise, event(incident), people)
    choosing.withdraw(one.public_id, by=people.moderator_north)
    choosing.propose(exercise, improvement("Only one side says so."), by=people.moderator_north)
    closing = closed(exercise)
    content = json.loads(closing.content())
    assert content["sections"]["choices"] == {"events_of_concern": NOTHING, "improvements": NOTHING}
    assert "Only one side" not in closing.content()
    steps = {step["step"]: step["count"] for step in content["beside"]["steps"]["record"]}
    assert {name: steps.get(name) for name in ("choice_proposed", "choice_agreed", "choice_withdrawn")} == {
        "choice_proposed": 1,
        "choice_agreed": 1,
        "choice_withdrawn": 1,
    }, "of those agreed on alone"


def test_every_guarantor_and_every_form_has_the_same(exercise, people):
    one, other = one_of_each(exercise, people)
    closing = closed(exercise)
    content = json.loads(closing.content())
    check_content(content)
    assert content["beside"]["header"]["not_recorded"] == []
    for edition in Edition.objects.filter(closing=closing):
        told = json.loads(edition.content)
        assert told["content_sha256"] == closing.content_sha256
        text = text_of(rendered("pdf", content, told))
        first = text.partition("page 1 of")[0]
        for words in (CONCERN, IMPROVEMENT, reference(one.incident.public_id), reference(other.public_id)):
            assert words in first, words
        lines = [line for line in lines_of(rendered("csv", content, told)) if line["section"] == "choices"]
        assert [(line["table"], line["within_code"], line["value"]) for line in lines] == [
            ("events_of_concern", reference(one.incident.public_id), CONCERN),
            ("improvements", "", IMPROVEMENT),
        ]


def test_an_empty_one_says_why_and_not_whether_anything_was_proposed(exercise, people, incident):
    said_of = {}
    for proposing in (False, True):
        if proposing:
            choosing.propose(exercise, event(incident), by=people.moderator_north)
        version = exercise.terms
        closing = closed(exercise)
        content = json.loads(closing.content())
        told = json.loads(closing.editions.first().content)
        text = text_of(rendered("pdf", content, told))
        assert "No event of concern had been agreed on by people of two sides at the cut-off" in text
        assert "No improvement had been agreed on by people of two sides at the cut-off" in text
        notes = [line["note"] for line in lines_of(rendered("csv", content, told)) if line["section"] == "choices"]
        assert len(notes) == 2
        assert all("what one side alone proposed is not told" in note for note in notes)
        said_of[proposing] = closing.pk, version.pk
    assert said_of[True] == said_of[False], "a proposal makes no other closing"


def test_a_week_has_its_own_and_a_day_none(exercise, people, incident, tmp_path):
    occasions.reloaded(tmp_path, WITH_WEEKS)
    exercise.refresh_from_db()
    week = week_of(incident)
    agreed(exercise, event(incident, period=week), people)
    content = json.loads(closed(exercise, week, "week").content())
    check_content(content)
    assert words_of(content["sections"]["choices"], "events_of_concern") == [CONCERN]
    assert "choices" not in json.loads(closed(exercise, "2025-03-05", "day").content())["sections"]


def test_a_determination_of_the_period_is_told_by_its_incident(exercise, people, tmp_path):
    now = closings_now()
    occasions.reloaded(tmp_path, ("in_force_until = 2025-04-01\n", ""))
    exercise.refresh_from_db()
    incident = occasions.incident_of(occasions.filed(exercise, people.monitor_independent))
    proposal = findings.propose(incident, occasions.breach(exercise), by=people.moderator_south)
    said(before_it(proposal, people), people)
    month = f"{periods.day_holding(exercise.terms, now).date:%Y-%m}"
    one = agreed(exercise, event(incident, period=month, refers_to="determination"), people)
    told = section(exercise, month)["events_of_concern"]["chosen"]
    assert [(row["choice"], row["refers_to"]) for row in told] == [(reference(one.public_id), "determination")]
    assert set(faults(exercise, event(incident, refers_to="determination"), people)) == {"/reference"}


# --- what PostgreSQL refuses ---


def test_nobody_is_shown_any_who_does_not_say_for_whom(exercise, people):
    one_of_each(exercise, people)
    assert not Choice.objects.exists()
    with choices_seen.reading_for([exercise.pk + 1]):
        assert not Choice.objects.exists()
    with choices_seen.reading_for([exercise.pk]):
        assert Choice.objects.count() == 6


@pytest.mark.by_hand
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"place": 4}, "reports_choice_agreed_whole"),
        ({"place": 3, "words": "Otherwise."}, "What is agreed is what was proposed"),
        ({"place": 1, "superseded_at": None}, "reports_choice_place_once"),
        ({"agreed_by": "proposer"}, "reports_choice_two_persons"),
        ({"agreed_side": "proposer"}, "reports_choice_two_sides"),
        ({"refers_to": "measure"}, "reports_choice_kind_refers"),
        ({"incident": None}, "reports_choice_refers_to_one"),
        ({"words": ""}, "reports_choice_in_words"),
    ],
)
def test_postgresql_refuses_what_no_verb_writes(exercise, people, incident, changes, said):
    one = agreed(exercise, event(incident), people)
    if changes.get("agreed_by") == "proposer":
        changes = {"agreed_by": one.proposed_by}
    if changes.get("agreed_side") == "proposer":
        changes = {"agreed_side": one.proposed_side}
    kept = {
        field.name: getattr(one, field.name)
        for field in Choice._meta.concrete_fields
        if field.name not in {"id", "public_id"}
    }
    with choices_seen.reading_all(), pytest.raises((IntegrityError, DatabaseError), match=said), transaction.atomic():
        Choice.objects.create(**kept | changes)


@pytest.mark.by_hand
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("days_ago", "found"), [(1, True), (10, False)])
def test_the_delay_that_ran_out_since_is_found_by_the_sweep(exercise, people, tmp_path, days_ago, found):
    """Nothing is recorded when it does."""
    report = occasions.filed(exercise, people.monitor_independent)
    incident = occasions.incident_of(report)
    ended = incident.assessments.open().get().occurred_until
    hours = int((closings_now() - ended) / timedelta(hours=1)) - 24 * days_ago
    occasions.reloaded(tmp_path, ("delay_hours = 24", f"delay_hours = {hours}"))
    exercise.refresh_from_db()
    agreed(exercise, event(incident), people)
    closing = closed(exercise)
    days_pass(3)
    assert list(closings.unchecked()) == ([closing] if found else [])
