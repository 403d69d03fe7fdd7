"""The service while everything in it is killed: its processes, who files, who finds, what is closed."""

from __future__ import annotations

import random
import re
import shlex
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from django.db import connections

from monitoring.models import Agreement
from reports import closings
from reports.models import Closing
from reports.tasks import advance_closing
from tests.kills.cluster import Cluster, asked
from tests.kills.moderating import Moderators
from tests.processes import ROOT, Process, kill_child
from tests.web.phones import Phone, phones_of
from tests.web.server import WebServer

T = TypeVar("T")
WEB_WORKERS = 3
# What is killed, in turn; shuffled, each as often in every dozen.
A_DOZEN = (
    *("web process", "web process", "web", "worker's child", "worker's child", "worker"),
    *("beat", "backend", "backend", "backend", "postmaster", "postmaster"),
)


class Service:
    """Web, two workers and beat, by the commands of `./run serve`; PostgreSQL and Redis are there."""

    def __init__(self, folder: Path) -> None:
        self.cluster = Cluster()
        self.web = WebServer(folder / "web.log", workers=WEB_WORKERS)
        self.workers = [Process("tests.reports.busy_worker", log=folder / f"worker-{number}.log") for number in (1, 2)]
        self.beat = Process(*_beat(folder), log=folder / "beat.log")
        self.kills: Counter[str] = Counter()
        self.ended_by_themselves: Counter[str] = Counter()

    def __enter__(self) -> Service:
        for process in (self.web, *self.workers, self.beat):
            process.start()
        return self

    def __exit__(self, *error: object) -> None:
        for process in (self.web, *self.workers, self.beat):
            process.kill()

    def kill(self, what: str, draw: random.Random) -> None:
        """Kill it with -9, if there is one just now; whatever nobody replaces is started anew."""
        if self._killed(what, draw):
            self.kills[what] += 1

    def _killed(self, what: str, draw: random.Random) -> bool:
        whole = {"web": self.web, "worker": draw.choice(self.workers), "beat": self.beat}
        if what in whole:
            whole[what].kill()
            whole[what].start()
            return True
        if what == "web process":
            return self.web.kill_a_worker(draw)
        if what == "worker's child":
            children = draw.choice(self.workers).children()
            return bool(children) and kill_child(children[0])
        if what == "backend":
            return self.cluster.kill_a_backend(draw)
        self.cluster.kill()
        return True

    def watch_over(self) -> None:
        """Start anew what ended by itself, as whoever watches over the service would."""
        named = {"web": self.web, "worker 1": self.workers[0], "worker 2": self.workers[1], "beat": self.beat}
        for name, process in named.items():
            if process.process is None or process.process.poll() is not None:
                self.ended_by_themselves[name] += 1
                process.process = None
                process.start()

    def said(self) -> str:
        """The last of what they logged."""
        return "\n".join(process.said() for process in (self.web, *self.workers, self.beat))


def _beat(folder: Path) -> list[str]:
    """The command of `./run serve`, its schedule kept here where it is a file."""
    (written,) = re.findall(r"^  launch beat (.+)$", (ROOT / "run").read_text(), re.MULTILINE)
    return shlex.split(written.replace("var/beat-schedule", str(folder / "beat-schedule")))


class Filing:
    """Phones that take an answer with which the server failed for none."""

    def __init__(self, port: int, people: SimpleNamespace, *, chains: int) -> None:
        monitors = [people.monitor_north, people.monitor_south, people.monitor_independent]
        self.phones = phones_of(port, monitors, people.guarantor_alder, chains=chains)
        self.finished: list[None] = []
        for phone in self.phones:
            phone.device.no_answer_from = 500
            for body in phone.filings:
                del body["casualties"]  # what is grave asks for more than is tried here
        self.wanted = sum(len(phone.errands) for phone in self.phones)

    def acknowledged_alone(self) -> list[str]:
        """Reports that were acknowledged and are not corrected, by their ids."""
        found = []
        for phone in self.phones:
            corrected = {body["corrects"] for body in phone.filings if "corrects" in body}
            answers = dict(phone.device.answers)
            for body in phone.filings:
                name = body["client_id"]
                if "corrects" not in body and name not in corrected and answers.get(name):
                    answer = next(iter(answers[name]))
                    assert answer.status == 201, f"{name}: {answer.status} {answer.body[:500]!r}"
                    found.append(answer.told["id"])
        return found


def leaving_nothing_open(work: Callable[..., T], *told: Any, **how: Any) -> T:
    """Do it in a thread of its own, whose connection to PostgreSQL ends with it."""
    try:
        return work(*told, **how)
    finally:
        connections.close_all()


def find_upon(filing: Filing, moderators: Moderators, *, wanted: int, running: list) -> None:
    """Find upon so many reports, as they are acknowledged, while anything is still filed or there are any left."""
    done: set[str] = set()
    while len(moderators.found) < wanted:
        over = all(one.done() for one in running)
        for report in [name for name in filing.acknowledged_alone() if name not in done][: wanted - len(done)]:
            done.add(report)
            moderators.find(report)
        if over and not [name for name in filing.acknowledged_alone() if name not in done]:
            return


def request_all(agreement: Agreement, periods: list[tuple[str, str]]) -> list[int]:
    """Ask for the periods; what is asked for twice, because nobody answered, is asked for once."""
    requested: list[Closing] = [asked(lambda period=period: closings.request(agreement, *period)) for period in periods]
    for closing in requested:
        advance_closing.delay(closing_id=closing.pk)
    return [closing.pk for closing in requested]


def whose_files(phones: list[Phone]) -> list[dict]:
    """All that was to be filed as reports."""
    return [body for phone in phones for body in phone.filings]
