"""A bearing with a range is a sector: the smallest one that holds all that was read, and drawn as it lies on earth."""

import math
from dataclasses import replace

import pytest
from django.contrib.gis.geos import Point
from hypothesis import given
from hypothesis import strategies as st

from monitoring.errors import Malformed
from tests.violations.documents import REPORTS, device_of, document
from tests.violations.occasions import SHELLING, filed
from violations import filing, report_document, sightings
from violations.models import Assessment, IncidentReport
from violations.sightings import COMPASS, Bearing, Sighting

POST = {"longitude": -123.5, "latitude": -48.8}
SOUTH_EAST = Sighting(**POST, bearings=(Bearing("compass", point="SE"),), range_km=(2.0, 5.0))
RADIUS_KM = 6371.0088


def reached(sighting: Sighting, degrees: float, km: float) -> Point:
    """Where one comes to from the observer, on a sphere: within half a hundredth of the way on the ellipsoid."""
    latitude, angle, turn = math.radians(sighting.latitude), km / RADIUS_KM, math.radians(degrees)
    north = math.asin(math.sin(latitude) * math.cos(angle) + math.cos(latitude) * math.sin(angle) * math.cos(turn))
    east = math.atan2(
        math.sin(turn) * math.sin(angle) * math.cos(latitude),
        math.cos(angle) - math.sin(latitude) * math.sin(north),
    )
    return Point(sighting.longitude + math.degrees(east), math.degrees(north), srid=4326)


@pytest.mark.parametrize(
    ("bearing", "degrees", "half"),
    [
        (Bearing("compass", point="N"), 0, 11.25),
        (Bearing("compass", point="ESE"), 112.5, 11.25),
        (Bearing("degrees", 359.5), 359.5, 5),
        (Bearing("mils_6400", 1600), 90, 5),
        (Bearing("mils_6000", 1500), 90, 5),
        (Bearing("degrees", 2, north="magnetic", declination=-5), 357, 5),
    ],
)
def test_a_direction_is_read_in_its_unit_from_its_north(bearing, degrees, half):
    assert (bearing.degrees, bearing.half_width) == (degrees, half)


def test_several_directions_give_the_smallest_arc_that_holds_them_all():
    def points(*names):
        return tuple(Bearing("compass", point=name) for name in names)

    assert sightings.arc(points("NNW", "NNE")) == (326.25, 67.5)
    assert sightings.arc(points("ESE", "S", "SW")) == (101.25, 135.0)
    assert sightings.arc(()) == (0, 360)
    assert sightings.arc(points(*COMPASS))[1] == 360


@given(
    degrees=st.lists(st.integers(0, 359), min_size=1, max_size=4),
    latitude=st.integers(-60, 60),
    far=st.integers(1, 40),
    near=st.sampled_from([0.0, 0.1, 0.5, 0.9]),
    asked=st.floats(0, 360),
    share=st.floats(0, 1),
)
@pytest.mark.django_db
def test_the_sector_holds_what_lies_that_way_that_far_and_nothing_else(degrees, latitude, far, near, asked, share):
    bearings = tuple(Bearing("degrees", float(read)) for read in degrees)
    sighting = Sighting(longitude=30.0, latitude=float(latitude), bearings=bearings, range_km=(far * near, float(far)))
    drawn = sightings.sector(sighting)
    begins, width = sightings.arc(bearings)
    off = (asked - begins) % 360
    low, high = sighting.range_km
    if width < 360:
        km = low + (high - low) * (0.05 + 0.9 * share)
        inside = 0.5 < off < width - 0.5
        outside = width + 0.5 < off < 359.5
        if inside and low * 1.02 < km < high * 0.98:
            assert drawn.contains(reached(sighting, asked, km))
        if outside:
            assert not drawn.contains(reached(sighting, asked, max(km, 0.01)))
    assert drawn.contains(reached(sighting, asked, high * 0.5)) or width < 360
    assert not drawn.contains(reached(sighting, asked, high * 1.02))


def test_a_report_from_an_observer_with_a_range_is_placed_in_its_sector(exercise, people):
    changes = {"position": None, "place_precision": "sector", "sighting": SOUTH_EAST, "observed": "impact"}
    report = filed(exercise, people.monitor_north, **changes)
    report.refresh_from_db()
    assert report.place_area.contains(reached(SOUTH_EAST, 135, 3))
    assert not report.place_area.contains(reached(SOUTH_EAST, 135, 1.8))
    assert not report.place_area.contains(reached(SOUTH_EAST, 90, 3))
    assert (report.observed, Sighting.read(report.sighting)) == ("impact", SOUTH_EAST)
    assert Assessment.objects.open().get().point is None


def test_without_a_direction_it_is_the_whole_circle(exercise, people):
    heard = replace(SOUTH_EAST, bearings=())
    report = filed(exercise, people.monitor_north, position=None, place_precision="sector", sighting=heard)
    assert report.place_area.contains(Point(*POST.values(), srid=4326))
    assert report.place_area.contains(reached(heard, 300, 4.9))


