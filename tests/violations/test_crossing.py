"""Where the directions of several posts cross is told alike for every side, and of nothing that is not known."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest

from tests.record.as_owner import owner_rights
from tests.violations.cases import taken
from tests.violations.occasions import NOON, filed, incident_of
from tests.violations.test_candidates import away
from violations import crossing, linking, redaction, told_beside
from violations.codebook import LinkKind
from violations.moderation_codes import Flag
from violations.sightings import Bearing, Sighting

pytestmark = pytest.mark.django_db


def post(east_km: float, north_km: float, *bearings: Bearing, range_km=None) -> Sighting:
    """What is seen from a post so far from that of a shelling."""
    longitude, latitude = away(east_km, north_km)
    return Sighting(longitude=longitude, latitude=latitude, bearings=bearings, range_km=range_km)


def degrees(value: float) -> Bearing:
    """A direction as an instrument read it."""
    return Bearing("degrees", value)


def told(report, by, **changes) -> told_beside.Told:
    """What is told beside the incident of a report, which is its lead."""
    asked = {"shown": [report.pk], "in_effect": [report.pk], "lead": report.pk, "by": by} | changes
    return told_beside.of(incident_of(report), **asked)


def test_two_directions_cross_where_they_were_made_to(exercise, people):
    """From 10 km west one looks east, from 10 km south one looks north-east by as much as leads to 2 km north-east."""
    goal = 2 / math.sqrt(2)
    report = filed(exercise, people.monitor_north, place_precision="locality")
    for side, (east, north) in ((people.monitor_north, (-10, 0)), (people.monitor_south, (0, -10))):
        turn = math.degrees(math.atan2(goal - east, goal - north)) % 360
        filed(exercise, side, sighting=post(east, north, degrees(turn)), place_as_written=f"post {east}")
    found = told(report, people.moderator_north).crossings
    assert len(found.rays) == 2
    assert not any(ray.own for ray in found.rays)
    (met,) = found.meeting
    assert met.metres == pytest.approx(2000, abs=20)
    assert met.towards == pytest.approx(45, abs=1)
    assert met.holds is True, "five degrees on either side leave so much open at ten kilometres"


def test_what_both_leave_open_may_lie_beyond_the_precision_of_the_place(exercise, people):
    report = filed(exercise, people.monitor_north, place_precision="exact")
    filed(exercise, people.monitor_north, sighting=post(-10, 6, degrees(90)), place_as_written="west")
    filed(exercise, people.monitor_south, sighting=post(6, -10, degrees(0)), place_as_written="south")
    (met,) = told(report, people.moderator_south).crossings.meeting
    assert met.metres == pytest.approx(6000 * math.sqrt(2), abs=60)
    assert met.holds is False
    coarse = filed(exercise, people.monitor_north, place_precision="surroundings", place_as_written="about")
    assert told(coarse, people.moderator_south).crossings.meeting[0].holds is True


def test_directions_that_part_do_not_cross(exercise, people):
    report = filed(exercise, people.monitor_north)
    filed(exercise, people.monitor_north, sighting=post(-10, 0, degrees(270)), place_as_written="west")
    filed(exercise, people.monitor_south, sighting=post(0, -10, degrees(180)), place_as_written="south")
    found = told(report, people.moderator_south).crossings
    assert [one.apart for one in found.crossings] == [True]
    assert found.meeting == []


def test_a_range_bounds_how_far_a_direction_is_followed(exercise, people):
    report = filed(exercise, people.monitor_north)
    filed(exercise, people.monitor_north, sighting=post(-10, 0, degrees(90), range_km=(1.0, 5.0)))
    filed(exercise, people.monitor_south, sighting=post(0, -10, degrees(0)), place_as_written="south")
    found = told(report, people.moderator_south).crossings
    assert sorted((ray.ranged, ray.km) for ray in found.rays) == [(False, crossing.REACH_KM), (True, 5)]
    assert found.meeting == []


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({"occurred_from": NOON + timedelta(minutes=29)}, True),
        ({"occurred_from": NOON + timedelta(minutes=40)}, False),
        ({"occurred_from": NOON.replace(hour=8), "time_precision": "day"}, True),
        ({"occurred_from": NOON.replace(day=9, hour=8), "time_precision": "day"}, False),
        (
            {
                "occurred_from": NOON - timedelta(days=1),
                "occurred_until": NOON + timedelta(days=5),
                "time_precision": "week",
            },
            False,
        ),
    ],
)
def test_only_what_was_seen_at_that_time_as_both_know_it(exercise, people, changes, stands):
    report = filed(exercise, people.monitor_north)
    filed(exercise, people.monitor_south, sighting=post(-5, 0, degrees(90)), **changes)
    assert bool(told(report, people.moderator_north).crossings.rays) == stands


def test_posts_far_away_wide_directions_and_one_post_say_nothing(exercise, people):
    report = filed(exercise, people.monitor_north)
    filed(exercise, people.monitor_south, sighting=post(-61, 0, degrees(90)))
    wide = (Bearing("compass", point="N"), Bearing("compass", point="SE"))
    filed(exercise, people.monitor_south, sighting=post(-5, 0, *wide))
    filed(exercise, people.monitor_south, sighting=Sighting(bearings=(degrees(90),)))
    filed(exercise, people.monitor_south, sighting=post(-5, 0))
    assert told(report, people.moderator_north).crossings.rays == ()
    for minute in range(2):
        filed(
            exercise,
            people.monitor_south,
            sighting=post(-5, 0.05 * minute, degrees(90)),
            occurred_from=NOON + timedelta(minutes=minute),
        )
    found = told(report, people.moderator_north).crossings
    assert (len(found.rays), found.crossings) == (2, ())


def test_no_side_is_read_otherwise_than_another(exercise, people):
    found = []
    for west, south in ((people.monitor_north, people.monitor_south), (people.monitor_south, people.monitor_north)):
        at = {"occurred_from": NOON + timedelta(days=len(found))}
        report = filed(exercise, west, **at)
        filed(exercise, west, sighting=post(-10, 1, degrees(90)), place_as_written="west", **at)
        filed(exercise, south, sighting=post(1, -10, degrees(0)), place_as_written="south", **at)
        for moderator in (people.moderator_north, people.moderator_south):
            (met,) = told(report, moderator).crossings.meeting
            found.append((met.metres, met.towards, met.holds, met.at))
    assert found[0] == found[1]
    assert found[0][:2] == pytest.approx(found[2][:2], abs=1e-6)
    assert found[2] == found[3]


def test_an_observer_that_was_erased_has_no_direction(exercise, people):
    report = filed(exercise, people.monitor_north)
    seen = filed(exercise, people.monitor_south, sighting=post(-10, 0, degrees(90)))
    assert len(told(report, people.moderator_north).crossings.rays) == 1
    with owner_rights():
        proposed = redaction.propose(seen, ["observer"], reason="danger", grounds="Asked.", by=people.moderator_north)
        redaction.second(proposed, by=people.moderator_south)
    assert told(report, people.moderator_north).crossings.rays == ()


def test_nobody_else_than_a_moderator_of_the_truce_finds_a_direction(exercise, people):
    report = filed(exercise, people.monitor_north, sighting=post(-10, 0, degrees(90)))
    for who in (people.monitor_north, people.monitor_south, people.operator):
        assert told(report, who).crossings.rays == ()
    assert told(report, people.moderator_south).crossings.rays[0].own


def test_what_was_not_known_at_an_instant_is_not_told_as_known_then(exercise, people):
    report = filed(exercise, people.monitor_north)
    seen = filed(exercise, people.monitor_south, sighting=post(-10, 0, degrees(90)))
    before = seen.recorded_at - timedelta(microseconds=1)
    assert told(report, people.moderator_north, at=before).crossings.rays == ()
    assert len(told(report, people.moderator_north, at=seen.recorded_at).crossings.rays) == 1


@pytest.fixture
def linked(exercise, people):
    """Builds two reports of one incident by the direction that each saw it in."""

    def link(one: Sighting, other: Sighting, **changes):
        lead = filed(exercise, people.monitor_south, sighting=one, place_precision="exact", **changes)
        second = taken(exercise, people.monitor_north, by=people.moderator_north, sighting=other, **changes)
        linking.link(
            second, incident_of(lead), by=people.moderator_north, kind=LinkKind.SAME_EVENT, grounds="One shelling."
        )
        both = [lead.pk, second.pk]
        found = told(lead, people.moderator_north, in_effect=both).crossings
        return lead, second, found

    return link


def test_two_of_one_incident_that_do_not_cross_are_flagged_and_others_are_not(linked, exercise, people):
    lead, second, found = linked(post(-10, 0, degrees(90)), post(0, -10, degrees(180)))
    filed(exercise, people.monitor_south, sighting=post(10, 0, degrees(45)), place_as_written="of something else")
    found = told(lead, people.moderator_north, in_effect=[lead.pk, second.pk]).crossings
    assert len(found.rays) == 3
    flagged = crossing.flags(found)
    assert set(flagged) == {lead.pk, second.pk}
    assert [one.flag for one in flagged[lead.pk]] == [Flag.BEARINGS_APART]
    assert flagged[lead.pk][0].figures["other"] == str(second.public_id)


def test_two_that_cross_elsewhere_are_flagged_and_two_that_cross_here_are_not(linked):
    lead, _second, found = linked(post(-10, 6, degrees(90)), post(6, -10, degrees(0)))
    assert [one.flag for one in crossing.flags(found)[lead.pk]] == [Flag.CROSSING_ELSEWHERE]
    at = {"occurred_from": NOON + timedelta(days=1)}
    _lead, _second, found = linked(post(-10, 0, degrees(90)), post(0, -10, degrees(0)), **at)
    assert len(found.meeting) == 1
    assert crossing.flags(found) == {}


def test_a_place_that_stands_for_an_area_is_not_told_to_hold_or_not(exercise, people):
    report = filed(exercise, people.monitor_north, place_precision="district")
    filed(exercise, people.monitor_north, sighting=post(-10, 0, degrees(90)), place_as_written="west")
    filed(exercise, people.monitor_south, sighting=post(0, -10, degrees(0)), place_as_written="south")
    assert [one.holds for one in told(report, people.moderator_north).crossings.meeting] == [None]


def test_the_posts_of_a_busy_day_are_bounded_and_its_own_come_first(exercise, people):
    report = filed(exercise, people.monitor_north, sighting=post(-9, 0, degrees(90)))
    for number in range(crossing.MOST_POSTS + 2):
        filed(exercise, people.monitor_south, sighting=post(number, -10, degrees(0)), place_as_written=f"p{number}")
    rays = told(report, people.moderator_north).crossings.rays
    assert len(rays) == crossing.MOST_POSTS
    assert rays[0].own
    assert rays[0].public_id == str(report.public_id)
