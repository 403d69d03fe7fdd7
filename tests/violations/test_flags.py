"""What a moderator should notice is told by a code and what it rests on, alike of everybody, and decides nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.record.as_owner import owner_rights
from tests.violations.cases import taken
from tests.violations.occasions import NOON, corrected, filed, incident_of, reloaded
from tests.violations.test_candidates import away
from tests.violations.test_crossing import degrees, post, told
from violations import flags, linking, redaction, told_beside
from violations.codebook import LinkKind, Noticed
from violations.codebook_definitions import LISTS
from violations.moderation_codes import Flag
from violations.report_content import NamedParty

pytestmark = pytest.mark.django_db

ALWAYS = {Flag.FILED_LATE}  # the exercise is of 2025


def flagged(report, by, **asked) -> dict[Flag, dict]:
    """The flags of a report beside the one that everything here has."""
    found = told(report, by, **asked).flags.get(report.pk, [])
    return {one.flag: one.figures for one in found if one.flag not in ALWAYS}


def of(exercise, people, **changes) -> dict[Flag, dict]:
    """The flags of a report that is filed with these changes, but for that others here say the same."""
    found = flagged(filed(exercise, people.monitor_north, **changes), people.moderator_north)
    return {flag: figures for flag, figures in found.items() if flag != Flag.SAME_KEYS}


HARMED = {"killed": {"civilian": {"low": 4, "high": 1}}}
IN_ORDER = {"killed": {"civilian": {"low": 1, "best": 2, "high": 4}}, "injured": {"all": {"high": 4}}}
UNKNOWN = (NamedParty("alleged", "men in a white truck"),)
PLANTED = [
    ({}, set()),
    ({"occurred_from": datetime(2025, 3, 1, 8, tzinfo=UTC)}, {Flag.BEFORE_TRUCE}),
    ({"occurred_from": datetime(2025, 4, 1, 8, tzinfo=UTC)}, {Flag.AFTER_TRUCE}),
    ({"position": (-120.0, -48.8)}, {Flag.ON_NO_SHAPE}),
    ({"position": None, "stated_area": "VA03", "place_precision": "district"}, set()),
    ({"stated_area": "VA03"}, {Flag.OFF_NAMED_AREA}),
    ({"casualties": HARMED}, {Flag.CASUALTY_ORDER}),
    ({"casualties": IN_ORDER}, set()),
    ({"parties": UNKNOWN}, {Flag.PARTY_UNKNOWN}),
]


@pytest.mark.parametrize(("changes", "flags_of_it"), PLANTED)
@pytest.mark.parametrize("filer", ["monitor_north", "monitor_south", "monitor_independent"])
def test_what_was_planted_is_flagged_and_nothing_else_whoever_filed(exercise, people, changes, flags_of_it, filer):
    report = filed(exercise, getattr(people, filer), **changes)
    assert set(flagged(report, people.moderator_independent)) == flags_of_it


def test_an_area_as_named_is_held_against_the_place_as_finely_as_it_is_known(exercise, people):
    off = of(exercise, people, stated_area="VA03")[Flag.OFF_NAMED_AREA]["metres"]
    assert off > 10_000
    right = [
        code for code in ("VA01", "VA02", "VA03", "VA04", "VA05", "VA06") if not of(exercise, people, stated_area=code)
    ]
    assert len(right) == 1


def test_a_direction_and_a_range_are_held_against_the_point(exercise, people):
    """The observer stands 10 km west of the point."""
    place = {"place_precision": "vicinity"}
    assert of(exercise, people, sighting=post(-10, 0, degrees(94)), **place) == {}
    off = of(exercise, people, sighting=post(-10, 0, degrees(100)), **place)
    assert off[Flag.OFF_ITS_BEARING]["towards"] == pytest.approx(90, abs=0.2)
    assert of(exercise, people, sighting=post(-10, 0, degrees(100)), place_precision="locality") == {}
    far = of(exercise, people, sighting=post(-10, 0, range_km=(2.0, 9.5)), **place)
    assert far[Flag.OFF_ITS_RANGE]["metres"] == pytest.approx(10_000, rel=0.001)
    assert of(exercise, people, sighting=post(-10, 0, range_km=(2.0, 9.5)), place_precision="locality") == {}
    assert set(of(exercise, people, sighting=post(-10, 0, range_km=(11.0, 12.0)), **place)) == {Flag.OFF_ITS_RANGE}


def test_a_filing_is_late_by_what_the_file_gives_and_its_corrections_are_not_later(exercise, people, tmp_path):
    just_now = datetime.now(UTC) - timedelta(hours=47)
    report = filed(exercise, people.monitor_north, occurred_from=just_now)
    assert [one.flag for one in told(report, people.moderator_north).flags[report.pk]] == [Flag.AFTER_TRUCE]
    old = filed(exercise, people.monitor_north, occurred_from=datetime.now(UTC) - timedelta(hours=50))
    (late,) = [one for one in told(old, people.moderator_north).flags[old.pk] if one.flag == Flag.FILED_LATE]
    assert late.figures["limit"] == 48
    assert late.figures["hours"] == pytest.approx(50, abs=0.1)
    reloaded(tmp_path, ("filing_grace_hours = 48", "filing_grace_hours = 0"))
    assert Flag.FILED_LATE not in {one.flag for one in told(old, people.moderator_north).flags[old.pk]}
    at = old.recorded_at
    assert Flag.FILED_LATE in {one.flag for one in told(old, people.moderator_north, at=at).flags[old.pk]}


def test_a_device_whose_clock_is_ahead_is_told(exercise, people):
    ahead = of(exercise, people, occurred_from=datetime.now(UTC) + timedelta(minutes=3))
    assert set(ahead) == {Flag.AFTER_TRUCE, Flag.AHEAD_OF_FILING}


def test_two_that_say_the_same_name_each_other_until_they_are_one_incident(exercise, people):
    one = taken(exercise, people.monitor_north, by=people.moderator_north)
    other = filed(exercise, people.monitor_south)
    filed(exercise, people.monitor_south, act="air_strike")
    filed(exercise, people.monitor_south, parties=(NamedParty("alleged", "north-army"),))
    filed(exercise, people.monitor_south, position=away(0.1))
    filed(exercise, people.monitor_south, occurred_from=NOON + timedelta(minutes=1))
    assert flagged(one, people.moderator_north) == {Flag.SAME_KEYS: {"others": [str(other.public_id)]}}
    before = {"at": one.recorded_at}
    assert flagged(one, people.moderator_north, **before) == {}
    linking.link(
        one, incident_of(other), by=people.moderator_north, kind=LinkKind.DUPLICATE, grounds="The same rounds."
    )
    assert flagged(one, people.moderator_north) == flagged(other, people.moderator_north) == {}


def test_what_was_erased_is_flagged(exercise, people):
    report = filed(exercise, people.monitor_north, narrative="By the mill.", narrative_language="en")
    with owner_rights():
        proposed = redaction.propose(
            report, ["narrative"], reason="danger", grounds="Asked.", by=people.moderator_north
        )
        redaction.second(proposed, by=people.moderator_south)
    assert set(flagged(report, people.moderator_north)) == {Flag.ERASED}


def test_what_an_import_noticed_is_told_once(exercise, people):
    noticed = [Noticed.SAME_KEYS, Noticed.WIDER_THAN_STATED]
    standing = [flags.Flagged(Flag.SAME_KEYS)]
    assert flags.noticed_besides(noticed, standing) == [Noticed.WIDER_THAN_STATED]
    assert flags.noticed_besides(noticed, []) == noticed


def test_every_flag_has_its_meaning_and_judges_nobody():
    told_of = LISTS["flag"]
    assert set(told_of.definitions) == set(Flag.values)
    said = " ".join([*(str(flag.label) for flag in Flag), *(str(words) for words in told_of.definitions.values())])
    loaded = {"false", "lie", "wrong", "suspicious", "fault", "invented", "unreliable", "accused", "refuted"}
    assert not loaded & set(re.findall(r"\w+", said.lower()))


def test_the_page_tells_a_flag_with_what_it_rests_on(client, exercise, people):
    other = filed(exercise, people.monitor_south, stated_area="VA03")
    report = filed(exercise, people.monitor_north, stated_area="VA03")
    client.force_login(people.moderator_south)
    for address in (
        reverse("admin:violations_incidentreport_change", args=[report.public_id]),
        reverse("admin:violations_incident_change", args=[incident_of(report).public_id]),
    ):
        text = client.get(address).text
        assert "The place lies outside the area as named" in text
        assert "Nothing is decided or counted by it." in text
        assert reverse("admin:violations_incidentreport_change", args=[other.public_id]) in text
        assert "15023" not in text


def test_flags_of_many_reports_are_one_statement(exercise, people):
    reports = [filed(exercise, people.monitor_north, occurred_from=NOON + timedelta(hours=n)) for n in range(5)]
    incident, shown = incident_of(reports[0]), [report.pk for report in reports]
    with CaptureQueriesContext(connection) as asked:
        found = told_beside.of(incident, shown=shown, in_effect=shown[:1], lead=shown[0], by=people.moderator_north)
    assert len(asked) == 1
    assert set(found.flags) == {report.pk for report in reports}


def test_a_correction_is_held_against_what_it_says_itself(exercise, people):
    report = filed(exercise, people.monitor_north, stated_area="VA03")
    newer = corrected(report, people.monitor_north, stated_area="VA01")
    assert Flag.OFF_NAMED_AREA in flagged(report, people.moderator_north)
    assert flagged(newer, people.moderator_north) == {}
