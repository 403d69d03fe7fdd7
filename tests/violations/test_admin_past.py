"""An incident at any past moment: the page says what it said then, whatever came since, and lets nothing be done."""

import re
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from monitoring import accreditation, ledger
from monitoring.models import AuditEntry
from tests.record.as_owner import as_owner
from tests.record.late_writers import LateWriter
from tests.violations.cases import proposed_on, taken
from tests.violations.lived import lived
from tests.violations.occasions import filed, incident_of
from tests.violations.sessions import before_it, said
from tests.violations.shown import shown
from violations import determinations, linking, redaction, review, sittings
from violations.admin.case import Case

pytestmark = pytest.mark.django_db


def page(client, incident, at):
    address = reverse("admin:violations_incident_at", args=[incident.public_id])
    return client.get(f"{address}?{urlencode({'at': at if isinstance(at, str) else at.isoformat()})}")


@pytest.fixture
def moderator(client, people):
    client.force_login(people.moderator_south)
    return client


def test_what_was_shown_then_is_shown_of_then(exercise, people, tmp_path):
    user, then = people.moderator_south, []
    for incident in lived(exercise, people, tmp_path):
        at = ledger.now()
        then.append((at, shown(incident, user)))
    assert all(one != other for (_, one), (_, other) in pairwise(then)), "each step is seen"
    for number, (at, facts) in enumerate(then):
        assert shown(incident, user, at) == facts, number


def before_sittings(exercise, people):
    """An incident after each thing that happens to it before the body that determines."""
    report = taken(exercise, people.monitor_south, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north)
    yield proposal.incident
    item = before_it(proposal, people)
    yield proposal.incident
    sittings.take_off(item, by=people.moderator_north, grounds="Not ready.")
    yield proposal.incident
    item = before_it(proposal, people, item.sitting)
    yield proposal.incident
    determinations.record(item, "agreed", grounds="So it was.", by=people.moderator_north)
    yield proposal.incident
    said(item, people, "referred_back")
    yield proposal.incident
    again = proposed_on(report, by=people.moderator_north)
    yield proposal.incident
    said(before_it(again, people), people)
    yield proposal.incident


def test_so_it_is_of_what_was_before_sittings(exercise, people):
    user, then = people.moderator_south, []
    for incident in before_sittings(exercise, people):
        at = ledger.now()
        then.append((at, shown(incident, user)))
    assert all(one != other for (_, one), (_, other) in pairwise(then)), "each step is seen"
    for number, (at, facts) in enumerate(then):
        assert shown(incident, user, at) == facts, number


def test_a_past_moment_says_which_it_is_and_what_came_since_and_lets_nothing_be_done(moderator, exercise, people):
    report = filed(exercise, people.monitor_north)
    incident = incident_of(report)
    review.take(report, by=people.moderator_north)
    at = ledger.now()
    told = page(moderator, incident, at).text
    local = at.astimezone(Case(incident, people.moderator_south).zone)
    assert f"{local:%H:%M:%S}" in told
    assert "Nothing has changed since." in told
    other = incident_of(review_taken(exercise, people))
    linking.link(report, other, by=people.moderator_north, kind="same_event", grounds="One event.")
    told = page(moderator, incident, at)
    assert told.status_code == 200
    assert "Since then 1 thing has changed." in told.text
    assert "it is not counted" not in told.text
    main = told.text.partition('<div id="content"')[2]
    assert 'method="post"' not in main
    assert not re.findall(
        r'href="[^"]*/(?:propose|lane|take|accept|return|ask|link|grade|reveal|take_down|record)/', main
    )
    now = moderator.get(reverse("admin:violations_incident_change", args=[incident.public_id])).text
    assert "it is not counted" in now


def review_taken(exercise, people):
    report = filed(exercise, people.monitor_independent)
    review.take(report, by=people.moderator_north)
    return report


def test_the_time_line_leads_to_each_of_its_moments(moderator, exercise, people):
    report = filed(exercise, people.monitor_north)
    incident = incident_of(report)
    review.take(report, by=people.moderator_north)
    now = moderator.get(reverse("admin:violations_incident_change", args=[incident.public_id])).text
    filed_at, taken_at = re.findall(r'class="then" href="([^"]+)"', now)
    assert "Since then 1 thing has changed." in moderator.get(filed_at).text
    assert "Nothing has changed since." in moderator.get(taken_at).text
    assert "under review" in moderator.get(taken_at).text
    assert "under review" not in moderator.get(filed_at).text


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("", 400, "This field is required."),
        ("yesterday", 400, "Write a date and a time"),
        ("0001-01-01T00:00:00+14:00", 400, "Write a date and a time"),
        ("2001-01-01T00:00", 400, "was not in the record yet"),
        ("9999-12-31T23:59:59-14:00", 400, "Write a date and a time"),
        ("2999-01-01T00:00", 400, "still to come"),
    ],
)
def test_a_moment_that_cannot_be_asked_for_is_told_so(moderator, exercise, people, asked, status, said):
    told = page(moderator, incident_of(filed(exercise, people.monitor_north)), asked)
    assert told.status_code == status
    assert said in told.text
    assert not AuditEntry.objects.filter(action="incident.at.look").exists()


def test_a_moment_is_meant_by_the_clocks_of_the_truce(moderator, exercise, people):
    incident = incident_of(filed(exercise, people.monitor_north))
    local = ledger.now().astimezone(Case(incident, people.moderator_south).zone)
    told = page(moderator, incident, f"{local + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}")
    assert "still to come" in told.text
    told = page(moderator, incident, f"{local - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}")
    assert "was not in the record yet" in told.text


def test_a_past_moment_is_a_look_and_asking_for_one_too(moderator, exercise, people):
    incident = incident_of(filed(exercise, people.monitor_north))
    address = reverse("admin:violations_incident_at", args=[incident.public_id])
    assert 'type="datetime-local"' in moderator.get(address).text
    page(moderator, incident, ledger.now())
    looks = AuditEntry.objects.filter(action="incident.at.look", object_id=str(incident.public_id))
    assert looks.count() == 2
    assert set(looks.values_list("actor", flat=True)) == {people.moderator_south.pk}


def test_nobody_asks_for_the_past_of_another_truce(client, exercise, people):
    incident = incident_of(filed(exercise, people.monitor_north))
    client.force_login(people.moderator_north)
    accreditation.end(people.moderator_north.accreditations.get(), by=None)
    assert page(client, incident, ledger.now()).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_what_others_are_still_writing_is_waited_for(client, exercise, people):
    incident = incident_of(filed(exercise, people.monitor_north))
    client.force_login(people.moderator_south)
    before = ledger.now()
    writer = LateWriter(lambda: filed(exercise, people.monitor_south), set())
    try:
        told = page(client, incident, ledger.now())
        assert told.status_code == 409
        assert "Others are writing just now." in told.text
        assert page(client, incident, before).status_code == 200
    finally:
        writer.finish(commit=True)
    assert page(client, incident, ledger.now()).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_was_erased_since_is_shown_of_no_moment(client, exercise, people):
    report = filed(exercise, people.monitor_north, narrative="Told by the weaver.", narrative_language="en")
    incident, at = incident_of(report), ledger.now()
    client.force_login(people.moderator_south)
    assert "Told by the weaver." in page(client, incident, at).text
    with as_owner():
        proposed = redaction.propose(
            report, ["narrative"], reason="consent", grounds="Asked for.", by=people.moderator_north
        )
        redaction.second(proposed, by=people.moderator_south)
    told = page(client, incident, at).text
    assert "Told by the weaver." not in told
    assert "Erased on request" in told
