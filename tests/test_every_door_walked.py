"""Every door, as everybody, with planted words: answers, audit and log are searched for what may not be there.

Names, handles, a device and its token, network addresses, places and coordinates are planted wherever the service
takes them. Then every endpoint of the access matrix is asked for, with every object, by every role, and whatever can be
handed in is handed in with more of it. `MAY` says who may be told what at which door; all else must be found nowhere.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection, transaction
from django.test import Client

from monitoring import accreditation, devices
from monitoring.models import AuditEntry
from tests.doors import endpoints, pointed_at, undo
from tests.everybody import BY_DEVICE, ROLES, all_roles, client_of
from tests.record.as_owner import owner_rights
from tests.reports.released import released_month
from tests.test_nothing_of_a_source import opened
from tests.violations import replying
from tests.violations.cases import taken
from tests.violations.documents import correction
from tests.violations.occasions import SHELLING, agreed, breach, filed, incident_of, under_review
from violations import answers, claims, filing, redaction, saved_filters, sealing, shift
from violations.models import Redaction, SourceOpening
from violations.statements import Said

SOURCE = {"name": "Zubaydah Qanbarova", "contact": "+1 555 0199 778", "where": "third house past the tannery"}
DEVICE = "The blue handset of the ferrywoman"
ADDRESSES = {"network address": "203.0.113.77", "behind a proxy": "198.51.100.41", "browser": "Quillon/7.31"}
FILED = {
    "narrative": "Quetzal feathers on the doorstep",
    "place as written": "behind Ibex Cottage",
    "longitude": "-123.512345",
    "latitude": "-48.812345",
    "client id": "handset-7f3a9",
}
PLANTED = {
    **{f"source {key}": value for key, value in SOURCE.items()},
    **FILED,
    **ADDRESSES,
    "device": DEVICE,
    "filer": "monitor-north",
    "moderator": "moderator-north",
    "grounds": "Told by the Narwhal watchman",
    "grounds of opening": "The Lapwing bridge is watched",
    "grounds of redaction": "A letter by the Osprey clerk",
    "words of a request": "Where did the Sanderling battery stand",
    "words of an answer": "It stood by the Turnstone kiln",
    "words of a statement": "The Godwin log has no fire",
    "words of a note": "The Dunlin watch is changed at nine",
    "words of a filter": "Sandpiper cases",
    "who handed it in": "Courier of the Whimbrel legation",
}
# What is handed in at every door: words that only who handed them in may see again, and some that nobody may.
TYPED = {
    "typed": "Gannets over the breakwater",
    "typed password": "Petrel nine lanterns ashore",
    "typed client id": "handset-c0ffee",
    "typed longitude": "-123.498765",
    "typed source": "Ilse Marrowgate of the salt pans",
    "typed code": "thunderous-heron",
    "typed one-time code": "Curlew over the salt pans",
}
STAFF = {"moderator", "own-side"}
OWN = {"filer", "device"}
TELLS_OF_REPORTS = r"admin:violations_(incident|incidentreport|finding|bulkjob)_"

# Whose eyes which words are for, at which door. Nobody is told another thing, and nothing stands in a log.
MAY = (
    ({*(f"source {key}" for key in SOURCE), "filer"}, STAFF, r"POST admin:violations_incidentreport_reveal"),
    ({"narrative", "place as written", "longitude", "latitude"}, STAFF, rf"(GET|POST) {TELLS_OF_REPORTS}"),
    ({"grounds", "moderator", "grounds of redaction"}, STAFF, rf"(GET|POST) {TELLS_OF_REPORTS}"),
    # Tables of a closing in full: what its incidents' pages tell, row by row.
    (
        {"place as written", "longitude", "latitude", "grounds"},
        STAFF,
        r"GET admin:reports_closing_(incidents|findings)_",
    ),
    (set(FILED), OWN, r"(GET|POST) incident-report"),
    ({"filer", "moderator"}, {"operator", "auditor", "superuser"}, r"(GET|POST) admin:monitoring_accreditation_"),
    ({"filer", "moderator"}, {"auditor"}, r"(GET|POST) admin:monitoring_auditentry_"),
    ({"moderator", "grounds of opening"}, {"auditor"}, r"(GET|POST) admin:violations_sourceopening_"),
    (
        {"moderator", "grounds of redaction"},
        {"auditor", "operator", *STAFF},
        r"(GET|POST) admin:violations_redaction_",
    ),
    # A form that is refused keeps what was typed into it; a list says what was searched for; who is sent to log in is
    # sent with the address that they asked for, and the page of the API's description is told it.
    ({"typed", "typed code"}, set(ROLES), r"(GET|POST) (admin:|login)"),
    ({"typed", "typed code"}, set(ROLES), r"GET (home|edition|draft|rendition-download|api-docs)"),
    ({"typed", "typed code"}, set(ROLES), r"GET (account|device|mfa_|returns|truce-|list-|complaint|repl|statement)"),
    ({"typed", "typed code"}, {"liaison"}, r"POST complaint-"),
    ({"typed", "typed code"}, {"alder", "birch", "elsewhere", "liaison"}, r"POST (reply|statement)-"),
    # What was said and asked is its owner's, and the moderators': of nobody else's truce, side or office.
    ({"words of a request", "words of an answer", "who handed it in"}, {"birch"}, r"(GET|POST) (repl|api-request)"),
    ({"words of a statement"}, {"birch"}, r"(GET|POST) (repl|api-statement|statement-file)"),
    (
        {"words of a request", "words of an answer", "words of a statement", "who handed it in", "moderator"},
        STAFF,
        r"(GET|POST) admin:violations_(incident|informationrequest|guarantorstatement)_",
    ),
    # A note to one's own side is that side's, and a filter is its owner's.
    ({"words of a note", "moderator"}, {"own-side"}, r"(GET|POST) admin:violations_shiftnote_"),
    ({"words of a filter"}, {"own-side"}, r"(GET|POST) admin:violations_(incident_changelist|savedfilter_)"),
    ({"typed one-time code"}, set(ROLES), r"POST mfa_reauthenticate"),
    ({"typed", "typed client id", "typed longitude"}, {*OWN, "monitor"}, r"POST incident-report"),
)


@dataclass(frozen=True)
class Told:
    """What came of one request: the answer, opened as far as it can be, and the audit's rows of it."""

    role: str
    door: str
    status: int
    answer: bytes
    audited: str


