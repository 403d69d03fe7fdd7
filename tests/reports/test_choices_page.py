"""The moderators' page of what page 1 is to say, and what guarantors read of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from reports import choices_seen, choosing, closings
from reports.figures.annex import reference
from reports.models import Choice, Edition
from tests.reports.chosen import CONCERN, IMPROVEMENT, MONTH, improvement, one_of_each
from tests.violations import occasions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("json_alone")]
PAGE = reverse("admin:reports_closing_choices")


def one() -> Choice:
    with choices_seen.reading_all():
        return Choice.objects.open().get()


def address(name: str, choice: Choice) -> str:
    return reverse(f"admin:reports_choice_{name}", args=[choice.public_id])


def test_moderators_propose_agree_and_take_back_on_a_page(client, exercise, people):
    incident = occasions.incident_of(occasions.filed(exercise, people.monitor_independent))
    client.force_login(people.moderator_north)
    empty = client.get(PAGE)
    assert empty.status_code == 200
    assert "Nothing waits: nobody proposed" in empty.text
    assert "None was agreed on by two sides: the report says so." in empty.text
    told = {"agreement": exercise.code, "period": MONTH, "kind": "event_of_concern", "words": CONCERN}
    wrong = client.post(PAGE, {**told, "refers_to": "incident", "reference": "0123456789"})
    assert wrong.status_code == 400
    assert "Its reference: No incident of this period has this reference" in wrong.text
    assert CONCERN in wrong.text, "nothing typed is lost"
    wrong = client.post(PAGE, {**told, "words": "The militia fired.", "refers_to": "incident"})
    assert "Words: “militia” takes a side" in wrong.text
    right = client.post(PAGE, {**told, "refers_to": "incident", "reference": reference(incident.public_id)})
    assert right.status_code == 302
    assert right.url == f"{PAGE}?agreement=exercise&period={MONTH}"
    proposed = one()
    shown = client.get(right.url).text
    assert address("agree", proposed) not in shown, "their own"
    assert address("withdraw", proposed) in shown
    assert client.post(address("agree", proposed)).status_code == 403

    client.force_login(people.moderator_south)
    shown = client.get(right.url).text
    assert address("agree", proposed) in shown
    assert address("withdraw", proposed) not in shown
    assert client.post(address("withdraw", proposed)).status_code == 403
    assert client.get(address("agree", proposed)).status_code == 405
    assert client.post(address("agree", proposed)).status_code == 302
    assert one().place == 1
    assert "1 of 3" in client.get(right.url).text
    assert client.post(address("withdraw", one())).status_code == 302
    assert "Agreed on as it stands above, or taken back" in client.get(right.url).text


def test_a_fourth_is_refused_with_what_is_to_be_done(client, exercise, people):
    for number in range(3):
        proposed = choosing.propose(exercise, improvement(f"Number {number}."), by=people.moderator_north)
        choosing.agree(proposed.public_id, by=people.moderator_south)
    fourth = choosing.propose(exercise, improvement("A fourth."), by=people.moderator_north)
    client.force_login(people.moderator_south)
    refused = client.post(address("agree", fourth))
    assert refused.status_code == 409
    assert "One of them has to be taken back first." in refused.text


def test_a_period_that_is_none_is_told_with_its_field(client, exercise, people):
    client.force_login(people.moderator_north)
    told = {"agreement": exercise.code, "period": "March", "kind": "improvement", "words": IMPROVEMENT}
    wrong = client.post(PAGE, told)
    assert wrong.status_code == 400
    assert "Month or week: “March” is no period" in wrong.text
    assert client.get(PAGE, {"agreement": "atlantis", "period": MONTH}).status_code == 200


def test_nobody_else_reads_the_page_and_a_guarantor_reads_what_two_chose_alone(client, exercise, people):
    event, _improvement = one_of_each(exercise, people)
    for person in (people.guarantor_birch, people.operator, people.superuser, people.monitor_north):
        client.force_login(person)
        assert client.get(PAGE).status_code in {302, 403}
        assert client.post(address("agree", event)).status_code in {302, 403}
    closings.advance(closings.request(exercise, "month", MONTH).pk)
    client.force_login(people.guarantor_birch)
    edition = Edition.objects.get(guarantor__code="birch")
    page = client.get(reverse("edition", args=[edition.public_id])).text
    assert "Chosen by people of two sides" in page
    assert CONCERN in page
    assert IMPROVEMENT in page
    assert reference(event.incident.public_id) in page
    for unsaid in ("The line was quiet.", "Roads were open."):
        assert unsaid not in page
