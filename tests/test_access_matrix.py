"""Who gets what from every door: role x endpoint x object x method, generated from the URL configuration.

`access_matrix.txt` holds every cell, to be read by a person; an endpoint without a row fails, so does a cell that
differs. ACCESS_MATRIX=write writes the file anew. The rules that no cell may break stand below as tests of their own.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.views.generic import RedirectView, View
from django.views.generic.edit import ProcessFormView
from rest_framework.views import APIView

from tests.doors import METHODS, PARTS, UNUSED, doors, endpoint_of, endpoints, matrix, part_of
from tests.everybody import BY_DEVICE, ROLES, all_roles, client_of, device_of
from tests.everything import one_of_everything

MATRIX = Path(__file__).with_name("access_matrix.txt")


@pytest.fixture
def objects(exercise, people) -> dict[str, dict[str, str]]:
    """What an endpoint may point at."""
    return one_of_everything(exercise, people)


HEADER = f"{'endpoint':<62}{'object':<12}{'method':<9}{' '.join(f'{role:<10}' for role in ROLES)}".rstrip()


@pytest.fixture
def everybody(exercise, astana, people) -> SimpleNamespace:
    """Everybody whose cells there are."""
    return all_roles(exercise, astana, people)


@pytest.fixture
def cells(part, objects, everybody) -> Iterator[list[str]]:
    """A part of the matrix as it is; the log of two thousand refusals is not wanted."""
    who = {role: getattr(everybody, name) if name else None for role, name in ROLES.items()}
    clients = {role: (device_of if role in BY_DEVICE else client_of)(person) for role, person in who.items()}
    logging.disable()
    yield list(matrix(part, clients, objects))
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS)
def test_every_cell_of_the_matrix_is_as_it_was_read_by_a_person(part, cells):
    if os.environ.get("ACCESS_MATRIX") == "write":
        write(part, cells)
    header, *rows = MATRIX.read_text().splitlines()
    assert header == HEADER
    assert cells == [row for row in rows if part_of(endpoint_of(row)) == part]


def write(part: str, cells: list[str]) -> None:
    """Write the rows of a part anew and leave the others, in the order of the endpoints."""
    others = [row for row in MATRIX.read_text().splitlines()[1:] if part_of(endpoint_of(row)) != part]
    place = {name: number for number, (name, _form, _parameters) in enumerate(endpoints())}
    rows = [row for row in others + cells if endpoint_of(row) in place]
    MATRIX.write_text("\n".join([HEADER, *sorted(rows, key=lambda row: place[endpoint_of(row)])]) + "\n")


def read() -> list[tuple[str, str, str, dict[str, str]]]:
    """The matrix as written: (endpoint, object, method, status by role)."""
    rows = MATRIX.read_text().splitlines()[1:]
    split = [(endpoint_of(row), row[62:74].strip(), row[74:83].strip(), row[83:].split()) for row in rows]
    return [(name, label, method, dict(zip(ROLES, statuses, strict=True))) for name, label, method, statuses in split]


def got(role: str) -> set[tuple[str, str]]:
    """(endpoint, object) of all that `role` was given."""
    return {(name, label) for name, label, _method, statuses in read() if statuses[role] in {"200", "201", "204"}}


def test_every_endpoint_has_a_row_for_every_method():
    rows = {(name, method) for name, _label, method, _statuses in read()}
    assert rows == {(name, method) for name, _form, _parameters in endpoints() for method in METHODS + UNUSED}


def test_no_view_has_an_answer_of_its_own_to_a_method_that_no_door_asks_for():
    """A library's form takes PUT for POST and a redirection leads on; all else knows them not or takes them for GET."""
    alike = {None, ProcessFormView.put, RedirectView.put, RedirectView.patch, RedirectView.delete}
    for name, _form, _parameters, view in doors():
        kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
        for method in (method.lower() for method in UNUSED):
            assert method not in (getattr(view, "actions", None) or {}), name
            assert getattr(kind, method, None) in alike, name


def test_no_view_has_an_answer_of_its_own_to_who_asks_for_the_head_or_the_options():
    """The head is what reading gives, without its body; the options are what the framework makes of the methods."""
    for name, _form, _parameters, view in doors():
        kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
        assert getattr(kind, "head", None) in {None, getattr(kind, "get", None), RedirectView.head}, name
        actions = getattr(view, "actions", None) or {}
        assert actions.get("head") in {None, actions.get("get")}, name
        assert getattr(kind, "options", None) in {None, View.options, APIView.options, RedirectView.options}, name


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


def test_only_a_liaison_files_a_party_s_word_and_none_reads_a_complaint_or_a_question_of_another():
    assert {role for role in ROLES if ("complaint-file", "one") in got(role)} == {"liaison"}
    for page in ("complaint-question", "complaint-correction"):
        assert not {role for role in ROLES if (page, "another") in got(role)}
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


def test_being_superuser_opens_nothing_that_was_told_within_a_truce():
    assert not {name for name, _label in got("superuser") if name.startswith("admin:violations_")}
