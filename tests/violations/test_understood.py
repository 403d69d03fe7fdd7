"""As filed beside as understood: what differs or was assumed says so in words and by a sign; words keep their way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from tests.violations.cases import agreed_on, taken
from tests.violations.occasions import HARM, NOON, corrected, filed, incident_of
from tests.violations.test_crossing import degrees, post
from violations import filing, linking
from violations.admin.understood import SIGNS, Mark
from violations.codebook import LinkKind
from violations.report_content import NamedParty

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, people):
    """The page of a report, as a moderator of the south reads it."""
    client.force_login(people.moderator_south)

    def page_of(report, *, whole=False):
        name, of = ("incident", incident_of(report)) if whole else ("incidentreport", report)
        return client.get(reverse(f"admin:violations_{name}_change", args=[of.public_id]))

    return page_of


def fields(response) -> dict[str, object]:
    """The fields of the report that a page shows, by name."""
    return {field.name: field for field in response.context["report"]["fields"]}


def marks(response) -> dict[str, str]:
    """Their marks."""
    return {name: field.mark.value for name, field in fields(response).items()}


def test_what_is_read_as_it_was_filed_is_told_so_and_nothing_else_stands_out(exercise, people, page):
    response = page(filed(exercise, people.monitor_north, objects_hit=("school",)))
    assert marks(response) == {
        "Time": "read",
        "Place": "read",
        "Point and precision": "read",
        "Party, alleged to have acted": "read",
        "Party, acted against": "read",
        "Act, weapon, means": "read",
        "Objects hit": "same",
        "Casualties": "same",
        "Scope": "read",
    }
    told = fields(response)
    assert told["Time"].understood == [
        "from 2025-03-10 20:00 UTC until before 2025-03-10 20:01 UTC",
        "by the truce's clocks: 10 March 2025, 12:00 – 10 March 2025, 12:01",
    ]
    assert told["Place"].understood == ["District: Northcape", "in no zone"]
    assert told["Point and precision"].understood[1] == "within 100 m of it"
    assert told["Party, alleged to have acted"].understood == ["North Army", "side: North side"]
    act, *provisions = told["Act, weapon, means"].understood
    assert act.endswith("(indirect_fire)")
    assert provisions == ["forbidden by: no-fire (Varrow Truce Agreement)"]
    assert "in scope" in told["Scope"].understood[0]


PLANTED = [
    ({"stated_area": "VA03"}, "Place", "differs", "It is placed elsewhere than in the area as named."),
    (
        {"position": None, "place_precision": "district", "stated_area": "VA02"},
        "Place",
        "assumed",
        "No point was filed: it is placed by the area as named.",
    ),
    ({"position": (-120.0, -48.8)}, "Place", "differs", "Nothing of what was filed places it in an area."),
    (
        {"place_precision": "district"},
        "Point and precision",
        "assumed",
        "The point is taken for the middle of an area.",
    ),
    (
        {"occurred_from": datetime(2025, 3, 10, 8, tzinfo=UTC), "time_precision": "day"},
        "Time",
        "assumed",
        "It may have been at any instant between the two; it is counted by the first.",
    ),
    (
        {"parties": (NamedParty("alleged", "men in a white truck"),)},
        "Party, alleged to have acted",
        "differs",
        "No party or alias of the file is so written.",
    ),
    (
        {"casualties": {"killed": {"civilian": {"low": 3, "high": 1}}}},
        "Casualties",
        "assumed",
        "The order is broken as filed: the least and the greatest of what is given are taken.",
    ),
    (
        {"parties": (NamedParty("alleged", "Army of the North"),)},
        "Party, alleged to have acted",
        "assumed",
        "Read as an alias of the party.",
    ),
    ({"parties": ()}, "Parties", "assumed", "Parties that may be concerned are open."),
]


@pytest.mark.parametrize(("changes", "name", "mark", "why"), PLANTED)
def test_what_differs_or_was_assumed_says_so_by_a_word_a_sign_and_a_reason(
    exercise, people, page, changes, name, mark, why
):
    response = page(filed(exercise, people.monitor_north, **changes))
    field = fields(response)[name]
    assert (field.mark, field.why) == (mark, why)
    begins = rf'<tr role="row" class="{mark}"><th scope="row" role="rowheader">{name}</th>'
    row = re.search(rf"{begins}.*?</tr>", response.text, re.DOTALL)
    said = f"{field.mark.label.capitalize()}. {why}"
    assert f'<span class="sign" aria-hidden="true">{SIGNS[field.mark]}</span> {said}' in row[0]


def test_every_mark_has_a_sign_of_its_own():
    assert set(SIGNS) == set(Mark)
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_words_stand_in_their_own_direction_and_language_and_are_text(exercise, people, page):
    said = {"narrative": "دوي <b>قرب</b> الجسر", "narrative_language": "ar", "place_as_written": "الجسر"}
    text = page(filed(exercise, people.monitor_north, **said)).text
    assert '<blockquote class="narrative" dir="auto" lang="ar">دوي &lt;b&gt;قرب&lt;/b&gt; الجسر</blockquote>' in text
    assert '<span class="line" dir="auto">الجسر</span>' in text
    assert "Not read by the system" in text


def test_names_stand_in_the_letters_in_which_they_were_filed(exercise, people, page):
    text = page(filed(exercise, people.monitor_north, place_as_written="al-Bab")).text
    assert '<span class="line" dir="auto">al-Bab</span>' in text
    assert '<span class="line" dir="auto">north-army</span>' in text


def test_a_report_that_does_not_lead_is_held_against_the_incident(exercise, people, page):
    lead = filed(exercise, people.monitor_south, casualties=HARM)
    other = taken(
        exercise,
        people.monitor_north,
        by=people.moderator_north,
        act="air_strike",
        occurred_from=NOON + timedelta(minutes=4),
        position=(-123.49, -48.8),
        parties=(NamedParty("alleged", "south-guard"), NamedParty("target", "south-guard")),
    )
    linking.link(other, incident_of(lead), by=people.moderator_north, kind=LinkKind.SAME_EVENT, grounds="One.")
    response = page(other)
    assert {name for name, mark in marks(response).items() if mark == "differs"} == {
        "Time",
        "Point and precision",
        "Party, alleged to have acted",
        "Act, weapon, means",
        "Casualties",
    }
    assert f"The incident has the facts of report {lead.public_id.hex[:10]}, its lead." in response.text
    assert page(lead).context["report"]["whose"] == ""
    both = page(lead, whole=True)
    assert [bool(report["whose"]) for report in both.context["reports"]] == [False, True]


def test_a_correction_that_waits_is_told_beside_what_still_holds(exercise, people, page):
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    agreed_on(report, people)
    newer = corrected(report, people.monitor_north, act="air_strike")
    response = page(newer)
    assert "What is understood is still that of the revision before" in response.text
    assert marks(response)["Act, weapon, means"] == "differs"


def test_the_map_and_the_words_tell_of_other_posts_and_name_nobody(exercise, people, page):
    report = filed(exercise, people.monitor_north, place_precision="locality")
    west = filed(exercise, people.monitor_south, sighting=post(-10, 1.5, degrees(90)), place_as_written="west")
    south = filed(exercise, people.monitor_north, sighting=post(1.5, -10, degrees(0)), place_as_written="south")
    for whole in (False, True):
        response = page(report, whole=whole)
        shapes = [shape["properties"] for shape in response.context["map"]["features"]]
        assert [(shape["layer"], shape["pattern"]) for shape in shapes if shape["layer"] == "bearing"] == [
            ("bearing", "others")
        ] * 2
        assert len([shape for shape in shapes if shape["layer"] == "crossing"]) == 1
        pair = " and ".join(one.public_id.hex[:10] for one in (west, south))
        assert (
            f"The directions of reports {pair} cross 2.1 km NE of the point as filed. "
            "The place, within its precision, lies in what both leave open."
        ) in response.text
        for hidden in ("monitor-south", "monitor-north", "team-alder", "Team Birch"):
            assert hidden not in response.text


def test_of_a_withdrawn_report_what_was_understood_is_still_shown(exercise, people, page):
    report = filed(exercise, people.monitor_north)
    filing.withdraw(report, by=people.monitor_north, grounds="It was another night.")
    assert marks(page(report))["Place"] == "read"
