"""Who gets what from every door: role x endpoint x object x method, generated from the URL configuration.

`access_matrix.txt` holds every cell, to be read by a person; an endpoint without a row fails, so does a cell that
differs. ACCESS_MATRIX=write writes the file anew. The rules that no cell may break stand below as tests of their own.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from monitoring import accreditation, devices
from monitoring.models import AuditEntry, DeviceToken, User
from reports.models import Closing, Edition, Rendition
from tests.record.as_owner import owner_rights
from tests.reports.released import released_month
from tests.second_factors import with_second_factor
from tests.violations.cases import proposed_on, taken
from tests.violations.documents import PUBLISHED
from tests.violations.occasions import filed, incident_of, kept
from tests.violations.work import KEPT_OUT, WATCH
from violations import case_lists, effort, questions, redaction, returns, sealing
from violations.models import (
    CaseList,
    DailyReturn,
    MovementRestriction,
    Patrol,
    Redaction,
    SourceOpening,
    ThirdPartyFigure,
)
from violations.return_content import ReturnContent
from violations.third_party import record_figures

MATRIX = Path(__file__).with_name("access_matrix.txt")
METHODS = ("GET", "HEAD", "OPTIONS", "POST")
UNUSED = ("PUT", "PATCH", "DELETE")  # no door asks for them: tried on the first object of each endpoint
ROLES = {
    "anonymous": None,
    "filer": "monitor_north",
    "monitor": "monitor_south",
    "moderator": "moderator_south",
    "own-side": "moderator_north",
    "alder": "guarantor_alder",
    "birch": "guarantor_birch",
    "operator": "operator",
    "superuser": "superuser",
    "observer": "observer",
    "auditor": "auditor",
    "elsewhere": "guarantor_elsewhere",
    "duty": "duty_officer",
    "liaison": "liaison",
    "no-factor": "without_second_factor",
    "ended": "ended",
    "device": "monitor_north",
    "ended-dev": "ended",
}
BY_DEVICE = {"device", "ended-dev"}  # who speaks by a device's token, and has no session


def endpoints() -> Iterator[tuple[str, str, list[str]]]:
    """Yield (qualified name, path with {parameters}, parameters) of every URL pattern."""

    def walk(patterns, prefix: str, names: tuple[str, ...]) -> Iterator[tuple[str, str, list[str]]]:
        for pattern in patterns:
            path = prefix + str(pattern.pattern).removeprefix("^")
            if isinstance(pattern, URLResolver):
                inner = (*names, pattern.namespace) if pattern.namespace else names
                yield from walk(pattern.url_patterns, path, inner)
            elif isinstance(pattern, URLPattern):
                form = re.sub(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)", lambda m: f"%({m[1] or m[2]})s", path)
                parameters = re.findall(r"%\((\w+)\)s", form)
                yield ":".join((*names, pattern.name or path[-40:])), form.replace("^", "").rstrip("$"), parameters

    yield from walk(get_resolver().url_patterns, "", ())


def returned(agreement) -> None:
    """Record one return of Alder's."""
    day = datetime(2025, 3, 5, 8, tzinfo=UTC)
    returns.record_return(
        agreement,
        ReturnContent(
            owner="alder",
            teller="alder",
            bears_date=day.date(),
            window_from=day,
            window_until=day + timedelta(days=1),
            window_basis="the calendar day",
            total=2,
            breakdown="none",
        ),
        by=None,
    )


def handed_in(agreement, by) -> CaseList:
    """Hand in a list of cases for Alder, as a draft."""
    days = {"from_date": date(2025, 3, 1), "until_date": date(2025, 4, 1)}
    return case_lists.hand_in(agreement, "reference,date,act\nA-1,2025-03-05,direct_fire\n", "csv", **days, by=by)


def watched(agreement, by) -> Patrol:
    """File a watch of Team Alder's."""
    return effort.file_patrol(agreement, WATCH, by=by, client_id="watch").row


