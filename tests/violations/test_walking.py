"""Working through the queue: what comes after a decision, and what the address may lead to."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from tests.violations.cases import proposed_on, taken
from tests.violations.occasions import HARM, SHELLING, filed, incident_of
from tests.violations.test_answers_come_back import answered
from violations import deciding, review
from violations.codebook import ReviewState
from violations.models import Finding, ReviewStep

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:violations_incident_changelist")
DECISION = {
    "verification": "verified",
    "conduct": "undetermined",
    "attribution": "not_assessed",
    "grounds": "Seen by two posts.",
}


def page(what, row, queue="view=mine"):
    return reverse(f"admin:violations_{what}", args=[row.public_id]) + f"?queue={queue}"


def shown(report):
    return reverse("admin:violations_incident_change", args=[incident_of(report).public_id])


@pytest.fixture
def three(exercise, people):
    """Three reports of one lane, in the order in which they wait."""
    days = [SHELLING.occurred_from + timedelta(days=number) for number in range(3)]
    return [
        filed(exercise, people.monitor_north, occurred_from=day, occurred_until=day + timedelta(hours=1))
        for day in days
    ]


def said(client, address):
    return [str(message) for message in client.get(address).context["messages"]]


def test_after_a_decision_comes_the_next_of_the_same_query_with_word_of_what_was_done(client, people, three):
    client.force_login(people.moderator_south)
    answer = client.post(page("incident_propose", incident_of(three[0]), "lane%3Dstandard"), DECISION)
    assert urlsplit(answer.url).path == shown(three[1])
    assert parse_qs(urlsplit(answer.url).query) == {"queue": ["lane=standard"]}
    done, passed = said(client, answer.url)
    assert done.startswith("Proposed.")
    assert incident_of(three[0]).public_id.hex[:10] in passed


@pytest.mark.parametrize("what", ["return", "ask", "await_reply"])
def test_a_report_that_nobody_took_up_is_sent_back_in_one_act_and_both_steps_are_written(client, people, three, what):
    client.force_login(people.moderator_south)
    answer = client.post(page(f"incidentreport_{what}", three[0]), {"grounds": "Which bank of the river?"})
    assert urlsplit(answer.url).path == shown(three[1])
    steps = ReviewStep.objects.filter(chain=three[0].chain).order_by("pk").values_list("state", flat=True)
    assert list(steps)[1] == ReviewState.UNDER_REVIEW
    assert len(steps) == 3


def test_accepting_stays_where_there_is_something_to_decide_and_goes_on_where_there_is_not(
    client, exercise, people, three
):
    client.force_login(people.moderator_south)
    answer = client.post(page("incidentreport_accept", three[0]))
    assert urlsplit(answer.url).path == shown(three[0])
    heard = [filed(exercise, people.monitor_north, means="heard", place_as_written=f"post {n}") for n in range(2)]
    answer = client.post(page("incidentreport_accept", heard[0]))
    assert urlsplit(answer.url).path == shown(heard[1])


def test_linking_goes_on_from_the_incident_that_was_left(client, people, three):
    client.force_login(people.moderator_south)
    form = {"reference": str(incident_of(three[2]).public_id), "kind": "same_event", "grounds": "One event."}
    answer = client.post(page("incidentreport_link", three[0]), form)
    assert urlsplit(answer.url).path == shown(three[1])


def test_seconding_goes_on_and_the_last_leads_to_the_queue(client, people, three):
    for report in three[:2]:
        proposed_on(report, by=people.moderator_north)
    client.force_login(people.moderator_south)
    proposals = Finding.objects.open().proposals().order_by("pk")
    first, last = proposals[0], proposals[1]
    answer = client.post(page("finding_second", first, "act%3Dindirect_fire"))
    assert urlsplit(answer.url).path == shown(three[1])
    client.post(page("finding_second", last))
    answer = client.post(page("incidentreport_return", three[2]), {"grounds": "Which bank of the river?"})
    assert urlsplit(answer.url).path == QUEUE
    assert "the last of this queue" in said(client, answer.url)[-1]


def test_from_an_answer_to_ones_own_question_come_the_others_and_then_what_is_grave(client, exercise, people):
    grave = filed(exercise, people.monitor_south, casualties=HARM)
    led = [answered(exercise, people, by=people.moderator_south, place_as_written=f"led {n}") for n in range(3)]
    client.force_login(people.moderator_south)
    answer = client.get(page("incident_next", incident_of(led[0])))
    assert urlsplit(answer.url).path == shown(led[1])
    answer = client.post(page("incidentreport_return", led[1]), {"grounds": "Which bank of the river?"})
    assert urlsplit(answer.url).path == shown(led[2])
    answer = client.post(page("incident_propose", incident_of(led[2])), DECISION)
    assert urlsplit(answer.url).path == shown(grave)


def test_passing_on_changes_nothing(client, people, three):
    client.force_login(people.moderator_south)
    before = ReviewStep.objects.count()
    answer = client.get(page("incident_next", incident_of(three[0])))
    assert urlsplit(answer.url).path == shown(three[1])
    assert ReviewStep.objects.count() == before


@pytest.mark.parametrize(
    "written", ["//elsewhere.example/", "https://elsewhere.example/?view=all", "next=https://elsewhere.example", "%00"]
)
def test_the_address_leads_nowhere_but_into_the_queue(client, people, three, written):
    client.force_login(people.moderator_south)
    for what, row in (("incident_next", incident_of(three[0])), ("incident_next", incident_of(three[2]))):
        answer = client.get(reverse(f"admin:violations_{what}", args=[row.public_id]), {"queue": written})
        assert answer.url.startswith(QUEUE)
        assert "elsewhere" not in answer.url
    text = client.get(shown(three[0]), {"queue": written}).text
    assert "elsewhere" not in text


def test_without_a_queue_a_decision_leads_back_to_the_incident(client, people, three):
    client.force_login(people.moderator_south)
    answer = client.post(reverse("admin:violations_incident_propose", args=[incident_of(three[0]).public_id]), DECISION)
    assert answer.url == shown(three[0])


def test_a_finding_is_proposed_and_the_report_accepted_in_one_act(client, people, three):
    client.force_login(people.moderator_south)
    shown_form = client.get(page("incident_propose", incident_of(three[0])))
    assert shown_form.context["accepting"].number == 1
    client.post(page("incident_propose", incident_of(three[0])), {**DECISION, "accept": "on"})
    assert review.state_of(three[0]) == ReviewState.LINKED
    assert incident_of(three[0]).findings.get().proposed_by == people.moderator_south


def test_what_is_refused_leaves_the_report_as_it_was(client, exercise, people):
    report = filed(exercise, people.monitor_north, casualties=HARM)
    client.force_login(people.moderator_south)
    wrong = {**DECISION, "killed_verified": "9", "accept": "on"}
    assert client.post(page("incident_propose", incident_of(report)), wrong).status_code == 400
    assert review.state_of(report) == ReviewState.SUBMITTED
    assert not Finding.objects.exists()


def test_the_reports_to_accept_are_those_still_to_be_read(exercise, people):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    assert deciding.to_accept(incident_of(report)) == [report]
    review.return_with_question(report, by=people.moderator_north, grounds="Which bank?")
    assert deciding.to_accept(incident_of(report)) == []
