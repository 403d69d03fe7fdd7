"""Phones and laptops that file while the web server is killed under them; some are lost before they are answered."""

from __future__ import annotations

import http.client
import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from monitoring import devices
from monitoring.models import User
from tests.persistent_devices import Answer, Device, outbox
from tests.violations.documents import REPORTS
from tests.violations.test_api_returns import RETURNS
from tests.violations.test_api_returns import document as daily_return
from tests.violations.test_effort import DOCUMENT as WATCH
from tests.violations.test_effort import PATROLS

PATIENCE = 30.0  # seconds until a device no longer waits for an answer
PAUSE = 0.3  # seconds, at most, until it tries again
DAYS_OF_MARCH = 31


class Phone:
    """A device with its errands, done two at a time in any order; each is one filing, or several in one request."""

    def __init__(self, port: int, user: User, *, seed: int) -> None:
        token = devices.issue(user, name=f"phone {seed}", by=None)
        self.user, self.chance = user, random.Random(seed)
        self.device = Device(port, token, patience=PATIENCE, pause=PAUSE)
        self.filings: list[dict] = []
        self.watches: list[dict] = []
        self.returns: list[dict] = []
        self.given_up: list[dict] = []
        self.errands: list[partial] = []

    def takes(self, number: int) -> None:
        """Take on a report and its corrections: each alone, or all of them in one request."""
        bodies = outbox(number, self.chance)
        self.filings += bodies
        if number % 4 == 0:
            self.errands.append(partial(self.device.file_at_once, bodies))
        else:
            self.errands += [partial(self._once if number % 3 == 1 else self.device.file, body) for body in bodies]

    def takes_watch(self, number: int) -> None:
        """Take on a watch with its log."""
        body = {**WATCH, "client_id": f"watch-{number}"}
        self.watches.append(body)
        self.errands.append(partial(self.device.file, body, PATROLS))

    def takes_return(self, number: int) -> None:
        """Take on the return of a day; it has no client id."""
        body = daily_return(on=f"2025-03-{1 + number:02}")
        self.returns.append(body)
        self.errands.append(partial(self._tell, body))

    def run(self, finished: list[None]) -> None:
        """Do all errands, and note each that is finished."""
        self.chance.shuffle(self.errands)

        def do(errand: partial) -> None:
            errand()
            finished.append(None)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(do, self.errands))

    def others(self) -> list[tuple[dict, str]]:
        """What it files besides reports, and where."""
        return [(body, PATROLS) for body in self.watches] + [(body, RETURNS) for body in self.returns]

    def acknowledged(self) -> dict[str, Answer]:
        """What each filing was answered that was answered."""
        return {name: answer for name, answers in self.device.answers.items() for answer in answers}

    def _tell(self, body: dict) -> None:
        self.device.answers[body["on"]].add(self.device.send(body, RETURNS))

    def _once(self, body: dict) -> None:
        """Send a filing once: whoever holds the phone has to leave, or it is lost."""
        try:
            answer = self.device.ask(body, REPORTS)
        except (OSError, http.client.HTTPException):
            self.given_up.append(body)
        else:
            self.device.answers[body["client_id"]].add(answer)


def phones_of(port: int, monitors: list[User], guarantor: User, *, chains: int) -> list[Phone]:
    """Two phones for each monitor, which share the reports and watches, and one of a guarantor for its returns."""
    held = [Phone(port, user, seed=number) for number, user in enumerate([*monitors, *monitors])]
    for number in range(chains):
        held[number % len(held)].takes(number)
        if number % 5 == 0:
            held[number % len(held)].takes_watch(number)
    state = Phone(port, guarantor, seed=len(held))
    for number in range(min(DAYS_OF_MARCH, chains // 4)):
        state.takes_return(number)
    return [*held, state]
