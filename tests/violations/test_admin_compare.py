"""Two incidents side by side: what differs is told, how alike they are and why; a report is linked from there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring import accreditation
from monitoring.models import AuditEntry
from tests.record.as_owner import owner_rights
from tests.violations.cases import agreed_on, taken
from tests.violations.occasions import NOON, filed, incident_of
from tests.violations.test_candidates import seen
from violations import filing, redaction
from violations.models import Finding, ReportLink
from violations.sightings import Bearing

pytestmark = pytest.mark.django_db

EAST = (-123.4, -48.8)


def address(one, other) -> str:
    """Where the incidents of two reports are compared."""
    return reverse("admin:violations_incident_compare", args=[incident_of(one).public_id, incident_of(other).public_id])


def page_of(report) -> str:
    """The page of the report's incident."""
    return reverse("admin:violations_incident_change", args=[incident_of(report).public_id])


@pytest.fixture
def pair(exercise, people):
    """Two reports: of one minute and place; the one seen, the other heard, three minutes later, with a word of it."""
    one = taken(exercise, people.monitor_north, by=people.moderator_north, place_as_written="the mill")
    later = {"occurred_from": NOON + timedelta(minutes=3), "narrative": "دوي", "narrative_language": "ar"}
    return one, filed(exercise, people.monitor_south, means="heard", place_as_written="the mill", **later)


def test_what_differs_says_so_and_what_is_the_same_too(client, people, pair):
    client.force_login(people.moderator_south)
    response = client.get(address(*pair))
    differs = {row.name: row.differs for row in response.context["rows"]}
    assert differs.items() >= {"Observed": True, "Happened": True, "Act": False, "Place as written": False}.items()
    for row in response.context["rows"]:
        marked = re.search(
            rf'<tr( class="differs")?><th scope="row">{row.name}</th>.*?</tr>', response.text.partition('id="both"')[2]
        )
        assert bool(marked[1]) == row.differs
        assert (">differ<" in marked[0]) == row.differs, "by a word as well as by weight"
        assert (">same<" in marked[0]) != row.differs
    assert 'dir="auto" lang="ar">دوي' in response.text


def test_the_score_is_told_with_what_it_is_made_of(client, people, pair):
    client.force_login(people.moderator_south)
    response = client.get(address(*pair))
    why = response.context["why"]
    assert [reason.about for reason in why] == ["Place", "Time", "Act", "Direction"]
    assert [reason.speaks for reason in why] == [*["speaks for one event"] * 3, "says little"]
    assert "0 m apart; known so finely that one event may be told 140 m apart" in response.text
    assert "2 minutes apart; the times overlap as far as they are known" in response.text
    assert "<strong>very much alike</strong>, score +" in response.text
    terms = [float(reason.bits.replace("−", "-")) for reason in why]
    assert float(response.context["score"]) == pytest.approx(sum(terms), abs=0.2)


def test_times_that_only_touch_are_not_told_to_be_the_same(client, exercise, people):
    day = {"occurred_from": NOON.replace(hour=8), "time_precision": "day"}
    one = filed(exercise, people.monitor_north, **day)
    other = filed(exercise, people.monitor_south, **day | {"occurred_from": day["occurred_from"] + timedelta(days=1)})
    client.force_login(people.moderator_south)
    assert client.get(address(one, other)).context["why"][1].found == "the one ends when the other begins"
    assert "at the same time" not in client.get(page_of(one)).text


def test_an_incident_leads_to_its_candidates_and_their_comparison_likeliest_first(client, exercise, people, pair):
    one, other = pair
    far = filed(exercise, people.monitor_south, position=(-123.49, -48.8))
    client.force_login(people.moderator_south)
    response = client.get(page_of(one))
    assert [row["compare"] for row in response.context["candidates"]] == [address(one, other), address(one, far)]
    assert client.get(response.context["candidates"][0]["compare"]).status_code == 200
    assert address(one, other) in response.text


def test_a_report_under_review_is_linked_from_there(client, people, pair):
    one, other = pair
    client.force_login(people.moderator_south)
    asked = {"report": str(one.public_id), "kind": "same_event", "grounds": "One shelling."}
    refused = client.post(address(*pair), asked | {"grounds": ""})
    assert refused.status_code == 400
    assert incident_of(one) != incident_of(other)
    response = client.post(address(*pair), asked, follow=True)
    assert "The report was linked." in response.text
    assert incident_of(one) == incident_of(other)


def test_either_report_is_linked_to_the_other_and_only_one_of_the_two_incidents(client, exercise, people, pair):
    one, other = pair
    client.force_login(people.moderator_south)
    third = taken(exercise, people.monitor_north, by=people.moderator_north)
    asked = {"kind": "related", "grounds": "Answered fire."}
    assert client.post(address(*pair), asked | {"report": str(third.public_id)}).status_code == 400
    assert client.post(address(other, one), asked | {"report": str(one.public_id)}).status_code == 302
    assert ReportLink.objects.get(kind="related").incident == incident_of(other)


