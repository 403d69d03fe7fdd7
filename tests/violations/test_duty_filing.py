"""A duty officer files what others told, with who told it sealed apart, and reads the receipt out."""

import re

import pytest
from django.urls import reverse

from monitoring.models import AuditEntry
from tests.everybody import client_of
from tests.record.as_owner import owner_rights
from tests.violations.documents import REPORTS, device_of, document
from tests.violations.duty_officers import duty_officer, with_hours
from tests.violations.occasions import filed, under_review
from tests.violations.work import PATROL
from violations import duty_log, effort, receipts, review, sealing
from violations.models import IncidentReport, Patrol

pytestmark = pytest.mark.django_db
FORM = reverse("admin:violations_dutycheck_file", args=["exercise"])
TOLD = {"relation": "ferrywoman", "name": "Zubaydah Qanbarova", "contact": "+1 555 0199 778"}
CLIENT_ID = "5d3f5a0e-52a1-4a0e-8f6c-0a7b6f1e9c11"
CALL = {
    "client_id": CLIENT_ID,
    "channel": "caller",
    "team": "team-alder",
    "told_by_relation": TOLD["relation"],
    "told_by_name": TOLD["name"],
    "told_by_contact": TOLD["contact"],
    "consent": "anonymous",
    "day": "2025-03-10",
    "clock": "12:05",
    "place_as_written": "by the mill",
    "area": "VA01",
    "act": "indirect_fire",
    "means": "witness_interview",
    "count": "3",
    "count_qualifier": "about",
    "count_unit": "explosion",
    "alleged": "North Army",
    "injured": "2",
    "harmed": "civilian",
    "objects_hit": ["residential"],
    "narrative": "Three impacts behind the mill.",
    "narrative_language": "en",
}


@pytest.fixture
def officer(exercise):
    return duty_officer(exercise)


@pytest.fixture
def desk(officer):
    return client_of(officer)


def errors(answer):
    return {name for name, said in answer.context["form"].errors.items() if said}


def test_what_a_caller_tells_is_filed_and_the_receipt_is_shown_large_and_spelled(desk, exercise, officer):
    answer = desk.post(FORM, CALL)
    report = IncidentReport.objects.get()
    assert answer["Location"] == reverse("admin:violations_dutycheck_filed", args=[report.receipt])
    page = desk.get(answer["Location"]).content.decode()
    for group, said in receipts.spelled(report.receipt):
        assert f">{group}<" in page
        assert said in page
    assert (report.team.code, report.channel, report.means) == ("team-alder", "caller", "witness_interview")
    assert report.occurred_from.isoformat() == "2025-03-10T20:05:00+00:00", "12:05 by the clocks of the truce"
    assert (report.time_precision, report.place_precision, report.stated_area.code) == ("minute", "district", "VA01")
    assert report.casualties == {"injured": {"civilian": {"low": 2, "high": 2}}}
    assert [(party.role, party.party.code) for party in report.parties.all()] == [("alleged", "north-army")]


def test_who_told_it_is_sealed_and_only_an_audited_opening_shows_it(desk, exercise, people, officer):
    answer = desk.post(FORM, CALL)
    report = IncidentReport.objects.get()
    shown = [desk.get(answer["Location"]), desk.get(reverse("admin:violations_dutycheck_changelist"))]
    own = device_of(officer)
    shown += [own.get(f"{REPORTS}{report.public_id}/"), own.get(f"/api/v1/receipts/{report.receipt}/")]
    moderators = client_of(people.moderator_north)
    shown.append(moderators.get(reverse("admin:violations_incidentreport_change", args=[report.public_id])))
    for page in shown:
        assert page.status_code == 200
        assert not [said for said in TOLD.values() if said in page.content.decode()]
    assert "the duty officer of" in shown[-1].content.decode()
    assert "duty-alder" not in shown[-1].content.decode()
    revealed = sealing.reveal(report, by=people.moderator_north, reason="protection", grounds="To be reached.")
    assert revealed == {"filer": "duty-alder", "source": TOLD, "erased": False}
    assert AuditEntry.objects.filter(action="source.reveal", object_id=str(report.public_id)).exists()
    with owner_rights():
        assert not [said for said in TOLD.values() if said.encode() in bytes(sealed_row(report))]


def sealed_row(report):
    with sealing.counting():
        return report.sealed_source.sealed


