"""Every door by which reports and findings are decided on, with what it asks for, and one thing in every state."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from monitoring import accreditation
from monitoring.models import Agreement
from tests.every_door import admin, api
from tests.violations import replying
from tests.violations.cases import agreed_on, proposed_on, taken
from tests.violations.documents import correction
from tests.violations.occasions import corrected, filed, incident_of
from tests.violations.pages import a_breach
from violations import filing, findings, lanes, linking, questions, requests, review
from violations.models import Finding, IncidentReport, LaneMove

GROUNDS = {"grounds": "Seen from the post."}
ANSWER = {"answer": "The left bank.", "language": "en"}


def _grounds(_public_id: str) -> dict[str, Any]:
    return dict(GROUNDS)


def _breach(_public_id: str) -> dict[str, Any]:
    return a_breach(Agreement.objects.get(code="exercise"))


def _link(_public_id: str) -> dict[str, Any]:
    into = IncidentReport.objects.get(place_as_written=INTO)
    return {"reference": str(incident_of(into).public_id), "kind": "same_event", **GROUNDS}


INTO = "where the others are linked to"
DOORS = [
    *admin("incidentreport", "take", "accept"),
    *admin("incidentreport", "return", "ask", "await_reply", "reopen", "effect", gives=_grounds),
    *admin("incidentreport", "link", gives=_link),
    *admin("incidentreport", "grade", gives=lambda _id: {"source": "C", "information": "3", **GROUNDS}),
    *admin("incidentreport", "reveal", gives=lambda _id: {"reason": "question", **GROUNDS}),
    *admin("incident", "propose", gives=_breach),
    *admin("incident", "lane", gives=lambda _id: {"lane": "routine", "reason": "less_than_coded", **GROUNDS}),
    *admin("finding", "second"),
    *admin("finding", "dissent", gives=_grounds),
    *admin("lanemove", "second"),
    *admin("informationrequest", "remind", "withdraw"),
    api("incident-report-corrections", "incidentreport", lambda _id: correction()),
    api("incident-report-withdrawal", "incidentreport", lambda _id: {"grounds": "It was thunder."}),
    api("incident-report-question-answer", "question", lambda _id: dict(ANSWER)),
]


def every_state(exercise: Agreement, people: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """What the doors are about, by kind and state: the public id of one thing in each."""
    filed(exercise, people.monitor_north, place_as_written=INTO)
    accreditation.accredit(
        people.moderator_independent, exercise, "monitor", by=None, team=exercise.teams.get(code="team-independent")
    )
    return {
        "incidentreport": {state: str(report.public_id) for state, report in _reports(exercise, people).items()},
        "question": {state: str(row.public_id) for state, row in _questions(exercise, people).items()},
        "incident": {state: str(row.public_id) for state, row in _incidents(exercise, people).items()},
        "finding": {state: str(row.public_id) for state, row in _findings(exercise, people).items()},
        "lanemove": {state: str(row.public_id) for state, row in _lane_moves(exercise, people).items()},
        "informationrequest": {state: str(row.public_id) for state, row in _requests(exercise, people).items()},
    }


def _reports(exercise: Agreement, people: SimpleNamespace) -> dict[str, IncidentReport]:
    north = people.moderator_north

    def under_review(**changes: Any) -> IncidentReport:
        return taken(exercise, people.monitor_north, by=north, place_as_written=str(uuid.uuid4()), **changes)

    reports = {
        "submitted": filed(exercise, people.monitor_north),
        "own": filed(exercise, people.moderator_independent),
        **{
            state: under_review()
            for state in ("under_review", "returned", "awaiting", "asked", "linked", "duplicate", "withdrawn")
        },
    }
    review.return_with_question(reports["returned"], by=north, grounds="Which bank?")
    review.await_reply(reports["awaiting"], by=north, grounds="The side was asked.")
    questions.ask(reports["asked"], by=north, grounds="Which bank?")
    review.accept(reports["linked"], by=north)
    into = incident_of(under_review())
    linking.link(reports["duplicate"], into, by=north, kind="duplicate", grounds="Told twice.")
    filing.withdraw(reports["withdrawn"], by=people.monitor_north, grounds="It was thunder.")
    reports["superseded"] = under_review()
    corrected(reports["superseded"], people.monitor_north)
    found_upon = under_review()
    agreed_on(found_upon, people)
    reports["corrected"] = corrected(found_upon, people.monitor_north, act="direct_fire")
    return reports


def _questions(exercise: Agreement, people: SimpleNamespace) -> dict[str, Any]:
    def asked() -> Any:
        report = taken(exercise, people.monitor_north, by=people.moderator_north)
        return questions.ask(report, by=people.moderator_north, grounds="Which bank?")

    states = {"open": asked(), "answered": asked()}
    questions.answer(states["answered"].public_id, by=people.monitor_north, words="The left.", language="en")
    return states


def _incidents(exercise: Agreement, people: SimpleNamespace) -> dict[str, Any]:
    reports = {
        state: taken(exercise, people.monitor_north, by=people.moderator_north)
        for state in ("undecided", "proposed", "agreed", "again")
    }
    proposed_on(reports["proposed"], by=people.moderator_north)
    agreed_on(reports["agreed"], people)
    agreed_on(reports["again"], people)
    proposed_on(reports["again"], by=people.moderator_north, confidence="high")
    reports["own"] = filed(exercise, people.moderator_independent)
    reports["over"] = taken(exercise, people.monitor_north, by=people.moderator_north)
    over = incident_of(reports["over"])
    into = incident_of(filed(exercise, people.monitor_north))
    linking.link(reports["over"], into, by=people.moderator_north, kind="same_event", grounds="One event.")
    return {state: incident_of(report) for state, report in reports.items()} | {"over": over}


def _findings(exercise: Agreement, people: SimpleNamespace) -> dict[str, Finding]:
    def proposal() -> Finding:
        return proposed_on(taken(exercise, people.monitor_north, by=people.moderator_north), by=people.moderator_north)

    states = {"proposed": proposal(), "dissented": proposal(), "over": proposal()}
    findings.dissent(states["dissented"], by=people.moderator_south, grounds="The flashes came from the east.")
    findings.second(states["over"], by=people.moderator_south)
    states["agreed"] = findings.second(proposal(), by=people.moderator_south)
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    agreed_on(report, people)
    newer = corrected(report, people.monitor_north, act="direct_fire")
    states["effect"] = findings.propose_effect(
        incident_of(report), "correction", report=newer, by=people.moderator_north, grounds="It reads better."
    )
    stale = taken(exercise, people.monitor_north, by=people.moderator_north)
    states["stale"] = proposed_on(stale, by=people.moderator_north)
    corrected(stale, people.monitor_north, act="direct_fire")
    return states


def _lane_moves(exercise: Agreement, people: SimpleNamespace) -> dict[str, LaneMove]:
    def proposal() -> LaneMove:
        incident = incident_of(taken(exercise, people.monitor_north, by=people.moderator_north))
        return lanes.move(incident, "routine", reason="only_heard", grounds="Heard alone.", by=people.moderator_north)

    states = {"proposed": proposal(), "over": proposal()}
    lanes.second(states["over"], by=people.moderator_south)
    return states


def _requests(exercise: Agreement, people: SimpleNamespace) -> dict[str, Any]:
    states = {
        state: replying.asked(exercise, people.moderator_north, "guarantor:birch")
        for state in ("open", "answered", "withdrawn")
    }
    replying.answered(states["answered"], people.guarantor_birch, told=True)
    requests.withdraw(states["withdrawn"], by=people.moderator_north)
    return states
