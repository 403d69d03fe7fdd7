"""Candidates are listed by a score that says why, within what is stated of both; and nothing is ever linked by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from monitoring import ledger
from tests.violations import sets
from tests.violations.occasions import NOON, filed, incident_of
from tests.violations.real_events import TRUCE, given, run
from violations import assessment, candidates, filing, likeness, sightings
from violations.codebook import Act
from violations.models import Assessment, Incident, IncidentReport, ReportLink
from violations.sightings import Bearing, Sighting

DAY = {"occurred_from": datetime(2025, 3, 10, 8, tzinfo=UTC), "time_precision": "day"}


def away(east_km: float = 0, north_km: float = 0) -> tuple[float, float]:
    """The position so far from that of a shelling, on the ellipsoid."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select st_x(there), st_y(there) from (select st_project(st_project(st_makepoint(-123.5, -48.8)::geography,"
            " %s, radians(90)), %s, 0)::geometry there) projected",
            [east_km * 1000, north_km * 1000],
        )
        return cursor.fetchone()


def two(exercise, people, first: dict, second: dict) -> candidates.Candidate:
    """How alike two filed incidents are."""
    one, other = (incident_of(filed(exercise, people.monitor_south, **changes)).pk for changes in (first, second))
    found, mirrored = candidates.between(one, other), candidates.between(other, one)
    assert found is not None
    assert mirrored is not None
    assert found.score == pytest.approx(mirrored.score), "it does not matter from which one looks"
    assert found.score == pytest.approx(found.place + found.time + found.act + (found.bearing or 0))
    return found


def test_who_tells_of_the_same_minute_and_place_stands_first(exercise, people):
    report = filed(exercise, people.monitor_north)
    far = filed(exercise, people.monitor_south, position=away(0.9))
    later = filed(exercise, people.monitor_south, occurred_from=NOON + timedelta(minutes=40))
    same = filed(exercise, people.monitor_south)
    listed = candidates.of([incident_of(report).pk])[incident_of(report).pk]
    assert [row.incident_id for row in listed] == [incident_of(row).pk for row in (same, far, later)]
    assert (listed[0].metres, listed[0].seconds, listed[0].shared, listed[0].alike) == (0, 0, 1, "same")
    assert listed[0].score > 20


def test_what_is_farther_away_or_later_is_less_alike(exercise, people):
    near, farther, farthest = (two(exercise, people, {}, {"position": away(km)}).place for km in (0.1, 1, 5))
    assert near > 10 > farther > 0 > farthest
    together, soon, much = (
        two(exercise, people, {}, {"occurred_from": NOON + timedelta(minutes=late)}).time for late in (2, 30, 300)
    )
    assert together > 8 > soon > 0 > much


def test_a_finer_place_says_more_by_being_close_and_a_coarser_less_by_being_far(exercise, people):
    coarse, fine = {"place_precision": "locality"}, {"place_precision": "exact"}
    assert two(exercise, people, coarse, coarse).place < two(exercise, people, fine, fine).place
    apart = {"position": away(2)}
    assert two(exercise, people, coarse, coarse | apart).place > two(exercise, people, fine, fine | apart).place
    around = {"place_precision": "surroundings"}
    assert two(exercise, people, around, around | {"position": away(20)}).place > 0


@pytest.mark.parametrize("precision", ["district", "governorate", "country"])
def test_points_that_stand_for_an_area_say_nothing_by_being_close(exercise, people, precision):
    for other in ({"place_precision": precision}, {}):
        found = two(exercise, people, {"place_precision": precision}, other)
        assert (found.metres, found.within, found.place, found.apart) == (None, None, 0, False)


def test_areas_that_exclude_each_other_speak_against_it(exercise, people):
    named = {"place_precision": "district", "position": None}
    found = two(exercise, people, named | {"stated_area": "VA01"}, named | {"stated_area": "VA03"})
    assert found.apart
    assert found.place == pytest.approx(-6.644, abs=0.001)
    both = two(exercise, people, named | {"stated_area": "VA01"}, named | {"stated_area": "VA01"})
    assert (both.apart, both.place) == (False, 0)