def kept_out(agreement, by) -> MovementRestriction:
    """File a restriction of movement of Team Alder's."""
    return effort.file_restriction(agreement, KEPT_OUT, by=by, client_id="restriction").row


@pytest.fixture
def objects(exercise, people) -> dict[str, dict[str, str]]:
    """One of everything that an endpoint may point at: label -> value, by the model or name the endpoint goes by."""
    report = taken(exercise, people.monitor_north, by=people.moderator_north)
    proposal = proposed_on(report, by=people.moderator_north)
    submitted = filed(exercise, people.monitor_north, place_as_written="elsewhere")
    asked = taken(exercise, people.monitor_north, by=people.moderator_south, place_as_written="elsewhere")
    question = questions.ask(asked, by=people.moderator_south, grounds="Which bank?")
    waits = kept(exercise, people.monitor_north)
    returned(exercise)
    record_figures(exercise, [PUBLISHED], by=None)
    sealing.reveal(submitted, by=people.moderator_north, reason="question", grounds="Which bank?")
    with owner_rights():
        redaction.propose(submitted, ["source"], reason="consent", grounds="Asked for.", by=people.moderator_north)
    closing = released_month(exercise)
    devices.issue(people.monitor_north, name="the lost phone", by=None)
    phone = str(DeviceToken.objects.get(name="the lost phone").public_id)
    of = {state: Edition.objects.get(closing=closing, guarantor__code=state) for state in ("alder", "birch")}
    nothing = "00000000-0000-4000-8000-000000000000"
    return {
        "incident": {"one": str(incident_of(report).public_id), "none": nothing},
        "incidentreport": {"one": str(report.public_id), "new": str(submitted.public_id), "none": nothing},
        "incident-report": {"one": str(report.public_id), "new": str(submitted.public_id), "none": nothing},
        "incident-report-receipt": {
            "one": report.receipt,
            "waits": waits.receipt,
            "none": "222-222-22A",
            "misheard": "222-222-222",
        },
        "incident-report-question-answer": {"one": str(question.public_id), "none": nothing},
        "finding": {"one": str(proposal.public_id), "none": nothing},
        "dailyreturn": {"one": str(DailyReturn.objects.get().public_id), "none": nothing},
        "return": {"one": str(DailyReturn.objects.get().public_id), "none": nothing},
        "list": {"draft": str(handed_in(exercise, people.guarantor_alder).public_id), "none": nothing},
        "patrol": {"one": str(watched(exercise, people.monitor_north).public_id), "none": nothing},
        "movementrestriction": {"one": str(kept_out(exercise, people.monitor_north).public_id), "none": nothing},
        "restriction": {"one": str(MovementRestriction.objects.get().public_id), "none": nothing},
        "violations_dutycheck": {"one": str(submitted.public_id), "none": nothing},
        "violations_dutycheck_hours": {"one": str(Patrol.objects.get().public_id), "none": nothing},
        "violations_dutycheck_file": {"one": exercise.code, "none": "no-such-truce"},
        "violations_dutycheck_filed": {"another": report.receipt, "none": "222-222-22A"},
        "complaint-file": {"one": exercise.code, "none": "no-such-truce"},
        "complaint-question": {"another": str(question.public_id), "none": nothing},
        "truce": {"one": exercise.code, "none": "no-such-truce"},
        "thirdpartyfigure": {"one": str(ThirdPartyFigure.objects.get().public_id), "none": nothing},
        "redaction": {"one": str(Redaction.objects.get().public_id), "none": nothing},
        "sourceopening": {"one": str(SourceOpening.objects.get().public_id), "none": nothing},
        "closing": {"one": str(Closing.objects.get().public_id), "pk": str(closing.pk), "none": nothing},
        "edition": {state: str(edition.public_id) for state, edition in of.items()}
        | {"none": nothing, "pk": str(of["alder"].pk)},
        "rendition": {
            f"{state}-{row.format}": str(row.public_id)
            for state, edition in of.items()
            for row in Rendition.objects.filter(edition=edition)
        }
        | {"none": nothing},
        "agreement": {"one": str(exercise.pk)},
        "device": {"one": phone, "none": nothing},
        "devicetoken": {"one": phone, "none": nothing},
        **{
            f"reference-{part}": {"one": "exercise", "none": "atlantis"}
            for part in ("agreement", "parties", "provisions", "zones", "areas")
        },
        "mechanismversion": {"one": str(exercise.terms.pk)},
        "boundaryset": {"one": str(exercise.boundary_sets.get().pk)},
        "auditentry": {"one": str(AuditEntry.objects.order_by("pk").first().pk)},
        "accreditation": {"one": str(exercise.accreditations.order_by("pk").first().pk)},
    }