@pytest.fixture
def planted(exercise, people):
    """A report full of planted words, found upon, its source opened, a redaction proposed; a released month."""
    content = replace(
        SHELLING,
        position=(-123.512345, -48.812345),
        place_as_written=FILED["place as written"],
        narrative=FILED["narrative"],
        narrative_language="en",
        source=SOURCE,
    )
    report = filing.file_report(exercise, content, by=people.monitor_north, client_id=FILED["client id"]).report
    under_review(report, people.moderator_north)
    finding = agreed(
        incident_of(report),
        breach(exercise, grounds=PLANTED["grounds"]),
        by=people.moderator_north,
        and_by=people.moderator_south,
    )
    sealing.reveal(report, by=people.moderator_north, reason="question", grounds=PLANTED["grounds of opening"])
    with owner_rights():
        redaction.second(
            redaction.propose(
                filed(exercise, people.monitor_north),
                ["source"],
                reason="consent",
                grounds=PLANTED["grounds of redaction"],
                by=people.moderator_north,
            ),
            by=people.moderator_south,
        )
    asked, said = replied(exercise, people, incident_of(report))
    note = shift.hand_over(exercise, words=PLANTED["words of a note"], audience="side", by=people.moderator_north)
    saved = saved_filters.save(PLANTED["words of a filter"], "view=mine&lane=grave", by=people.moderator_north)
    claims.claim(incident_of(report), by=people.moderator_north)
    closing = released_month(exercise)
    editions = {edition.guarantor.code: edition for edition in closing.editions.select_related("guarantor")}
    one = {"one": str(report.public_id)}
    beside = taken(exercise, people.monitor_south, by=people.moderator_south)
    return {
        "incidentreport": one,
        "incident-report": one,
        "incident": {"one": str(incident_of(report).public_id)},
        "violations_incident_compare": {
            "two": {"public_id": str(incident_of(report).public_id), "other": str(incident_of(beside).public_id)},
        },
        "claim": {"one": str(incident_of(report).public_id)},
        "savedfilter": {"one": str(saved.public_id)},
        "shiftnote": {"one": str(note.public_id)},
        "violations_shiftnote_write": {"one": exercise.code},
        "finding": {"one": str(finding.public_id)},
        **{key: {"one": asked} for key in ("informationrequest", "request")},
        **{key: {"one": said} for key in ("guarantorstatement", "statement")},
        "redaction": {"one": str(Redaction.objects.get().public_id)},
        "sourceopening": {"one": str(SourceOpening.objects.get().public_id)},
        "closing": {"one": str(closing.pk)},
        "edition": {code: str(edition.public_id) for code, edition in editions.items()},
        "rendition": {
            f"{code}-{row.format}": str(row.public_id)
            for code, edition in editions.items()
            for row in edition.renditions.all()
        },
        "agreement": {"one": str(exercise.pk)},
        "mechanismversion": {"one": str(exercise.terms.pk)},
        "auditentry": {"one": str(AuditEntry.objects.filter(actor=people.moderator_north).latest("pk").pk)},
        "accreditation": {"one": str(people.monitor_north.accreditations.get().pk)},
    }


