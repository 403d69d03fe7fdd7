"""What the queue narrows before it reads is what reading everything would have left."""

from __future__ import annotations

from itertools import combinations

import pytest

from monitoring.accreditation import side_of
from tests.violations import sets
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.occasions import corrected, discounted, filed, graded, incident_of, under_review
from violations import data_sets, filing, findings, questions, queue, review
from violations.codebook import LinkKind, ReviewState
from violations.linking import link
from violations.models import IncidentReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(exercise, people, tmp_path):
    """Incidents in every standing that the queue tells apart."""
    filer, north, south = people.monitor_north, people.moderator_north, people.moderator_south

    def a_report(place, **changes):
        return taken(exercise, filer, by=north, place_as_written=place, **changes)

    def agreed_upon(place):
        report = a_report(place)
        agreed_on(report, people)
        review.accept(report, by=north)
        return report

    filed(exercise, filer)
    filed(exercise, filer, means="heard", place_as_written="heard of")
    a_report("taken")
    review.accept(a_report("heard and accepted", means="heard"), by=north)
    review.accept(a_report("seen and accepted"), by=north)
    review.return_with_question(a_report("returned"), by=north, grounds="Which bank?")
    review.await_reply(a_report("asked of a side"), by=north, grounds="Was it yours?")
    asked = questions.ask(a_report("asked and answered"), by=north, grounds="Which bank?")
    questions.answer(asked.public_id, by=filer, words="The left.", language="en")
    sent_back = a_report("returned and corrected")
    review.return_with_question(sent_back, by=south, grounds="Which bank?")
    corrected(sent_back, filer, place_as_written="the left bank")
    proposed_on(a_report("proposed"), by=north)
    dissented = a_report("dissented")
    review.accept(dissented, by=north)
    findings.dissent(proposed_on(dissented, by=north), by=south, grounds="The radar says otherwise.")
    agreed_on(a_report("agreed, review going on"), people)
    agreed_upon("decided")
    review.reopen(agreed_upon("decided, reopened"), by=south, grounds="Another crater was found.")
    corrected(agreed_upon("decided, then corrected"), filer, place_as_written="corrected")
    filing.withdraw(agreed_upon("decided, then withdrawn"), by=filer, grounds="It was thunder.")
    proposed_on(agreed_upon("decided, another proposed"), by=south, verification="probable")
    joined = agreed_upon("decided, another report of it")
    link(
        a_report("joined"),
        incident_of(joined),
        by=north,
        kind=LinkKind.SAME_EVENT,
        grounds="Same crater.",
    )
    noted = agreed_upon("decided, related to one")
    link(
        a_report("related"),
        incident_of(noted),
        by=north,
        kind=LinkKind.RELATED,
        grounds="Same day.",
    )
    an_accepted_set(exercise, people, tmp_path)


def an_accepted_set(exercise, people, folder):
    """Events of a set that both sides accepted: some taken up, one told otherwise, one left as it is."""
    north, south = people.moderator_north, people.moderator_south
    sets.imported(exercise, folder, *sets.KINDS)
    reports = {report.external_id: report for report in IncidentReport.objects.exclude(source="")}
    review.take(reports["1"], by=north)
    data_sets.second(data_sets.propose(exercise, sets.SET, by=north, grounds="Sampled.").acceptance, by=south)
    review.take(reports["2"], by=north)
    review.accept(reports["2"], by=north)
    findings.propose(graded(incident_of(reports["3"]), south), discounted(), by=south)
    review.return_with_question(under_review(reports["4"], north), by=north, grounds="Which of the two?")
    sets.imported(exercise, folder, sets.KINDS[4] | {"high": "9"})


def waiting(exercise, person, **asked):
    side = side_of(person.accreditations.get())
    sides = {exercise.pk: side and side.pk}
    return queue.waiting(queue.candidates(person), by=person, sides=sides, at_most=1000, **asked)


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("who", ["moderator_north", "moderator_north_2", "moderator_south", "moderator_independent"])
def test_each_view_shows_what_it_would_of_all(exercise, people, who):
    person = getattr(people, who)
    everything = waiting(exercise, person)
    told = {row.need for row in everything}
    assert {queue.Need.REVIEW, queue.Need.SETTLE, queue.Need.DECIDE, queue.Need.NOTHING, queue.Need.ACCEPT} <= told
    assert queue.Need.SET in told
    assert {queue.Need.SECOND, *queue.OTHERS} & told
    assert (queue.Need.YOURS in told) == (who in {"moderator_north", "moderator_south"})
    for needs in [queue.MINE, queue.OTHERS, *combinations(queue.Need, 1), *combinations(queue.Need, 2)]:
        assert waiting(exercise, person, needs=needs) == [row for row in everything if row.need in needs], needs
        for state in ReviewState.values:
            assert waiting(exercise, person, needs=needs, state=state) == [
                row for row in everything if row.need in needs and state in row.states
            ], (needs, state)
    for state in ReviewState.values:
        assert waiting(exercise, person, state=state) == [row for row in everything if state in row.states], state
