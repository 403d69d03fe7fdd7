"""The pages by which moderators ask, remind and take down from paper, and what an incident's page shows of replies."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring.models import AuditEntry
from tests.everybody import all_roles, client_of
from tests.violations.cases import taken
from tests.violations.occasions import filed, incident_of
from tests.violations.replying import QUESTION, WORDS, answered, asked, replied, stated, today
from violations import replies_seen
from violations.models import GuarantorStatement, InformationRequest, Measure, RequestAnswer, RequestReminder
from violations.statements import Said

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(exercise, people):
    return incident_of(filed(exercise, people.monitor_north))


@pytest.fixture
def north(people):
    return client_of(people.moderator_north)


@pytest.fixture
def south(people):
    return client_of(people.moderator_south)


def page(what: str, *args) -> str:
    return reverse(f"admin:violations_{what}", args=args)


def count(model, agreement) -> int:
    with replies_seen.reading_for([agreement.pk]):
        return model.objects.count()


def on_paper(exercise, **changes) -> dict[str, str]:
    """A paper as its form is typed in."""
    return {
        "client_id": str(uuid.uuid4()),
        "channel": "by_post",
        "handed_in_by": "The courier of the mission",
        "dated_on": (today(exercise) - timedelta(days=1)).isoformat(),
        "received_on": today(exercise).isoformat(),
        "words": WORDS,
        "language": "en",
        **changes,
    }


def test_a_moderator_asks_about_an_incident_and_the_form_sent_twice_is_one(exercise, north, incident):
    address = f"{page('informationrequest_ask', 'exercise')}?incident={incident.public_id}"
    assert "which they know by this reference alone" in north.get(address).text
    typed = {"client_id": str(uuid.uuid4()), "addressee": "guarantor:birch", "question": QUESTION}
    for _time in range(2):
        assert north.post(address, typed).status_code == 302
    assert count(InformationRequest, exercise) == 1
    shown = north.get(page("informationrequest_changelist")).text
    assert "Birch" in shown
    assert "in 2\xa0days, 23\xa0hours" in shown, "when it is due, in words"
    assert QUESTION in north.get(page("incident_change", incident.public_id)).text


def test_what_is_typed_wrong_stands_at_its_field_and_nothing_is_asked(exercise, north):
    typed = {"client_id": str(uuid.uuid4()), "addressee": "guarantor:dogwood", "question": QUESTION}
    response = north.post(page("informationrequest_ask", "exercise"), typed)
    assert (response.status_code, list(response.context["form"].errors)) == (400, ["addressee"])
    typed |= {"addressee": "guarantor:birch", "due_on": today(exercise).isoformat()}
    response = north.post(page("informationrequest_ask", "exercise"), typed)
    assert (response.status_code, list(response.context["form"].errors)) == (400, ["due_on"])
    assert count(InformationRequest, exercise) == 0


def test_reminding_and_withdrawing_are_buttons_while_an_answer_is_awaited(exercise, people, north):
    request = asked(exercise, people.moderator_south, "guarantor:birch")
    shown = page("informationrequest_change", request.public_id)
    assert "Remind them" in north.get(shown).text
    assert north.post(page("informationrequest_remind", request.public_id)).status_code == 302
    assert count(RequestReminder, exercise) == 1
    assert north.post(page("informationrequest_withdraw", request.public_id)).status_code == 302
    response = north.get(shown)
    assert "withdrawn" in response.text
    assert "Remind them" not in response.text
    assert north.post(page("informationrequest_remind", request.public_id)).status_code == 409
    denied = AuditEntry.objects.get(action="request.remind", outcome="denied")
    assert (denied.reason, denied.object_id) == ("withdrawn", str(request.public_id))


def test_an_answer_on_paper_is_shown_as_such_and_taken_down_by_no_other_side(exercise, people, north, south):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    address = page("informationrequest_take_down", request.public_id)
    response = north.post(address, on_paper(exercise))
    assert (response.status_code, count(RequestAnswer, exercise)) == (403, 0)
    assert "sent by another side" in response.text
    assert north.get(address).status_code == 403
    assert "Record the answer from paper" not in north.get(page("informationrequest_change", request.public_id)).text
    assert "Record the answer from paper" in south.get(page("informationrequest_change", request.public_id)).text
    assert south.post(address, on_paper(exercise)).status_code == 302
    shown = north.get(page("informationrequest_change", request.public_id)).text
    assert "Taken down: a paper by post or courier by The courier of the mission" in shown
    assert "Taken down by moderator-south." in shown
    corrected = south.get(address).text
    assert "It takes the place of the answer that stands" in corrected
    assert south.post(address, on_paper(exercise, words="By the mill.")).status_code == 302
    assert "corrected since" in north.get(page("informationrequest_change", request.public_id)).text


def test_a_statement_on_paper_names_its_incident_by_the_reference_and_corrects_where_it_says_so(
    exercise, south, incident
):
    address = page("guarantorstatement_take_down", "exercise")
    typed = {"guarantor": "birch", "statement": "does_not_confirm", "incident": incident.public_id.hex[:10]}
    assert south.post(address, on_paper(exercise, **typed)).status_code == 302
    again = on_paper(exercise, **typed, words="Otherwise.")
    assert south.post(address, again).status_code == 409
    assert south.post(address, {**again, "corrects": "on"}).status_code == 302
    response = south.post(address, on_paper(exercise, **{**typed, "incident": "0000000000"}))
    assert (response.status_code, list(response.context["form"].errors)) == (400, ["incident"])
    assert count(GuarantorStatement, exercise) == 2
    shown = south.get(page("incident_change", incident.public_id)).text
    assert shown.count("does not confirm") == 2
    assert shown.count("corrected since") == 1


def test_a_duty_officer_takes_down_by_the_reference_and_sees_nothing_of_the_request(exercise, astana, people):
    everybody = all_roles(exercise, astana, people)
    desk = client_of(everybody.duty_officer)
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    address = page("dutycheck_answer", "exercise")
    assert QUESTION not in desk.get(address).text
    response = desk.post(address, on_paper(exercise, reference="0123456789"))
    assert (response.status_code, QUESTION in response.text) == (404, False)
    assert desk.post(address, on_paper(exercise, reference=request.public_id.hex[:10])).status_code == 302
    with replies_seen.reading_for([exercise.pk]):
        assert RequestAnswer.objects.get().by == everybody.duty_officer
    typed = on_paper(exercise, guarantor="birch", statement="takes_note", period="2025-03")
    assert desk.post(page("dutycheck_statement", "exercise"), typed).status_code == 302
    assert desk.get(page("informationrequest_changelist")).status_code == 403


def test_a_measure_is_recorded_and_followed_up(exercise, north, incident):
    address = f"{page('measure_record', 'exercise')}?incident={incident.public_id}"
    on = today(exercise)
    typed = {"client_id": str(uuid.uuid4()), "of": "guarantor:birch", "words": "The guns leave."}
    dates = {"agreed_on": on.isoformat(), "due_on": (on + timedelta(days=7)).isoformat()}
    assert north.post(address, {**typed, **dates}).status_code == 302
    measure = Measure.objects.get()
    assert "to be looked at by" in north.get(page("measure_changelist")).text
    step = {"client_id": str(uuid.uuid4()), "state": "done", "words": "They left.", "seen_on": on.isoformat()}
    assert north.post(page("measure_follow_up", measure.public_id), step).status_code == 302
    for shown in (page("measure_change", measure.public_id), page("incident_change", incident.public_id)):
        told = north.get(shown).text
        assert "The guns leave." in told
        assert "They left." in told
        assert "moderator-north" in told


def test_every_page_of_a_replied_incident_tells_what_each_side_said(exercise, people, north, incident):
    replied(exercise, people, incident)
    shown = north.get(page("incident_change", incident.public_id)).text
    for words in ("Our log has no fire.", "takes note", "It stood by the mill.", "The battery leaves the shore."):
        assert words in shown
    listed = north.get(page("guarantorstatement_changelist")).text
    assert "Reserves its position" in listed
    assert "filed by the guarantor" in listed
    assert "Taken down by moderator-independent." in listed


def test_what_was_said_of_what_is_one_incident_by_now_is_shown_together(exercise, people, north):
    first, second = (taken(exercise, people.monitor_south, by=people.moderator_north) for _time in range(2))
    merged = incident_of(second)
    stated(exercise, people.guarantor_birch, Said("cannot_confirm", incident=merged))
    kept = incident_of(first)
    linked = {"candidate": str(kept.public_id), "kind": "same_event", "grounds": "One."}
    assert north.post(page("incidentreport_link", second.public_id), linked).status_code == 302
    assert incident_of(second) == kept
    assert "cannot confirm" in north.get(page("incident_change", kept.public_id)).text


def test_a_moderator_elsewhere_finds_nothing(exercise, astana, people):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    everybody = all_roles(exercise, astana, people)
    for nobody in (everybody.guarantor_alder, everybody.auditor, everybody.operator, everybody.superuser):
        client = client_of(nobody)
        for what in ("informationrequest_change", "informationrequest_take_down"):
            assert client.get(page(what, request.public_id)).status_code == 403
    assert client_of(people.moderator_north).get(page("informationrequest_change", uuid.uuid4())).status_code == 404


def test_the_list_costs_no_more_with_more_requests(exercise, people, north):
    address = page("informationrequest_changelist")
    answered(asked(exercise, people.moderator_north, "guarantor:birch"), people.guarantor_birch)
    view = f"{address}?view=all"
    north.get(view)
    with CaptureQueriesContext(connection) as few:
        north.get(view)
    for _number in range(4):
        answered(asked(exercise, people.moderator_north, "guarantor:birch"), people.guarantor_birch)
    with CaptureQueriesContext(connection) as many:
        north.get(view)
    assert len(many) <= len(few)
