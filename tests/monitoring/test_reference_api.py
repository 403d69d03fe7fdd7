"""What a client needs to file without a line: whole, by language, and not sent again while it is the same."""

import pytest
from django.contrib.gis.geos import GEOSGeometry

from monitoring.models import AreaShape, ZoneLine
from tests.everybody import client_of
from tests.violations.documents import device_of
from tests.violations.occasions import reloaded
from violations import codebook
from violations.codebook_definitions import LISTS

AGREEMENTS = "/api/v1/agreements/"
OF_THE_EXERCISE = f"{AGREEMENTS}exercise/"
CODE_LISTS = "/api/v1/code-lists/"
DOORS = [
    AGREEMENTS,
    OF_THE_EXERCISE,
    *(f"{OF_THE_EXERCISE}{part}/" for part in ("parties", "provisions", "zones", "areas")),
    CODE_LISTS,
]
GEOJSON = {"accept": "application/geo+json"}


@pytest.mark.parametrize("door", DOORS)
def test_what_is_the_same_is_not_sent_again(exercise, people, door):
    device = device_of(people.monitor_north)
    first = device.get(door)
    assert (first.status_code, first["Cache-Control"]) == (200, "private, no-cache")
    again = device.get(door, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert device.get(door, headers={"if-none-match": '"another"'}).status_code == 200
    assert device.head(door, headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("door", DOORS)
def test_everybody_accredited_reads_it_and_nobody_else(exercise, people, door):
    for person in (people.monitor_south, people.moderator_north, people.guarantor_birch):
        assert client_of(person).get(door).status_code == 200
    assert client_of(None).get(door).status_code == 401
    answer = client_of(people.superuser).get(door)
    if door == AGREEMENTS:
        assert answer.json() == {"results": []}
    else:
        assert answer.status_code == (403 if door == CODE_LISTS else 404)


def test_another_truce_is_not_yours_to_know(exercise, astana, people):
    device = device_of(people.monitor_north)
    assert [row["code"] for row in device.get(AGREEMENTS).json()["results"]] == ["exercise"]
    unknown = device.get(f"{AGREEMENTS}atlantis/").json()
    assert device.get(f"{AGREEMENTS}astana-2016/").json() == unknown
    assert unknown["code"] == "not_found"


def test_the_rules_of_a_truce_are_told_with_ones_own_teams_alone(exercise, people):
    told = device_of(people.monitor_north).get(OF_THE_EXERCISE).json()
    assert (told["simulated"], told["version"]) == (True, 1)
    assert told["in_force_from"] == exercise.terms.in_force_from.isoformat().replace("+00:00", "Z")
    assert [team["code"] for team in told["teams"]] == ["team-alder"]
    assert {row["code"] for row in told["guarantors"]} == set(exercise.guarantors.values_list("code", flat=True))
    assert device_of(people.guarantor_alder).get(OF_THE_EXERCISE).json()["teams"] == []


def test_every_party_is_told_with_the_names_by_which_it_can_be_filed(exercise, people):
    parties = {
        row["code"]: row for row in device_of(people.monitor_north).get(f"{OF_THE_EXERCISE}parties/").json()["results"]
    }
    assert set(parties) == set(exercise.parties.values_list("code", flat=True))
    assert parties["north-army"]["names"] == exercise.parties.get(code="north-army").names
    assert any(party["aliases"] for party in parties.values())
    assert {row["kind"] for party in parties.values() for row in party["adherences"]} >= {"signatory", "designated"}


def test_every_provision_is_told_with_the_acts_that_breach_it(exercise, people):
    told = device_of(people.monitor_north).get(f"{OF_THE_EXERCISE}provisions/").json()
    readings = [reading for row in told["results"] for reading in row["readings"]]
    assert {act for reading in readings for act in reading["acts"]} <= set(codebook.Act.values)
    assert "no-fire" in {row["code"] for row in told["results"]}
    assert {row["instrument"] for row in told["results"]} <= {row["code"] for row in told["instruments"]}


def test_zones_are_told_with_every_line_and_drawn_as_geojson(exercise, people):
    device = device_of(people.monitor_north)
    zones = device.get(f"{OF_THE_EXERCISE}zones/").json()["results"]
    lines = ZoneLine.objects.filter(version=exercise.terms)
    assert sum(len(zone["lines"]) for zone in zones) == lines.count()
    assert "coordinates" not in str(zones)
    answer = device.get(f"{OF_THE_EXERCISE}zones/", headers=GEOJSON)
    assert answer["Content-Type"].startswith("application/geo+json")
    drawn = {
        (row["properties"]["code"], row["properties"]["drawn_by"]): GEOSGeometry(str(row["geometry"]).replace("'", '"'))
        for row in answer.json()["features"]
    }
    assert drawn == {(line.zone.code, line.drawn_by): line.boundary for line in lines}


def test_areas_are_told_and_drawn_where_a_shape_is_known(exercise, people):
    device = device_of(people.monitor_north)
    told = device.get(f"{OF_THE_EXERCISE}areas/").json()["results"]
    assert {area["code"] for area in told} == set(exercise.areas.values_list("code", flat=True))
    features = device.get(f"{OF_THE_EXERCISE}areas/", headers=GEOJSON).json()["features"]
    drawn = {row["id"] for row in features if row["geometry"]}
    assert drawn == set(AreaShape.objects.values_list("area__code", flat=True))
    assert {row["id"] for row in features} == {area["code"] for area in told}


def test_the_two_forms_have_tags_of_their_own(exercise, people):
    device = device_of(people.monitor_north)
    plain = device.get(f"{OF_THE_EXERCISE}areas/")
    assert (
        device.get(f"{OF_THE_EXERCISE}areas/", headers={**GEOJSON, "if-none-match": plain["ETag"]}).status_code == 200
    )
    assert "Accept" in plain["Vary"]
    refused = device.get(f"{OF_THE_EXERCISE}areas/", headers={"accept": "text/csv"})
    assert (refused.status_code, refused["Content-Type"]) == (406, "application/problem+json")


def test_a_changed_mechanism_is_sent(exercise, people, tmp_path):
    device = device_of(people.monitor_north)
    before = {door: device.get(door)["ETag"] for door in DOORS}
    reloaded(tmp_path, ("Harbour zone", "Zone of the harbour"))
    changed = {door for door in DOORS if device.get(door, headers={"if-none-match": before[door]}).status_code == 200}
    assert changed == {OF_THE_EXERCISE, f"{OF_THE_EXERCISE}zones/"}, "the version's number, and the zone's name"


def test_every_code_is_told_with_what_it_means(exercise, people):
    told = device_of(people.monitor_north).get(CODE_LISTS).json()
    assert told["version"] == codebook.VERSION
    lists = {row["name"]: row for row in told["results"]}
    assert set(lists) == set(LISTS)
    for name, row in lists.items():
        assert {code["code"] for code in row["codes"]} == set(LISTS[name].codes.values)
        for code in row["codes"]:
            assert code["names"]["en"]
            assert code["definitions"]["en"] == str(LISTS[name].definitions[code["code"]])


@pytest.mark.parametrize("door", [*DOORS, "/api/v1/incident-reports/", "/api/v1/questions/", "/api/v1/receipts/"])
def test_a_parameter_that_a_door_does_not_know_is_a_fault(exercise, people, door):
    device = device_of(people.monitor_north)
    for query, pointer in (("?colour=red", "#/colour"), ("?format=json", "#/format"), ("?a=1&a=2", "#/a")):
        answer = device.get(f"{door}{query}")
        assert (answer.status_code, [row["pointer"] for row in answer.json()["errors"]]) == (400, [pointer])
    assert device.post(f"{door}?limit=5", {}).status_code in {400, 405}
