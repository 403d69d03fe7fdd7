"""A team files its own work: hours of patrol, post and watch, and where it was kept from going."""

import re
from dataclasses import replace

import pytest

from monitoring import accreditation
from monitoring.errors import Forbidden, Malformed, NotFound, NotNow
from monitoring.models import AuditEntry, User
from tests.second_factors import with_second_factor
from tests.violations.documents import device_of
from tests.violations.work import KEPT_OUT, PATROL, WATCH, at
from violations import effort
from violations.effort_content import Observation, Stretch
from violations.models import Incident, MovementRestriction, Patrol

pytestmark = pytest.mark.django_db

PATROLS = "/api/v1/patrols/"
RESTRICTIONS = "/api/v1/movement-restrictions/"
DOCUMENT = {
    "agreement": "exercise",
    "client_id": "watch-1",
    "kind": "watch",
    "from": "2025-03-11T22:00:00-08:00",
    "until": "2025-03-12T04:00:00-08:00",
    "stretches": [{"area": "VA03", "from": "2025-03-11T22:00:00-08:00", "until": "2025-03-12T04:00:00-08:00"}],
    "observations": [
        {"at": "2025-03-11T23:05:00-08:00", "observed": "explosion", "count": 1, "bearing": 270, "metres": 4000},
        {"at": "2025-03-11T23:06:00-08:00", "observed": "burst", "qualifier": "uncountable"},
    ],
}


def file(exercise, by, content=PATROL, client_id="one", **more):
    return effort.file_patrol(exercise, content, by=by, client_id=client_id, **more)


def test_a_patrol_is_filed_once_however_often_it_is_sent(exercise, people):
    first = file(exercise, people.monitor_north)
    again = file(exercise, people.monitor_north)
    assert (first.created, again.created, again.row) == (True, False, first.row)
    assert (first.row.team.code, first.row.stretches.count()) == ("team-alder", 2)
    with pytest.raises(NotNow) as refused:
        file(exercise, people.monitor_north, WATCH)
    assert refused.value.code == "client_id_taken"
    assert file(exercise, people.monitor_south).created, "another account's identifiers are its own"
    assert AuditEntry.objects.filter(action="effort.file").count() == 2


def test_a_correction_closes_what_it_replaces_and_only_the_team_s_own(exercise, people):
    first = file(exercise, people.monitor_north).row
    longer = replace(PATROL, ended_at=at(10, 17))
    with pytest.raises(NotFound):
        file(exercise, people.monitor_south, longer, "theirs", replaces=first.public_id)
    second = file(exercise, people.monitor_north, longer, "two", replaces=first.public_id).row
    first.refresh_from_db()
    assert first.superseded_at == second.recorded_at
    with pytest.raises(NotNow) as refused:
        file(exercise, people.monitor_north, PATROL, "three", replaces=first.public_id)
    assert refused.value.code == "not_latest"
    assert file(exercise, people.monitor_north, longer, "two", replaces=first.public_id).row == second
    for other, name in ((None, "two"), (second.public_id, "two"), (second.public_id, "one")):
        content = PATROL if name == "one" else longer
        with pytest.raises(NotNow) as refused:
            file(exercise, people.monitor_north, content, name, replaces=other)
        assert refused.value.code == "client_id_taken", "it is another filing, though it says the same"


def test_what_was_filed_by_mistake_is_withdrawn_by_the_team(exercise, people):
    row = file(exercise, people.monitor_north).row
    with pytest.raises(NotFound):
        effort.withdraw(Patrol, row.public_id, by=people.monitor_south)
    for _time in range(2):
        assert effort.withdraw(Patrol, row.public_id, by=people.monitor_north).superseded_at is not None
    assert not Patrol.objects.open().exists()


