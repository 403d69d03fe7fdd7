"""The pages of whoever is asked: what is due in words, answering and correcting, statements, and who reads them."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from monitoring.models import AuditEntry
from reports.renderers import values
from tests.everybody import all_roles, client_of
from tests.reports.released import released_month
from tests.violations.occasions import filed, incident_of, reloaded
from tests.violations.replying import QUESTION, WORDS, answered, asked, stated
from violations import replies_seen, requests
from violations.models import GuarantorStatement, RequestAnswer
from violations.statements import Said

pytestmark = pytest.mark.django_db
LIST = reverse("replies")
STATE = reverse("statement-file", args=["exercise"])


@pytest.fixture
def birch(people):
    return client_of(people.guarantor_birch)


@pytest.fixture
def alder(people):
    return client_of(people.guarantor_alder)


def typed(**changes) -> dict[str, str]:
    return {"client_id": str(uuid.uuid4()), "words": WORDS, "language": "en", **changes}


def told(response) -> str:
    """What stands on a page, without the sign that is drawn anew for each."""
    return re.sub(r'(csrfmiddlewaretoken|client_id)" value="[^"]*"', "", response.content.decode().replace("\xa0", " "))


def count(model, agreement) -> int:
    with replies_seen.reading_for([agreement.pk]):
        return model.objects.count()


def test_what_is_asked_stands_with_its_due_date_in_words_and_its_reminders(exercise, people, birch):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    requests.remind(request, by=people.moderator_north)
    shown = told(birch.get(LIST))
    assert QUESTION in shown
    assert "Due " in shown
    assert ", in 2 days, 23 hours" in shown
    assert "by a moderator" in shown
    assert "moderator-north" not in shown, "who asked is the mechanism's to know"
    assert AuditEntry.objects.latest("pk").action == "informationrequest.list"


def test_an_answer_is_recorded_once_corrected_and_told_only_when_its_owner_tells_it(exercise, people, birch, alder):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    address = reverse("reply-request", args=[request.public_id])
    first = typed()
    for _time in range(2):
        assert birch.post(address, first).status_code == 302
    assert count(RequestAnswer, exercise) == 1
    assert "Answered in time" in told(birch.get(LIST))
    page = told(birch.get(address))
    assert "Beside you only the moderators read it." in page
    assert alder.get(address).status_code == 404
    assert QUESTION not in told(alder.get(LIST))
    refused = birch.post(address, typed(words="Otherwise."))
    assert (refused.status_code, "Correct that answer" in told(refused)) == (409, True)
    replaces = birch.get(address).context["form"].initial["replaces"]
    assert birch.post(address, typed(words="By the mill.", replaces=replaces)).status_code == 302
    assert birch.post(reverse("reply-request-telling", args=[request.public_id])).status_code == 302
    seen = told(alder.get(address))
    assert "By the mill." in seen
    assert "Correct the answer" not in seen, "another's answer is read, not answered"
    assert alder.post(address, typed()).status_code == 404


def test_what_is_typed_wrong_is_kept_and_told_at_its_field(exercise, people, birch):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    address = reverse("reply-request", args=[request.public_id])
    refused = birch.post(address, typed(language="english language"))
    assert refused.status_code == 400
    assert list(refused.context["form"].errors) == ["language"]
    assert WORDS in told(refused)


def test_nobody_learns_whether_a_request_to_another_is_there(exercise, people, alder):
    request = asked(exercise, people.moderator_north, "guarantor:birch")
    answers_of = [
        told(alder.get(reverse("reply-request", args=[public_id]))) for public_id in (request.public_id, uuid.uuid4())
    ]
    assert answers_of[0] == answers_of[1]
    empty = told(alder.get(LIST))
    answered(request, people.guarantor_birch)
    assert told(alder.get(LIST)) == empty
    for name in ("reply-request-telling", "reply-statement-telling"):
        assert alder.post(reverse(name, args=[request.public_id])).status_code == 404


def test_a_statement_is_on_an_incident_that_a_report_named(exercise, people, birch, alder):
    incident = incident_of(filed(exercise, people.monitor_north))
    reference = incident.public_id.hex[:10]
    filing = typed(statement="does_not_confirm", incident=reference)
    unknown = birch.post(STATE, filing)
    assert (unknown.status_code, list(unknown.context["form"].errors)) == (400, ["incident"])
    assert told(unknown).count("No report that you received and no request to you names") == 2
    released_month(exercise)
    assert birch.post(STATE, filing).status_code == 302
    shown = told(birch.get(LIST))
    assert f"Incident {reference}" in shown
    assert "Does not confirm" in shown
    assert "you and the moderators" in shown
    assert WORDS not in told(alder.get(LIST))
    with replies_seen.reading_for([exercise.pk]):
        statement = GuarantorStatement.objects.get()
    assert (statement.channel, statement.by) == ("", people.guarantor_birch)
    assert birch.post(reverse("reply-statement-telling", args=[statement.public_id])).status_code == 302
    assert WORDS in told(alder.get(LIST))


def test_a_statement_is_on_an_incident_that_a_request_named(exercise, people, birch, alder):
    incident = incident_of(filed(exercise, people.monitor_north))
    asked(exercise, people.moderator_north, "guarantor:birch", incident)
    filing = {"statement": "under_examination", "incident": incident.public_id.hex[:10]}
    assert birch.post(STATE, typed(**filing)).status_code == 302
    assert alder.post(STATE, typed(**filing)).status_code == 400


@pytest.mark.parametrize("on", [{}, {"incident": "0123456789", "period": "2025-03"}])
def test_that_a_statement_is_on_nothing_or_on_two_things_is_told_with_its_other_faults(exercise, people, birch, on):
    refused = birch.post(STATE, typed(statement="", **on))
    assert (refused.status_code, set(refused.context["form"].errors)) == (400, {"statement", "incident"})
    assert told(refused).count("Say what it is about: an incident, or a period, or an edition of a period.") == 2


def test_a_statement_is_on_an_edition_that_one_received(exercise, people, birch):
    released_month(exercise)
    edition = birch.get(reverse("editions")).context["listed"][0]
    page = told(birch.get(reverse("edition", args=[edition.id])))
    assert f"{STATE}?period=2025-03&amp;closing_number=1" in page
    form = birch.get(f"{STATE}?period=2025-03&closing_number=1").context["form"]
    assert form.initial["closing_number"] == "1"
    on = {"statement": "takes_note", "period": "2025-03", "words": "", "language": ""}
    assert birch.post(STATE, typed(**on, closing_number="1")).status_code == 302
    refused = birch.post(STATE, typed(**on, closing_number="2"))
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["closing_number"])
    assert "March 2025, closing 1" in told(birch.get(LIST))


def test_a_correction_begins_with_what_it_corrects(exercise, people, birch, alder):
    first = stated(exercise, people.guarantor_birch, Said("under_examination", "Wait.", "en", period="2025-03"))
    address = f"{STATE}?replaces={first.public_id}"
    begun = birch.get(address).context["form"].initial
    assert (begun["statement"], begun["words"], begun["period"]) == ("under_examination", "Wait.", "2025-03")
    assert "replaces" not in alder.get(address).context["form"].initial
    again = typed(statement="concurs", period="2025-03", replaces=str(first.public_id))
    assert birch.post(STATE, again).status_code == 302
    assert "corrected since" in told(birch.get(LIST))
    assert (
        alder.post(STATE, typed(statement="concurs", period="2025-03", replaces=str(first.public_id))).status_code
        == 404
    )


def test_a_liaison_answers_where_the_party_is_asked_directly_and_states_nothing(exercise, astana, people, tmp_path):
    everybody = all_roles(exercise, astana, people)
    reloaded(tmp_path, ("reply_deadline_days = 3", 'reply_deadline_days = 3\nparty_requests = "direct"'))
    request = asked(exercise, people.moderator_north, "party:south-guard")
    page = client_of(everybody.liaison)
    shown = told(page.get(LIST))
    assert QUESTION in shown
    assert "State something" not in shown
    assert page.get(STATE).status_code == 404
    assert page.post(reverse("reply-request", args=[request.public_id]), typed()).status_code == 302
    assert count(RequestAnswer, exercise) == 1


def test_who_speaks_for_nobody_is_told_so(exercise, people):
    asked(exercise, people.moderator_north, "guarantor:birch")
    for nobody in (people.monitor_north, people.moderator_south, people.operator):
        page = client_of(nobody)
        assert "There is nothing here for your account" in told(page.get(LIST))
        assert page.get(STATE).status_code == 404


def test_a_statement_on_a_week_names_the_week(exercise, people, birch):
    stated(exercise, people.guarantor_birch, Said("takes_note", period="2025-W11"))
    stated(exercise, people.guarantor_birch, Said("takes_note", period="2025-03-11"))
    shown = told(birch.get(LIST))
    assert "week 11 of 2025 (10 March to 16 March)" in values.plain(shown)
    assert "11 March 2025" in values.plain(shown)