def replied(exercise, people, incident) -> tuple[str, str]:
    """Ask Birch, take its answer down from paper, have it state something: all full of planted words, none told."""
    question = PLANTED["words of a request"]
    request = replying.asked(exercise, people.moderator_north, "guarantor:birch", incident, question=question)
    came = replying.paper(exercise, handed_in_by=PLANTED["who handed it in"])
    taking = {"by": people.moderator_south, "client_id": "paper-1"}
    answers.take_down(request, PLANTED["words of an answer"], "en", came, **taking)
    words = Said("contests_facts", PLANTED["words of a statement"], "en", incident=incident)
    said = replying.stated(exercise, people.guarantor_birch, words)
    return str(request.public_id), str(said.public_id)


@pytest.fixture
def everybody(exercise, astana, people):
    """Everybody of the access matrix."""
    return all_roles(exercise, astana, people)


@pytest.fixture
def log():
    """What the service's own handler writes during the test, at the level that it is set to."""
    (console,) = [handler for handler in logging.getLogger().handlers if handler.get_name() == "console"]
    into = io.StringIO()
    before = console.setStream(into)
    yield into.getvalue
    console.setStream(before)


def walked(role: str, client: Client, objects: dict[str, dict[str, str]]) -> Iterator[Told]:
    """Ask for everything, search for something, hand in something, at every door; what it changed is undone."""
    for name, form, parameters in endpoints():
        for label, values in pointed_at(name, parameters, objects):
            path = "/" + form % values
            for method, address, body in (
                ("GET", path, None),
                ("GET", f"{path}?q={TYPED['typed']}&action={TYPED['typed']}&act={TYPED['typed code']}", None),
                ("POST", path, handed_in(path)),
            ):
                point, cookies = transaction.savepoint(), client.cookies.copy()
                last = AuditEntry.objects.order_by("pk").values_list("pk", flat=True).last() or 0
                response = client.generic(method, address, *(body or ("", "application/octet-stream")))
                answer = b"".join(response.streaming_content) if response.streaming else response.content
                headers = "\n".join(f"{key}: {value}" for key, value in response.headers.items()) + set_by(response)
                audited = str(list(AuditEntry.objects.filter(pk__gt=last).values()))
                undo(point)
                client.cookies = cookies
                told = headers.encode() + b"\n\n" + opened(answer)
                yield Told(role, f"{method} {name} {label}", response.status_code, told, audited)


def set_by(response) -> str:
    """The cookies that an answer sets, with what stands in the one for messages."""
    carried = response.cookies.get(CookieStorage.cookie_name)
    storage = CookieStorage(response.wsgi_request)
    told = [str(message) for message in storage._decode(carried.value) or ()] if carried and carried.value else []
    return "\n" + response.cookies.output() + "\n" + "\n".join(told)


def handed_in(path: str) -> tuple[str, str]:
    """What is posted: a whole filing to the API, and to a page every field that some form has."""
    if path.startswith("/api/"):
        document = correction(
            agreement="exercise",
            client_id=TYPED["typed client id"],
            narrative=TYPED["typed"],
            source={"name": TYPED["typed source"]},
        )
        document["place"] |= {"longitude": float(TYPED["typed longitude"])}
        if path.endswith("corrections/"):
            del document["agreement"]
        return json.dumps(document), "application/json"
    fields = {
        **dict.fromkeys(
            ("grounds", "username", "q", "email", "name", "reference", "words", "question", "handed_in_by"),
            TYPED["typed"],
        ),
        "password": TYPED["typed password"],
        "code": TYPED["typed one-time code"],
        **dict.fromkeys(("act", "conduct", "verification", "kind"), TYPED["typed code"]),
        "reason": "question",
    }
    boundary = "planted"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    return "".join(parts) + f"--{boundary}--\r\n", f"multipart/form-data; boundary={boundary}"


