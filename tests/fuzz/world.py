"""What there is to ask for when the API is fuzzed, and as whom it is asked.

Random values alone would find nothing, so all that is real (identifiers, codes, receipts, cursors, tags, whole
documents) is kept here to be mixed in, whoever may know of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from django.test import Client

from monitoring import devices, ledger, mechanism, mechanism_file
from monitoring.models import Agreement, User
from tests.conftest import MECHANISMS, accredited, loaded_exercise
from tests.everybody import all_roles
from tests.everything import one_of_everything
from tests.violations.documents import REPORTS, correction, device_of, document
from tests.violations.replying import answered, asked, stated
from tests.violations.test_sightings import OBSERVED
from violations import case_lists, codebook, return_filing
from violations.models import DailyReturn, FilerQuestion, IncidentReport, MovementRestriction, Patrol
from violations.return_filing import FiledReturn
from violations.statements import Said

# Who asks: the name of the person, and whether by a session or by a device.
ROLES = {
    "anonymous": ("", ""),
    "monitor": ("monitor_north", "session"),
    "device": ("monitor_north", "device"),
    "duty officer": ("duty_officer", "session"),
    "moderator": ("moderator_north", "session"),
    "liaison": ("liaison", "session"),
    "guarantor": ("guarantor_alder", "session"),
    "observer": ("observer", "session"),
    "auditor": ("auditor", "session"),
    "operator": ("operator", "session"),
    "ended": ("ended", "session"),
    "ended device": ("ended", "device"),
}
MONITORS = {"monitor", "device"}
ACCREDITED = set(ROLES) - {"anonymous", "ended", "ended device"}
# Whom the operations of a tag are for; to nobody else they give anything.
FOR = {
    "agreements": ACCREDITED,
    "code-lists": ACCREDITED,
    "incident-reports": MONITORS,
    "questions": MONITORS,
    "receipts": MONITORS,
    "patrols": MONITORS,
    "movement-restrictions": MONITORS,
    "daily-returns": {"guarantor", "moderator", "auditor", "operator"},
    "case-lists": {"guarantor"},
    "information-requests": {"guarantor"},
    "statements": {"guarantor"},
    "drafts": {"guarantor"},
    "editions": {"guarantor"},
    "renditions": {"guarantor"},
    "supplements": {"guarantor"},
}
# Who files for others gets something of these as well: surely from filing, of the rest as far as it is theirs.
FOR_OTHERS = {"duty officer", "liaison"}
FILED = {
    "incident-reports",
    "questions",
    "receipts",
    "patrols",
    "movement-restrictions",
    "daily-returns",
    "information-requests",
}
# Reading is for more than handing in.
FOR_GUARANTORS = {"daily_returns_file", "daily_returns_acknowledge"}

CODES = {
    "agreement": ["exercise", "exercise", "exercise", "astana-2016", "atlantis"],
    "area": ["VA01", "VA04", "north-shore", "VA99"],
}
ASKED = {
    **CODES,
    "path": ["incidents/total/registered", "incidents/total/violations", "ledgers"],
    "zone": ["strait-buffer", "harbour-zone"],
    "party": ["north-army", "south-guard", "black-gull"],
    "period": ["2025-03", "2025-03-10", "2025-02", "2017-01"],
    "period_kind": ["month", "week", "day"],
    "act": [*codebook.Act.values, "indirect_fire,direct_fire"],
    "state": [*codebook.ReviewState.values, "open", "answered", "waiting"],
    "bbox": ["-124,-49,-123,-48", "179,-90,-179,90", "-180,-90,180,90"],
    "near": ["-123.5,-48.8,5", "180,90,500", "0,0,0"],
    "text": ["mill", "the mill", "%", "_\\"],
    "from": ["2025-03-01T00:00:00-08:00", "2025-03-10T20:00:00Z"],
    "until": ["2025-03-12T00:00:00-08:00", "9999-12-31T23:59:59Z"],
    "daily_returns_days from": ["2025-03-01", "2025-03-09"],
    "daily_returns_days until": ["2025-03-12", "2025-04-01"],
    "limit": [1, 2, 200],
    "against": ["birch", "cedar", "record", "alder"],
    "form": ["json", "csv"],
}
RETURN = {
    "agreement": "exercise",
    "on": "2025-03-12",
    "total": 2,
    "breakdown": "complete",
    "lines": [{"area": "VA01", "count": 1}, {"as_written": "West Haven", "count": 1}],
}
WORD = {
    "agreement": "exercise",
    "on": "2025-03-12",
    "ledger": "birch",
    "total": 12,
    "breakdown": "none",
    "confirmed": 3,
    "not_confirmed": 9,
    "window": {"from": "2025-03-12T08:00:00Z", "until": "2025-03-13T08:00:00Z"},
    "note": "As told by telephone.",
}
LIST = {
    "agreement": "exercise",
    "from": "2025-04-01",
    "until": "2025-05-01",
    "form": "csv",
    "text": "reference,date,time,area,act,alleged,killed\nA-1,2025-04-05,14:20,VA01,indirect_fire,south-guard,0\n",
}
PATROL = {
    "agreement": "exercise",
    "client_id": "watch-1",
    "team": "team-alder",
    "kind": "watch",
    "from": "2025-03-11T22:00:00-08:00",
    "until": "2025-03-12T04:00:00-08:00",
    "stretches": [{"area": "VA03", "from": "2025-03-11T22:00:00-08:00", "until": "2025-03-12T04:00:00-08:00"}],
    "observations": [
        {"at": "2025-03-11T23:05:00-08:00", "observed": "explosion", "count": 1, "bearing": 270, "metres": 4000},
        {"at": "2025-03-11T23:06:00-08:00", "observed": "burst", "qualifier": "uncountable"},
    ],
}
RESTRICTION = {
    "agreement": "exercise",
    "client_id": "kept-out-1",
    "kind": "denied",
    "from": "2025-03-10T13:00:00-08:00",
    "until": "2025-03-10T14:00:00-08:00",
    "area": "VA02",
    "place": "checkpoint by the bridge",
    "restricted_by": "North Army",
    "note": "",
}
ANSWER = {"client_id": "answer-1", "words": "It stood at the quarry.", "language": "en"}
STATEMENT = {
    "agreement": "exercise",
    "client_id": "statement-1",
    "period": "2025-02",
    "statement": "does_not_confirm",
    "words": "Our log has no fire.",
    "language": "en",
}


@dataclass(frozen=True)
class World:
    """Real values: of parameters by the path's own, of the query by name, of documents and tags by operation."""

    objects: dict[str, list[str]]
    asked: dict[str, list[Any]]
    documents: dict[str, list[Any]]
    tags: list[str]
    people: SimpleNamespace

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Short: Hypothesis names by it what it draws from, and warns of a name that is long."""
        printer.text("World()")

    def words(self, operation: Any) -> dict[str, list[Any]]:
        """Real words for the query of an operation, its own before those of all."""
        named = operation.definition.raw["operationId"]
        found = {one.name: self.asked.get(f"{named} {one.name}", self.asked.get(one.name)) for one in operation.query}
        return {name: words for name, words in found.items() if words}

    def arrived(self, role: str) -> dict[str, dict[str, str]]:
        """Headers and cookies of whoever asks, who has just come: a session ends by itself after half an hour."""
        name, way = ROLES[role]
        if not name:
            return {"headers": {}, "cookies": {}}
        person = getattr(self.people, name)
        if way == "device":
            return {
                "headers": {"Authorization": f"Token {devices.issue(person, name=str(uuid4()), by=None)}"},
                "cookies": {},
            }
        client = Client()
        client.force_login(person)
        forged = "f" * 32  # what protects a session from other sites: the same in both
        cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": forged}
        return {"headers": {"X-CSRFToken": forged}, "cookies": cookies}


def is_for(operation: Any, role: str) -> bool:
    """Whether the operation gives something to the role."""
    named = operation.definition.raw["operationId"]
    if named in FOR_GUARANTORS:
        return role == "guarantor"
    if role in FOR_OTHERS and named == "incident_reports_file":
        return True
    return role in FOR[operation.tags[0]]


def may_give(operation: Any, role: str) -> bool:
    """Whether it may give something to who files for others, which need not be there."""
    return role in FOR_OTHERS and operation.tags[0] in FILED


def made() -> World:
    """Make everybody and everything of the access matrix, add what that lacks, and gather what is real."""
    exercise = loaded_exercise()
    with ledger.writing() as entry:
        astana = mechanism.record(mechanism_file.read(MECHANISMS / "astana-2016.toml"), by=None, entry=entry).agreement
    people = all_roles(exercise, astana, SimpleNamespace(**accredited(exercise)))
    objects = one_of_everything(exercise, people)
    filings = _filed(people.monitor_north)
    lists = [objects["list"]["draft"], *(_told(exercise, getattr(people, f"guarantor_{state}")) for state in STATES)]
    _returned(exercise, people)
    requests = _requested(exercise, people)
    device, reader = device_of(people.monitor_north), device_of(people.guarantor_alder)
    cursors = [cursor for who, where in _lists(device, reader) for cursor in _cursors(who, where)]
    tags = [device.get(f"/api/v1/{where}").headers["ETag"] for where in ("agreements/", "code-lists/")]
    return World(
        objects={
            "agreements": CODES["agreement"],
            "case-lists": lists,
            "daily-returns": _ids(DailyReturn),
            "drafts": [*objects["draft"].values(), *objects["draft-file"].values()],
            "editions": [*objects["edition"].values()][:-2],
            "incident-reports": _ids(IncidentReport),
            "information-requests": [*requests, *objects["informationrequest"].values()],
            "statements": [_stated(exercise, people), *objects["guarantorstatement"].values()],
            "movement-restrictions": _ids(MovementRestriction),
            "patrols": _ids(Patrol),
            "questions": _ids(FilerQuestion),
            "receipts": [*objects["incident-report-receipt"].values()],
            "renditions": [*objects["rendition"].values()][:-1],
            "supplements": [*objects["supplement-file"].values()][:-1],
        },
        asked={**ASKED, "cursor": cursors},
        documents={
            "incident_reports_file": filings,
            "incident_reports_file_batch": [{"items": filings[:7]}, {"items": filings[7:]}],
            "incident_reports_correct": [correction(), correction(observation=OBSERVED)],
            "incident_reports_withdraw": [{"grounds": "Heard from another valley."}],
            "drafts_comment": [{"words": "We have read it."}],
            "questions_answer": [{"answer": "The left bank.", "language": "en"}],
            "daily_returns_file": [RETURN, WORD],
            "case_lists_hand_in": [LIST, {**LIST, "form": "json", "text": json.dumps([])}],
            "patrols_file": [PATROL],
            "movement_restrictions_file": [RESTRICTION],
            "information_requests_answer": [ANSWER],
            "statements_file": [STATEMENT, {**STATEMENT, "tell": True}],
        },
        tags=tags,
        people=people,
    )


STATES = ("alder", "birch")


def _filed(monitor: User) -> list[dict[str, Any]]:
    """File as a device does. Return documents: filed so, filed otherwise, corrected, and new."""
    first = document(client_id="filed-1")
    assert device_of(monitor).post(REPORTS, first).status_code == 201
    otherwise = {**first, "act": "direct_fire"}
    correcting = document(client_id="filed-2", corrects="filed-1", observation=OBSERVED)
    early = document(client_id="early-1", corrects="not-yet")
    new = document(client_id="new-1", observation=OBSERVED, team="team-alder")
    source = {"name": "A caller", "contact": "by the hotline"}
    taken_down = {"team": "team-joint", "source": source}
    of_others = [
        document(client_id="caller-1", channel="caller", **taken_down),
        document(client_id="caller-2", channel="caller", observation=OBSERVED, **taken_down),
        document(client_id="paper-1", channel="paper", **taken_down),
        document(client_id="complaint-1", means="party_notification"),
        document(client_id="complaint-2", means="party_notification", act="direct_fire"),
        document(client_id="complaint-3", means="party_notification", observation=OBSERVED),
    ]
    return [new, first, otherwise, correcting, early, *of_others]


def _told(exercise: Agreement, guarantor: User) -> str:
    """Hand in a list of February and tell it."""
    text = "reference,date,time,area,act\nF-1,2025-02-05,14:20,VA01,indirect_fire\nF-2,2025-02-07,,VA02,direct_fire\n"
    days = {"from_date": date(2025, 2, 1), "until_date": date(2025, 3, 1)}
    handed_in = case_lists.hand_in(exercise, text, "csv", **days, by=guarantor)
    return str(case_lists.tell(handed_in.public_id, by=guarantor).public_id)


def _requested(exercise: Agreement, people: SimpleNamespace) -> list[str]:
    """Ask Alder twice, of which once is answered."""
    both = [asked(exercise, people.moderator_south, "guarantor:alder") for _time in range(2)]
    answered(both[0], people.guarantor_alder)
    return [str(request.public_id) for request in both]


def _stated(exercise: Agreement, people: SimpleNamespace) -> str:
    """State something for Alder and tell it to nobody."""
    return str(stated(exercise, people.guarantor_alder, Said("takes_note", period="2025-03-07")).public_id)


def _returned(exercise: Agreement, people: SimpleNamespace) -> None:
    """File Birch's own day, and its word on Alder's, which Alder may acknowledge."""
    for filed in (
        FiledReturn(date(2025, 3, 6), 0, "none"),
        FiledReturn(date(2025, 3, 6), 4, "none", ledger="alder", confirmed=1, not_confirmed=3),
    ):
        return_filing.file_return(exercise, filed, by=people.guarantor_birch)


def _lists(device: Any, reader: Any) -> list[tuple[Any, str]]:
    return [(device, REPORTS), (reader, "/api/v1/daily-returns/"), (reader, "/api/v1/editions/")]


def _cursors(who: Any, where: str) -> list[str]:
    """The cursor of a list's second page, where it has one."""
    following = who.get(where, {"limit": 1}).json()["next"]
    return parse_qs(urlsplit(following).query)["cursor"] if following else []


def _ids(model: Callable[..., Any] | Any) -> list[str]:
    return [str(public_id) for public_id in model.objects.order_by("pk").values_list("public_id", flat=True)]
