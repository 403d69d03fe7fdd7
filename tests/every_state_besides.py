"""Doors beside review and findings, with one thing in every state: sittings, measures, claims, a duty officer's log."""

from __future__ import annotations

import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from monitoring.models import Agreement
from tests.every_door import admin
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.duty_officers import duty_officer, with_hours
from tests.violations.occasions import filed, incident_of, under_review
from tests.violations.replying import a_name, today
from tests.violations.sessions import before_it, called, said
from violations import claims, determinations, duty, measures, sittings
from violations.models import AgendaItem, Finding, IncidentReport, Measure, Sitting, SittingOutcome

GROUNDS = {"grounds": "As the session found."}
WORDS = "The guns leave the shore."


def _words_of_a_request(code: str) -> dict[str, Any]:
    return {"addressee": "guarantor:birch", "question": "Where did the battery stand?", "client_id": str(uuid.uuid4())}


def _a_sitting(code: str) -> dict[str, Any]:
    return {"held_on": "2025-04-20", "place": "Varrow hall", "client_id": str(uuid.uuid4())}


def _a_measure(code: str) -> dict[str, Any]:
    on = today(Agreement.objects.get(code=code)).isoformat()
    return {"of": "guarantor:birch", "words": WORDS, "agreed_on": on, "client_id": str(uuid.uuid4())}


def _a_step(public_id: str) -> dict[str, Any]:
    on = today(Measure.objects.get(public_id=public_id).agreement).isoformat()
    return {"state": "done", "words": "The last one left.", "seen_on": on, "client_id": str(uuid.uuid4())}


def _before_one(public_id: str) -> dict[str, Any]:
    """The newest finding of the incident that may be there, before a sitting that was called."""
    found = Finding.objects.open().filter(incident__public_id=public_id).order_by("-pk").first()
    sitting = Sitting.objects.filter(items__isnull=True).latest("pk")
    return {"sitting": str(sitting.public_id), "finding": str(found.public_id) if found else ""}


def _all_of_it(public_id: str) -> dict[str, Any]:
    said_there = SittingOutcome.objects.filter(item__sitting__public_id=public_id)
    return {"ticked": [str(row.public_id) for row in said_there]}


def _any_incident(public_id: str) -> dict[str, Any]:
    return {"reference": incident_of(IncidentReport.objects.latest("pk")).public_id.hex[:10]}


def _itself(public_id: str) -> dict[str, Any]:
    return {"chosen": [public_id]}


def _grounds(_public_id: str) -> dict[str, Any]:
    return dict(GROUNDS)


DOORS = [
    *admin("sitting", "call", gives=_a_sitting, of="agreement"),
    *admin("measure", "record", gives=_a_measure, of="agreement"),
    *admin("informationrequest", "ask", gives=_words_of_a_request, of="agreement"),
    *admin("sitting", "find", gives=_any_incident),
    *admin("sitting", "confirm", gives=_all_of_it),
    *admin("sitting", "minutes", gives=lambda _id: {"words": "The session began at nine.", "language": "en"}),
    *admin("incident", "sitting", gives=_before_one),
    *admin("agendaitem", "outcome", gives=lambda _id: {"outcome": "agreed", **GROUNDS}),
    *admin("agendaitem", "take_off", gives=_grounds),
    *admin("measure", "follow_up", gives=_a_step),
    *admin("claim", "claim", "release", of="claimed"),
    *admin("dutycheck", "check", gives=_itself, of="entry", of_none=True),
    *admin("dutycheck", "ask", "take_back", "separate", gives=_grounds, of="entry"),
]


def every_state(exercise: Agreement, people: SimpleNamespace, folder: Path) -> dict[str, dict[str, Any]]:
    """What the doors are about, by kind and state. Adds an account to `people`: the duty officer of Team Birch."""
    with_hours(folder)
    people.duty_officer = duty_officer(exercise, "duty-birch", team="team-birch", sent_by="birch")
    found = {
        "agreement": {"in_force": exercise.code},
        "sitting": _sittings(exercise, people),
        "agendaitem": _items(exercise, people),
        "measure": _measures(exercise, people),
        "claimed": _claimed(exercise, people),
        "entry": _entries(exercise, people),
    }
    called(exercise, people)  # one that has nothing on its agenda, for what is to be put before one
    return {
        kind: {state: str(getattr(row, "public_id", row)) for state, row in rows.items()}
        for kind, rows in found.items()
    }


def _proposal(exercise: Agreement, people: SimpleNamespace) -> Finding:
    return proposed_on(taken(exercise, people.monitor_north, by=people.moderator_north), by=people.moderator_north)


def _items(exercise: Agreement, people: SimpleNamespace) -> dict[str, AgendaItem]:
    items = {state: before_it(_proposal(exercise, people), people) for state in ("waiting", "recorded", "said", "off")}
    determinations.record(items["recorded"], "agreed", grounds="So said.", by=people.moderator_south)
    said(items["said"], people)
    sittings.take_off(items["off"], by=people.moderator_south, grounds="Not ready.")
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    agreed_on(report, people)
    items["agreed"] = before_it(Finding.objects.open().get(incident=incident_of(report)), people)
    return items


def _sittings(exercise: Agreement, people: SimpleNamespace) -> dict[str, Sitting]:
    empty = called(exercise, people)
    recorded = before_it(_proposal(exercise, people), people)
    determinations.record(recorded, "agreed", grounds="So said.", by=people.moderator_south)
    confirmed = before_it(_proposal(exercise, people), people)
    said(confirmed, people)
    return {"empty": empty, "recorded": recorded.sitting, "confirmed": confirmed.sitting}


def _measures(exercise: Agreement, people: SimpleNamespace) -> dict[str, Measure]:
    birch = exercise.guarantors.get(code="birch")

    def agreed() -> Measure:
        told = measures.Agreed(WORDS, today(exercise), guarantor=birch)
        return measures.record(exercise, told, by=people.moderator_north, client_id=a_name())

    states = {"under_way": agreed(), "done": agreed()}
    seen = measures.Seen("done", "The last one left.", today(exercise))
    measures.follow_up(states["done"], seen, by=people.moderator_south, client_id=a_name())
    return states


def _claimed(exercise: Agreement, people: SimpleNamespace) -> dict[str, Any]:
    incidents = {state: incident_of(filed(exercise, people.monitor_north)) for state in ("free", "claimed")}
    claims.claim(incidents["claimed"], by=people.moderator_north)
    return incidents


def _entries(exercise: Agreement, people: SimpleNamespace) -> dict[str, IncidentReport]:
    names = ("filed", "checked", "asked", "gathered", "beside", "taken")
    entries = {state: filed(exercise, people.monitor_south, place_as_written=f"log, {state}") for state in names}
    officer = people.duty_officer
    duty.check([entries["checked"]], by=officer)
    duty.ask(entries["asked"], by=officer, question="Which bank?")
    duty.group([entries["beside"], entries["gathered"]], by=officer, kind="same_event", grounds="One night.")
    duty.check([entries["taken"]], by=officer)
    under_review(entries["taken"], people.moderator_north)
    return entries
