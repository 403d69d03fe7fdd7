"""What may be said on page 1 of a period: in which words, of what, and each field that is wrong told at once."""

from __future__ import annotations

import pytest

from monitoring.errors import Forbidden, Malformed
from reports import choices_seen, choosing
from reports.choice_content import Said
from reports.figures.annex import reference
from reports.models import Choice
from tests.reports.chosen import CONCERN, MONTH, agreed, event, improvement
from tests.reports.test_choices import section
from tests.violations import occasions
from tests.violations.replying import replied
from violations.models import Measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]


@pytest.fixture
def incident(exercise, people):
    return occasions.incident_of(occasions.filed(exercise, people.monitor_independent))


def faults(agreement, told: Said, people) -> dict[str, list[str]]:
    with pytest.raises(Malformed) as refusal:
        choosing.propose(agreement, told, by=people.moderator_north)
    return refusal.value.fields


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"words": " "}, "/words"),
        ({"words": "x" * 201}, "/words"),
        ({"words": "The militia was seen."}, "/words"),
        ({"words": "Боевики стреляли."}, "/words"),
        ({"kind": "other"}, "/kind"),
        ({"refers_to": "", "reference": ""}, "/refers_to"),
        ({"refers_to": "measure"}, "/refers_to"),
        ({"reference": "0" * 10}, "/reference"),
        ({"reference": "of the ford"}, "/reference"),
        ({"reference": ""}, "/reference"),
        ({"refers_to": "determination"}, "/reference"),
        ({"period": "2025-03-05"}, "/period"),
        ({"period": "March"}, "/period"),
        ({"period": "2025-13"}, "/period"),
        ({"period": "2024-12"}, "/period"),
        ({"period": "2025-05"}, "/period"),
    ],
)
def test_what_is_wrong_is_told_with_its_field_and_nothing_is_recorded(exercise, people, incident, told, field):
    right = {
        "period": MONTH,
        "kind": "event_of_concern",
        "words": CONCERN,
        "refers_to": "incident",
        "reference": reference(incident.public_id),
    }
    assert set(faults(exercise, Said(**right | told), people)) == {field}
    with choices_seen.reading_all():
        assert not Choice.objects.exists()


def test_every_field_that_is_wrong_is_told_at_once_and_a_loaded_word_by_name(exercise, people, incident):
    told = faults(exercise, Said(period="2025-03-05", kind="", words="A puppet regime."), people)
    assert set(told) == {"/period", "/kind", "/words"}
    assert told["/words"] == ["“puppet” takes a side: say it otherwise.", "“regime” takes a side: say it otherwise."]


def test_words_are_one_line_without_marks_that_reorder_them(exercise, people):
    proposed = choosing.propose(exercise, improvement(" Quiet\r\n\u202enights.\t"), by=people.moderator_north)
    assert proposed.words == "Quiet nights."


def test_an_incident_of_another_period_or_truce_is_none(exercise, people, incident, astana):
    assert set(faults(exercise, event(incident, period="2025-W12"), people)) == {"/reference"}
    with pytest.raises(Forbidden):
        choosing.propose(astana, event(incident, period="2017-01"), by=people.moderator_north)


def test_an_improvement_refers_to_a_measure_or_a_request_that_was_answered_and_told(exercise, people, incident):
    answered, unanswered = replied(exercise, people, incident)
    measure = Measure.objects.get()
    for what, row in (("measure", measure), ("request", answered)):
        one = agreed(exercise, improvement(refers_to=what, reference=reference(row.public_id)), people)
        assert one.referred == row
    told = section(exercise)["improvements"]["chosen"]
    assert [(row["refers_to"], row["reference"]) for row in told] == [
        ("measure", reference(measure.public_id)),
        ("request", reference(answered.public_id)),
    ]
    untold = improvement(refers_to="request", reference=reference(unanswered.public_id))
    assert set(faults(exercise, untold, people)) == {"/reference"}
    assert set(faults(exercise, improvement(reference="0123456789"), people)) == {"/refers_to"}


def test_a_truce_that_has_not_begun_its_period_chooses_nothing_for_it(exercise, people, tmp_path):
    occasions.reloaded(tmp_path, ("in_force_until = 2025-04-01\n", ""))
    exercise.refresh_from_db()
    assert faults(exercise, improvement(period="2199-01"), people) == {"/period": ["This period has not begun."]}
