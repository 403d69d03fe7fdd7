"""One case asked of the application, and what is made of its answer.

The answer must be one that is described: its status, form, headers and content; nothing more than is described; never a
fault of ours. What the description forbids must be refused. What was taken must be there, and the same again must be
answered as the first time. What it wrote is undone, so that one case stands on the same ground as another.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from schemathesis import Case
from schemathesis.core.failures import FailureGroup
from werkzeug.test import Client

from config.wsgi import application
from tests.described import closed

SOME = 5  # cases of an operation of which something was given: kept, to ask more of what is near them
BATCH = "incident_reports_file_batch"
CONFIG = {
    "generation": {"with-security-parameters": False},
    "checks": {
        "ignored_auth": {"enabled": False},  # nobody is a role of its own
        # What fits the description may yet break a rule: then the document, the state or the person is at fault.
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "304", "400", "401", "403", "404", "406", "409"],
        },
        # What is too large (413) is refused before it is read; a fault of ours is no refusal.
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429"],
        },
    },
    # Each filing of a batch is refused by itself.
    "operations": [{"include-operation-id": BATCH, "checks": {"negative_data_rejection": {"enabled": False}}}],
}
# Sent again, these have the first answer again, byte for byte.
AS_THE_FIRST_TIME = {
    "incident_reports_file",
    "incident_reports_correct",
    "questions_answer",
    "daily_returns_file",
    "daily_returns_acknowledge",
    "case_lists_hand_in",
    "case_lists_tell",
    "patrols_file",
    "patrols_withdraw",
    "movement_restrictions_file",
    "movement_restrictions_withdraw",
    "information_requests_answer",
    "information_requests_tell",
    "statements_file",
    "statements_tell",
}


def served_description() -> Any:
    """What the application serves as its description, closed: an answer that tells more is a fault."""
    served = json.loads(Client(application).get("/api/v1/openapi.json").get_data())
    schema = schemathesis.openapi.from_dict(closed(served), config=schemathesis.Config.from_dict(CONFIG))
    schema.app = application
    return schema


@dataclass
class Asker:
    """Somebody who asks, with what came of it: statuses by operation, and each kind of fault once."""

    schema: Any
    role: str
    who: dict[str, dict[str, str]]
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    faults: dict[tuple[str, str], str] = field(default_factory=dict)

    def ask(self, case: Case, headers: dict[str, str]) -> int:
        """Ask once, look at what came of it, and undo it. Return the status."""
        operation, status = case.operation, 0
        with _undone():
            try:
                response = self._said(case, headers)
                status = response.status_code
                self.statuses.setdefault(operation.label, Counter())[status] += 1
                case.validate_response(response)
                if operation.method.upper() == "POST" and status < 300:
                    self._followed(case, headers, response)
                    connection.check_constraints()
            except FailureGroup as group:
                for failure in group.exceptions:
                    self._fault(operation, f"{type(failure).__name__} {failure}", str(group))
            except AssertionError as failure:
                self._fault(operation, str(failure), repr(case))
        return status

    def taken(self, cases: Iterable[Case]) -> list[Case]:
        """Ask these until SOME are given something; return those."""
        return list(islice((case for case in cases if self.ask(case, {}) < 400), SOME))

    def _said(self, case: Case, headers: dict[str, str]) -> Any:
        return case.call(headers={**self.who["headers"], **headers}, cookies=self.who["cookies"])

    def _answer(self, case: Case, headers: dict[str, str]) -> Any:
        response = self._said(case, headers)
        case.validate_response(response)
        return response

    def _followed(self, case: Case, headers: dict[str, str], response: Any) -> None:
        """What was taken is there to be read; sent again, it is what it was."""
        named = case.operation.definition.raw["operationId"]
        told = response.json()
        if named == BATCH:
            refused = [row for row in told["results"] if row["status"] >= 400]
            assert refused or case.meta is None or not case.meta.generation.mode.is_negative, "taken, though malformed"
        where = response.headers.get("location", [""])[0] or self._place(case, told)
        if where:
            assert self._read(where).status_code == 200, f"what was taken is not at {where}"
        again = self._answer(case, headers)
        if named in AS_THE_FIRST_TIME:
            assert again.status_code in {200, response.status_code}, f"sent again: {again.status_code}"
            assert again.content == response.content, f"{again.content[:300]!r} is not {response.content[:300]!r}"

    def _place(self, case: Case, told: Any) -> str:
        """Where it is read, if the answer says no place."""
        base = "/".join(case.operation.path.split("/")[:4])
        return f"{base}/{told['id']}/" if "id" in told and f"{base}/{{id}}/" in set(self.schema) else ""

    def _read(self, where: str) -> Any:
        base, _slash, value = urlsplit(where).path.rstrip("/").rpartition("/")
        template = next(path for path in self.schema if re.fullmatch(re.escape(base) + r"/\{\w+\}/", path))
        parameter = template.removeprefix(base).strip("{}/")
        return self._answer(self.schema[template]["GET"].Case(path_parameters={parameter: value}), {})

    def _fault(self, operation: Any, what: str, told: str) -> None:
        self.faults.setdefault((operation.label, re.sub(r"\W+", " ", what)[:80]), f"{what}\n{told}"[:3000])


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def one_connection() -> Iterator[None]:
    """A request ends with the connection still open, so that what it wrote can be undone."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
