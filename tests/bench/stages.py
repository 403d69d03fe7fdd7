"""Where the time of a request goes: by stage, in the database and in Python, without a change of what is measured.

A stage is entered with a call of one of its functions and left with it; time belongs to the innermost. So the stages
add up to the whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from unittest.mock import patch

from django.db import connection

# A function is named by what holds it and its attribute there.
Place = tuple[Any, str, str]


@dataclass
class Stage:
    """What one stage of one request took, in seconds, and how many messages it sent; one may hold two statements."""

    name: str
    seconds: float = 0
    in_database: float = 0
    messages: int = 0


@dataclass
class Watch:
    """The stages of a request as it passes through them."""

    stages: dict[str, Stage] = field(default_factory=dict)
    entered: list[Stage] = field(default_factory=list)
    since: float = 0

    @contextmanager
    def within(self, name: str) -> Iterator[Stage]:
        """Enter a stage: until it is left, time is its own, and not of the one around it."""
        self._turn()
        self.entered.append(self.stages.setdefault(name, Stage(name)))
        try:
            yield self.entered[-1]
        finally:
            self._turn()
            self.entered.pop()

    def executed(self, execute: Callable[..., Any], *asked: Any) -> Any:
        """Note a message: for `connection.execute_wrapper`."""
        stage, began = self.entered[-1], time.perf_counter()
        try:
            return execute(*asked)
        finally:
            stage.messages += 1
            stage.in_database += time.perf_counter() - began

    def _turn(self) -> None:
        now = time.perf_counter()
        if self.entered:
            self.entered[-1].seconds += now - self.since
        self.since = now


def watched(act: Callable[[], None], places: Sequence[Place]) -> list[Stage]:
    """Do `act` once, and return the stages that it passed, in their order."""
    watch = Watch()

    def noted(call: Callable[..., Any], name: str) -> Callable[..., Any]:
        @wraps(call)
        def inner(*given: Any, **named: Any) -> Any:
            with watch.within(name):
                return call(*given, **named)

        return inner

    with ExitStack() as stack:
        for holder, attribute, name in places:
            stack.enter_context(patch.object(holder, attribute, noted(getattr(holder, attribute), name)))
        stack.enter_context(connection.execute_wrapper(watch.executed))
        act()
    return list(watch.stages.values())
