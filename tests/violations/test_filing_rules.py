"""The rules of filing hold whatever door a report comes through, and tell where and what is wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.gis.geos import Polygon
from django.utils import timezone

from monitoring.errors import Malformed
from tests.violations.occasions import NOON, filed
from violations.models import IncidentReport
from violations.report_content import MOST_PARTIES, NamedParty

BOX = Polygon(((-123.5, -48.9), (-123.4, -48.9), (-123.4, -48.8), (-123.5, -48.8), (-123.5, -48.9)), srid=4326)
BOW = Polygon(((-123.5, -48.9), (-123.4, -48.8), (-123.4, -48.9), (-123.5, -48.8), (-123.5, -48.9)), srid=4326)


FAULTS = [
    ({"occurred_from": datetime(2025, 3, 10, 20)}, "/occurred/from"),  # noqa: DTZ001 - naive is meant
    ({"occurred_from": datetime(1899, 12, 31, tzinfo=UTC)}, "/occurred/from"),
    ({"occurred_until": NOON}, "/occurred/until"),
    ({"time_precision": "week"}, "/occurred/until"),
    ({"position": None}, "/place"),
    ({"place_area": BOX}, "/place/polygon"),
    ({"position": None, "place_area": BOX}, "/place/precision"),
    ({"position": None, "place_area": BOW, "place_precision": "sector"}, "/place/polygon"),
    ({"place_precision": "sector"}, "/place/polygon"),
    ({"stated_area": "nowhere"}, "/place/area"),
    ({"position": None, "stated_area": "VA01"}, "/place/precision"),
    ({"act": "mischief"}, "/act"),
    ({"objects_hit": ("residential", "moon")}, "/objects_hit"),
    ({"calibre_mm": 82}, "/weapon/family"),
    ({"count": 3, "count_qualifier": "exact"}, "/observation/unit"),
    ({"count": 3, "count_unit": "explosion"}, "/observation/qualifier"),
    ({"count_qualifier": "about", "count_unit": "explosion"}, "/observation/count"),
    ({"count": 1, "count_qualifier": "uncountable", "count_unit": "burst"}, "/observation/count"),
    ({"parties": (NamedParty("accused", "north-army"),)}, "/parties"),
    ({"parties": (NamedParty("alleged", " "),)}, "/parties/0/name"),
    ({"parties": (NamedParty("alleged", "x" * 201),)}, "/parties/0/name"),
    ({"parties": (NamedParty("alleged", "a"), NamedParty("alleged", "a"))}, "/parties/1/name"),
    ({"parties": tuple(NamedParty("alleged", str(n)) for n in range(MOST_PARTIES + 1))}, "/parties"),
    ({"narrative": "Two shells."}, "/narrative_language"),
    ({"narrative": "Two shells.", "narrative_language": "English"}, "/narrative_language"),
    ({"consent": "surely"}, "/consent"),
    ({"casualties": {"killed": {"civilian": {}}}}, "/casualties/killed/civilian"),
]


def test_what_is_wrong_is_refused_with_its_place(exercise, people, subtests):
    for changes, pointer in FAULTS:
        with subtests.test(changes=str(changes)[:80]):
            with pytest.raises(Malformed) as refusal:
                filed(exercise, people.monitor_north, **changes)
            assert list(refusal.value.fields) == [pointer]
    assert not IncidentReport.objects.exists()


def test_the_future_is_refused_beyond_a_small_skew_of_the_clock(exercise, people):
    now = timezone.now()
    filed(exercise, people.monitor_north, occurred_from=now + timedelta(minutes=4))
    for changes, pointer in (
        ({"occurred_from": now + timedelta(minutes=30)}, "/occurred/from"),
        ({"occurred_from": now, "occurred_until": now + timedelta(hours=2)}, "/occurred/until"),
    ):
        with pytest.raises(Malformed) as refusal:
            filed(exercise, people.monitor_north, **changes)
        assert list(refusal.value.fields) == [pointer]


def test_what_is_known_to_the_day_may_be_filed_on_that_day(exercise, people):
    morning = timezone.now() - timedelta(hours=1)
    filed(exercise, people.monitor_north, occurred_from=morning, time_precision="day")
    filed(
        exercise,
        people.monitor_north,
        occurred_from=morning,
        occurred_until=morning + timedelta(hours=24),
        time_precision="day",
    )


@pytest.mark.parametrize(("precision", "width"), [("minute", 1 / 60), ("hour", 1), ("day", 24)])
def test_an_end_that_is_left_out_is_as_the_precision_has_it(exercise, people, precision, width):
    report = filed(exercise, people.monitor_north, time_precision=precision)
    assert report.occurred_until - report.occurred_from == timedelta(hours=width)


@pytest.mark.parametrize(
    "place",
    [
        {"position": None, "place_area": BOX, "place_precision": "sector"},
        {"position": None, "stated_area": "VA02", "place_precision": "district"},
        {"stated_area": "VA02", "place_precision": "exact"},
        {"position": (0, 0), "place_precision": "outside"},
    ],
    ids=["sector", "area alone", "point and area", "elsewhere"],
)
def test_a_place_is_a_point_a_polygon_or_an_area(exercise, people, place):
    report = filed(exercise, people.monitor_north, **place)
    assert report.place_precision == place["place_precision"]


def test_outside_the_time_of_the_truce_is_an_answer_not_a_fault(exercise, people):
    assert filed(exercise, people.monitor_north, occurred_from=datetime(2020, 1, 1, tzinfo=UTC)).pk


def test_the_order_of_casualties_is_kept_where_the_source_breaks_it(exercise, people):
    broken = {"killed": {"civilian": {"low": 5, "high": 2}}}
    assert filed(exercise, people.monitor_north, casualties=broken).casualties == broken
