"""Two closings beside one another: what differs, what only one tells, and what cannot be compared, said so."""

from __future__ import annotations

import copy
import json
import re
from itertools import pairwise

import pytest

from reports import compare, compared_shown
from reports.compare import Hindrance
from reports.figures.annex import reference
from reports.figures.changes import VIEWS, row_name
from tests.reports import readings
from tests.reports.released import released_month
from tests.violations.occasions import agreed, breach, filed, incident_of

DAY = re.compile(r"/20\d\d-\d\d-\d\d")


def by_path(figures) -> list[dict]:
    """Figures in the order in which a closing tells those that changed."""
    sections = list(dict.fromkeys(figure["section"] for figure in figures))
    return sorted(figures, key=lambda figure: (sections.index(figure["section"]), figure["path"]))


def content_of(closing) -> dict:
    return json.loads(closing.content())


@pytest.mark.django_db
@pytest.mark.usefixtures("json_alone")
def test_two_closings_of_a_period_differ_in_what_the_later_one_says_has_changed(exercise, people):
    stays, moves = (filed(exercise, people.monitor_north) for _number in range(2))
    first = released_month(exercise)
    comes = filed(exercise, people.monitor_south)
    agreed(incident_of(moves), breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    third = [first, released_month(exercise)]
    agreed(incident_of(comes), breach(exercise), by=people.moderator_north, and_by=people.moderator_south)
    third.append(released_month(exercise))
    for before, now in pairwise(third):
        found = compare.compare(content_of(before), content_of(now))
        assert by_path(found.figures) == content_of(now)["beside"]["changes"]["figures"] != []
        assert not found.days_apart
        assert [figure for figure in found.figures if DAY.search(figure["path"])], "the days of one period are compared"
    found = compare.compare(content_of(first), content_of(third[2]))
    names = [reference(incident_of(one).public_id) for one in (stays, moves, comes)]
    assert [row["reference"] for row in found.incidents.came] == [names[2]]
    assert found.incidents.went == ()
    (differing,) = found.incidents.differing
    assert differing.reference == names[1]
    assert ("column", "pending", "violations_preliminary") in differing.fields
    assert (differing.before["column"], differing.now["column"]) == ("pending", "violations_preliminary")
    told = {figure["path"]: (figure["old"], figure["new"]) for figure in found.figures}
    assert told["incidents/total/registered"] == (2, 3)
    assert told["incidents/total/columns/violations_preliminary"] == (0, 2)
    back = compare.compare(content_of(third[2]), content_of(first))
    assert {figure["path"]: (figure["new"], figure["old"]) for figure in back.figures} == told
    assert [row["reference"] for row in back.incidents.went] == [names[2]]


@pytest.mark.parametrize("name", readings.ALL)
def test_a_closing_beside_itself_differs_in_nothing(name):
    content, _edition = readings.stored(name)
    found = compare.compare(content, copy.deepcopy(content))
    assert found.nothing_differs
    assert set(found.views) == set(content["sections"]) & VIEWS


def test_what_only_one_tells_and_what_is_told_by_another_version_is_said():
    content, _edition = readings.stored(readings.EXERCISE)
    older, _same = readings.from_before()
    older["head"]["sections"][0]["version"] = 1
    older["head"]["codebook"] -= 1
    found = compare.compare(older, content)
    assert found.only_before == ()
    assert set(found.only_now) == {"comparison", "replies", "accessions", "choices"}
    assert found.told_otherwise == (older["head"]["sections"][0]["code"],)
    assert found.other_codebook
    assert not found.nothing_differs
    assert set(compare.compare(content, older).only_before) == {"comparison", "replies", "accessions", "choices"}


def test_another_period_is_no_change_and_its_incidents_are_others():
    january, may = (readings.stored(name)[0] for name in (readings.JANUARY, readings.MAY))
    found = compare.compare(january, may)
    assert not compare.same_period(january, may)
    assert found.why_not is None
    assert found.figures
    assert (found.incidents, found.why_no_incidents) == (None, Hindrance.OTHER_PERIOD)


def test_days_of_two_periods_are_no_differences_and_those_of_one_are():
    january, may = (readings.stored(name)[0] for name in (readings.JANUARY, readings.MAY))
    found = compare.compare(january, may)
    assert found.days_apart
    assert not [figure["path"] for figure in found.figures if DAY.search(figure["path"])]
    assert "ledgers/ledgers/turkey/announced/states/nil" in {figure["path"] for figure in found.figures}
    assert "the days of one period are not those of the other" in " ".join(compared_shown.said(found))
    same = copy.deepcopy(may)
    day = same["sections"]["ledgers"]["ledgers"][0]["days"][0]
    day["filed"] += 1
    one = compare.compare(may, same)
    assert [figure["path"].rpartition("/days/")[2] for figure in one.figures] == [f"{day['date']}/filed"]
    assert not one.days_apart


def test_hours_of_two_days_are_no_differences():
    day = readings.single_day()[0]
    next_day = json.loads(json.dumps(day).replace("2025-03-06T", "2025-03-07T").replace("2025-03-05", "2025-03-06"))
    next_day["sections"]["registrations"]["total"] += 2
    found = compare.compare(day, next_day)
    assert [figure["path"] for figure in found.figures] == ["registrations/total"]
    assert found.days_apart


def test_totals_come_first_and_all_in_the_order_of_the_print():
    content, _edition = readings.stored(readings.EXERCISE)
    other = copy.deepcopy(content)
    incidents = other["sections"]["incidents"]
    for row in (incidents["total"], *incidents["by_side"][:1], *incidents["by_act"][:1], *incidents["attribution"][:1]):
        row["registered"] += 1
        row["columns"]["discounted"] += 1
        row["subtotals"]["verified"] += 1
    other["sections"]["ledgers"]["ledgers"][0]["announced"]["days_held"] += 1
    paths = [figure["path"] for figure in compare.compare(content, other).figures]
    total, side = "incidents/total", f"incidents/by_side/{row_name(incidents['by_side'][0])}"
    act, attribution = (f"incidents/{name}/{row_name(incidents[name][0])}" for name in ("by_act", "attribution"))
    assert paths == [
        *(f"{total}/{of}" for of in ("registered", "columns/discounted", "subtotals/verified")),
        "ledgers/ledgers/alder/announced/days_held",
        *(
            f"{row}/{of}"
            for row in (side, act, attribution)
            for of in ("registered", "columns/discounted", "subtotals/verified")
        ),
    ]


def test_a_day_and_a_month_are_not_compared_and_two_days_have_no_incidents_listed():
    month, day = readings.stored(readings.EXERCISE)[0], readings.single_day()[0]
    assert compare.compare(day, month).why_not == Hindrance.OTHER_KIND
    assert not compare.compare(day, month).nothing_differs
    other = copy.deepcopy(day)
    other["sections"]["registrations"]["by_hour"]["rows"][3]["count"] += 1
    found = compare.compare(day, other)
    assert [(figure["path"], figure["old"], figure["new"]) for figure in found.figures] == [
        ("registrations/by_hour/rows/2025-03-05T11:00:00.000000Z/count", 0, 1)
    ]
    assert found.why_no_incidents == Hindrance.NO_ANNEX


def test_another_unit_is_not_compared_and_another_tier_tells_no_incident_otherwise():
    content, _edition = readings.stored(readings.EXERCISE)
    other = copy.deepcopy(content)
    other["head"]["unit"] = "explosion"
    assert compare.compare(content, other).why_not == Hindrance.OTHER_UNIT
    coarser = copy.deepcopy(content)
    coarser["beside"]["annex"]["time_step"] = "day"
    found = compare.compare(content, coarser)
    assert (found.incidents, found.why_no_incidents) == (None, Hindrance.OTHER_TIER)


def test_closings_of_two_truces_are_never_compared():
    exercise, astana = (readings.stored(name)[0] for name in (readings.EXERCISE, readings.JANUARY))
    with pytest.raises(ValueError, match="two truces"):
        compare.compare(exercise, astana)