FAULTS = [
    ({"longitude": None}, "/observation/observer/longitude"),
    ({"range_km": (5.0, 5.0)}, "/observation/range_km/low"),
    ({"range_km": (0.0, 101.0)}, "/observation/range_km/high"),
    ({"bearings": (Bearing("paces", 3),)}, "/observation/bearings/0/unit"),
    ({"bearings": (Bearing("compass", point="NbE"),)}, "/observation/bearings/0/point"),
    ({"bearings": (Bearing("compass", 3, point="N"),)}, "/observation/bearings/0/value"),
    ({"bearings": (Bearing("degrees", 361),)}, "/observation/bearings/0/value"),
    ({"bearings": (Bearing("degrees"),)}, "/observation/bearings/0/value"),
    ({"bearings": (Bearing("mils_6000", 6001),)}, "/observation/bearings/0/value"),
    ({"bearings": (Bearing("degrees", 5, point="N"),)}, "/observation/bearings/0/point"),
    ({"bearings": (Bearing("degrees", 5, north="grid"),)}, "/observation/bearings/0/north"),
    ({"bearings": (Bearing("degrees", 5, north="magnetic"),)}, "/observation/bearings/0/declination"),
    ({"bearings": (Bearing("degrees", 5, declination=3),)}, "/observation/bearings/0/declination"),
    ({"bearings": (Bearing("degrees", 5.0),) * 9}, "/observation/bearings"),
    ({"longitude": 179.97}, "/observation/range_km"),
    ({"latitude": 89.99, "bearings": ()}, "/observation/range_km"),
]


def test_what_is_wrong_is_refused_with_its_place(exercise, people, subtests):
    for changes, pointer in FAULTS:
        with subtests.test(changes=str(changes)[:80]):
            given_by = {"position": None, "place_precision": "sector"} if pointer.endswith("range_km") else {}
            with pytest.raises(Malformed) as refusal:
                filed(exercise, people.monitor_north, sighting=replace(SOUTH_EAST, **changes), **given_by)
            assert list(refusal.value.fields) == [pointer]
    assert not IncidentReport.objects.exists()


def test_a_sector_needs_coordinates_and_a_range(exercise, people):
    for missing in ({"range_km": None}, {"longitude": None, "latitude": None, "as_written": "the post"}):
        seen = replace(SOUTH_EAST, **missing)
        with pytest.raises(Malformed) as refusal:
            filed(exercise, people.monitor_north, position=None, place_precision="sector", sighting=seen)
        assert list(refusal.value.fields) == ["/place"]


OBSERVED = {
    "count": 3,
    "qualifier": "at_least",
    "unit": "explosion",
    "what": "explosion",
    "phase": "incoming",
    "observer": {**POST, "as_written": "post 4", "controlled_by": "men of the coast"},
    "bearings": [
        {"unit": "compass", "point": "SE", "north": "true"},
        {"unit": "degrees", "value": 140.5, "north": "magnetic", "declination": -3.25},
    ],
    "range_km": {"low": 2, "high": 5},
}
SECTOR = {"precision": "sector", "as_written": "beyond the ridge"}


def test_an_observation_is_told_back_as_it_was_filed_with_its_sector(exercise, people):
    answer = device_of(people.monitor_north).post(REPORTS, document(observation=OBSERVED, place=SECTOR))
    assert answer.status_code == 201
    told = answer.json()
    assert told["observation"] == OBSERVED
    assert told["place"]["polygon"]["type"] == "Polygon"
    assert told["place"]["longitude"] is None


def test_women_and_children_are_told_of_and_not_added(exercise, people):
    harm = {"killed": {"civilian": {"low": 3, "high": 4}, "women": {"best": 2}, "children": {"low": 1}}}
    told = device_of(people.monitor_north).post(REPORTS, document(casualties=harm)).json()
    assert told["casualties"] == harm
    row = Assessment.objects.open().get()
    assert (row.killed_low, row.killed_high) == (3, 4)


def test_a_document_is_read_back_as_it_was_written():
    for content in (
        replace(SHELLING, sighting=SOUTH_EAST, position=None, place_precision="sector", source={"name": "A. Weaver"}),
        replace(SHELLING, parties=(), narrative="Two.", narrative_language="en", weapon_family="mortar", count=2),
    ):
        assert report_document.read(report_document.written(content)) == content


def test_what_could_be_filed_before_keeps_its_hash(exercise, people):
    """The hash of a report without a sighting, as computed when there was none: replays of then are still replays."""
    before = "bdbac971c6d9f7eba63515c5898f538fbd26495eba6ebfa255293818fc09566f"
    assert SHELLING.sha256() == before
    assert (
        filing.file_report(exercise, SHELLING, by=people.monitor_north, client_id="a").report.content_sha256 == before
    )