def pointed_at(
    name: str, parameters: list[str], objects: dict[str, dict[str, str]]
) -> list[tuple[str, dict[str, str]]]:
    """Return the objects to try at an endpoint: (label, values of its parameters)."""
    if not parameters:
        return [("-", {})]
    simple = name.rpartition(":")[2]
    for kind in sorted(objects, key=len, reverse=True):
        if (
            kind in simple.replace("_", "-").split("-")
            or simple.startswith((kind, f"{kind}s"))
            or f"_{kind}_" in simple
        ):
            return [(label, dict.fromkeys(parameters, value)) for label, value in objects[kind].items()]
    return [("none", dict.fromkeys(parameters, "1"))]


def matrix(clients: dict[str, Client], objects: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield a line for every endpoint, object and method: the status that each role gets."""
    yield f"{'endpoint':<62}{'object':<12}{'method':<9}{' '.join(f'{role:<10}' for role in ROLES)}".rstrip()
    for name, form, parameters in endpoints():
        for number, (label, values) in enumerate(pointed_at(name, parameters, objects)):
            for method in METHODS if number else METHODS + UNUSED:
                told = [answer(client, method, "/" + form % values) for client in clients.values()]
                yield f"{name:<62}{label:<12}{method:<9}{' '.join(f'{status:<10}' for status in told)}".rstrip()


def answer(client: Client, method: str, path: str) -> int:
    """Return the status that the client gets; what it changed is undone."""
    point, cookies = transaction.savepoint(), client.cookies.copy()
    response = client.generic(method, path)
    if response.streaming:
        b"".join(response.streaming_content)
    transaction.savepoint_rollback(point)
    transaction.savepoint_commit(point)  # else the next stands within it, and each that writes holds a lock for all
    client.cookies = cookies
    return response.status_code


@pytest.fixture
def everybody(exercise, astana, people) -> SimpleNamespace:
    """Everybody whose cells there are."""
    return all_roles(exercise, astana, people)


def all_roles(exercise, astana, people) -> SimpleNamespace:
    """`people`, and those who read for others, look, or did."""
    accredit, alder = accreditation.accredit, exercise.guarantors.get(code="alder")
    names = ("observer", "auditor", "guarantor_elsewhere", "duty_officer", "liaison", "without_second_factor", "ended")
    others = SimpleNamespace(**{name: User.objects.create(username=name) for name in names})
    accredit(others.observer, exercise, "observer", by=None, observer=exercise.observers.get(code="dogwood"))
    accredit(others.auditor, exercise, "auditor", by=None)
    russia = astana.guarantors.get(code="russia")
    accredit(others.guarantor_elsewhere, astana, "guarantor", by=None, guarantor=russia)
    accredit(others.duty_officer, exercise, "duty_officer", by=None)
    accredit(others.liaison, exercise, "liaison", by=None, party=exercise.parties.get(code="south-guard"))
    accredit(others.without_second_factor, exercise, "moderator", by=None)
    for person in (others.auditor, others.guarantor_elsewhere, others.duty_officer):
        with_second_factor(person)
    now = timezone.now()
    for role, team in (("moderator", None), ("operator", None), ("monitor", exercise.teams.get(code="team-alder"))):
        given = accredit(others.ended, exercise, role, by=None, guarantor=alder, team=team)
        accreditation.end(given, by=None)
    term = {"valid_from": now - timedelta(days=2), "valid_until": now - timedelta(days=1)}
    accredit(others.ended, exercise, "guarantor", by=None, guarantor=alder, **term)
    return SimpleNamespace(**vars(people), **vars(others))


def device_of(user) -> Client:
    """A client of a device of `user`, which has a token and no session."""
    token = devices.issue(user, name="phone", by=None)
    return Client(raise_request_exception=False, headers={"authorization": f"Token {token}"})


def client_of(user) -> Client:
    """A client of `user`, logged in; None: of nobody."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def cells(objects, everybody) -> Iterator[list[str]]:
    """The matrix as it is; the log of two thousand refusals is not wanted."""
    who = {role: getattr(everybody, name) if name else None for role, name in ROLES.items()}
    clients = {role: (device_of if role in BY_DEVICE else client_of)(person) for role, person in who.items()}
    logging.disable()
    yield list(matrix(clients, objects))
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.django_db
def test_every_cell_of_the_matrix_is_as_it_was_read_by_a_person(cells):
    if os.environ.get("ACCESS_MATRIX") == "write":
        MATRIX.write_text("\n".join(cells) + "\n")
    assert cells == MATRIX.read_text().splitlines()


def read() -> list[tuple[str, str, str, dict[str, str]]]:
    """The matrix as written: (endpoint, object, method, status by role)."""
    rows = MATRIX.read_text().splitlines()[1:]
    split = [(row[:62].strip(), row[62:74].strip(), row[74:83].strip(), row[83:].split()) for row in rows]
    return [(name, label, method, dict(zip(ROLES, statuses, strict=True))) for name, label, method, statuses in split]


def got(role: str) -> set[tuple[str, str]]:
    """(endpoint, object) of all that `role` was given."""
    return {(name, label) for name, label, _method, statuses in read() if statuses[role] in {"200", "201", "204"}}


def test_every_endpoint_has_a_row_for_every_method():
    rows = {(name, method) for name, _label, method, _statuses in read()}
    assert rows == {(name, method) for name, _form, _parameters in endpoints() for method in METHODS + UNUSED}


def test_a_method_that_no_door_asks_for_gives_nothing_that_reading_does_not():
    """Django's admin answers them as it does a GET."""
    reading = {(name, label): statuses for name, label, method, statuses in read() if method == "GET"}
    for name, label, method, statuses in read():
        if method in UNUSED:
            given = {role for role, status in statuses.items() if status.startswith("2")}
            assert given <= {role for role, status in reading[name, label].items() if status in {"200", "302"}}


def test_nobody_meets_a_fault():
    assert [row for row in read() if any(status.startswith("5") for status in row[3].values())] == []


def test_nobody_unknown_gets_more_than_the_doors_themselves():
    assert {name for name, _label in got("anonymous")} == {
        "healthz",
        "readyz",
        "account_login",
        "invitation",  # where a link that holds no more is told so
        "logout",  # OPTIONS alone
        "openapi",
        "api-docs",
    }


@pytest.mark.parametrize(("state", "other"), [("alder", "birch"), ("birch", "alder")])
def test_a_guarantor_gets_its_own_editions_and_nothing_of_another_s(state, other):
    given = {label for _name, label in got(state)}
    assert {f"{state}-{form}" for form in ("pdf", "csv", "json")} <= given
    assert not {label for label in given if label.startswith(other)}
    assert not {name for name, _label in got(state) if name.startswith("admin:") and name != "admin:login"}
    assert not {name for name, _label in got(state) if name.startswith("incident-report")}


def test_a_monitor_gets_own_reports_and_neither_another_s_nor_editions():
    assert ("incident-report", "one") in got("filer")
    assert ("incident-report", "one") not in got("monitor")
    own_work = {
        (f"api-{name}", "one") for name in ("patrol", "restriction", "patrol-withdrawal", "restriction-withdrawal")
    }
    for role, own in (("filer", own_work), ("monitor", set())):
        assert own == {
            (name, label)
            for name, label in got(role)
            if name.startswith(("api-", "rendition", "edition")) and label != "-"
        }


ABOUT_REPORTS = re.compile("incident-report|admin:violations_(incident|incidentreport|finding)_")
EDITIONS = re.compile("edition|rendition|api-edition|api-rendition")


@pytest.mark.parametrize("role", ["observer", "auditor", "elsewhere", "ended", "ended-dev"])
def test_who_only_looks_reads_for_another_truce_or_was_ended_gets_no_report_and_no_edition(role):
    kept = {(name, label) for name, label in got(role) if ABOUT_REPORTS.match(name) or EDITIONS.match(name)}
    lists = {(name, label) for name, label in kept if label == "-"}
    assert kept == lists, "lists, which hold nothing of theirs"
    assert not {name for name, _label in lists if name.startswith("admin:")}


def test_a_device_opens_what_its_holder_s_session_opens_of_the_api_and_no_page():
    doors = ("incident-report", "api-", "reference-")
    api = {(name, label) for name, label in got("filer") if name.startswith(doors)}
    assert {(name, label) for name, label in got("device") if name.startswith(doors)} == api
    assert got("device") - api == got("anonymous") - api


def test_nobody_whose_accreditations_ended_gets_more_than_the_unknown():
    open_to_all = {name for name, _label in got("anonymous")}
    assert {name for name, _label in got("ended")} <= open_to_all
    assert {name for name, _label in got("ended-dev")} <= open_to_all


def test_who_lacks_the_second_factor_that_a_role_wants_gets_nothing_but_its_setting_up():
    open_to_all = {name for name, _label in got("anonymous")}
    # Where it is set up, who has not just logged in is asked for the password first.
    assert {name for name, _label in got("no-factor")} - open_to_all == {"account_reauthenticate"}


def test_what_is_one_s_own_account_s_is_nobody_else_s():
    phones = [row for row in read() if row[0] == "device-revoke" and row[1] == "one" and row[2] == "POST"]
    assert {role for _n, _l, _m, statuses in phones for role, status in statuses.items() if status == "302"} >= {
        "filer"
    }
    for _name, _label, _method, statuses in phones:
        assert {statuses[role] for role in ("monitor", "moderator", "alder", "operator", "superuser")} == {"404"}


def test_the_duty_log_is_a_duty_officer_s_alone_and_opens_nothing_of_moderators():
    readers = {role for role in ROLES for name, _label in got(role) if name.startswith("admin:violations_dutycheck_")}
    assert readers == {"duty"}
    rooms = {name for name, _label in got("duty") if name.startswith("admin:violations_")}
    assert all(name.startswith("admin:violations_dutycheck_") for name in rooms)


def test_only_a_liaison_files_a_party_s_word_and_none_reads_a_question_of_another():
    assert {role for role in ROLES if ("complaint-file", "one") in got(role)} == {"liaison"}
    assert not {role for role in ROLES if ("complaint-question", "another") in got(role)}
    of_admin = {name for name, _label in got("liaison") if name.startswith("admin:")}
    assert of_admin <= {name for name, _label in got("filer")}, "no more than a monitor: where one logs in and out"


def test_the_audit_and_the_openings_of_sealed_sources_are_read_by_auditors_alone():
    theirs = re.compile("admin:(monitoring_auditentry|violations_sourceopening)_")
    readers = {role for role in ROLES for name, _label in got(role) if theirs.match(name)}
    assert readers == {"auditor"}


def test_what_was_redacted_is_looked_at_by_accreditation_alone():
    readers = {role for role in ROLES for name, _label in got(role) if name.startswith("admin:violations_redaction_")}
    assert readers == {"auditor", "operator", "moderator", "own-side"}


def test_being_superuser_or_operator_opens_no_report_and_no_decision():
    about_reports = re.compile("admin:violations_(incident|incidentreport|finding)_")
    for role in ("superuser", "operator"):
        assert not {name for name, _label in got(role) if about_reports.match(name)}
