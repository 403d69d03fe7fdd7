"""Devices that send what they hold until they are answered, and what must have come of it."""

from __future__ import annotations

import http.client
import json
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.violations.documents import REPORTS, document
from violations import sealing
from violations.models import Assessment, Incident, IncidentReport, ReportLink, SealedSource

ACTS = ("indirect_fire", "air_strike", "device")
NEVER = 300.0  # seconds


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    replayed: bool = field(default=False, compare=False)  # says itself that nothing was recorded now

    @property
    def told(self) -> dict[str, Any]:
        """What it says."""
        return json.loads(self.body)


class Device:
    """Sends what it has, in any order, until each is answered."""

    def __init__(self, port: int, token: str, *, patience: float, pause: float = 0.0) -> None:
        self.port, self.token, self.patience, self.pause = port, token, patience, pause
        self.answers: dict[str, set[Answer]] = defaultdict(set)
        self.tries: list[str] = []  # how each ended: answered, broken off, or not even taken
        self.no_answer_from = 600  # from this status on it is no answer: 500 where the database is killed as well

    def ask(self, body: dict, where: str = REPORTS) -> Answer:
        """Send once. Raises OSError or HTTPException where no whole answer comes, or one of a server that failed."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        headers = {
            "Authorization": f"Token {self.token}",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        try:
            line.request("POST", where, json.dumps(body), headers)
            told = line.getresponse()
            answer = Answer(told.status, told.read(), told.getheader("Idempotency-Replayed") == "true")
        except (OSError, http.client.HTTPException) as error:
            self.tries.append("not taken" if isinstance(error, ConnectionRefusedError) else "broken off")
            raise
        else:
            self.tries.append("answered" if answer.status < self.no_answer_from else "failed")
            if answer.status >= self.no_answer_from:
                raise http.client.HTTPException(answer.status)
            return answer
        finally:
            line.close()

    def send(self, body: dict, where: str = REPORTS) -> Answer:
        """Send until it is answered; a bad line may take a while."""
        ends = time.monotonic() + NEVER
        while time.monotonic() < ends:
            try:
                return self.ask(body, where)
            except (OSError, http.client.HTTPException):
                time.sleep(random.uniform(0, self.pause))
        raise AssertionError("Never answered.")

    def file(self, body: dict, where: str = REPORTS) -> None:
        """Send a filing until it is answered, and keep the answer under its client id."""
        self.answers[body["client_id"]].add(self.send(body, where))

    def file_at_once(self, bodies: list[dict]) -> None:
        """The same for many filings in one request; of each is kept what an answer of its own would be."""
        results = self.send({"items": bodies}, f"{REPORTS}batch/").told["results"]
        while any(result["status"] >= self.no_answer_from for result in results):
            results = self.send({"items": bodies}, f"{REPORTS}batch/").told["results"]
        for body, result in zip(bodies, results, strict=True):
            (told,) = (result[name] for name in ("report", "waiting", "problem") if name in result)
            alone = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
            self.answers[body["client_id"]].add(Answer(result["status"], alone, result["replayed"]))


def outbox(number: int, chance: random.Random) -> list[dict]:
    """A report and its corrections, by their client ids."""
    length = 1 + (number % 3 == 0) + (number % 6 == 0)
    names = [f"report-{number}-{revision}" for revision in range(length)]
    minute = f"2025-03-{1 + number % 28:02}T{chance.randrange(24):02}:{chance.randrange(60):02}:00Z"
    return [
        document(
            client_id=name,
            act=act,
            narrative=f"What {name} tells.",
            occurred={"from": minute, "precision": "minute"},
            **({"corrects": before} if before else {}),
        )
        for name, before, act in zip(names, ["", *names], ACTS, strict=False)
    ]


def require_recorded_once(filings: list[dict]) -> None:
    """Each filing is a revision, each chain in order and in one incident; nothing else is there and nothing waits."""
    with sealing.counting():
        sealed = list(SealedSource.objects.values_list("client_id", "report"))
    assert Counter(name for name, _report in sealed) == Counter(body["client_id"] for body in filings)
    named = dict(sealed)
    reports = IncidentReport.objects.in_bulk(named.values())
    for body in filings:
        report = reports[named[body["client_id"]]]
        assert report.act == body["act"]
        if "corrects" in body:
            before = reports[named[body["corrects"]]]
            assert (report.chain, report.revision) == (before.chain, before.revision + 1)
        else:
            assert report.revision == 1
    chains = len({report.chain for report in reports.values()})
    assert chains == sum("corrects" not in body for body in filings)
    assert chains == Incident.objects.count() == ReportLink.objects.open().count()
    assert Assessment.objects.open().count() == chains
