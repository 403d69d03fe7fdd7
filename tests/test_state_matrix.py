"""Who may do what in which state: role x door x state of what it is done to, each handed in whole.

`state_matrix.txt` holds every cell, to be read by a person: `done`, or the code of the refusal, or its status where no
verb was reached. STATE_MATRIX=write writes the file anew. The rules that no cell may break stand below.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from monitoring.models import AuditEntry
from tests import every_state, every_state_besides
from tests.doors import undo
from tests.every_door import Door
from tests.everybody import client_of

MATRIX = Path(__file__).with_name("state_matrix.txt")
ROLES = {
    "filer": "monitor_north",
    "monitor": "monitor_south",
    "north": "moderator_north",  # who took, asked, proposed
    "north-2": "moderator_north_2",  # of the same side
    "south": "moderator_south",
    "independent": "moderator_independent",  # who filed one of the reports
    "alder": "guarantor_alder",
    "birch": "guarantor_birch",
    "operator": "operator",
    "superuser": "superuser",
    "officer": "duty_officer",  # of the team that the second monitor files for
}
DOORS = [*every_state.DOORS, *every_state_besides.DOORS]
HEADER = f"{'door':<48}{'state':<17}{' '.join(f'{role:<17}' for role in ROLES)}".rstrip()


def came_of(client: Client, door: Door, pointed_at: str) -> str:
    """What comes of handing in all that the door asks for: `done`, or why not. It is undone."""
    point, seen = transaction.savepoint(), AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    response = client.post(door.path(pointed_at), door.handed_in(pointed_at), **door.as_content)
    denied = AuditEntry.objects.filter(pk__gt=seen, outcome="denied").order_by("-pk").first()
    undo(point)
    if response.status_code in {200, 201, 202, 302} and not denied:
        return "done" if response.status_code != 302 or "login" not in response.url else "302"
    told = response.json().get("code") if "json" in response.headers.get("Content-Type", "") else ""
    return (denied.reason if denied else told) or str(response.status_code)


@pytest.fixture
def rows(exercise, people, tmp_path) -> list[str]:
    """The matrix as it is; the log of some hundred refusals is not wanted."""
    objects = every_state.every_state(exercise, people) | every_state_besides.every_state(exercise, people, tmp_path)
    clients = {role: client_of(getattr(people, name)) for role, name in ROLES.items()}
    logging.disable()
    try:
        return list(_rows(clients, objects))
    finally:
        logging.disable(logging.NOTSET)


def _rows(clients: dict[str, Client], objects: dict[str, dict[str, Any]]) -> Iterator[str]:
    for door in DOORS:
        for state, pointed_at in objects[door.kind].items():
            cells = " ".join(f"{came_of(client, door, pointed_at):<17}" for client in clients.values())
            yield f"{door.name:<48}{state:<17}{cells}".rstrip()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.django_db
def test_every_cell_is_as_it_was_read_by_a_person(rows):
    if os.environ.get("STATE_MATRIX") == "write":
        MATRIX.write_text("\n".join([HEADER, *rows]) + "\n")
    assert MATRIX.read_text().splitlines() == [HEADER, *rows]


def read() -> list[tuple[str, str, dict[str, str]]]:
    """The matrix as written: (door, state, what came of it by role)."""
    rows = (line.split() for line in MATRIX.read_text().splitlines()[1:])
    return [(door, state, dict(zip(ROLES, cells, strict=True))) for door, state, *cells in rows]


def done_by(role: str) -> set[tuple[str, str]]:
    """(door, state) of all that the role can do."""
    return {(door, state) for door, state, cells in read() if cells[role] == "done"}


def test_every_door_stands_in_it_with_every_state():
    assert {door for door, _state, _cells in read()} == {door.name for door in DOORS}


@pytest.mark.parametrize("role", ["filer", "monitor", "alder", "birch", "operator", "superuser"])
def test_who_is_no_moderator_moderates_nothing_in_any_state(role):
    assert not {door for door, _state in done_by(role) if door.startswith("admin:")}


@pytest.mark.parametrize("role", ["monitor", "north", "north-2", "south", "alder", "birch", "operator", "superuser"])
def test_a_report_is_corrected_withdrawn_and_answered_for_by_who_filed_it_alone(role):
    assert not {door for door, _state in done_by(role) if door.startswith("incident-report-")}


def test_nobody_decides_on_a_report_of_their_own():
    own = {door: cells["independent"] for door, state, cells in read() if state == "own" and "admin:" in door}
    done = {door for door, came in own.items() if came == "done"}
    assert done == {"admin:violations_incidentreport_reveal"}, "whose source they know"
    assert "own_report" in own.values()


def test_what_one_side_proposed_its_own_side_does_not_second():
    for state in ("proposed", "effect"):
        for door, at, cells in read():
            if at == state and door.endswith("_second"):
                assert "done" not in {cells["north"], cells["north-2"]}, door
                assert cells["south"] == "done", door


def test_what_is_over_is_over_for_everybody():
    over = {"superseded", "over", "withdrawn"}
    done = {(door, state) for door, state, cells in read() if state in over and "done" in cells.values()}
    still = {
        *(("admin:violations_incidentreport_reveal", state) for state in over),  # who told of it may have to be found
        ("incident-report-withdrawal", "withdrawn"),  # the same again is answered as the first time
    }
    assert done <= still


def test_what_a_sitting_said_is_confirmed_by_nobody_who_recorded_it():
    confirmed = {state: cells for door, state, cells in read() if door.endswith("sitting_confirm")}
    assert confirmed["recorded"]["south"] == "same_person"
    assert confirmed["recorded"]["north"] == "done"
    assert "done" not in confirmed["confirmed"].values()


def test_a_duty_officer_works_in_the_log_alone_and_nobody_else_does():
    assert {door for door, _state in done_by("officer")} == {
        f"admin:violations_dutycheck_{what}" for what in ("check", "ask", "take_back", "separate")
    }
    others = set(ROLES) - {"officer"}
    assert not {door for role in others for door, _state in done_by(role) if "dutycheck" in door}
    assert all(cells["officer"] == "taken_up" for _door, state, cells in read() if state == "taken")