def test_the_same_day_says_little_and_the_same_month_nothing(exercise, people):
    day = two(exercise, people, DAY, DAY)
    assert 2 < day.time < 3
    month = DAY | {"time_precision": "month", "occurred_until": DAY["occurred_from"] + timedelta(days=20)}
    assert two(exercise, people, DAY, month).time == pytest.approx(0, abs=0.001)
    eve = two(exercise, people, DAY, DAY | {"occurred_from": DAY["occurred_from"] + timedelta(days=1)})
    assert 0 < eve.time < day.time, "what happened at midnight may be told of either day"
    late = two(exercise, people, DAY, DAY | {"occurred_from": DAY["occurred_from"] + timedelta(days=4)})
    assert late.time < 0


def test_acts_of_one_family_may_be_one_event_and_others_hardly(exercise, people):
    told = {act: two(exercise, people, {}, {"act": act}) for act in ("indirect_fire", "air_strike", "looting")}
    assert [row.alike for row in told.values()] == ["same", "family", "other"]
    assert [row.act for row in told.values()] == pytest.approx([1.807, -0.263, -3.322], abs=0.001)
    open_one = two(exercise, people, {}, {"act": "explosion_undetermined"})
    assert (open_one.alike, open_one.act) == ("open", 0)


def test_every_act_is_of_a_family():
    assert {act for acts in likeness.FAMILIES.values() for act in acts} == set(Act)


SEEN = {"place_precision": "district", "position": None, "stated_area": "VA02"}


def seen(*bearings: Bearing, **changes) -> dict:
    """What a post tells that knows from where it looked and in which direction, and not how far."""
    return SEEN | {"sighting": Sighting(longitude=-123.5, latitude=-48.8, bearings=bearings)} | changes


def test_a_direction_that_passes_through_the_other_s_place_speaks_for_it(exercise, people):
    east = seen(Bearing("compass", point="E"))
    through = two(exercise, people, east, {"position": away(8)})
    beside = two(exercise, people, east, {"position": away(0, 8)})
    assert through.bearing is not None
    assert through.bearing > 3
    assert beside.bearing == pytest.approx(-6.644, abs=0.001)
    finer = two(exercise, people, seen(Bearing("degrees", 90)), {"position": away(8)})
    assert finer.bearing > through.bearing
    mils = seen(Bearing("mils_6400", 1500, north="magnetic", declination=5.625))
    assert two(exercise, people, mils, {"position": away(8)}).bearing == pytest.approx(finer.bearing, abs=0.01)


@pytest.mark.parametrize(
    "bearings",
    [
        (Bearing("compass", point="NNW"), Bearing("degrees", 20)),
        (Bearing("compass", point="SE"), Bearing("compass", point="SW"), Bearing("degrees", 170)),
        (Bearing("compass", point="N"), Bearing("compass", point="S"), Bearing("compass", point="E")),
        tuple(Bearing("degrees", turn) for turn in (0, 45, 90, 190, 225, 315)),
    ],
)
def test_several_directions_are_the_arc_that_the_sector_would_be_drawn_by(exercise, people, bearings):
    one = incident_of(filed(exercise, people.monitor_north, **seen(*bearings))).pk
    with connection.cursor() as cursor:
        cursor.execute(
            f"select arc_begins, arc_width from violations_assessment mine cross join {likeness.said('mine')} here"
            " where mine.incident_id = %s and mine.superseded_at is null",
            [one],
        )
        begins, width = cursor.fetchone()
    ours = sightings.arc(bearings)
    assert width == pytest.approx(ours[1])
    assert width == 360 or begins % 360 == pytest.approx(ours[0])


def test_a_direction_says_nothing_of_a_coarse_place_nor_where_the_place_itself_is_told(exercise, people):
    east = Bearing("degrees", 90)
    around = two(exercise, people, seen(east), {"position": away(8), "place_precision": "surroundings"})
    assert around.bearing is None
    placed = {"sighting": Sighting(longitude=-123.6, latitude=-48.8, bearings=(east,))}
    assert two(exercise, people, placed, {"position": away(8)}).bearing is None
    nowhere = SEEN | {"sighting": Sighting(as_written="from the tower", bearings=(east,))}
    assert two(exercise, people, nowhere, {"position": away(8)}).bearing is None


