"""A list is narrowed to what is looked for; each parameter is tried against what a plain reading of it says."""

from datetime import UTC, datetime

import pytest
from django.contrib.gis.geos import GEOSGeometry, Polygon

from tests.violations.documents import REPORTS, device_of
from tests.violations.occasions import corrected, filed, incident_of, under_review
from violations import linking
from violations.report_content import NamedParty

NORTHCAPE, HIGH_MOOR, HARBOUR = (-123.5, -48.8), (-123.3, -48.8), (-123.2, -49.3)
GEOJSON = {"accept": "application/geo+json"}
BOX = Polygon(((-123.6, -48.9), (-123.5, -48.9), (-123.5, -48.85), (-123.6, -48.85), (-123.6, -48.9)), srid=4326)


@pytest.fixture
def mine(exercise, people):
    """Reports of one monitor, by name, each unlike the others; another monitor's is like the first."""
    by = people.monitor_north

    def at(place, **changes):
        return filed(exercise, by, position=place, **changes)

    reports = {
        "moor": at(HIGH_MOOR, act="air_strike", narrative="Two craters by the mill.", narrative_language="en"),
        "harbour": at(HARBOUR, act="device", place_as_written="behind the MILL", place_precision="exact"),
        "early": at(NORTHCAPE, occurred_from=datetime(2025, 2, 11, 20, tzinfo=UTC)),
        "coarse": at(NORTHCAPE, place_precision="surroundings"),
        "named": filed(exercise, by, position=None, stated_area="VA02", place_precision="district", parties=()),
        "sector": filed(exercise, by, position=None, place_area=BOX, place_precision="sector"),
        "target": at(NORTHCAPE, parties=(NamedParty("target", "north-army"), NamedParty("alleged", "hill-clans"))),
        "taken": under_review(at(NORTHCAPE), people.moderator_south),
    }
    reports["corrected"] = corrected(at(NORTHCAPE), by, act="flare")
    filed(exercise, people.monitor_south, position=HIGH_MOOR, act="air_strike")
    return {str(report.public_id): name for name, report in reports.items()}


LOOKED_FOR = {
    "act=air_strike": {"moor"},
    "act=air_strike,flare": {"moor", "corrected"},
    "act=direct_fire": set(),
    "state=under_review": {"taken"},
    "state=submitted,under_review&act=device": {"harbour"},
    "text=MiLl": {"moor", "harbour"},
    "text=craters+by": {"moor"},
    "area=VA02": {"moor", "named"},
    "area=VA01": {"early", "sector", "target", "taken", "corrected"},
    "zone=harbour-zone": {"harbour"},
    "party=hill-clans": {"target"},
    "agreement=exercise&party=hill-clans": {"target"},
    "bbox=-123.4,-48.9,-123.2,-48.7": {"moor"},
    "bbox=-123.55,-48.95,-123.52,-48.8": {"sector"},
    "bbox=170,-60,-123.25,-40": {"moor", "early", "coarse", "sector", "target", "taken", "corrected"},
    "near=-123.3,-48.81,2": {"moor"},
    "near=-123.3,-48.81,1": set(),
    "period=2025-02": {"early"},
    "period=2025-03-10&act=device": {"harbour"},
    "period=2025-03-11": set(),
    "from=2025-03-10T20:00:30Z&act=device": {"harbour"},
    "from=2025-03-10T20:01:00Z&act=device": set(),
    "until=2025-03-10T20:00:00Z": {"early"},
    "from=2025-02-11T00:00:00Z&until=2025-02-12T00:00:00-08:00": {"early"},
}


def test_what_is_looked_for_is_found_and_nothing_else(mine, people, subtests):
    device = device_of(people.monitor_north)
    assert {mine[row["id"]] for row in device.get(REPORTS).json()["results"]} == set(mine.values())
    for query, found in LOOKED_FOR.items():
        with subtests.test(query=query):
            answer = device.get(f"{REPORTS}?{query}")
            assert answer.status_code == 200, answer.json()
            assert {mine[row["id"]] for row in answer.json()["results"]} == found


FAULTS = {
    "colour=red": "#/colour",
    "act=mischief": "#/act",
    "act=": "#/act",
    "state=lost": "#/state",
    "area=nowhere": "#/area",
    "zone=nowhere": "#/zone",
    "party=nobody": "#/party",
    "agreement=astana-2016": "#/agreement",
    "bbox=1,2,3": "#/bbox",
    "bbox=1,2,3,nan": "#/bbox",
    "bbox=1,2,3,91": "#/bbox",
    "bbox=0,10,1,9": "#/bbox",
    "near=1,2": "#/near",
    "near=1,2,501": "#/near",
    "near=1,2,inf": "#/near",
    "text=x": "#/text",
    "text=%00x": "#/text",
    "from=2025-03-10": "#/from",
    "until=2025-03-10T00:00:00": "#/until",
    "period=2025-13": "#/period",
    "period=2025": "#/period",
    "period=2025-03&from=2025-03-10T00:00:00Z": "#/period",
    "limit=0": "#/limit",
    "limit=201": "#/limit",
    "limit=many": "#/limit",
    "limit=1&limit=2": "#/limit",
    "cursor=nonsense": "#/cursor",
}


def test_what_cannot_be_looked_for_is_told_and_not_repeated(exercise, astana, people, subtests):
    device = device_of(people.monitor_north)
    for query, pointer in FAULTS.items():
        with subtests.test(query=query):
            answer = device.get(f"{REPORTS}?{query}")
            assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
            assert [row["pointer"] for row in answer.json()["errors"]] == [pointer]


def test_a_filter_tells_nothing_of_where_another_s_report_of_the_event_lies(exercise, people):
    """Linked into an incident that is placed by another's report, one's own is found only by its own place."""
    other = filed(exercise, people.monitor_south, position=HIGH_MOOR)
    own = filed(exercise, people.monitor_north, position=NORTHCAPE)
    under_review(own, people.moderator_independent)
    linking.link(own, incident_of(other), by=people.moderator_independent, kind="same_event", grounds="One event.")
    device = device_of(people.monitor_north)
    assert device.get(f"{REPORTS}?area=VA02").json()["results"] == []
    assert len(device.get(f"{REPORTS}?area=VA01").json()["results"]) == 1


def test_pages_go_on_narrowed(mine, people):
    device = device_of(people.monitor_north)
    seen, where = [], f"{REPORTS}?area=VA01&limit=2"
    while where:
        page = device.get(where).json()
        seen += [mine[row["id"]] for row in page["results"]]
        where = page["next"]
    assert sorted(seen) == sorted(LOOKED_FOR["area=VA01"])


def test_the_same_list_is_told_as_geojson(mine, people):
    device = device_of(people.monitor_north)
    answer = device.get(f"{REPORTS}?limit=4", headers=GEOJSON)
    assert answer["Content-Type"].startswith("application/geo+json")
    told, plain = answer.json(), device.get(f"{REPORTS}?limit=4").json()
    assert [row["properties"] for row in told["features"]] == plain["results"]
    assert told["next"] == plain["next"]
    every = device.get(REPORTS, headers=GEOJSON).json()
    drawn = {mine[row["id"]]: row["geometry"] for row in every["features"]}
    assert drawn["named"] is None
    assert GEOSGeometry(str(drawn["sector"]).replace("'", '"')) == BOX
    assert drawn["moor"] == {"type": "Point", "coordinates": list(HIGH_MOOR)}


def test_a_problem_is_a_problem_to_whoever_wants_geojson(exercise, people):
    answer = device_of(people.monitor_north).get(f"{REPORTS}?colour=red", headers=GEOJSON)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"]
