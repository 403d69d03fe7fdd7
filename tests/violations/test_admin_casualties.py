"""The rows in which moderators say who was killed or injured and by which sources: without a script, row by row."""

import pytest
from django.urls import reverse

from tests.violations.cases import taken
from tests.violations.occasions import (
    CLINIC,
    HARM,
    graded,
    grave_breach,
    incident_of,
    party,
    provision,
    verified,
)
from violations import casualties, findings
from violations.casualties import Source
from violations.models import Finding, Grade

pytestmark = pytest.mark.django_db
CHILDREN = HARM | {"injured": {"all": {"low": 2}}}


def page(what, row):
    return reverse(f"admin:violations_{what}", args=[row.public_id])


@pytest.fixture
def report(exercise, people):
    return taken(exercise, people.monitor_north, by=people.moderator_north, casualties=CHILDREN)


@pytest.fixture
def typed(exercise, report):
    """A breach, whole; casualties in three rows."""
    return {
        "verification": "verified",
        "conduct": "breach",
        "provisions": [provision(exercise, "no-fire").pk],
        "attribution": "attributed",
        "parties": [party(exercise, "north-army").pk],
        "confidence": "high",
        "basis": ["observed"],
        "intent": "unknown",
        "sequence": "unknown",
        "grounds": "Two posts saw the muzzle flashes.",
        f"grades-{report.pk}-source": "C",
        f"grades-{report.pk}-information": "2",
        "casualties-rows": "4",
        "casualties-0-who": "killed:civilian",
        "casualties-0-at_least": "2",
        "casualties-0-reports": [report.pk],
        "casualties-0-kind": "medical",
        "casualties-0-name": "Clinic of the ford",
        "casualties-1-who": "killed:civilian",
        "casualties-1-kind": "media",
        "casualties-1-name": "The Ford Gazette",
        "casualties-1-address": "https://gazette.example/7",
        "casualties-1-dated": "2025-03-11",
        "casualties-2-who": "injured:unknown",
        "casualties-2-reports": [report.pk],
        "casualties-3-who": "",
    }


def test_a_row_is_offered_for_each_group_that_the_reports_tell_of_and_one_more(client, report, people):
    client.force_login(people.moderator_north)
    response = client.get(page("incident_propose", incident_of(report)))
    rows = response.context["form"].rows
    assert [(row["who"].value(), row["reports"].value()) for row in rows.rows] == [
        ("killed:civilian", [report.pk]),
        ("injured:unknown", [report.pk]),
        (None, None),
    ]
    assert "This incident is grave: the full form" in response.text
    (grades,) = response.context["form"].grades.rows
    assert (grades["source"].value(), grades["information"].value()) == ("C", "2")
    assert "No two of its reports are independent" in response.text


def test_rows_of_a_group_are_one_with_all_their_sources_and_a_blank_row_is_none(client, report, typed, people):
    client.force_login(people.moderator_north)
    assert client.post(page("incident_propose", incident_of(report)), typed).status_code == 302
    proposal = Finding.objects.get()
    given = Grade.objects.get()
    assert (given.source, given.information, given.grounds) == ("C", "2", proposal.grounds)
    killed, injured = casualties.said_in(proposal)
    assert (killed.people, killed.at_least, len(killed.sources)) == ("civilian", 2, 3)
    assert (injured.people, injured.at_least) == ("unknown", None)
    assert (proposal.killed_verified, proposal.injured_verified) == (2, None)
    for who, where in (
        (people.moderator_south, page("finding_change", proposal)),
        (people.moderator_south, page("incident_change", incident_of(report))),
    ):
        client.force_login(who)
        text = client.get(where).text
        assert "killed, civilians: at least 2. Sources: " in text
        assert "Clinic of the ford, a hospital, clinic or ambulance service" in text
        assert "injured, status unknown: how many was not established. Sources: report" in text
        assert report.public_id.hex[:10] in text