def test_where_two_decide_it_is_a_proposal_and_says_so(client, exercise, people, pair):
    one, other = pair
    agreed_on(other, people)
    client.force_login(people.moderator_south)
    asked = {"report": str(one.public_id), "kind": "duplicate", "grounds": "The same rounds."}
    assert "so your link is a proposal" in client.post(address(*pair), asked, follow=True).text
    assert Finding.objects.open().get(effect="link").effect_incident == incident_of(other)
    assert incident_of(one) != incident_of(other)


def test_where_no_report_is_under_review_it_says_what_to_do(client, exercise, people):
    one, other = filed(exercise, people.monitor_north), filed(exercise, people.monitor_south)
    client.force_login(people.moderator_south)
    response = client.get(address(one, other))
    assert "<form" not in response.text.partition('id="link"')[2]
    assert "take one under review" in response.text
    assert client.post(address(one, other), {"kind": "same_event", "grounds": "One."}).status_code == 400


def test_nobody_links_what_they_filed_and_the_page_says_so(client, exercise, people, pair):
    accreditation.accredit(
        people.moderator_north,
        exercise,
        "monitor",
        by=None,
        team=exercise.teams.get(code="team-alder"),
        guarantor=exercise.guarantors.get(code="alder"),
    )
    own = filed(exercise, people.moderator_north)
    client.force_login(people.moderator_north)
    asked = {"report": str(pair[0].public_id), "kind": "same_event", "grounds": "One."}
    response = client.post(address(pair[0], own), asked)
    assert response.status_code == 403
    assert "One." in response.text
    denied = AuditEntry.objects.get(action="report.link", outcome="denied")
    assert (denied.reason, denied.object_id) == ("own_report", "")


def test_an_incident_is_not_compared_with_itself_nor_with_one_that_is_not_there(client, people, pair):
    one, other = pair
    client.force_login(people.moderator_south)
    assert client.get(address(one, one)).status_code == 409
    missing = address(*pair).replace(str(incident_of(other).public_id), "00000000-0000-4000-8000-000000000000")
    assert client.get(missing).status_code == 404


def test_one_that_is_counted_no_more_is_shown_without_a_score(client, people, pair):
    other = pair[1]
    client.force_login(people.moderator_south)
    before = address(*pair)
    filing.withdraw(other, by=people.monitor_south, grounds="Told otherwise.")
    response = client.get(before)
    assert response.status_code == 200
    assert response.context["why"] == []
    assert "is not counted any more" in response.text


def test_who_looked_stands_at_both(client, people, pair):
    client.force_login(people.moderator_south)
    client.get(address(*pair))
    looked = AuditEntry.objects.filter(action="incident.compare.look", outcome="done")
    assert set(looked.values_list("object_id", flat=True)) == {str(incident_of(row).public_id) for row in pair}


def test_the_page_names_no_filer_and_no_team(client, people, pair):
    client.force_login(people.moderator_south)
    text = client.get(address(*pair)).text + client.get(page_of(pair[0])).text
    for hidden in ("monitor-north", "monitor-south", "team-alder", "Team Alder", "Team Birch"):
        assert hidden not in text


def test_an_observer_that_was_erased_says_nothing_any_more(client, exercise, people):
    post = seen(Bearing("compass", point="E"))
    sighting = replace(post["sighting"], as_written="the tower by the ford")
    post |= {"sighting": sighting}
    report, other = filed(exercise, people.monitor_north, **post), filed(exercise, people.monitor_south, position=EAST)
    client.force_login(people.moderator_south)
    before = client.get(address(report, other))
    assert "passes through the other&#x27;s place" in before.text
    assert "The tower by the ford" in before.text
    with owner_rights():
        proposed = redaction.propose(
            report, ["observer"], reason="consent", grounds="Asked for.", by=people.moderator_north
        )
        redaction.second(proposed, by=people.moderator_south)
    after = client.get(address(report, other))
    assert "passes through" not in after.text
    assert "tower by the ford" not in after.text
    assert after.context["why"][-1].bits == "0"


def test_the_page_costs_no_more_with_more_reports(client, exercise, people, pair):
    one = pair[0]
    client.force_login(people.moderator_south)
    where = address(*pair)
    client.get(where)
    with CaptureQueriesContext(connection) as few:
        client.get(where)
    for number in range(4):
        third = taken(exercise, people.monitor_north, by=people.moderator_north, place_as_written=f"post {number}")
        client.post(address(third, one), {"report": str(third.public_id), "kind": "same_event", "grounds": "One."})
    assert ReportLink.objects.open().filter(incident=incident_of(one)).count() == 5
    client.get(where)
    with CaptureQueriesContext(connection) as many:
        client.get(where)
    assert len(many) <= len(few) + 1
    assert len(few) <= 45