def test_the_same_form_handed_in_twice_is_filed_once(desk, exercise):
    first, again = desk.post(FORM, CALL), desk.post(FORM, CALL)
    assert (first["Location"], IncidentReport.objects.count()) == (again["Location"], 1)
    other = desk.post(FORM, {**CALL, "act": "air_strike"})
    assert other.status_code == 409
    assert "under this client id" in other.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "2125-03-10"}, "day"),
        ({"area": "", "coordinates": ""}, "area"),
        ({"coordinates": "mill lane"}, "coordinates"),
        ({"coordinates": "98.1, 20"}, "coordinates"),
        ({"place_precision": "exact"}, "place_precision"),
        ({"act": ""}, "act"),
        ({"count_unit": ""}, "count_unit"),
        ({"count_qualifier": ""}, "count_qualifier"),
        ({"alleged": "A; A"}, "alleged"),
        ({"narrative_language": "English!"}, "narrative_language"),
        ({"narrative_language": ""}, "narrative_language"),
        ({"told_by_relation": "", "told_by_name": "", "told_by_contact": ""}, "told_by_relation"),
        ({"channel": "smoke"}, "channel"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(desk, exercise, changes, field):
    refused = desk.post(FORM, {**CALL, **changes})
    assert (refused.status_code, errors(refused)) == (400, {field})
    assert f'href="#id_{field}_field"' in refused.content.decode()
    assert "Three impacts behind the mill." in refused.content.decode()
    assert not IncidentReport.objects.exists()


def test_a_fault_of_what_nobody_sees_is_told_at_the_top(desk, exercise):
    refused = desk.post(FORM, {**CALL, "team": "team-birch"})
    assert (refused.status_code, errors(refused)) == (400, {"team", "__all__"})
    assert "team-birch is not one of the available choices" in refused.content.decode()
    assert not IncidentReport.objects.exists()


def test_the_form_begins_with_what_is_likeliest(desk, exercise):
    page = desk.get(FORM).content.decode()
    assert re.search(r'name="day" value="\d{4}-\d\d-\d\d"', page)
    assert re.search(r'value="caller"[^>]*checked', page)
    assert '<option value="witness_interview" selected>' in page
    assert '<input type="hidden" name="team" value="team-alder"' in page
    assert "UTC−08:00" in page
    assert '<option value="North Army">' in page


def test_a_day_an_hour_and_coordinates_are_read_as_they_are_said(desk, exercise):
    desk.post(FORM, {**CALL, "clock": "", "coordinates": "-48.8, -123.5"})
    report = IncidentReport.objects.get()
    assert (report.time_precision, report.place_precision, report.point.tuple) == ("day", "vicinity", (-123.5, -48.8))
    desk.post(FORM, {**CALL, "client_id": CLIENT_ID.replace("5d3f", "5d40"), "to_the_hour": "on"})
    second = IncidentReport.objects.latest("pk")
    assert (second.time_precision, second.occurred_from.minute) == ("hour", 0)


def test_what_a_duty_officer_filed_does_not_stand_with_one(desk, exercise, people, officer, tmp_path):
    with_hours(tmp_path)
    desk.post(FORM, CALL)
    report = IncidentReport.objects.get()
    assert not duty_log.waiting([exercise.pk]).exists()
    assert not duty_log.entries_of(officer).exists()
    review.take(report, by=people.moderator_north)


def test_over_the_api_a_duty_officer_says_how_it_came_and_who_told_it(exercise, people, officer):
    device = device_of(officer)
    for changes, pointer in (({}, "#/channel"), ({"channel": "paper", "source": {}}, "#/source")):
        refused = device.post(REPORTS, document(**changes))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer)
    told = device.post(REPORTS, document(channel="paper"))
    assert (told.status_code, told.json()["channel"], told.json()["team"]) == (201, "paper", "team-alder")
    monitor = device_of(people.monitor_north).post(REPORTS, document(channel="paper"))
    assert (monitor.status_code, monitor.json()["errors"][0]["pointer"]) == (400, "#/channel")


def test_who_filed_it_as_a_duty_officer_does_not_review_it(exercise, people, officer):
    device_of(officer).post(REPORTS, document(channel="caller"))
    report = IncidentReport.objects.get()
    assert sealing.is_filer(officer, report)
    assert not sealing.is_filer(people.monitor_north, report)


def test_hours_on_paper_are_filed_for_the_team(exercise, people, officer):
    assert effort.file_patrol(exercise, PATROL, by=officer, client_id="paper-1").row.team.code == "team-alder"
    assert Patrol.objects.count() == 1
    assert effort.of_teams(Patrol, people.monitor_north).exists(), "they are the team's"


def test_nobody_else_finds_the_form_or_another_s_receipt(desk, exercise, people):
    theirs = under_review(filed(exercise, people.monitor_north), people.moderator_north)
    assert desk.get(reverse("admin:violations_dutycheck_filed", args=[theirs.receipt])).status_code == 404
    assert desk.get(reverse("admin:violations_dutycheck_file", args=["astana-2016"])).status_code == 404
    for person in (people.moderator_north, people.monitor_north, people.superuser):
        assert client_of(person).get(FORM).status_code == 403
    agreement_wide = client_of(duty_officer(exercise, "duty-all", team="", sent_by=""))
    assert agreement_wide.post(FORM, CALL).status_code == 400, "Team Alder's own is for whom Alder sent"


@pytest.mark.parametrize("form", ["file", "file_hours"])
def test_of_several_teams_none_is_chosen_beforehand_and_of_one_it_is(exercise, form):
    where = reverse(f"admin:violations_dutycheck_{form}", args=["exercise"])
    one = client_of(duty_officer(exercise)).get(where).context["form"]
    assert one["team"].value() == "team-alder"
    desk = client_of(duty_officer(exercise, "duty-of-all", team="", sent_by=""))
    several = desk.get(where)
    assert several.context["form"]["team"].value() == ""
    assert '<option value="" selected>choose</option>' in several.content.decode()
    refused = desk.post(where, {**CALL, "team": ""})
    assert refused.status_code == 400
    assert refused.context["form"].errors["team"] == ["Say for which of your teams it is."]
    assert not IncidentReport.objects.exists()
    assert not Patrol.objects.exists()
