"""Moderators' pages of sittings: the agenda, what was said, confirming all but some, what an incident tells of it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring import accreditation
from monitoring.models import AuditEntry, User
from tests.second_factors import with_second_factor
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.occasions import incident_of, reloaded
from tests.violations.replying import today
from tests.violations.sessions import HELD_ON, before_it, called, said
from violations import determinations
from violations.admin.agendas import MOST_OFFERED
from violations.models import AgendaItem, Finding, Sitting, SittingMinutes, SittingOutcome

pytestmark = pytest.mark.django_db
LIST = reverse("admin:violations_sitting_changelist")


def page(row, which="change", kind="sitting"):
    return reverse(f"admin:violations_{kind}_{which}", args=[row.public_id])


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def report(exercise, people):
    return taken(exercise, people.monitor_south, by=people.moderator_north)


@pytest.fixture
def proposal(report, people):
    return proposed_on(report, by=people.moderator_north)


@pytest.fixture
def north(client, people):
    client.force_login(people.moderator_north)
    return client


def test_an_empty_list_says_what_sittings_are_and_leads_to_calling_one(north, exercise):
    shown = north.get(LIST)
    assert "No sitting is called." in text(shown)
    assert reverse("admin:violations_sitting_call", args=[exercise.code]) in shown.content.decode()


def test_a_truce_without_a_body_says_so_instead(north, exercise, tmp_path):
    reloaded(tmp_path, ('determining_body = "Joint session of the guarantors of the Varrow Truce"\n', ""))
    assert "names no body that determines" in text(north.get(LIST))
    call = reverse("admin:violations_sitting_call", args=[exercise.code])
    answer = north.post(call, {"held_on": "2025-04-08", "client_id": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert not Sitting.objects.exists()


def test_one_is_called_and_those_to_come_stand_first(north, exercise, people):
    call = reverse("admin:violations_sitting_call", args=[exercise.code])
    for days in (-40, 40, 9):
        day = today(exercise) + timedelta(days=days)
        answer = north.post(call, {"held_on": day.isoformat(), "place": "Varrow hall", "client_id": str(uuid.uuid4())})
        assert answer.status_code == 302
    shown = text(north.get(LIST))
    in_order = [shown.index(word) for word in ("In 9 days", "In 40 days", "Its day has passed")]
    assert in_order == sorted(in_order)


def test_a_sitting_of_long_ago_that_is_meant_is_offered_before_the_last(north, exercise, people, report, proposal):
    first = called(exercise, people)
    for number in range(1, MOST_OFFERED + 1):
        called(exercise, people, HELD_ON + timedelta(days=number))
    address = reverse("admin:violations_incident_sitting", args=[incident_of(report).public_id])
    assert str(first.public_id) not in north.get(address).text
    given = {"sitting": str(first.public_id), "finding": str(proposal.public_id)}
    answer = north.post(f"{address}?sitting={first.public_id}", given)
    assert answer.url == page(first)
    assert AgendaItem.objects.get().sitting == first
    assert north.get(f"{address}?sitting=elsewhere").status_code == 200


def test_an_incident_is_put_on_by_reference_by_report_and_by_receipt(north, exercise, report, proposal, people):
    sitting = called(exercise, people)
    find = page(sitting, "find")
    for written in (incident_of(report).public_id.hex[:10], report.public_id.hex[:12], report.receipt):
        onward = north.post(find, {"reference": written})
        assert onward.status_code == 302, written
        assert str(incident_of(report).public_id) in onward["location"]
    assert north.post(find, {"reference": "0000000000"}).status_code == 400
    form = north.get(onward["location"])
    assert "proposed by North" in text(form)
    answer = north.post(
        onward["location"], {"sitting": str(sitting.public_id), "finding": str(proposal.public_id)}, follow=True
    )
    assert "number 1" in text(answer)
    assert AgendaItem.objects.open().get().finding == proposal
    again = north.post(onward["location"], {"sitting": str(sitting.public_id), "finding": str(proposal.public_id)})
    assert again.status_code == 409
    assert AuditEntry.objects.filter(action="sitting.put_on", outcome="denied", reason="on_an_agenda").exists()


def test_where_nothing_can_go_before_a_sitting_the_page_says_what_to_do(north, exercise, report, people):
    answer = north.get(reverse("admin:violations_incident_sitting", args=[incident_of(report).public_id]))
    assert answer.status_code == 409
    assert "propose a finding" in text(answer)
    proposed_on(report, by=people.moderator_north)
    answer = north.get(reverse("admin:violations_incident_sitting", args=[incident_of(report).public_id]))
    assert "call one" in text(answer)


def test_what_it_said_is_recorded_by_one_and_confirmed_by_another_side(client, exercise, report, proposal, people):
    item = before_it(proposal, people)
    client.force_login(people.moderator_north)
    record = page(item, "outcome", "agendaitem")
    shown = text(client.get(page(item.sitting)))
    assert "if agreed: violations, determined" in shown
    assert client.post(record, {"outcome": "agreed", "grounds": ""}).status_code == 400
    assert client.post(record, {"outcome": "agreed", "grounds": "By consent of all."}).status_code == 302
    recorded = SittingOutcome.objects.get()
    own = client.post(page(item.sitting, "confirm"), {"ticked": str(recorded.public_id)})
    assert own.status_code == 403
    assert "another person must confirm it" in text(own)
    assert "ticked" not in client.get(page(item.sitting)).content.decode()
    client.force_login(people.moderator_south)
    queue = text(client.get(reverse("admin:violations_incident_changelist")))
    assert "Confirm what a sitting said" in queue
    done = client.post(page(item.sitting, "confirm"), {"ticked": str(recorded.public_id)}, follow=True)
    assert "1 confirmed." in text(done)
    assert Finding.objects.open().agreed().get().standing == "determined"
    told = text(client.get(page(incident_of(report), kind="incident")))
    assert "number 1 of its agenda" in told
    assert "Confirmed of the sitting of 8 April 2025: agreed" in told
    assert "By consent of all." in told


def test_all_but_those_whose_tick_is_taken_are_confirmed_and_what_changed_is_told(north, exercise, people):
    sitting, recorded = called(exercise, people), []
    for number in range(3):
        finding = agreed_on(taken(exercise, people.monitor_south, by=people.moderator_north), people)
        item = before_it(finding, people, sitting)
        outcome = "referred_back" if number == 2 else "agreed"
        recorded.append(determinations.record(item, outcome, grounds="So said.", by=people.moderator_south))
    first, second, third = recorded
    assert north.get(page(sitting)).content.decode().count('name="ticked"') == 3
    other = determinations.record(second.item, "not_agreed", grounds="It was not.", by=people.moderator_south)
    answer = north.post(
        page(sitting, "confirm"), {"ticked": [str(first.public_id), str(second.public_id), str(other.public_id)]}
    )
    assert answer.status_code == 409
    assert "2 confirmed." in text(answer)
    assert second.item.incident.public_id.hex[:10] in text(answer)
    standings = Finding.objects.open().agreed().order_by("standing").values_list("standing", flat=True)
    assert list(standings) == ["determined", "preliminary", "preliminary"]
    third.refresh_from_db()
    assert third.superseded_at is None
    assert north.post(page(sitting, "confirm"), {"ticked": []}).status_code == 400


def test_an_item_is_taken_off_with_grounds_and_the_number_stays(north, proposal, people):
    item = before_it(proposal, people)
    answer = north.post(page(item, "take_off", "agendaitem"), {"grounds": "Its crater is looked at."}, follow=True)
    assert "Taken off the agenda by moderator-north" in text(answer)
    assert "Its crater is looked at." in text(answer)


def test_minutes_are_written_once_held_and_those_before_stay_to_be_read(north, exercise, people):
    sitting = called(exercise, people)
    for words in ("الجلسة الأولى", "الجلسة الثانية"):
        answer = north.post(page(sitting, "minutes"), {"words": words, "language": "ar", "on_paper": "Registry 7"})
        assert answer.status_code == 302
    shown = north.get(page(sitting)).content.decode()
    assert 'lang="ar"' in shown
    assert all(words in shown for words in ("الجلسة الأولى", "الجلسة الثانية"))
    assert SittingMinutes.objects.count() == 2
    assert north.post(page(sitting, "minutes"), {"words": "", "language": ""}).status_code == 400


def test_a_determined_finding_says_that_a_sitting_alone_changes_it(north, exercise, report, proposal, people):
    said(before_it(proposal, people), people)
    other = proposed_on(report, by=people.moderator_south, confidence="low")
    shown = text(north.get(reverse("admin:violations_finding_change", args=[other.public_id])))
    assert "only a sitting can change it" in shown
    assert "Second it" not in shown
    refused = north.post(reverse("admin:violations_finding_second", args=[other.public_id]))
    assert refused.status_code == 409
    assert Finding.objects.open().proposals().get() == other


def test_what_is_referred_back_stands_in_the_queue_with_the_words(north, report, proposal, people):
    said(before_it(proposal, people), people, "referred_back")
    shown = text(north.get(reverse("admin:violations_incident_changelist")))
    assert "Look again: a sitting referred it back" in shown
    assert "As the session found." in shown


def test_what_is_referred_back_is_offered_to_a_sitting_only_when_proposed_anew(north, report, proposal, people):
    page = reverse("admin:violations_incident_change", args=[incident_of(report).public_id])
    assert "Put it before a sitting" in text(north.get(page))
    said(before_it(proposal, people), people, "referred_back")
    assert "Put it before a sitting" not in text(north.get(page))
    proposed_on(report, by=people.moderator_north)
    assert "Put it before a sitting" in text(north.get(page))


def test_a_sitting_of_another_truce_is_not_found(client, exercise, astana, people):
    sitting, elsewhere = called(exercise, people), User.objects.create(username="elsewhere", is_staff=True)
    accreditation.accredit(elsewhere, astana, "moderator", by=None)
    with_second_factor(elsewhere)
    client.force_login(elsewhere)
    for which in ("change", "find", "minutes"):
        assert client.get(page(sitting, which)).status_code == 404
    assert client.post(page(sitting, "confirm"), {"ticked": "x"}).status_code == 404


def test_a_page_takes_as_many_statements_however_long_the_agenda(north, exercise, people):
    sitting = called(exercise, people)

    def more(times):
        for _number in range(times):
            finding = agreed_on(taken(exercise, people.monitor_south, by=people.moderator_north), people)
            item = before_it(finding, people, sitting)
            determinations.record(item, "agreed", grounds="So said.", by=people.moderator_south)

    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert north.get(page(sitting)).status_code == 200
        return len(queries)

    more(1)
    north.get(page(sitting))
    few = counted()
    more(3)
    assert counted() == few