def client_as(role: str, who) -> Client:
    """A client of that role, from a planted address, with a planted browser and, where it is a device, its name."""
    extra = {
        "REMOTE_ADDR": ADDRESSES["network address"],
        "HTTP_X_FORWARDED_FOR": ADDRESSES["behind a proxy"],
        "HTTP_USER_AGENT": ADDRESSES["browser"],
        "HTTP_ACCEPT": "*/*",
    }
    if role in BY_DEVICE:
        extra["HTTP_AUTHORIZATION"] = f"Token {devices.issue(who, name=f'{DEVICE}, {role}', by=None)}"
        return Client(raise_request_exception=False, **extra)
    client = client_of(who)
    client.defaults |= extra
    return client


def found_in(words: dict[str, str], text: bytes) -> set[str]:
    """Which of `words` stand in a text, broken over lines or not, and written as addresses and JSON write them."""
    squeezed = re.sub(rb"\s|%20|\+", b"", text)
    return {what for what, told in words.items() if re.sub(r"\s|\+", "", told).encode() in squeezed}


def may(role: str, door: str) -> set[str]:
    """What this role may be told at that door."""
    return {what for words, roles, doors in MAY if role in roles and re.match(doors, door) for what in words}


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.django_db
def test_nothing_planted_is_found_where_it_may_not_be(planted, everybody, log):
    words = PLANTED | TYPED
    answers, wrong, seen = 0, [], set()
    for role, name in ROLES.items():
        who = getattr(everybody, name) if name else None
        own = {what for what, told in words.items() if who is not None and told == who.username}
        client = client_as(role, who)
        token = client.defaults.get("HTTP_AUTHORIZATION", "").removeprefix("Token ")
        asked = words | ({"token": token} if token else {})
        for told in walked(role, client, planted):
            answers += 1
            found = found_in(asked, told.answer)
            seen |= {(what, role) for what in found & may(role, told.door)}
            wrong += [(what, role, told.door, told.status) for what in found - may(role, told.door) - own]
            wrong += [(what, role, told.door, "audit") for what in found_in(asked, told.audited.encode())]
            assert told.status < 500, (role, told.door)
        wrong += [(what, role, "the log") for what in found_in(asked, log().encode())]
    assert not wrong, "\n" + "\n".join(sorted({" | ".join(map(str, one)) for one in wrong}))
    assert answers > 2000
    assert "Forbidden" in log(), "the log is written"
    for what, role in (
        ("source name", "moderator"),
        ("narrative", "filer"),
        ("narrative", "moderator"),
        ("longitude", "device"),
        ("client id", "device"),
        ("filer", "auditor"),
        ("grounds of opening", "auditor"),
        ("typed", "moderator"),
    ):
        assert (what, role) in seen, f"the search finds what is there: {what}, {role}"


@pytest.mark.django_db
def test_where_anything_fails_neither_the_answer_nor_the_log_says_of_what(planted, everybody, log, monkeypatch):
    """PostgreSQL refuses a value and quotes it, wherever it is asked in what role somebody is."""
    quoted = " ".join((*SOURCE.values(), *FILED.values()))

    def fail(*_asked, **_how):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select %s::int", [quoted])

    clients = {role: client_as(role, getattr(everybody, name)) for role, name in ROLES.items() if name}
    monkeypatch.setattr(accreditation, "held_by", fail)
    monkeypatch.setattr(accreditation, "capacity", fail)
    failed = []
    for role in ("filer", "moderator", "alder", "auditor", "device"):
        for told in walked(role, clients[role], planted):
            if told.status >= 500:
                failed.append((role, told.door))
                assert found_in(PLANTED, told.answer) == set(), (role, told.door)
    assert {role for role, _door in failed} == {"filer", "moderator", "alder", "auditor", "device"}
    assert len(failed) > 100
    assert "DataError" in log()
    assert found_in(PLANTED, log().encode()) == set()