def test_a_sector_speaks_for_what_lies_in_it_and_no_direction_is_counted_twice(exercise, people):
    drawn = {
        "position": None,
        "place_precision": "sector",
        "sighting": Sighting(
            longitude=-123.5, latitude=-48.8, bearings=(Bearing("compass", point="E"),), range_km=(2, 10)
        ),
    }
    inside = two(exercise, people, drawn, {"position": away(6)})
    outside = two(exercise, people, drawn, {"position": away(-30)})
    assert (inside.metres, inside.bearing, outside.bearing) == (0, None, None)
    assert inside.place > 3
    assert outside.metres == pytest.approx(32_000, rel=0.02)
    assert outside.place < 0


def test_an_incident_that_place_or_time_speak_against_is_not_listed_however_alike(exercise, people):
    report = filed(exercise, people.monitor_north)
    for other in ({"position": away(30)}, {"occurred_from": NOON + timedelta(hours=8)}, DAY | {"position": away(9)}):
        filed(exercise, people.monitor_south, **other)
    assert candidates.of([incident_of(report).pk]) == {}


def test_a_day_in_common_within_one_district_is_no_candidate(exercise, people):
    coarse = DAY | {"place_precision": "district", "act": "explosion_undetermined"}
    reports = [filed(exercise, people.monitor_north, **coarse) for _ in range(3)]
    assert candidates.of([incident_of(report).pk for report in reports]) == {}


def test_so_many_are_listed_and_no_more_and_each_of_a_set_for_itself(exercise, people):
    incidents = [incident_of(filed(exercise, people.monitor_north)).pk for _ in range(4)]
    assert {pk: len(rows) for pk, rows in candidates.of(incidents, at_most=2).items()} == dict.fromkeys(incidents, 2)
    assert candidates.of([]) == {}


def test_an_incident_that_is_counted_no_more_is_alike_to_none(exercise, people):
    one, other = filed(exercise, people.monitor_north), filed(exercise, people.monitor_south)
    pair = incident_of(one).pk, incident_of(other).pk
    assert candidates.between(*pair) is not None
    filing.withdraw(other, by=people.monitor_south, grounds="Told otherwise.")
    assert candidates.between(*pair) is None
    assert candidates.of([pair[0]]) == {}


def test_filings_and_events_that_agree_in_every_key_stay_two(exercise, people, tmp_path):
    """Two people file the same, and a data set tells of it twice: four incidents, and nobody but a moderator links."""
    keys = {"means": "open_source", "act": "force_undetermined", "place_precision": "locality", **DAY}
    both = [filed(exercise, people.monitor_north, **keys) for _ in range(2)]
    sets.imported(exercise, tmp_path, sets.EVENT, sets.EVENT | {"id": "2"})
    told = IncidentReport.objects.all()
    assert told.count() == Incident.objects.count() == Assessment.objects.open().count() == 4
    assert told.values("act", "occurred_from", "occurred_until", "point", "place_precision").distinct().count() == 1
    assert both[0].content_sha256 == both[1].content_sha256
    assert set(ReportLink.objects.values_list("kind", "by")) == {("same_event", None)}
    (first,) = {incident_of(both[0]).pk}
    assert len(candidates.of([first])[first]) == 3, "all are listed"
    again = sets.imported(exercise, tmp_path, sets.EVENT, sets.EVENT | {"id": "2"})
    with ledger.writing() as entry:
        assessment.reassess_agreement(exercise, recorded_at=entry.stamp())
    assert again.new == 0
    assert ReportLink.objects.open().values("incident").distinct().count() == 4


@given
def test_real_events_that_share_their_keys_stay_as_many_as_were_told(astana, tmp_path):
    run(TRUCE, rejects=tmp_path / "rejects.csv", anyway=True)
    alike = IncidentReport.objects.filter(noticed__contains=["same_keys"])
    assert alike.count() > 50
    incidents = ReportLink.objects.open().filter(report__in=alike).values_list("incident", flat=True)
    assert len(set(incidents)) == alike.count()
    listed = candidates.of(incidents)
    assert sum(map(len, listed.values())) > alike.count()
    assert not ReportLink.objects.exclude(by=None).exists()


def test_listing_links_nothing(exercise, people):
    reports = [filed(exercise, people.monitor_north), filed(exercise, people.monitor_south)]
    before = list(ReportLink.objects.values_list())
    candidates.of([incident_of(report).pk for report in reports])
    assert list(ReportLink.objects.values_list()) == before
    assert Assessment.objects.open().count() == Incident.objects.count() == 2