def test_what_is_refused_stands_at_its_row_and_keeps_what_was_typed(client, report, typed, people):
    client.force_login(people.moderator_north)
    address = page("incident_propose", incident_of(report))
    for changes, told in (
        ({"casualties-0-who": ""}, "Choose who they were."),
        ({"casualties-0-name": ""}, "Name the organisation or publication; name no person."),
        ({"casualties-1-kind": ""}, "Choose what kind of source this is."),
        ({"casualties-1-at_least": "3"}, "This group has another number in a row above"),
        ({"casualties-1-address": "gazette"}, "An address begins with https://"),
        ({"casualties-0-at_least": "9"}, "No report has so many."),
        ({f"grades-{report.pk}-information": "1"}, "Confirmed by others needs another report"),
        ({f"grades-{report.pk}-source": "G"}, "Grades of report"),
    ):
        response = client.post(address, typed | changes)
        assert response.status_code == 400, changes
        assert told in response.text
        assert "The Ford Gazette" in response.text
        assert "This was not done yet" in response.text
    assert not Finding.objects.exists()
    assert not Grade.objects.exists(), "What is refused grades nothing either."


def test_a_report_that_came_meanwhile_is_asked_for_and_begins_with_no_grade(client, report, typed, people):
    client.force_login(people.moderator_north)
    without = {name: value for name, value in typed.items() if not name.startswith("grades")}
    response = client.post(page("incident_propose", incident_of(report)), without)
    assert response.status_code == 400
    (row,) = response.context["form"].grades.rows
    assert set(row.errors) == {"source", "information"}
    assert '<option value="" selected>choose</option>' in response.text
    assert not Finding.objects.exists()


def test_what_is_found_not_to_have_happened_verifies_nobody_whatever_rows_the_page_began_with(
    client, report, typed, people
):
    client.force_login(people.moderator_north)
    rows = {name: value for name, value in typed.items() if name.startswith(("casualties", "grades"))}
    rows |= {"casualties-0-at_least": ""}
    said = {"verification": "discounted", "conduct": "undetermined", "attribution": "not_assessed", "grounds": "Old."}
    assert client.post(page("incident_propose", incident_of(report)), rows | said).status_code == 302
    proposal = Finding.objects.get()
    assert (proposal.verification, casualties.said_in(proposal)) == ("discounted", ())
    assert Grade.objects.count() == 1


def test_one_more_row_keeps_what_was_typed_and_says_nothing_of_what_is_missing(client, report, typed, people):
    client.force_login(people.moderator_north)
    half = {name: value for name, value in typed.items() if name not in ("verification", "grounds")}
    response = client.post(page("incident_propose", incident_of(report)), half | {"one_more_row": "1"})
    assert response.status_code == 200
    assert len(response.context["form"].rows.rows) == 5
    assert "This was not done yet" not in response.text
    assert "The Ford Gazette" in response.text
    form = response.context["form"]
    assert form["basis"].value() == ["observed"]
    assert [row["at_least"].value() for row in form.rows.rows][:2] == ["2", None]
    assert not Finding.objects.exists()


def test_the_rows_begin_with_what_was_found_and_every_source_of_it(client, exercise, report, people):
    press = Source(kind="media", name="The Ford Gazette")
    found = verified(CLINIC, press, Source(report=report.pk), killed=2)
    nothing = verified(injured=None)
    both = {"casualties": (*found["casualties"], *nothing["casualties"]), "killed_verified": 2}
    graded(incident_of(report), people.moderator_north)
    findings.propose(incident_of(report), grave_breach(exercise, **both), by=people.moderator_north)
    client.force_login(people.moderator_north_2)
    rows = client.get(page("incident_propose", incident_of(report))).context["form"].rows.rows
    assert [(row["who"].value(), row["at_least"].value(), row["name"].value()) for row in rows] == [
        ("killed:civilian", 2, "Clinic of the ford"),
        ("killed:civilian", None, "The Ford Gazette"),
        ("injured:civilian", None, "Clinic of the ford"),
        ("injured:unknown", None, None),
        (None, None, None),
    ]
    assert rows[0]["reports"].value() == [report.pk]


@pytest.mark.parametrize("changes", [{"casualties-rows": "9" * 5000}, {"parties": ["²"]}, {"parties": ["9" * 5000]}])
def test_numbers_that_are_none_or_have_no_end_are_no_fault_of_the_page(client, report, typed, people, changes):
    client.force_login(people.moderator_north)
    address = page("incident_propose", incident_of(report))
    more = client.post(address, typed | changes | {"one_more_row": "1"})
    assert more.status_code == 200
    assert len(more.context["form"].rows.rows) <= 20
    assert client.post(address, typed | changes).status_code == (400 if "parties" in changes else 302)
