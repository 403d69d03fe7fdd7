"""The duty officer's pages: the log of their teams, checked, asked about and gathered."""

from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from monitoring import accreditation
from monitoring.models import AuditEntry
from tests.everybody import client_of
from tests.second_factors import with_second_factor
from tests.violations.duty_officers import duty_officer, with_hours
from tests.violations.occasions import filed, incident_of, under_review
from tests.violations.work import WATCH
from violations import duty, effort
from violations.admin import words
from violations.models import DutyCheck

pytestmark = pytest.mark.django_db
LOG = reverse("admin:violations_dutycheck_changelist")


def door(what, row):
    return reverse(f"admin:violations_dutycheck_{what}", args=[row.public_id])


def do(what):
    return reverse(f"admin:violations_dutycheck_{what}")


@pytest.fixture
def officer(exercise):
    return duty_officer(exercise)


@pytest.fixture
def desk(officer):
    return client_of(officer)


@pytest.fixture
def entries(exercise, people, tmp_path):
    with_hours(tmp_path)
    return [filed(exercise, people.monitor_north, place_as_written=f"entry {number}") for number in range(3)]


def log(desk):
    return desk.get(LOG).context["log"]


def test_the_log_shows_what_the_team_filed_and_how_it_stands(desk, exercise, people, entries):
    filed(exercise, people.monitor_south, place_as_written="of another team")
    effort.file_patrol(exercise, WATCH, by=people.monitor_north, client_id="watch")
    page = desk.get(LOG).content.decode()
    for said in ("entry 0", "entry 1", "Not checked", "goes on by itself on", "Team Alder", "3 lines in the log"):
        assert said in page
    assert "of another team" not in page
    assert "monitor-north" not in page
    assert "UTC−08:00" in page


def test_those_chosen_are_checked(desk, entries, officer):
    answer = desk.post(do("check"), {"chosen": [entry.public_id for entry in entries[:2]]}, follow=True)
    assert "2 entries are checked." in answer.content.decode()
    assert [entry.row for entry in log(desk).entries] == [entries[2], entries[0], entries[1]]
    assert [entry.how_it_stands for entry in log(desk).entries[1:]] == ["checked by duty-alder"] * 2
    assert desk.post(do("check")).status_code == 400


def test_a_check_is_taken_back_with_grounds(desk, entries, officer):
    duty.check(entries[:1], by=officer)
    where = door("take_back", entries[0])
    assert "Take the check back" in desk.get(LOG).content.decode()
    assert desk.post(where, {"grounds": ""}).status_code == 400
    assert desk.post(where, {"grounds": "Another hour."}).status_code == 302
    assert DutyCheck.objects.latest("pk").outcome == "undone"


def test_entries_are_gathered_and_taken_out_again(desk, entries):
    chosen = {"chosen": [entry.public_id for entry in entries]}
    asked = desk.post(do("gather"), chosen)
    assert asked.status_code == 200
    assert all(entry.public_id.hex[:10] in asked.content.decode() for entry in entries)
    assert desk.post(do("gather"), {**chosen, "kind": "same_event", "grounds": ""}).status_code == 400
    done = desk.post(do("gather"), {**chosen, "kind": "part_of_series", "grounds": "One night."})
    assert done.status_code == 302
    assert len({incident_of(entry).pk for entry in entries}) == 1
    assert [entry.opened_it for entry in log(desk).entries] == [True, False, False]
    assert desk.post(door("separate", entries[1]), {"grounds": "Another gun."}).status_code == 302
    assert incident_of(entries[1]) != incident_of(entries[0])


def test_the_filer_and_the_team_are_asked(desk, exercise, people, entries):
    watch = effort.file_patrol(exercise, WATCH, by=people.monitor_north, client_id="watch").row
    assert desk.post(door("ask", entries[0]), {"grounds": "Which bank?"}).status_code == 302
    assert desk.post(door("hours_ask", watch), {"grounds": "Until four?"}).status_code == 302
    page = desk.get(LOG).content.decode()
    assert "Which bank?" in page
    assert "Until four?" in page
    assert desk.post(door("hours_check", watch)).status_code == 302
    assert "Checked by duty-alder" in desk.get(LOG).content.decode()


def test_what_was_taken_up_is_refused_as_the_verb_says_and_audited(desk, people, entries, officer):
    duty.check(entries, by=officer)
    under_review(entries[0], people.moderator_north)
    refused = desk.post(do("check"), {"chosen": [entries[0].public_id]})
    assert refused.status_code == 409
    assert "not the duty officer" in refused.content.decode()
    assert entries[0] not in [entry.row for entry in log(desk).entries]


def test_that_somebody_filed_an_entry_stands_not_beside_it_in_the_audit(exercise, people, entries):
    accreditation.accredit(
        people.monitor_north,
        exercise,
        "duty_officer",
        by=None,
        team=exercise.teams.get(code="team-alder"),
        guarantor=exercise.guarantors.get(code="alder"),
    )
    own = client_of(with_second_factor(people.monitor_north))
    assert own.post(do("check"), {"chosen": [entries[0].public_id]}).status_code == 403
    denied = AuditEntry.objects.get(reason="own_report")
    assert (denied.actor, denied.action, denied.object_id) == (people.monitor_north, "duty.check", "")


def test_nobody_else_gets_in(exercise, people, entries):
    elsewhere = client_of(duty_officer(exercise, "duty-birch", team="team-birch", sent_by="birch"))
    assert log(elsewhere).entries == []
    assert elsewhere.get(door("ask", entries[0])).status_code == 404
    assert elsewhere.post(do("check"), {"chosen": [entries[0].public_id]}).status_code == 404
    for person in (people.moderator_north, people.operator, people.superuser, people.monitor_north):
        assert client_of(person).get(LOG).status_code == 403
    assert not DutyCheck.objects.exists()


def test_the_duty_officer_s_start_leads_to_the_log_and_to_nothing_of_moderators(desk):
    start = desk.get(reverse("admin:index")).content.decode()
    assert LOG in start
    assert desk.get(reverse("admin:violations_incident_changelist")).status_code == 403


def test_what_is_gathered_or_asked_about_is_shown_as_the_log_shows_it(desk, exercise, people, officer, tmp_path):
    with_hours(tmp_path)
    told = {"narrative": "Three impacts behind the mill.", "narrative_language": "en"}
    mill, quay = (filed(exercise, people.monitor_north, place_as_written=place, **told) for place in ("mill", "quay"))
    duty.check([mill], by=officer)
    gathering = desk.post(do("gather"), {"chosen": [mill.public_id, quay.public_id]}).content.decode()
    for said in ("mill", "quay"):
        assert f"Indirect fire, 10 March 2025, 12:00, <bdi>{said}" in gathering
    assert gathering.count("Three impacts behind the mill.") == 2
    assert "Times in UTC−08:00." in gathering
    for what in ("ask", "take_back", "separate"):
        page = desk.get(door(what, mill)).content.decode()
        assert "Indirect fire, 10 March 2025, 12:00, <bdi>mill" in page, what
        assert "Three impacts behind the mill." in page, what
    watch = effort.file_patrol(exercise, WATCH, by=people.monitor_north, client_id="watch").row
    asking = desk.get(door("hours_ask", watch)).content.decode()
    assert "3 lines in the log" in asking
    assert words.instant(WATCH.started_at, ZoneInfo(exercise.terms.time_zone)) in asking
