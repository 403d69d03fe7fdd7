"""Placing, scope and casualties against a second reading of the rules, in plain Python and shapely."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.chosen_times import chosen_times
from tests.violations.truces_at_random import (
    DISTRICTS,
    EVENTS,
    GOVERNORATES,
    LEVELS,
    PARENTS,
    Event,
    Told,
    Truce,
    truces,
    write_event,
    write_truce,
)
from violations import assessment, docket
from violations.models import Assessment

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PRECEDENCE = [
    "outside_period",
    "outside_area",
    "excluded_designated",
    "excluded_non_signatory",
    "disputed",
    "not_assessed",
    "in_scope",
]
FINE = {"exact", "vicinity", "locality"}
COARSEST = {"grouping", "governorate"}
ALLOWED = {
    **{precision: {*COARSEST, "district", "subdistrict"} for precision in (*FINE, "line", "sector")},
    "surroundings": COARSEST,
    "governorate": COARSEST,
    "district": {*COARSEST, "district"},
    "country": set(),
    "outside": set(),
}


def lead_of(event: Event) -> Told | None:
    """The first member that is no duplicate, else the first duplicate; 'related' is no member."""
    members = [linked for linked in event.links if linked.open and linked.kind != "related"]
    others = [linked for linked in members if linked.kind != "duplicate"]
    return (others or members)[0].told if members else None


def wide(told: Told) -> bool:
    return told.precision in ("line", "sector")


def expected_areas(truce: Truce, told: Told) -> set[str]:
    shapes = {
        code: shape
        for level, drawn in (("governorate", GOVERNORATES), ("district", DISTRICTS))
        if level in truce.shapes_of
        for code, shape in drawn.items()
    }
    place = told.polygon if wide(told) else told.point
    covering = {code for code, shape in shapes.items() if place is not None and shape.covers(place)}
    found = set()
    for level in ALLOWED[told.precision]:
        here = {code for code in covering if LEVELS[code] == level}
        if level not in truce.shapes_of:
            here = {PARENTS[code] for code in covering if code in PARENTS and LEVELS[PARENTS[code]] == level}
        if not here and told.stated and not wide(told) and (told.point is None or level not in truce.shapes_of):
            here = {code for code in (told.stated, PARENTS.get(told.stated)) if code and LEVELS[code] == level}
        found |= here
    return found


def expected_zones(truce: Truce, told: Told) -> set[str]:
    place = told.polygon if wide(told) else told.point if told.precision in FINE else None
    if place is None:
        return set()
    return {zone for zone, _by, drawing, held in truce.lines if held.holds(told.at) and drawing.covers(place)}


def class_by(kinds: list[str]) -> str:
    if "designated" in kinds:
        return "excluded_designated"
    if {"signatory", "declared", "bound_through"} & set(kinds):
        return "in_scope"
    if "disputed" in kinds:
        return "disputed"
    return "excluded_non_signatory" if kinds else "not_assessed"


def class_of(truce: Truce, party: int, at: int) -> tuple[str, bool]:
    """The class of a party at an hour, and whether it has an adherence of its own."""
    bonds = [
        bond
        for bond in truce.bonds
        if bond.party == party
        and bond.held.holds(at)
        and truce.instruments[bond.instrument][0] == "adopted"
        and truce.instruments[bond.instrument][1].holds(at)
    ]
    classes = set()
    for reading in {"", *(bond.reading for bond in bonds)} if bonds else set():
        said = {bond.instrument: bond.kind for bond in bonds if bond.reading == ""}
        said |= {bond.instrument: bond.kind for bond in bonds if bond.reading == reading}
        classes.add(class_by(list(said.values())))
    own = any(bond.own for bond in bonds)
    if truce.kinds[party] in ("umbrella", "unknown") and not own:
        return "not_assessed", own
    return (classes.pop() if len(classes) == 1 else "disputed" if classes else "not_assessed"), own


def below(truce: Truce, party: int) -> set[int]:
    children = {child for child, parent in enumerate(truce.parents) if parent == party}
    return children | {one for child in children for one in below(truce, child)}


def class_named(truce: Truce, party: int | None, at: int) -> str:
    if party is None:
        return "not_assessed"
    judged, own = class_of(truce, party, at)
    if truce.kinds[party] == "umbrella" and not own:
        of_kin = {class_of(truce, one, at)[0] for one in below(truce, party)} - {"not_assessed"}
        return "disputed" if len(of_kin) > 1 else "not_assessed"
    return judged


def expected_reasons(truce: Truce, told: Told) -> list[tuple[str, str | None, str | None, str | None]]:
    reasons = [
        (class_named(truce, party, told.at), None if party is None else f"p{party}", role, name)
        for role, name, party in told.parties
    ]
    if not told.parties:
        reasons.append(("not_assessed", None, None, None))
    if not truce.in_force.holds(told.at):
        reasons.append(("outside_period", None, None, None))
    if truce.scope_area is not None and outside(truce, told):
        reasons.append(("outside_area", None, None, None))
    return reasons


def outside(truce: Truce, told: Told) -> bool:
    if told.precision == "country":
        return False
    if wide(told):
        return told.polygon is not None and not truce.scope_area.intersects(told.polygon)
    return told.point is not None and not truce.scope_area.covers(told.point)


def bounds(told: Told, harm: str) -> tuple[int | None, int | None]:
    given = [list(one.values()) for one in told.casualties.get(harm, {}).values() if one]
    if not given:
        return None, None
    return sum(min(one) for one in given), sum(max(one) for one in given)


def highest(event: Event, harm: str) -> int | None:
    members = [linked.told for linked in event.links if linked.open and linked.kind != "related"]
    return max((high for told in members if (high := bounds(told, harm)[1]) is not None), default=None)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(truce=truces(), events=st.lists(EVENTS, min_size=8, max_size=16))
def test_assessments_are_what_a_second_reading_of_the_rules_gives(truce, events):
    with transaction.atomic():
        with chosen_times():
            written = write_truce(truce)
            incidents = [write_event(event, written) for event in events]
            assessment.reassess([incident.pk for incident in incidents], recorded_at=NOW)
            docket.follow([incident.pk for incident in incidents], recorded_at=NOW)
        found = {one.incident_id: one for one in Assessment.objects.open().filter(agreement=written.agreement)}
        codes = {area.pk: code for code, area in written.areas.items()}
        zones = {zone.pk: code for code, zone in written.zones.items()}
        for event, incident in zip(events, incidents, strict=True):
            compare(truce, event, found.get(incident.pk), codes, zones)
        again = assessment.reassess_agreement(written.agreement, recorded_at=NOW)
        assert (again.closed, again.written) == (0, 0), "asked again, the answer is the same"
        transaction.set_rollback(True)


def compare(truce, event, one, codes, zones) -> None:
    lead = lead_of(event)
    if lead is None:
        assert one is None, "an incident that no report is a member of is not assessed"
        return
    assert {codes[area] for area in one.areas} == expected_areas(truce, lead)
    assert {zones[zone] for zone in one.zones} == expected_zones(truce, lead)
    reasons = expected_reasons(truce, lead)
    assert one.scope == min((reason[0] for reason in reasons), key=PRECEDENCE.index)
    told = [(reason["class"], reason["party"], reason["role"], reason["as_written"]) for reason in one.scope_reasons]
    assert sorted(told, key=str) == sorted(reasons, key=str)
    for harm in ("killed", "injured"):
        assert getattr(one, f"{harm}_low") == bounds(lead, harm)[0]
        assert getattr(one, f"{harm}_high") == highest(event, harm)