def test_a_watch_log_is_one_series_and_opens_no_incident(exercise, people):
    row = file(exercise, people.monitor_north, WATCH).row
    assert list(row.observations.order_by("number").values_list("observed", "count")) == [
        ("explosion", 1),
        ("explosion", 3),
        ("burst", None),
    ]
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (replace(PATROL, ended_at=PATROL.started_at), "/until"),
        (replace(PATROL, ended_at=at(20, 8)), "/until"),
        (replace(PATROL, ended_at=at(10, 16).replace(year=2125)), "/until"),
        (replace(PATROL, stretches=()), "/stretches"),
        (replace(PATROL, stretches=(Stretch("VA99", at(10, 9), at(10, 10)),)), "/stretches/0/area"),
        (replace(PATROL, stretches=(Stretch("VA01", at(10, 7), at(10, 10)),)), "/stretches/0/until"),
        (replace(PATROL, stretches=(*PATROL.stretches, Stretch("VA03", at(10, 14), at(10, 16)))), "/stretches/2/from"),
        (replace(WATCH, stretches=(WATCH.stretches[0], WATCH.stretches[0])), "/stretches"),
        (replace(PATROL, observations=(Observation(at(10, 9), "shot", "exact", 1),)), "/observations"),
        (replace(WATCH, observations=(Observation(at(13, 9), "shot", "exact", 1),)), "/observations/0/at"),
        (replace(WATCH, observations=(Observation(at(11, 23), "shot", "exact"),)), "/observations/0/count"),
        (replace(WATCH, observations=(Observation(at(11, 23), "shot", "uncountable", 2),)), "/observations/0/count"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(exercise, people, content, pointer):
    with pytest.raises(Malformed) as refused:
        file(exercise, people.monitor_north, content)
    assert pointer in refused.value.fields
    assert not Patrol.objects.exists()


def test_a_restriction_names_who_restricted_and_where(exercise, people):
    row = effort.file_restriction(exercise, KEPT_OUT, by=people.monitor_north, client_id="one").row
    assert (row.area.code, row.by_party.code) == ("VA02", "north-army")
    nowhere = replace(KEPT_OUT, area="", place_as_written="")
    with pytest.raises(Malformed):
        effort.file_restriction(exercise, nowhere, by=people.monitor_north, client_id="two")


def test_only_monitors_file_and_only_while_they_are(exercise, people):
    for by in (people.moderator_north, people.guarantor_alder, people.operator, people.superuser):
        with pytest.raises(Forbidden):
            file(exercise, by)
    accreditation.end(accreditation.last_held_by(people.monitor_north, "monitor", exercise), by=None)
    with pytest.raises(Forbidden):
        file(exercise, people.monitor_north)


def test_over_the_api_a_watch_is_filed_read_and_withdrawn_by_its_team_alone(exercise, people):
    alder, birch = device_of(people.monitor_north), device_of(people.monitor_south)
    first = alder.post(PATROLS, DOCUMENT)
    assert first.status_code == 201, first.json()
    told = first.json()
    where = f"{PATROLS}{told['id']}/"
    assert first["Location"].endswith(where)
    assert "Idempotency-Replayed" not in first
    assert [line["observed"] for line in told["observations"]] == ["explosion", "burst"]
    assert alder.get(PATROLS).json()["results"] == [told]
    assert birch.get(PATROLS).json()["results"] == []
    assert birch.get(where).status_code == 404
    assert birch.post(f"{where}withdrawal/").status_code == 404
    assert alder.post(f"{where}withdrawal/").json()["stands"] is False
    assert "filing_key" not in told
    again = alder.post(PATROLS, DOCUMENT)
    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert again.content == first.content, "as it stood when it was filed"
    assert alder.get(where).json()["stands"] is False


def test_another_filing_under_a_client_id_is_shown_its_differences_and_where_to_correct(exercise, people):
    alder = device_of(people.monitor_north)
    first = alder.post(PATROLS, DOCUMENT).json()
    line = {**DOCUMENT["observations"][1], "qualifier": "exact", "count": 2}
    changed = {**DOCUMENT, "note": "Fog.", "observations": [DOCUMENT["observations"][0], line]}
    corrected = alder.post(PATROLS, {**changed, "client_id": "its-correction", "replaces": first["id"]}).json()
    refused = alder.post(PATROLS, {**changed, "until": "2025-03-12T05:00:00-08:00"})
    assert (refused.status_code, refused.json()["code"]) == (409, "client_id_taken")
    told = {one["pointer"]: (one["filed"], one["sent"]) for one in refused.json()["differences"]}
    assert set(told) == {"#/until", "#/note", "#/observations"}
    assert told["#/until"] == ("2025-03-12T12:00:00.000000Z", "2025-03-12T13:00:00.000000Z")
    assert told["#/note"] == (None, "Fog.")
    assert [lines[1].get("count") for lines in told["#/observations"]] == [None, 2]
    assert refused.json()["latest"] == corrected["id"]
    assert refused.json()["correct_at"].endswith(PATROLS)
    other = {**DOCUMENT, "replaces": corrected["id"]}
    assert alder.post(PATROLS, other).json()["differences"] == [
        {"pointer": "#/replaces", "filed": None, "sent": corrected["id"]}
    ]
    stated = alder.post(PATROLS, {**DOCUMENT, "team": "team-alder"}).json()
    assert stated["differences"] == [{"pointer": "#/team", "filed": "", "sent": "team-alder"}]


def test_over_the_api_a_restriction_is_filed(exercise, people):
    alder = device_of(people.monitor_north)
    document = {
        "agreement": "exercise",
        "client_id": "restriction-1",
        "kind": "denied",
        "from": "2025-03-10T13:00:00-08:00",
        "until": "2025-03-10T14:00:00-08:00",
        "area": "VA02",
        "restricted_by": "Army of the North",
    }
    told = alder.post(RESTRICTIONS, document)
    assert (told.status_code, told.json()["area"]) == (201, "VA02")
    assert MovementRestriction.objects.count() == 1
    wrong = alder.post(RESTRICTIONS, {**document, "client_id": "two", "kind": "lost", "colour": "red"})
    assert {error["pointer"] for error in wrong.json()["errors"]} == {"#/kind", "#/colour"}


def test_over_the_api_what_replaces_a_filing_that_is_not_there_is_refused_as_described(exercise, people):
    unknown = {**DOCUMENT, "replaces": "00000000-0000-4000-8000-000000000000"}
    refused = device_of(people.monitor_north).post(PATROLS, unknown)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("replaces", [5, "00000000000040008000000000000000", "{00000000-0000-4000-8000-000000000000}"])
def test_over_the_api_an_identifier_is_given_as_it_was_told(exercise, people, replaces):
    refused = device_of(people.monitor_north).post(PATROLS, {**DOCUMENT, "replaces": replaces})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "#/replaces")


def test_hours_before_anybody_monitored_are_a_slip_of_the_pen(exercise, people):
    hours = {"from": "0001-01-01T10:00:00Z", "until": "0001-01-01T12:00:00Z"}
    post = {**DOCUMENT, "kind": "post", **hours, "observations": [], "stretches": [{"area": "VA03", **hours}]}
    refused = device_of(people.monitor_north).post(PATROLS, post)
    assert (refused.status_code, [error["pointer"] for error in refused.json()["errors"]]) == (400, ["#/from"])


def test_the_page_of_hours_says_no_instant_by_which_the_audit_would_name_who_filed_them(client, exercise, people):
    row = file(exercise, people.monitor_north).row
    auditor = User.objects.create(username="auditor")
    accreditation.accredit(auditor, exercise, "auditor", by=None)
    with_second_factor(auditor)
    client.force_login(auditor)
    page = client.get(f"/admin/violations/patrol/{row.public_id}/")
    assert page.status_code == 200
    assert "team-alder" in page.text.lower() or "Team Alder" in page.text
    assert not {"field-recorded_at", "field-superseded_at", "field-filing_key"} & set(
        re.findall(r"field-\w+", page.text)
    )
